"""Plays the failing deployments on a running server, as `tocsin run` sends them."""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path

import click

from tocsin.cli.demo.deployments.scenes import SCENES, Act, Scene

_WITHIN_S = 120
_LOCK = {
    "ID": "5a1f3c9e-0d57-4b1e-9d0f-7b0c5a3c1e42",
    "Operation": "OperationTypeApply",
    "Info": "",
    "Who": "alice@build-7",
    "Version": "1.11.4",
    "Path": "terraform.tfstate",
}


def play_deployments(addresses: dict[str, str], folder: Path) -> None:
    """Plays all scenes whose environment has an address here; says on standard output what happens."""
    tool = shutil.which("terraform") or shutil.which("tofu")
    for scene in SCENES:
        address = addresses.get(scene.environment)
        if address is None:
            continue
        place = folder / scene.name
        place.mkdir(parents=True, exist_ok=True)
        (place / "main.tf").write_text(scene.configuration)
        real = tool if tool and _prepared(tool, place) else None
        click.echo(f"  {scene.environment:<22} {'run' if real else 'recorded run':<17} {scene.title}")
        for act in scene.acts:
            if real:
                _run(real, act, place, address)
            else:
                asyncio.run(_send_recorded(scene, act, address))


def _prepared(tool: str, place: Path) -> bool:
    """Whether the tool works in this folder."""
    argv = [tool, "init", "-no-color", "-input=false"]
    try:
        return subprocess.run(argv, cwd=place, capture_output=True, timeout=_WITHIN_S, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _run(tool: str, act: Act, place: Path, address: str) -> None:
    if act.configuration:
        (place / "main.tf").write_text(act.configuration)
    options = []
    if act.policies:
        (place / "conftest.json").write_text(json.dumps(act.policies))
        options = ["--policy", "conftest.json"]
    environ = os.environ | {"TOCSIN_DEPLOYMENTS": address, "XDG_STATE_HOME": str(place.parent / "unsent")}
    argv = [
        sys.executable,
        "-P",
        "-m",
        "tocsin",
        "run",
        "--configuration",
        place.name,
        *options,
        "--",
        tool,
        *act.words,
    ]
    with _locked(place) if act.locked else _free():
        done = subprocess.run(
            argv, cwd=place, env=environ, capture_output=True, text=True, timeout=_WITHIN_S, check=False
        )
    if done.returncode != act.exit_code:
        click.echo(f"  {act.name}: ended with {done.returncode}: {done.stderr.strip()[-200:]}", err=True)


@contextmanager
def _free() -> Iterator[None]:
    yield


@contextmanager
def _locked(place: Path) -> Iterator[None]:
    """Holds the lock of a state in a file, as another run of the tool would."""
    note = place / ".terraform.tfstate.lock.info"
    with (place / "terraform.tfstate").open("a+b") as state:
        fcntl.lockf(state, fcntl.LOCK_EX)
        note.write_text(json.dumps(_LOCK | {"Created": datetime.now(UTC).isoformat()}))
        yield
        note.unlink(missing_ok=True)


async def _send_recorded(scene: Scene, act: Act, address: str) -> None:
    """Sends a run that was recorded earlier, as if it had ended now."""
    from tocsin.ground.outbound import OutboundError, outbound

    try:
        async with outbound([address]) as door:
            answer = await door.request("POST", address, body=recorded(scene, act, datetime.now(UTC)))
    except OutboundError as error:
        raise OSError(str(error)) from error
    if answer.status != 202:
        click.echo(f"  the server did not take it: {answer.status}", err=True)


def recorded(scene: Scene, act: Act, now: datetime) -> bytes:
    """The deployment of an act from its record, gzipped, as `tocsin run` sends it."""
    from tocsin.deployments.document import FORMAT, Document, Section, pack
    from tocsin.deployments.terraform.policy import parse_policy

    log = resources.files(__package__).joinpath("recorded", f"{act.name}.log").read_text()
    results = parse_policy(json.dumps(act.policies).encode()) if act.policies else ()
    section = Section(
        tool="terraform",
        command=act.words[0],
        argv=["terraform", *act.words],
        workspace="default",
        directory=f"/srv/{scene.name}",
        exit_code=act.exit_code,
        started_at=now,
        finished_at=now,
        log=log,
        policies=list(results),
    )
    run = f"demonstration {act.name}"
    return pack(Document(format=FORMAT, run=run, configuration=scene.name, deployment=section, actor="alice"))
