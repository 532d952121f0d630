"""A postmortem as a document."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import yaml

from tocsin.postmortems.document import document, file_name
from tocsin.postmortems.sections import Section

AT = datetime(2026, 3, 1, 23, 30, tzinfo=timezone(timedelta(hours=-2)))


def test_a_file_is_named_by_date_title_and_incident() -> None:
    assert file_name(AT, "Zahlungen: größtes Übel!", "INC-023") == "2026-03-02-zahlungen-grotes-ubel-inc-023.md"


def test_no_title_leads_out_of_the_folder() -> None:
    for title in ("../../etc/passwd", "..", "", "\x00/\\", "漢字"):
        name = file_name(AT, title, "INC-1")
        assert "/" not in name
        assert ".." not in name
        assert name.endswith("inc-1.md")


def test_the_front_matter_is_read_back_as_it_was() -> None:
    facts = {
        "id": "INC-023",
        "title": "a: b # c\n---",
        "actions": ["ACTION-INC023-1"],
        "at": datetime(2026, 3, 1, tzinfo=UTC),
    }
    text = document(facts, "T", dict.fromkeys(Section, "x"))
    front = text.removeprefix("---\n").split("\n---\n")[0]
    assert yaml.safe_load(front)["title"] == "a: b # c\n---"


def test_every_section_is_there_in_its_order() -> None:
    text = document({}, "T", dict.fromkeys(Section, "said") | {Section.LESSONS: " "})
    headings = [line[3:] for line in text.splitlines() if line.startswith("## ")]
    assert headings == [section.heading for section in Section]
    assert "## Lessons learned\n\n*Nothing.*" in text
