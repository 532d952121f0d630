"""Infrastructure deployments, from the real tool through `tocsin run` to an incident with its cause."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.stories.running import TOCSIN, Tocsin, tocsin, until

TOOL = shutil.which("terraform") or shutil.which("tofu")
pytestmark = [pytest.mark.story, pytest.mark.skipif(TOOL is None, reason="needs terraform or tofu")]
SECRET = "hunter2-very-secret"
FAILS = f"""
variable "password" {{
  sensitive = true
  default   = "{SECRET}"
}}
resource "terraform_data" "schema" {{
  input = var.password
  provisioner "local-exec" {{
    command = "echo connecting with ${{self.input}}; exit 3"
  }}
}}
"""
SLOW = """
resource "terraform_data" "slow" {
  provisioner "local-exec" {
    command = "while ! test -e ${path.module}/go; do sleep 0.1; done"
  }
}
"""
MENDED = 'resource "terraform_data" "schema" {}'


class Configuration:
    """A folder with a configuration, and a server that hears of its runs."""

    def __init__(self, server: Tocsin, folder: Path, name: str) -> None:
        self.server, self.folder, self.name = server, folder / name, name
        self.folder.mkdir()
        path = server.source("deployment", f"{name}/production")
        self.environ = {
            **{n: v for n, v in os.environ.items() if not n.startswith(("TF_", "TOCSIN_"))},
            "TF_CLI_CONFIG_FILE": os.devnull,
            "TOCSIN_DEPLOYMENTS": f"{server.address}{path}",
            "XDG_STATE_HOME": str(folder / "state"),
        }

    def write(self, text: str) -> None:
        (self.folder / "main.tf").write_text(text)
        self.tool("init", "-no-color")

    def tool(self, *words: str) -> subprocess.CompletedProcess[str]:
        """The tool alone."""
        return self._done([str(TOOL), *words])

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """The tool through `tocsin run`."""
        return self._done([*TOCSIN, "run", "--", str(TOOL), *words])

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        argv = [*TOCSIN, "run", "--", str(TOOL), *words]
        return subprocess.Popen(
            argv, cwd=self.folder, env=self.environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )

    def send(self) -> subprocess.CompletedProcess[str]:
        """What earlier runs could not send, by itself."""
        return self._done([*TOCSIN, "run", "--send"])

    def drift(self, tool: str = str(TOOL)) -> subprocess.CompletedProcess[str]:
        """`tocsin drift` with that tool."""
        return self._done([*TOCSIN, "drift", "--", tool])

    def _done(self, argv: list[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            argv, cwd=self.folder, env=self.environ, capture_output=True, text=True, timeout=120, check=False
        )

    def deployments(self) -> list[tuple[Any, ...]]:
        """Command, outcome and exit status of each run, oldest first."""
        return self.server.rows(
            "SELECT d.command, d.outcome, d.exit_code FROM deployments_deployment d WHERE d.configuration = %s ORDER BY d.id",
            self.name,
        )

    def incident(self) -> tuple[Any, ...] | None:
        """Id, title, severity and analysis of its newest incident."""
        rows = self.server.rows(
            "SELECT id, title, severity, analysis FROM incidents_incident WHERE subject_key = %s ORDER BY id DESC",
            f"Configuration/{self.name}",
        )
        return rows[0] if rows else None


def children(pid: int) -> list[int]:
    found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False)
    return [int(child) for child in found.stdout.split()]


def stand_in(place: Path, attribute: str) -> None:
    """A tool that says that one attribute of a service was changed outside."""
    change = {"actions": ["update"], "before": {attribute: 1}, "after": {attribute: 2}}
    drifted = [{"address": "aws_ecs_service.web", "mode": "managed", "change": change}]
    plan = {"format_version": "1.2", "resource_drift": drifted}
    script = f"""#!/bin/sh
