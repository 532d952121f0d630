"""Real databases for these tests: one cluster is made, each test gets a copy of it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tocsin.server.postgres import start_postgres

OWNER = """
import sys
from pathlib import Path
from tocsin.server.postgres import PostgresError, start_postgres
try:
    running = start_postgres(Path(sys.argv[1]), lambda said: print(said, file=sys.stderr, flush=True))
except PostgresError as error:
    sys.exit(str(error))
print(running.pid, flush=True)
sys.stdin.read()
running.stop()
"""

Owner = subprocess.Popen[str]


@pytest.fixture(scope="session")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose database was made, started and stopped once."""
    folder = tmp_path_factory.mktemp("pristine")
    start_postgres(folder).stop()
    return folder


@pytest.fixture
def data_dir(pristine: Path, tmp_path: Path) -> Path:
    """A data folder with a database of its own, not running."""
    copy = tmp_path / "data"
    shutil.copytree(pristine, copy)
    (copy / "postgres" / "socket").unlink()
    return copy


@pytest.fixture
def own() -> Iterator[Callable[[Path], Owner]]:
    """Starts a process that owns a data folder's database until its standard input is closed."""
    with ExitStack() as owners:

        def start(data_dir: Path) -> Owner:
            command = [sys.executable, "-c", OWNER, str(data_dir)]
            pipe = subprocess.PIPE
            owner = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True)
            owners.callback(owner.communicate)
            return owner

        yield start
