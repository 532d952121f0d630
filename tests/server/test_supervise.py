"""The supervisor with small programs in place of Tocsin's own: order, restarts, ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.server.processes import wait_until_gone

SERVER = """
import os, sys
from dataclasses import replace
from pathlib import Path
from tocsin.server.children import Program
from tocsin.server.config import read_config
from tocsin.server.supervise import Programs, serve

def programs(config, url, listening):
    def program(name, code, fds=()):
        return Program(name, (sys.executable, "-c", code), {**os.environ, "URL": url}, grace=5, fds=fds)
    fd = listening.fileno()
    codes = [part.replace("FD", str(fd)) for part in sys.argv[2:5]]
    return Programs(program("migrate", codes[0]), (program("web", codes[1], (fd,)), program("worker", codes[2])))

config = replace(read_config({}), data_dir=Path(sys.argv[1]), port=int(os.environ["PORT"]))
if not os.environ["EMBEDDED"]:
    config = replace(config, database_url="postgresql://nowhere")
sys.exit(serve(config, programs_for=programs, on_ready=lambda address: sys.stderr.write(f"called with {address}\\n")))
"""

WEB = """
import os, signal, socket
print("web is", os.getpid(), flush=True)
signal.signal(signal.SIGTERM, lambda *_: (os.write(1, b"web says goodbye\\n"), os._exit(0)))
listening = socket.socket(fileno=FD)
while True:
    connection, _ = listening.accept()
    connection.recv(4096)
    connection.sendall(b"HTTP/1.1 200 OK\\r\\n\\r\\n")
    connection.close()
"""
WORKER = """
import os, signal, time
signal.signal(signal.SIGTERM, lambda *_: (os.write(1, b"worker says goodbye\\n"), os._exit(0)))
print("worker is", os.getpid(), flush=True)
time.sleep(60)
"""
STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, lambda *_: print("no", flush=True))
print("set", flush=True)
while True:
    time.sleep(9)
"""
NOTHING = "pass"


class Server:
    """A supervisor as a process, and what it says."""

    def __init__(self, data_dir: Path, codes: tuple[str, str, str], port: int, embedded: bool) -> None:
        environ = {**os.environ, "PORT": str(port), "EMBEDDED": "yes" if embedded else ""}
        command = [sys.executable, "-c", SERVER, str(data_dir), *codes]
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environ, text=True
        )
        self.lines: list[str] = []
        # so that a test which waits in vain fails instead of hanging
        self.limit = threading.Timer(60, self.process.kill)
        self.limit.start()

    def until(self, *texts: str) -> str:
        """Reads until each of the texts has been in a line, in any order, and returns the last of these lines."""
        assert self.process.stdout is not None
        missing = set(texts)
        for line in self.process.stdout:
            self.lines.append(line.rstrip())
            missing -= {text for text in missing if text in line}
            if not missing:
                return self.lines[-1]
        raise AssertionError(f"it never said {missing}:\n" + "\n".join(self.lines))

    def pid(self, name: str) -> int:
        """Waits for the process of that name to say its pid."""
        return int(self.until(f"{name} is").split()[-1])

    def end(self) -> tuple[int, str]:
        """Waits for its end: exit status, and all that it said."""
        rest, _ = self.process.communicate(timeout=60)
        return self.process.returncode, "\n".join([*self.lines, rest])


Serve = Callable[..., Server]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    with ExitStack() as servers:

        def start(
            migrate: str = NOTHING,
            web: str = WEB,
            worker: str = WORKER,
            port: int = 0,
            data_dir: Path = tmp_path,
            embedded: bool = False,
        ) -> Server:
            server = Server(data_dir, (migrate, web, worker), port, embedded)
            servers.callback(server.process.communicate)
            servers.callback(server.process.kill)
            servers.callback(server.limit.cancel)
            return server

        yield start


def test_it_becomes_ready_and_tells_who_wants_to_know(serve: Serve) -> None:
    server = serve()
    address = server.until("ready: ").split()[-1]
    assert server.until("called with") == f"called with {address}"


def test_a_stop_lets_the_processes_finish_and_is_a_success(serve: Serve) -> None:
    server = serve()
    server.until("ready: ", "worker is")
    server.process.terminate()
    status, said = server.end()
    assert status == 0
    assert "web says goodbye" in said
    assert "worker says goodbye" in said
    assert "Traceback" not in said


def test_a_process_that_will_not_stop_is_killed_by_a_second_request(serve: Serve) -> None:
    server = serve(worker=STUBBORN)
    server.until("ready: ", "set")
    server.process.send_signal(signal.SIGINT)
    server.until("no")
    server.process.send_signal(signal.SIGINT)
    assert server.end()[0] == 0


def test_a_dead_process_is_started_again(serve: Serve) -> None:
    server = serve()
    first = server.pid("worker")
    os.kill(first, signal.SIGKILL)
    assert "starting it again" in server.until("worker ended (status -9)")
    assert server.pid("worker") != first


def test_a_killed_supervisor_leaves_no_process(serve: Serve) -> None:
    server = serve(web=WEB.replace("web is", "both are"), worker=WORKER.replace("worker is", "both are"))
    pids = [int(server.until("both are").split()[-1]) for _ in range(2)]
    server.process.kill()
    wait_until_gone(*pids)


def test_a_failed_migration_ends_the_server_with_its_last_words(serve: Serve) -> None:
    status, said = serve(migrate="import sys; print('no such table'); sys.exit(1)").end()
    assert status == 1
    assert "Error: migrate failed (status 1):\n  no such table" in said


def test_a_process_that_never_works_ends_the_server_with_its_last_words(serve: Serve) -> None:
    status, said = serve(worker="import sys; sys.exit('out of coffee')").end()
    assert status == 1
    assert said.rstrip().endswith("Error: worker keeps failing (status 1):\n" + "\n".join(["  out of coffee"] * 5))


def test_a_port_in_use_is_one_line_and_status_2(serve: Serve) -> None:
    port = int(serve().until("ready: ").rpartition(":")[2])
    status, said = serve(port=port).end()
    assert status == 2
    assert said.startswith(f"Error: port {port} on 127.0.0.1 is in use")


def test_a_killed_database_is_started_again_under_its_address(serve: Serve, data_dir: Path) -> None:
    server = serve(data_dir=data_dir, embedded=True)
    server.until("ready: ")
    pid = int((data_dir / "postgres" / "data" / "postmaster.pid").read_text().split("\n")[0])
    os.kill(pid, signal.SIGKILL)
    server.until("PostgreSQL serves again")
    server.process.terminate()
    assert server.end()[0] == 0


def test_a_killed_supervisor_leaves_no_database(serve: Serve, data_dir: Path) -> None:
    server = serve(data_dir=data_dir, embedded=True)
    server.until("ready: ")
    pid = int((data_dir / "postgres" / "data" / "postmaster.pid").read_text().split("\n")[0])
    server.process.kill()
    wait_until_gone(pid)


def test_a_second_server_on_the_data_folder_names_the_first(serve: Serve, data_dir: Path) -> None:
    first = serve(data_dir=data_dir, embedded=True)
    first.until("ready: ")
    status, said = serve(data_dir=data_dir, embedded=True).end()
    assert status == 1
    assert f"Error: another Tocsin (pid {first.process.pid}) uses the database" in said


def test_a_stop_while_the_database_is_being_made_leaves_nothing_running(serve: Serve, tmp_path: Path) -> None:
    server = serve(data_dir=tmp_path / "new", embedded=True)
    server.until("making the database")
    server.process.terminate()
    status, said = server.end()
    assert status == 0
    assert "Traceback" not in said
