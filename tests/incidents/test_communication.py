"""Texts of communication are edited in versions; what can't be read is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories import NOW
from tocsin.ground.edits import BadEdit
from tocsin.incidents.audience import Audience, Moment
from tocsin.incidents.communication import DEFAULTS, RHYTHM, keep, template_key, text_of, texts, the_rhythm, versions_of
from tocsin.incidents.rhythm import DEFAULT
from tocsin.incidents.triage import Severity

pytestmark = pytest.mark.django_db
KEY = template_key(Audience.EXTERNAL, Moment.RESOLVED)
FASTER = DEFAULT.replace("30 min", "15 min")


def test_everything_has_a_text_from_the_beginning() -> None:
    assert {key: held.text for key, held in texts().items()} == DEFAULTS
    assert all(held.is_own for held in texts().values())


def test_what_a_person_wrote_counts() -> None:
    keep(RHYTHM, FASTER, seen=0, author="mia", now=NOW)
    assert the_rhythm()[Severity.CRITICAL] == timedelta(minutes=15)
    assert texts()[RHYTHM].version == 1


def test_an_empty_text_brings_back_what_tocsin_has() -> None:
    keep(KEY, "Over.", seen=0, author="mia", now=NOW)
    assert keep(KEY, "", seen=1, author="mia", now=NOW).text == DEFAULTS[KEY]
    assert [version.text for version in versions_of(KEY)] == ["", "Over."]


def test_nobodys_words_are_written_over_unseen() -> None:
    keep(KEY, "Over.", seen=0, author="mia", now=NOW)
    with pytest.raises(BadEdit, match="mia has changed this text meanwhile"):
        keep(KEY, "It is over.", seen=0, author="noa", now=NOW)


@pytest.mark.parametrize("text", [DEFAULTS[KEY], ""])
def test_what_is_the_same_makes_no_version(text: str) -> None:
    with pytest.raises(BadEdit, match="Nothing is different"):
        keep(KEY, text, seen=0, author="mia", now=NOW)


@pytest.mark.parametrize(
    ("key", "text", "why"),
    [
        (KEY, "{cause}", "no placeholder"),
        (RHYTHM, "always", "begin with critical"),
        ("checklist-low", "A | soonish", "no length of time"),
    ],
)
def test_what_can_not_be_read_is_refused(key: str, text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        keep(key, text, seen=0, author="mia", now=NOW)


def test_a_text_can_be_had_as_it_was() -> None:
    keep(KEY, "Over.", seen=0, author="mia", now=NOW)
    assert text_of(KEY, at=NOW - timedelta(minutes=1)).is_own
    assert text_of(KEY, at=NOW).text == "Over."
