"""`tocsin diagnose kubernetes` on a live cluster: an API server over HTTP that serves a demonstration world."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

from tests.investigation.fake_kubernetes import FakeKubernetes, serving
from tocsin.cli.demo.worlds.shop import SHOP

NOW = datetime.now(UTC)


async def run(fake: FakeKubernetes, folder: Path, *arguments: str) -> tuple[int | None, str, str]:
    """Exit status, standard output and standard error of the command."""
    code = "from tocsin.cli import main; main()"
    asked = ("diagnose", "kubernetes", *arguments, "--kubeconfig", fake.kubeconfig(folder))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, *asked, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    out, err = await process.communicate()
    return process.returncode, out.decode(), err.decode()


async def on_the_shop(folder: Path, *arguments: str, **always: int) -> tuple[int | None, str, str]:
    """The command on the shop's cluster, where `always` are statuses that kinds are answered with."""
    world = SHOP.snapshot(NOW)
    logs = {f"{key}/{run}": text for key, log in world["logs"].items() for run, text in log.items()}
    async with serving([*world["objects"], *world["events"]], logs) as fake:
        fake.always.update(always)
        return await run(fake, folder, *arguments)


def test_a_live_cluster_is_diagnosed(tmp_path: Path) -> None:
    status, out, err = asyncio.run(on_the_shop(tmp_path, "cart"))
    assert (status, err) == (0, "")
    assert out.startswith("Deployment cart in shop")


def test_what_may_not_be_read_is_said_and_not_taken_for_absent(tmp_path: Path) -> None:
    status, out, _ = asyncio.run(on_the_shop(tmp_path, "deploy/cart", deployments=403, pods=403))
    assert status == 3
    assert "403" in out


def test_a_cluster_that_cannot_be_reached_is_inconclusive(tmp_path: Path) -> None:
    fake = FakeKubernetes(url="http://127.0.0.1:1")
    status, out, err = asyncio.run(run(fake, tmp_path, "cart"))
    assert (status, err) == (3, "")
    assert "can't connect" in out


def test_a_context_that_is_not_there_is_one_line_and_status_2(tmp_path: Path) -> None:
    status, out, err = asyncio.run(run(FakeKubernetes(url="http://127.0.0.1:1"), tmp_path, "--context", "nope"))
    assert (status, out) == (2, "")
    assert len(err.splitlines()) == 1
