"""What people say of an incident, by topic: its impact, how it was noticed, its cause. Every version is kept.

Django finds the table through `models`. What people do with statements is in `stating`.
"""

from __future__ import annotations

from enum import StrEnum

from django.db import models


class Topic(StrEnum):
    """What can be said; the value is its name in the API."""

    SYSTEM = "system"
    FEATURE = "feature"
    USERS = "users"
    BUSINESS = "business"
    DATA_LOSS = "data_loss"
    FINANCIAL = "financial"
    SHARE = "share"
    REGION = "region"
    DETECTED = "detected"
    CAUSE = "cause"
    TRIGGER = "trigger"
    AI = "ai"

    @property
    def label(self) -> str:
        """How people call it."""
        return _LABELS.get(self, self.value.capitalize())

    @property
    def choices(self) -> tuple[str, ...]:
        """With what a statement on this topic begins; empty where it may say anything."""
        return _CHOICES.get(self, ())


_LABELS = {
    Topic.DATA_LOSS: "Data loss",
    Topic.FINANCIAL: "Financial loss",
    Topic.SHARE: "Share of requests",
    Topic.DETECTED: "Detected by",
    Topic.CAUSE: "Confirmed cause",
    Topic.AI: "AI connection",
}
_CHOICES = {
    Topic.DATA_LOSS: ("yes", "no", "unknown"),
    Topic.DETECTED: ("alert", "customer", "engineer", "other tool", "other"),
    Topic.AI: ("AI-written code", "speed of AI deploys", "unrelated", "unknown"),
}
IMPACT = (
    *(Topic.SYSTEM, Topic.FEATURE, Topic.USERS, Topic.BUSINESS),
    *(Topic.DATA_LOSS, Topic.FINANCIAL, Topic.SHARE, Topic.REGION),
)


class Statement(models.Model):
    """What somebody said on a topic, from then on. The newest version counts; an empty text takes back what was said."""

    incident = models.ForeignKey("incidents.Incident", models.CASCADE, related_name="statements", db_index=False)
    topic = models.TextField(choices=[(t.value, t.label) for t in Topic])
    version = models.PositiveIntegerField(help_text="1 is the first that was kept")
    text = models.TextField(blank=True, help_text="where the topic has choices: one of them, or one, a colon and words")
    reference = models.JSONField(
        default=dict, help_text="the hypothesis that was confirmed, or the run that set it off"
    )
    author = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "topic", "version"], name="statement_version_once")]


def parted(topic: Topic, text: str) -> tuple[str, str]:
    """The choice with which a statement begins, and the words after it; no choice where its topic has none."""
    if not topic.choices:
        return "", text
    choice, _, words = text.partition(":")
    return choice.strip(), words.strip()


def fault(topic: Topic, text: str) -> str:
    """Why this can't be said on a topic, for whoever said it; empty where it can."""
    choice, _ = parted(topic, text)
    if not text or not topic.choices or choice in topic.choices:
        return ""
    known = ", ".join(topic.choices)
    return f"{topic.label}: “{choice[:80]}” is none of {known}. What else there is to say follows it after a colon."