case "$1" in
show) echo '{json.dumps(plan)}';;
plan) for word; do case "$word" in -out=*) echo plan > "${{word#-out=}}";; esac; done; exit 2;;
esac
"""
    place.write_text(script)
    place.chmod(0o755)


@pytest.fixture
def configuration(server: Tocsin, tmp_path: Path, request: pytest.FixtureRequest) -> Configuration:
    return Configuration(server, tmp_path, f"net-{abs(hash(request.node.name)) % 100000}")


@pytest.fixture
def lonely(tmp_path: Path) -> Iterator[Configuration]:
    """One whose server the test may stop."""
    with tocsin(tmp_path / "server") as running:
        yield Configuration(running, tmp_path, "lonely")


def test_a_failed_apply_becomes_an_incident_with_its_cause_and_without_its_secret(configuration: Configuration) -> None:
    configuration.write(FAILS)
    run = configuration.run("apply", "-auto-approve", "-no-color")
    assert run.returncode == 1
    assert SECRET in run.stderr  # the output is the tool's own
    assert "recorded, failed (apply failure)" in run.stderr

    def analysed() -> tuple[Any, ...] | None:
        found = configuration.incident()
        return found if found and found[3] == "complete" else None

    id_, title, severity, _ = until(analysed, "the analysis")
    assert (title, severity) == (f"terraform apply failed: {configuration.name}", "critical")
    ((summary, content),) = configuration.server.rows(
        "SELECT r.summary, r.content FROM investigation_storedreport r"
        " JOIN investigation_investigation i ON i.id = r.investigation_id WHERE i.incident_id = %s",
        id_,
    )
    assert "terraform_data.schema" in summary
    assert SECRET not in content


def test_a_later_success_offers_to_resolve(configuration: Configuration) -> None:
    configuration.write(FAILS)
    configuration.run("apply", "-auto-approve", "-no-color")
    configuration.write(MENDED)
    assert configuration.run("apply", "-auto-approve", "-no-color").returncode == 0
    incident = configuration.incident()
    assert incident is not None
    entries = configuration.server.rows(
        "SELECT text FROM incidents_timelineentry WHERE incident_id = %s AND kind = 'deployment'", incident[0]
    )
    assert "went well since" in entries[0][0]


def test_a_plan_is_kept_without_what_it_marks(configuration: Configuration) -> None:
    configuration.write(FAILS)
    assert configuration.run("plan", "-no-color", "-out=p").returncode == 0
    ((section,),) = configuration.server.rows(
        "SELECT r.section FROM deployments_deploymentrecord r JOIN deployments_deployment d ON d.id = r.deployment_id"
        " WHERE d.configuration = %s",
        configuration.name,
    )
    plan = json.loads(gzip.decompress(section))["plan"]
    assert plan["resource_changes"][0]["address"] == "terraform_data.schema"
    assert SECRET not in json.dumps(plan)


def test_when_tocsin_run_is_killed_the_apply_ends_well_and_is_recorded(configuration: Configuration) -> None:
    configuration.write(SLOW)
    running = configuration.start("apply", "-auto-approve", "-no-color")
    assert running.stdout is not None
    while b"Provisioning" not in running.stdout.readline():
        pass
    running.send_signal(signal.SIGKILL)
    running.communicate()
    (configuration.folder / "go").touch()
    assert until(configuration.deployments, "the witness to report") == [("apply", "succeeded", None)]
    assert "terraform_data.slow" in configuration.tool("state", "list").stdout


def test_an_interrupt_reaches_the_tool_and_what_it_did_is_saved(configuration: Configuration) -> None:
    configuration.write(SLOW)
    running = configuration.start("apply", "-auto-approve", "-no-color")
    assert running.stdout is not None
    while b"Provisioning" not in running.stdout.readline():
        pass
    running.send_signal(signal.SIGINT)
    output, _ = running.communicate(timeout=60)
    assert b"Interrupt received" in output
    assert b"Two interrupts" not in output
    assert (running.returncode, configuration.deployments()) == (1, [("apply", "failed", 1)])


def test_nothing_changed_outside_is_no_drift(configuration: Configuration) -> None:
    configuration.write(MENDED)
    configuration.run("apply", "-auto-approve", "-no-color")
    looked = configuration.drift()
    assert looked.returncode == 0, looked.stderr
    assert configuration.deployments()[-1] == ("drift", "succeeded", 0)


def test_what_was_changed_outside_is_drift_unless_it_is_noise(configuration: Configuration, tmp_path: Path) -> None:
    """With a stand-in for the tool, since nothing that needs no provider drifts."""
    for attribute in ("desired_count", "task_definition"):
        stand_in(tmp_path / "terraform", attribute)
        looked = configuration.drift(str(tmp_path / "terraform"))
        assert looked.returncode == 2, looked.stderr
    assert configuration.deployments() == [("drift", "succeeded", 2), ("drift", "drifted", 2)]
    incident = configuration.incident()
    assert incident is not None
    assert incident[1:3] == (f"terraform found drift: {configuration.name}", "high")


def test_what_could_not_be_sent_goes_by_itself_or_with_the_next_run(lonely: Configuration) -> None:
    lonely.write(FAILS)
    lonely.server.kill()
    for _ in range(2):
        run = lonely.run("apply", "-auto-approve", "-no-color")
        assert run.returncode == 1
        assert "not sent: can't connect" in run.stderr
    assert len(list(Path(lonely.environ["XDG_STATE_HOME"]).rglob("*.json.gz"))) == 2
    port = lonely.server.address.rpartition(":")[2]
    with tocsin(lonely.server.folder, TOCSIN_PORT=port) as back:
        lonely.server = back
        assert lonely.send().stderr.count("recorded, failed (apply failure)") == 2
        assert lonely.incident() is not None
    assert lonely.run("plan", "-no-color").returncode == 0
    with tocsin(lonely.server.folder, TOCSIN_PORT=port) as again:
        lonely.server = again
        lonely.run("plan", "-no-color")
        assert [row[0] for row in lonely.deployments()] == ["apply", "apply", "plan", "plan"]


def test_without_a_server_a_failure_is_diagnosed_right_here(configuration: Configuration) -> None:
    configuration.write(FAILS)
    del configuration.environ["TOCSIN_DEPLOYMENTS"]
    run = configuration.run("apply", "-auto-approve", "-no-color")
    assert run.returncode == 1
    assert "terraform_data.schema: its provisioner ended with exit status 3" in run.stderr
    assert configuration.deployments() == []


def test_a_run_whose_machine_died_is_reported_by_the_next_one(configuration: Configuration) -> None:
    configuration.write(SLOW)
    running = configuration.start("apply", "-auto-approve", "-no-color")
    assert running.stdout is not None
    while b"Provisioning" not in running.stdout.readline():
        pass
    for pid in (running.pid, *children(running.pid)):  # the witness too
        os.kill(pid, signal.SIGKILL)
    running.communicate()
    (configuration.folder / "go").touch()  # what the provisioner started ends
    configuration.run("version")
    assert configuration.deployments()[0] == ("apply", "unfinished", None)
    assert configuration.incident() is not None
