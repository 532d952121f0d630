"""The command value: what to type, how risky it is, how to undo it and how to see that it worked."""

import shlex
from typing import Literal

import msgspec

Tier = Literal["read-only", "reversible", "irreversible"]


class Undo(msgspec.Struct, frozen=True):
    """The command that takes the change back."""

    argv: tuple[str, ...]


class Verify(msgspec.Struct, frozen=True):
    """A read-only command and what its output shows when the remedy worked."""

    argv: tuple[str, ...]
    expect: str


class Command(msgspec.Struct, frozen=True):
    """An argument list with real names and values; never a line for a shell.

    A `reversible` command has an `undo`; whatever changes something has a `verify`.
    """

    argv: tuple[str, ...]
    purpose: str
    tier: Tier
    before: str = ""
    undo: Undo | None = None
    verify: Verify | None = None

    def __post_init__(self) -> None:
        if self.tier == "reversible" and self.undo is None:
            raise ValueError(f"a reversible command needs its undo: {self}")
        if self.tier != "read-only" and self.verify is None:
            raise ValueError(f"a command that changes something needs its verification: {self}")

    def __str__(self) -> str:
        return shlex.join(self.argv)
