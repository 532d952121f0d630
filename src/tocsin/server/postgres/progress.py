"""How a start that takes its time tells people what it does."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str], None]
TELL_EVERY = 5.0  # seconds between two words about the same step
