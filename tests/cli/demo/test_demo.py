"""`tocsin demo`: the files it writes, and the story it plays on a server of its own."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from tocsin.cli import main
from tocsin.cli.demo.worlds import WORLDS
from tocsin.investigation.diagnosis import parse_snapshot


@contextmanager
def running_demo(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """The command on a data folder, stopped as by Ctrl-C at the end."""
    argv = [
        sys.executable,
        "-c",
        "from tocsin.cli import main; main()",
        "demo",
        "--port",
        "0",
        "--data-dir",
        str(folder),
    ]
    demo = subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True)
    try:
        yield demo
    finally:
        demo.send_signal(signal.SIGINT)
        demo.communicate(timeout=60)


def lines_until(demo: subprocess.Popen[str], last: str) -> list[str]:
    """What it says up to the line that holds `last`; everything, when it never does."""
    assert demo.stdout is not None
    lines: list[str] = []
    for line in demo.stdout:
        lines.append(line.rstrip())
        if last in line:
            break
    return lines


def test_the_snapshots_are_written_and_can_be_read(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["demo", "--write-snapshots", str(tmp_path / "new")])
    assert result.exit_code == 0
    paths = [tmp_path / "new" / f"{world.slug}.json.gz" for world in WORLDS]
    assert [parse_snapshot(path.read_bytes()).cluster for path in paths] == [world.cluster for world in WORLDS]


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = CliRunner().invoke(main, ["demo", "--write-snapshots", str(tmp_path / "file" / "below")])
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.story
def test_the_demonstration_plays_once_and_stays(tmp_path: Path) -> None:
    with running_demo(tmp_path / "data") as demo:
        told = lines_until(demo, "killed for memory")
        assert sum("firing" in line for line in told) == len(WORLDS)
        assert demo.poll() is None
    assert demo.returncode == 0
    with running_demo(tmp_path / "data") as demo:
        told = lines_until(demo, "All is told")
        assert sum("already here" in line for line in told) == len(WORLDS)
