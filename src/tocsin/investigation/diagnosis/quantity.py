"""Kubernetes quantities ("250m", "1.5Gi") as numbers and back; the grammar is that of `resource.Quantity`."""

import re
from fractions import Fraction

_QUANTITY = re.compile(r"([+-]?\d{1,30}(?:\.\d{0,30})?|\.\d{1,30})(Ki|Mi|Gi|Ti|Pi|Ei|[numkMGTPE]|[eE][+-]?\d{1,2})?")
_DIGITS = 15
_SUFFIXES: dict[str, Fraction] = {"": Fraction(1)}
_SUFFIXES |= {f"{letter}i": Fraction(1024**power) for power, letter in enumerate("KMGTPE", 1)}
_SUFFIXES |= {letter: Fraction(1000**power) for power, letter in enumerate("kMGTPE", 1)}
_SUFFIXES |= {letter: Fraction(1, 1000**power) for power, letter in enumerate("mun", 1)}


def parse_quantity(text: object) -> Fraction | None:
    """Return the amount in base units (cores, bytes, pieces); None when the text is no quantity."""
    found = _QUANTITY.fullmatch(str(text).strip()) if isinstance(text, str | int | float) else None
    if not found:
        return None
    amount, suffix = Fraction(found[1]), found[2] or ""
    if suffix not in _SUFFIXES:
        return amount * Fraction(f"1{suffix}")
    return amount * _SUFFIXES[suffix]


def whole(text: str) -> int | None:
    """Return a whole number written in at most 15 digits; None for any other text: Python refuses very long ones."""
    return int(text) if text.isdecimal() and len(text) <= _DIGITS else None


def bytes_text(amount: Fraction | int) -> str:
    """Write bytes with the largest binary suffix that keeps them whole, rounded up to whole Mi above 1 Mi."""
    mebi = -(-Fraction(amount) // 2**20)
    if amount < 2**20:
        return str(-(-Fraction(amount) // 1))
    return f"{mebi // 1024}Gi" if mebi % 1024 == 0 else f"{mebi}Mi"


def cores_text(amount: Fraction | int) -> str:
    """Write cores: whole ones as a number, others in thousandths, rounded up."""
    milli = -(-Fraction(amount) * 1000 // 1)
    return str(milli // 1000) if milli % 1000 == 0 else f"{milli}m"
