"""What a postmortem consists of, and where a person must still write. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

# Around what a person must write: such brackets occur in no record by accident.
_MARK = re.compile(r"⟪[^⟪⟫]*⟫")


class Section(StrEnum):
    """The sections, in their order."""

    SUMMARY = "summary"
    TIMELINE = "timeline"
    ROOT_CAUSE = "root-cause"
    TRIGGER = "trigger"
    IMPACT = "impact"
    DETECTION = "detection"
    RESPONSE = "response"
    RESOLUTION = "resolution"
    WHY_NOT_CAUGHT = "why-not-caught"
    WHY_SO_LONG = "why-so-long"
    WENT_WELL = "went-well"
    WENT_WRONG = "went-wrong"
    ACTIONS = "actions"
    LESSONS = "lessons"
    AI_CONNECTION = "ai-connection"

    @property
    def heading(self) -> str:
        """How it is headed."""
        return _HEADINGS.get(self, self.value.replace("-", " ").capitalize())

    @property
    def is_mandatory(self) -> bool:
        """Whether a postmortem is complete only with it."""
        return self not in _OPTIONAL


_HEADINGS = {
    Section.WHY_NOT_CAUGHT: "Why it was not caught before",
    Section.WHY_SO_LONG: "Why it took so long",
    Section.WENT_WELL: "What went well",
    Section.WENT_WRONG: "What went wrong",
    Section.LESSONS: "Lessons learned",
    Section.AI_CONNECTION: "AI connection",
}
_OPTIONAL = {Section.WHY_SO_LONG, Section.WENT_WELL, Section.AI_CONNECTION}


def to_write(question: str) -> str:
    """The mark that stands where a person must write: it asks what the record can't answer."""
    return f"⟪a person must write this: {question}⟫"


def marks(text: str) -> int:
    """How many places there are in a text where a person must still write."""
    return len(_MARK.findall(text))


def unfinished(texts: Mapping[Section, str]) -> list[Section]:
    """The mandatory sections that are empty, or where a person must still write."""
    return [each for each in Section if each.is_mandatory and (not texts.get(each, "").strip() or marks(texts[each]))]
