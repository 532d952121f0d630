from datetime import UTC, datetime

import msgspec
import pytest

from tests.investigation.collectors.conftest import KEY
from tests.investigation.fake_prometheus import FakePrometheus, prometheus
from tocsin.investigation.collectors import prometheus as module
from tocsin.investigation.collectors.prometheus import measure
from tocsin.investigation.collectors.reading import Reading

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
CPU = {"container_cpu_usage_seconds_total": {"cart-1": 0.8}}


async def asked(fake: FakePrometheus) -> Reading:
    reading = Reading(KEY)
    await measure(fake.url, ["shop"], reading, now=NOW, timeout_s=5)
    return reading


def whys(reading: Reading) -> str:
    return " ".join(gap["why"] for gap in reading.gaps)


async def test_what_is_measured_comes_with_what_was_usual() -> None:
    async with prometheus() as fake:
        fake.values, fake.day_ago = CPU, 0.1
        reading = await asked(fake)
    (entry,) = [msgspec.json.decode(raw) for raw in reading.entries["metrics"]]
    assert (entry["name"], entry["value"], entry["baseline"]) == ("container_cpu_usage", 0.8, 0.1)
    assert reading.gaps == []


async def test_only_what_is_there_is_asked_about() -> None:
    async with prometheus() as fake:
        fake.values = CPU
        await asked(fake)
        assert len(fake.asked) == 4  # the names, now, yesterday, an hour ago


async def test_a_prometheus_that_refuses_is_one_gap() -> None:
    async with prometheus() as fake:
        fake.status = 403
        reading = await asked(fake)
    assert whys(reading) == f"Prometheus: 403 from {fake.url}"
    assert "metrics" not in reading.entries


async def test_a_prometheus_that_is_away_is_one_gap() -> None:
    async with prometheus() as fake:
        pass
    assert "can't connect to 127.0.0.1" in whys(await asked(fake))


async def test_an_answer_that_is_too_large_costs_that_question_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_BYTES", 200)
    async with prometheus() as fake:
        crowd = {f"cart-{n}": 1.0 for n in range(50)}
        fake.values = {**CPU, "container_memory_working_set_bytes": crowd}
        reading = await asked(fake)
    assert [gap["what"] for gap in reading.gaps] == ["metrics container_memory_working_set_highest"]
    assert len(reading.entries["metrics"]) == 1
