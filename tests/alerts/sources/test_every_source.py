"""What every source owes, whatever its vendor."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.alerts.sources.bodies import at, dropped, paths, replaced
from tocsin.alerts.arrival import Arrival
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
    "rubbish",
    [
        b"", b"{", b"null", b"[1]", b"3", b"{}", b'{"alerts": 3}', b"\xff\xfe", b'"text"', b'{"a": "\\ud800"}',
        b"[" * 100_000, b'{"a":' * 100_000, b"1" * 5000, b"1e999",
    ],
    ids=lambda rubbish: repr(rubbish[:12]),
)  # fmt: skip
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


ANYTHING: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)
ODD = st.sampled_from(
    ["\x00", 10**30, -1, "", "resolved", "javascript:alert(1)", "9" * 400, "0001-01-01T00:00:00Z", [[]]]
)


@every_source
@settings(max_examples=400, deadline=None)
@given(st.data())
def test_with_any_part_lost_or_replaced_it_keeps_what_every_source_owes(source: Source, data: st.DataObject) -> None:
    example = msgspec.json.decode(source.EXAMPLE)
    place = data.draw(st.sampled_from(list(paths(example))[1:]))
    is_lost = data.draw(st.booleans())
    damaged = dropped(example, place) if is_lost else replaced(example, place, data.draw(ODD | ANYTHING))
    with suppress(BadPayload):  # the only error there may be
        owes(source.parse(msgspec.json.encode(damaged)))


@every_source
@given(ANYTHING)
def test_any_json_is_understood_or_a_bad_payload(source: Source, value: Any) -> None:
    with suppress(BadPayload):  # the only error there may be
        owes(source.parse(msgspec.json.encode(value)))


WORDS = st.text(st.characters(max_codepoint=255), max_size=20)
ARRIVALS = st.builds(
    Arrival,
    st.dictionaries(st.sampled_from(["ce-specversion", "ce-type", "ce-source", "ce-id", "content-type"]), WORDS),
    WORDS | WORDS.map("/v2/alerts/{}".format) | st.sampled_from(["/v2/change/enqueue", "/v2/alerts/a/close"]),
    st.just({}),
    st.binary(max_size=20) | ANYTHING.map(msgspec.json.encode),
)


@pytest.mark.parametrize("name", [name for name, source in SOURCES.items() if hasattr(source, "enveloped")])
@given(ARRIVALS)
def test_whatever_arrives_becomes_one_body_or_is_a_bad_payload(name: str, arrival: Arrival) -> None:
    with suppress(BadPayload):  # the only error there may be
        body = vars(SOURCES[name])["enveloped"](arrival)
        assert isinstance(body, bytes)
        owes(SOURCES[name].parse(body))


def owes(parsed: Parsed) -> None:
    """Asserts what holds of all that a source understands."""
    assert "\x00" not in "".join((*parsed.rejected, parsed.note))
    for alert in alerts_in(parsed):
        assert alert.identity
        assert alert.title or not alert.firing or alert.acknowledged
        assert all(time.tzinfo for time in (alert.starts_at, alert.ends_at, alert.expires_at) if time)
        assert all(url.startswith(("http://", "https://")) for url in alert.links.values())
        assert all(type(value) is str for value in (*alert.labels.values(), *alert.annotations.values()))
        assert "\x00" not in repr(msgspec.to_builtins(alert)).replace("\\x00", "\x00")


# What a vendor's user may fill as they like: what is new there is kept, and may be what an alert is known by.
FREE = {"labels", "links", "annotations", "details", "custom_details", "metadata", "data"}


@every_source
def test_a_field_that_is_unknown_changes_nothing(source: Source) -> None:
    example = msgspec.json.decode(source.EXAMPLE)
    expected = told(source.parse(source.EXAMPLE))
    objects = [path for path in paths(example) if isinstance(at(example, path), dict)]
    for path in (path for path in objects if not FREE & set(path)):
        for new in ({"anew": 1}, ["anew"], None, "anew"):
            body = replaced(example, path, at(example, path) | {"not_known_yet": new})
            assert told(source.parse(msgspec.json.encode(body))) == expected, path


def told(parsed: Parsed) -> list[ParsedAlert]:
    """The alerts, without labels that a vendor's extensions become."""
    return [
        msgspec.structs.replace(alert, labels={k: v for k, v in alert.labels.items() if k != "not_known_yet"})
        for alert in alerts_in(parsed)
    ]


@every_source
def test_sent_again_it_is_the_same(source: Source) -> None:
    assert source.parse(source.EXAMPLE) == source.parse(source.EXAMPLE)


@every_source
def test_it_has_a_test_file_and_a_page(source: Source) -> None:
    name = source.__name__.rpartition(".")[2]
    assert (Path(__file__).parent / f"test_{name}.py").exists()
    assert f"## {name}" in (Path(__file__).parents[3] / "docs" / "sources.md").read_text()
