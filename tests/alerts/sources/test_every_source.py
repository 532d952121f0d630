"""What every source owes, whatever its vendor."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.alerts.calling import alerts_of
from tocsin.alerts.parsed import BadPayload, Parsed, ParsedAlert
from tocsin.alerts.sources import Source, load_sources

SOURCES = load_sources()


def alerts_in(parsed: Parsed) -> list[ParsedAlert]:
    """Those it tells of, and those that its runs of infrastructure tools fire or end."""
    return [*parsed.alerts, *(alert for run in parsed.runs for alert in alerts_of(run))]


every_source = pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES.keys())


@every_source
def test_its_example_parses_into_alerts_with_identity_title_and_state(source: Source) -> None:
    alerts = alerts_in(source.parse(source.EXAMPLE))
    assert alerts
    assert all(alert.identity and alert.title for alert in alerts)
    assert len({alert.identity for alert in alerts}) == len(alerts)


@every_source
def test_its_times_have_a_zone(source: Source) -> None:
    times = [t for alert in alerts_in(source.parse(source.EXAMPLE)) for t in (alert.starts_at, alert.ends_at) if t]
    assert all(time.tzinfo for time in times)


@every_source
@pytest.mark.parametrize(
    "rubbish", [b"", b"{", b"null", b"[1]", b'{"alerts": 3}', b"\xff\xfe", b'"text"', b'{"a": "\\ud800"}']
)
def test_rubbish_is_a_bad_payload_that_says_why(source: Source, rubbish: bytes) -> None:
    with pytest.raises(BadPayload, match=r".{10,}"):
        source.parse(rubbish)


@given(st.sampled_from(sorted(SOURCES)), st.data())
def test_a_damaged_example_parses_or_is_a_bad_payload(name: str, data: st.DataObject) -> None:
    example = SOURCES[name].EXAMPLE
    cut = data.draw(st.integers(0, len(example) - 1))
    damaged = example[:cut] + data.draw(st.binary(max_size=4)) + example[cut + data.draw(st.integers(0, 4)) :]
    with suppress(BadPayload):  # the only error there may be
        assert isinstance(SOURCES[name].parse(damaged), Parsed)


@every_source
def test_it_has_a_test_file_and_a_page(source: Source) -> None:
    name = source.__name__.rpartition(".")[2]
    assert (Path(__file__).parent / f"test_{name}.py").exists()
    assert f"## {name}" in (Path(__file__).parents[3] / "docs" / "sources.md").read_text()
