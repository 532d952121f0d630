"""How the patterns of the diagnosis grow with the line that they search: `python -m benchmarks.patterns [LETTERS]`.

Each literal of the package that reads as a pattern is searched for in lines made to mislead it. What takes four times as
long on a line twice as long is quadratic: the time that a hostile log could cost. Lines of logs are cut before any
pattern sees them; `LETTERS` is that width unless told otherwise.
"""

import ast
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import tocsin.investigation.diagnosis as diagnosis

_FOLDER = Path(diagnosis.__file__).parent
_UNITS = ("a", "0", " ", "/", ".", ":", "://", "a.", "1.", "a:", "a=", '"', "'", "(", "[", "{", "-", "x y ", "error ")
_WIDTH, _QUADRATIC, _LEAST = 4000, 3.0, 0.002
_LOOKS_LIKE_A_PATTERN = re.compile(r"\\[dswSWb]|\.[*+]|\)[?*+]|\[\^|\(\?")


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Yield the patterns with the file in which each is written; joined literals are one."""
    for path in sorted(_FOLDER.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            text = node.value if isinstance(node, ast.Constant) else None
            if isinstance(text, str) and _LOOKS_LIKE_A_PATTERN.search(text) and "\n" not in text:
                try:
                    yield path.stem, re.compile(text)
                except re.error:
                    continue


def seconds(pattern: re.Pattern[str], line: str) -> float:
    """Return how long one search takes."""
    started = time.perf_counter()
    pattern.search(line)
    return time.perf_counter() - started


def main(width: int) -> None:
    """Print the patterns that take long at a width, with how they grow up to it."""
    held = dict.fromkeys(patterns())
    print(f"{len(held)} patterns, lines of {width} letters")
    for name, pattern in held:
        worst = max(_UNITS, key=lambda unit: seconds(pattern, unit * (width // len(unit))))
        half, whole = (seconds(pattern, worst * (letters // len(worst))) for letters in (width // 2, width))
        if whole > _LEAST and whole > _QUADRATIC * half:
            print(
                f"{whole / half:5.1f} times for twice the line, {1000 * whole:7.1f} ms, {name}: {pattern.pattern[:90]}"
            )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else _WIDTH)
