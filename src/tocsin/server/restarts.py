"""When a process that ended is started again, and when one gives up (pure)."""

from __future__ import annotations

from dataclasses import dataclass, replace

PROVEN_AFTER = 10.0  # seconds that a process must run before its start counts as a success
ATTEMPTS = 5  # failures in a row after which a process that never proved itself is given up
FIRST_DELAY = 0.25  # seconds; doubled for each failure in a row
LONGEST_DELAY = 30.0


@dataclass(frozen=True, slots=True)
class Restarts:
    """What is known of a process's starts: failures in a row, and whether it ever ran long enough."""

    failures: int = 0
    proven: bool = False

    def after_running(self, seconds: float) -> Restarts:
        """The record once a run of that length has ended."""
        if seconds >= PROVEN_AFTER:
            return Restarts(failures=1, proven=True)
        return replace(self, failures=self.failures + 1)

    @property
    def hopeless(self) -> bool:
        """Whether to give up: only where it never worked. What once worked waits for its surroundings to come back."""
        return not self.proven and self.failures >= ATTEMPTS

    @property
    def delay(self) -> float:
        """Seconds to wait before the next start."""
        return min(FIRST_DELAY * 2.0 ** min(self.failures - 1, 20), LONGEST_DELAY)
