"""What a postmortem consists of."""

from __future__ import annotations

from tocsin.postmortems.sections import Section, marks, to_write, unfinished


def whole() -> dict[Section, str]:
    return dict.fromkeys(Section, "Said.")


def test_a_mark_is_found_where_it_stands() -> None:
    assert marks(f"It began. {to_write('why?')} Then {to_write('how long?')}") == 2
    assert marks("kubectl get pods <name> [x]") == 0


def test_a_whole_text_is_finished() -> None:
    assert unfinished(whole()) == []


def test_what_is_empty_or_marked_is_not() -> None:
    texts = whole() | {Section.SUMMARY: " ", Section.LESSONS: f"We know {to_write('what?')}"}
    assert unfinished(texts) == [Section.SUMMARY, Section.LESSONS]
    del texts[Section.IMPACT]
    assert Section.IMPACT in unfinished(texts)


def test_marks_in_optional_sections_hold_nobody_up() -> None:
    texts = whole() | {Section.AI_CONNECTION: to_write("was it?"), Section.WHY_SO_LONG: ""}
    assert unfinished(texts) == []


def test_every_section_has_a_heading_of_its_own() -> None:
    assert len({section.heading for section in Section}) == len(Section)
    assert Section.ROOT_CAUSE.heading == "Root cause"
