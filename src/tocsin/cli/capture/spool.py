"""What is recorded and not sent yet, on disk: deployments as they are sent, and marks of runs that go on.

Everything in it is redacted. A mark is locked by whoever records the run; one that nobody holds is of a run whose
machine, or everybody on it, died.
"""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

_PACKED, _MARK, _REFUSED = ".json.gz", ".running", ".refused"


def default_folder() -> Path:
    """Where the spool is: `$XDG_STATE_HOME/tocsin/runs`, by default ~/.local/state/tocsin/runs."""
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(state, "tocsin", "runs")


@contextmanager
def _removed_on_failure(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError:
        path.unlink(missing_ok=True)
        raise


class Spool:
    """A folder of runs that only its owner can read."""

    def __init__(self, folder: Path) -> None:
        """Makes the folder. Raises OSError where that is not possible."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder = folder

    def mark(self, run: str, begun: bytes) -> IO[bytes]:
        """Notes that a run goes on; `begun` is what to report where nobody sees its end. Held until it is closed."""
        path = self.folder / f"{run}{_MARK}.new"
        held = path.open("xb")
        path.chmod(0o600)
        fcntl.flock(held, fcntl.LOCK_EX)
        held.write(begun)
        held.flush()
        path.rename(self.folder / f"{run}{_MARK}")  # locked before anybody can take it for abandoned
        return held

    def unmark(self, run: str) -> None:
        """The run has been reported."""
        (self.folder / f"{run}{_MARK}").unlink(missing_ok=True)

    def keep(self, run: str, packed: bytes) -> Path:
        """Keeps a deployment to be sent; on disk for good when this returns. The same run again replaces it."""
        path = self.folder / f"{run}{_PACKED}"
        with tempfile.NamedTemporaryFile(dir=self.folder, delete=False) as file, _removed_on_failure(Path(file.name)):
            file.write(packed)
            file.flush()
            os.fsync(file.fileno())
            os.replace(file.name, path)
        folder = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(folder)  # the name, too
        finally:
            os.close(folder)
        return path

    def waiting(self) -> list[Path]:
        """The deployments to be sent, oldest first."""
        found: list[tuple[float, Path]] = []
        for path in self.folder.glob(f"*{_PACKED}"):
            with suppress(FileNotFoundError):  # another run has sent it meanwhile
                found.append((path.stat().st_mtime, path))
        return [path for _, path in sorted(found)]

    def refuse(self, path: Path) -> Path:
        """Puts aside what the server will never take."""
        aside = path.with_name(path.name.removesuffix(_PACKED) + _REFUSED + _PACKED.removeprefix(".json"))
        path.rename(aside)
        return aside

    def abandoned(self) -> Iterator[tuple[str, bytes]]:
        """Runs that began and that nobody records any more: their names, and what to report."""
        for path in self.folder.glob(f"*{_MARK}"):
            with suppress(OSError), path.open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # raises BlockingIOError while the run goes on
                path.stat()  # raises FileNotFoundError where it was reported while we waited for the lock
                yield path.name.removesuffix(_MARK), file.read()
