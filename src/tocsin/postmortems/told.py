"""What people said of an incident, in the words of its postmortem. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from tocsin.incidents.statements import IMPACT, Topic, parted
from tocsin.postmortems.record import Told

_DETECTED = {
    "alert": "An alert told of it",
    "customer": "A customer told of it",
    "engineer": "An engineer noticed it",
    "other tool": "Another tool told of it",
    "other": "It was noticed",
}
_AI = {
    "AI-written code": "AI-written code played a part",
    "speed of AI deploys": "The pace of AI-assisted deploys played a part",
    "unrelated": "Neither AI-written code nor the pace of AI-assisted deploys played a part",
    "unknown": "Whether AI-written code or the pace of AI-assisted deploys played a part is not known",
}
# Who says only that it is not known has left the question open.
_OPEN = {Topic.DATA_LOSS: "unknown"}


def told(said: Mapping[Topic, str], cause_by: str) -> Told:
    """The statements by topic, as a postmortem's draft has them; `cause_by` is who confirmed the cause."""
    return Told(
        cause=said.get(Topic.CAUSE, ""),
        cause_by=cause_by,
        trigger=said.get(Topic.TRIGGER, ""),
        impact=tuple((each.label, said[each]) for each in IMPACT if said.get(each, "") not in ("", _OPEN.get(each))),
        detected=_sentence(_DETECTED, Topic.DETECTED, said),
        ai=_ended(_sentence(_AI, Topic.AI, said)),
    )


def _sentence(sentences: Mapping[str, str], topic: Topic, said: Mapping[Topic, str]) -> str:
    choice, words = parted(topic, said.get(topic, ""))
    begun = sentences.get(choice, "")
    return f"{begun}: {words}" if begun and words else begun


def _ended(sentence: str) -> str:
    return f"{sentence}." if sentence and not sentence.endswith((".", "!", "?")) else sentence
