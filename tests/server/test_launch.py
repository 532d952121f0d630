"""A launched program dies with the process that started it, with and without the kernel's help."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from tests.server.processes import wait_until_gone
from tocsin.server.launch import FAILED, User, launch_command

PARENT = """
import os, subprocess, sys
from tests.server.processes import wait_until_gone
from tocsin.server.launch import launch_command
read_end, write_end = os.pipe()
watch_fd = read_end if sys.argv[1] == "pipe" else None
command = launch_command(["/bin/sleep", "60"], death_signal=15, watch_fd=watch_fd)
child = subprocess.Popen(command, pass_fds=[read_end])
while os.readlink(f"/proc/{child.pid}/exe").rpartition("/")[2].startswith("python"): pass
print(child.pid, flush=True)
sys.stdin.read()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("means", ["signal", "pipe"])
def test_a_program_dies_with_its_killed_parent(means: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, means], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        program = int(parent.stdout.readline())
        parent.kill()
    wait_until_gone(program)


def test_a_program_that_does_not_exist_is_one_clear_line() -> None:
    command = launch_command(["/no/such/program"], death_signal=signal.SIGKILL)
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == FAILED
    assert ended.stderr == "can't start /no/such/program: [Errno 2] No such file or directory\n"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_root_can_run_it_as_another_user() -> None:
    command = launch_command(["/usr/bin/id", "-u"], death_signal=signal.SIGKILL, user=User(1, 1, namespace=False))
    assert subprocess.check_output(command, text=True) == "1\n"
