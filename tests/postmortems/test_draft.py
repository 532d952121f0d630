"""The draft of a postmortem tells what the record knows, and asks for the rest."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.postmortems.records import TOLD, after, bare, full
from tests.web.pages.stored import make_hypothesis
from tocsin.postmortems.draft import MOST_LINES, draft
from tocsin.postmortems.record import Line, Told
from tocsin.postmortems.sections import Section, marks, unfinished


def test_of_nothing_known_every_section_still_says_something() -> None:
    texts = draft(bare())
    assert list(texts) == list(Section)
    assert all(texts.values())
    assert "not resolved yet" in texts[Section.SUMMARY]


def test_the_summary_has_when_where_how_long_and_why() -> None:
    said = draft(full())[Section.SUMMARY]
    for part in ("1 March 2026 at 02:55 UTC", "shop/production", "after 49 min (fixed)", "cart, checkout"):
        assert part in said
    assert "not confirmed by anybody: cart was killed at its limit" in said


def test_a_hypothesis_is_called_one_and_asks_to_be_confirmed() -> None:
    said = draft(full())[Section.ROOT_CAUSE]
    assert "Nobody has confirmed it" in said
    assert "93%, high confidence" in said
    assert marks(said) == 1


def test_what_people_confirmed_goes_before_every_hypothesis() -> None:
    texts = draft(full(told=TOLD))
    assert texts[Section.ROOT_CAUSE] == "An unbounded cache.\n\nConfirmed by alice."
    assert "The cause: An unbounded cache." in texts[Section.SUMMARY]
    assert texts[Section.TRIGGER] == "The sale began."
    assert texts[Section.AI_CONNECTION] == "Unrelated."
    assert marks(texts[Section.IMPACT]) == 0


def test_what_contributed_is_offered_as_the_trigger_and_asked_about() -> None:
    seen = make_hypothesis(contributing=("cart changed 36 min before",))
    for told in (Told(), Told(cause="An unbounded cache.")):
        said = draft(full(hypothesis=seen, runs=(), told=told))[Section.TRIGGER]
        assert "as Tocsin saw it: cart changed 36 min before" in said
        assert marks(said) == 1


def test_the_timeline_tells_the_story_without_the_bookkeeping() -> None:
    said = draft(full())[Section.TIMELINE]
    assert "- 02:57 Opened by an alert. (tocsin)" in said
    assert "- 03:15 The cache never shrinks. (bob)" in said
    assert said.count("Alert ") == 2
    assert "Class capacity" not in said
    assert "→ postmortem" not in said


def test_a_long_timeline_keeps_its_beginning_and_its_end() -> None:
    lines = tuple(Line(after(n), "note", "bob", f"note {n}.") for n in range(100))
    said = draft(full(lines=lines))[Section.TIMELINE]
    assert "note 0." in said
    assert "note 99." in said
    assert f"{100 - MOST_LINES} more" in said


def test_a_decision_is_told_as_one() -> None:
    said = draft(bare(lines=(Line(after(2), "decision", "bob", "we roll back"),)))[Section.TIMELINE]
    assert "Decided: we roll back (bob)" in said


def test_days_are_told_where_one_ends() -> None:
    lines = (Line(after(0), "note", "bob", "first"), Line(after(24 * 60), "note", "bob", "second"))
    said = draft(full(lines=lines))[Section.TIMELINE]
    assert said.index("**1 March 2026**") < said.index("**2 March 2026**")


def test_detection_says_how_long_nobody_knew() -> None:
    assert "KubePodCrashLooping (alertmanager), 1 March 2026 02:57 UTC, 2 min after" in draft(full())[Section.DETECTION]
    declared = draft(bare(lines=(Line(after(2), "opened", "carol", "Declared by hand."),)))[Section.DETECTION]
    assert "carol declared it by hand" in declared
    assert marks(declared) == 1


def test_the_response_is_counted_from_the_first_sign() -> None:
    said = draft(full())[Section.RESPONSE]
    assert "| Acknowledged | 1 March 2026 03:02 UTC | 7 min |" in said
    assert "| First sign | 1 March 2026 02:55 UTC | – |" in said
    assert "Worked on it: alice, bob." in said


def test_what_was_proposed_is_not_called_done() -> None:
    said = draft(full())[Section.RESOLUTION]
    assert "alice: raised the limit" in said
    assert "it ran nothing" in said
    assert "--limits=memory=768Mi 'a b'`" in said
    assert marks(said) == 1
    assert marks(draft(full(hypothesis=None))[Section.RESOLUTION]) == 0


def test_the_longest_stretch_is_named() -> None:
    assert "37 min, was until it was resolved" in draft(full())[Section.WHY_SO_LONG]


def test_what_could_not_be_looked_at_and_was_late_went_wrong() -> None:
    said = draft(full())[Section.WENT_WRONG]
    assert "403 from the API server" in said
    assert "Acknowledgement breached" in said


def test_actions_are_those_of_the_incident() -> None:
    assert draft(full())[Section.ACTIONS] == "- ACTION-INC023-1 Alert on memory (bob, 2026-03-08, open)"
    assert marks(draft(bare())[Section.ACTIONS]) == 1


def test_a_draft_alone_is_never_complete() -> None:
    assert Section.LESSONS in unfinished(draft(full(told=TOLD)))


@given(st.text(max_size=300), st.integers(0, 10_000))
def test_whatever_people_wrote_each_line_stays_one(text: str, minutes: int) -> None:
    said = draft(full(lines=(Line(after(minutes), "note", "bob", text),)))[Section.TIMELINE]
    assert len([line for line in said.splitlines() if line.startswith("- ")]) == 1
