"""A journal that follows a cluster over HTTP."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.investigation.collectors.conftest import KEY
from tests.investigation.fake_kubernetes import FakeKubernetes, serving
from tocsin.investigation.collectors.kubernetes import watching as module
from tocsin.investigation.collectors.kubernetes.journal import Entry, Journal
from tocsin.investigation.collectors.kubernetes.watching import Watching

pytestmark = pytest.mark.anyio


def settings(host: str) -> dict[str, Any]:
    return {"kind": "ConfigMap", "metadata": {"name": "settings", "namespace": "shop"}, "data": {"HOST": host}}


def changes(journal: Journal) -> list[Entry]:
    return journal.told({"shop"}, datetime.now(UTC))


@asynccontextmanager
async def followed(folder: Path, fake: FakeKubernetes) -> AsyncIterator[Journal]:
    journal = Journal(KEY)
    task = asyncio.create_task(Watching(journal, kubeconfig=fake.kubeconfig(folder), context=None).forever())
    await until(lambda: any("watch=true" in str(request.url) for request in fake.seen if "configmaps" in request.path))
    yield journal
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def until(seen: Callable[[], object]) -> None:
    async with asyncio.timeout(10):
        while not seen():
            await asyncio.sleep(0.01)


async def test_a_change_is_told_with_both_values(tmp_path: Path) -> None:
    async with serving([settings("a")]) as fake, followed(tmp_path, fake) as journal:
        await fake.happenings["configmaps"].put({"type": "BOOKMARK", "object": {"metadata": {"resourceVersion": "8"}}})
        await fake.happenings["configmaps"].put({"type": "MODIFIED", "object": settings("b")})
        await until(lambda: changes(journal))
        await fake.happenings["configmaps"].put({"type": "DELETED", "object": settings("b")})
        await until(lambda: len(changes(journal)) == 2)
    first, second = changes(journal)
    assert (first["field"], first["old"], first["new"]) == ("/data/HOST", "a", "b")
    assert second["summary"] == "deleted"


async def test_what_was_changed_while_the_thread_was_lost_is_found(tmp_path: Path) -> None:
    async with serving([settings("a")]) as fake, followed(tmp_path, fake) as journal:
        fake.objects[:] = [settings("b")]
        gone = {"kind": "Status", "code": 410, "message": "too old resource version"}
        await fake.happenings["configmaps"].put({"type": "ERROR", "object": gone})
        await until(lambda: changes(journal))
    assert [(entry["old"], entry["new"]) for entry in changes(journal)] == [("a", "b")]


async def test_a_stream_that_ends_is_followed_from_where_it_was(tmp_path: Path) -> None:
    async with serving([settings("a")]) as fake, followed(tmp_path, fake) as journal:
        await fake.happenings["configmaps"].put({"type": "BOOKMARK", "object": {"metadata": {"resourceVersion": "8"}}})
        await fake.happenings["configmaps"].put({"type": "END"})
        await until(lambda: any(request.query.get("resourceVersion") == "8" for request in fake.seen))
    assert (changes(journal), journal.gaps) == ([], {})


async def test_a_kind_that_may_not_be_watched_is_a_gap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PAUSE_S", 0.01)
    async with serving([settings("a")]) as fake:
        fake.always["nodes"] = 403
        async with followed(tmp_path, fake) as journal:
            await until(lambda: journal.gaps)
    assert "403" in journal.gaps["nodes"]
