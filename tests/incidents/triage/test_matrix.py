"""The matrix of severities, as JSON and back."""

from contextlib import suppress
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.incidents.triage import Severity
from tocsin.incidents.triage.matrix import BadMatrix, Hours, Matrix, parse, written

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=8,
)
SECTION = st.fixed_dictionaries({}, optional={"scale": JSON, "levels": JSON, "calendar": JSON})


def test_without_a_word_the_defaults_hold() -> None:
    matrix = parse({})
    assert matrix == Matrix()
    assert [matrix.levels[s].acknowledge for s in Severity] == ["at once", "15 min", "1 h", "next business day"]


def test_at_once_counts_as_five_minutes() -> None:
    assert parse({}).levels[Severity.CRITICAL].span == timedelta(minutes=5)


def test_what_is_written_is_read_back() -> None:
    document = {
        "scale": "P0-P3",
        "levels": {
            "high": {"acknowledge": "30 min", "hours": "business hours", "notify": ["team-a"], "conduct": "Look."}
        },
        "calendar": {"zone": "Europe/Berlin", "days": ["Mon", "Tue"], "from": "08:30", "to": "16:00"},
    }
    matrix = parse(document)
    assert parse(written(matrix)) == matrix
    assert matrix.levels[Severity.HIGH].hours is Hours.BUSINESS


def test_holidays_have_names() -> None:
    matrix = parse({"calendar": {"holidays": {"2026-12-25": "Christmas"}}})
    assert matrix.calendar.holidays == {date(2026, 12, 25): "Christmas"}


@pytest.mark.parametrize(
    ("document", "says"),
    [
        ([], "the matrix: an object is expected"),
        ({"level": {}}, "“level” is unknown; there is scale, levels, calendar"),
        ({"levels": {"urgent": {}}}, "levels: “urgent” is unknown; there is critical, high, medium, low"),
        ({"levels": {"high": {"acknowledge": "soon"}}}, "levels.high.acknowledge: “soon”: write at once, 15 min"),
        ({"levels": {"high": {"acknowledge": "0 min"}}}, "levels.high.acknowledge: “0 min”"),
        ({"levels": {"high": {"acknowledge": "31 d"}}}, "at most 30 d"),
        ({"levels": {"high": {"notify": "me"}}}, "levels.high.notify: a list of at most 20 names"),
        ({"levels": {"high": {"hours": "nights"}}}, "“nights” is unknown; choose one of always, business hours"),
        ({"scale": "S1"}, "scale: “S1” is unknown; choose one of words, P1-P4"),
        ({"calendar": {"zone": "Mars/Base"}}, "“Mars/Base” is no time zone"),
        ({"calendar": {"days": []}}, "at least one of Mon"),
        ({"calendar": {"from": "9"}}, "calendar.from: “9” is no time of day"),
        ({"calendar": {"from": "17:00", "to": "09:00"}}, "the day must begin before it ends"),
        ({"calendar": {"holidays": {"25.12.": "Christmas"}}}, "“25.12.” is no day; write it as 2026-12-25"),
        ({"calendar": {"holidays": {"2026-12-25": 1}}}, "calendar.holidays.2026-12-25: a text"),
    ],
)
def test_what_is_wrong_is_named_with_what_to_write(document: Any, says: str) -> None:
    with pytest.raises(BadMatrix) as error:
        parse(document)
    assert says in str(error.value)


@given(JSON | SECTION)
def test_rubbish_is_refused_or_read_to_something_that_can_be_written(document: Any) -> None:
    with suppress(BadMatrix):
        assert parse(written(parse(document))) == parse(document)
