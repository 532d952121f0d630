"""A recorded command behaves as alone."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path
from shlex import quote

import pytest

from tests.cli.capture.running import SCRIPT, Recorded, in_terminal
from tests.stories.running import until

ASKS = 'test -t 0 && test -t 1 && printf "who? "; read x; echo "hello $x"; exit 4'
ON_INTERRUPT = "trap 'echo stopping; exit 9' INT; echo ready; while :; do sleep 0.05; done"


@pytest.fixture
def recorded(tmp_path: Path) -> Recorded:
    return Recorded(tmp_path / "told")


def test_both_outputs_and_the_exit_status_are_its_own(recorded: Recorded) -> None:
    running = recorded.start("sh", "-c", "echo out; echo err >&2; exit 7")
    assert running.communicate(timeout=30) == (b"out\n", b"err\n")
    assert running.returncode == 7
    assert sorted(recorded.told()["log"].split()) == ["err", "out"]


def test_where_both_go_to_one_place_their_order_stays(recorded: Recorded) -> None:
    script = "for i in 1 2 3 4 5; do echo o$i; echo e$i >&2; done"
    output, _ = recorded.start("sh", "-c", script, stderr=subprocess.STDOUT).communicate(timeout=30)
    assert output.decode().split() == [f"{stream}{i}" for i in range(1, 6) for stream in "oe"]
    assert recorded.told()["log"] == output.decode()


def test_it_is_shown_while_it_runs(recorded: Recorded) -> None:
    running = recorded.start("sh", "-c", "echo first; read x; echo second", stdin=subprocess.PIPE)
    assert running.stdout is not None
    assert running.stdout.readline() == b"first\n"
    assert running.communicate(b"go\n", timeout=30)[0] == b"second\n"


def test_any_bytes_pass(recorded: Recorded, tmp_path: Path) -> None:
    content = bytes(range(256)) * 5000
    (tmp_path / "bytes").write_bytes(content)
    assert recorded.start("cat", str(tmp_path / "bytes")).communicate(timeout=30)[0] == content


def test_in_a_terminal_it_finds_one_and_can_ask(recorded: Recorded) -> None:
    alone = in_terminal(["sh", "-c", ASKS], "you")
    assert in_terminal([sys.executable, "-c", SCRIPT, str(recorded.place), "0", "sh", "-c", ASKS], "you") == alone
    assert alone[0] == 4
    assert "hello you" in recorded.told()["log"]


def test_a_signal_sent_to_us_reaches_it_once(recorded: Recorded) -> None:
    running = recorded.start("sh", "-c", ON_INTERRUPT)
    assert running.stdout is not None
    running.stdout.readline()
    running.send_signal(signal.SIGINT)
    assert running.communicate(timeout=30)[0] == b"stopping\n"
    assert (running.returncode, recorded.told()["how"]) == (9, "interrupt")


def test_a_signal_that_ends_it_is_told_as_a_shell_does(recorded: Recorded) -> None:
    running = recorded.start("sh", "-c", "kill -9 $$")
    running.communicate(timeout=30)
    assert (running.returncode, recorded.told()["how"]) == (137, "killed")


def test_after_its_time_it_is_interrupted(recorded: Recorded) -> None:
    running = recorded.start("sh", "-c", ON_INTERRUPT, timeout=1)
    running.communicate(timeout=30)
    assert (running.returncode, recorded.told()["how"]) == (9, "timeout")


def test_when_we_are_killed_it_goes_on_and_is_recorded_all_the_same(recorded: Recorded, tmp_path: Path) -> None:
    script = f"echo begun; while ! test -e {tmp_path}/go; do sleep 0.05; done; echo ended"
    running = recorded.start("sh", "-c", script)
    assert running.stdout is not None
    running.stdout.readline()
    running.kill()
    running.communicate(timeout=30)
    (tmp_path / "go").touch()

    def abandoned() -> dict[str, str] | None:
        with contextlib.suppress(FileNotFoundError, ValueError):
            return recorded.told()
        return None

    assert until(abandoned, "the witness to tell") == {"how": "abandoned", "log": "begun\nended\n"}


def test_when_nobody_reads_its_output_it_goes_on(recorded: Recorded) -> None:
    reading, writing = os.pipe()
    running = recorded.start("sh", "-c", "for i in 1 2 3; do echo $i; sleep 0.1; done; exit 5", stdout=writing)
    os.close(reading)
    os.close(writing)
    running.communicate(timeout=30)
    assert (running.returncode, recorded.told()["log"]) == (5, "1\n2\n3\n")


def test_in_a_terminal_its_interrupt_key_reaches_the_command_once(recorded: Recorded) -> None:
    script = "trap 'echo stopping; exit 9' INT; printf 'ready? '; while :; do sleep 0.05; done"
    argv = [sys.executable, "-c", SCRIPT, str(recorded.place), "0", "sh", "-c", script]
    status, output = in_terminal(argv, "\x03")
    assert (status, output.count(b"stopping")) == (9, 1)


def test_a_command_that_reads_the_terminal_while_its_output_goes_elsewhere_gets_what_is_typed(
    recorded: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCRIPT", SCRIPT)
    recorder = f"{quote(sys.executable)} -c \"$SCRIPT\" {quote(str(recorded.place))} 0 sh -c 'read x; echo got $x'"
    status, output = in_terminal(["sh", "-c", f"printf 'who? '; {recorder} 2>/dev/null | cat"], "you")
    assert (status, b"got you" in output) == (0, True)
