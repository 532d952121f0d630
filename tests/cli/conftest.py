"""The commands of whoever runs the server, carried out here, on the tests' database; or apart, as a person does."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.stories.running import TOCSIN, environment, furnish
from tocsin.cli import main
from tocsin.server import database
from tocsin.server.config import Config

Run = Callable[..., Result]


@pytest.fixture
def run(db: None, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Carries a command out; what it did is taken back at the end of the test."""

    @contextmanager
    def here(_: Config) -> Iterator[None]:
        yield

    monkeypatch.setattr(database, "database", here)
    return lambda *words, stdin="": CliRunner().invoke(main, words, input=stdin)


@pytest.fixture
def run_apart(tmp_path: Path) -> Callable[..., str]:
    """Carries commands out as a person does, each in a process of its own, on a data folder; answers what was printed."""

    furnish(tmp_path / "data")

    def apart(*words: str) -> str:
        command, environ = [*TOCSIN, *words], environment(tmp_path / "data")
        return subprocess.run(command, env=environ, capture_output=True, text=True, check=True).stdout

    return apart


def refused(done: Result, why: str) -> bool:
    """Whether it ended with status 2 and one line that says why."""
    lines = done.stderr.splitlines()
    return done.exit_code == 2 and len(lines) == 1 and why in lines[0]
