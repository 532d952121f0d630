"""Searches that people keep under a name: each their own, or for everybody."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models

LONGEST_NAME = 60
MOST_VIEWS = 50


class BadView(ValueError):
    """A view that can't be kept as asked; the message says why."""


class SavedView(models.Model):
    """A search under a name. `parameters` are those of its address, as `search.parameters_of` writes them."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.TextField()
    parameters = models.TextField()
    is_shared = models.BooleanField(default=False, help_text="everybody sees it")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="saved_view_once")]


def save_view(owner_id: int, name: str, parameters: str, *, is_shared: bool, now: datetime) -> SavedView:
    """Keeps a search under a name, in place of what that person had under it. Raises BadView."""
    called = " ".join(name.replace("\x00", "").split())
    if not called or len(called) > LONGEST_NAME:
        raise BadView(f"Give the view a name of at most {LONGEST_NAME} characters.")
    others = SavedView.objects.filter(owner=owner_id).exclude(name=called)
    if others.count() >= MOST_VIEWS:
        raise BadView(f"You have {MOST_VIEWS} views already; remove one that you don't use.")
    kept = {"parameters": parameters, "is_shared": is_shared, "created_at": now}
    return SavedView.objects.update_or_create(owner_id=owner_id, name=called, defaults=kept)[0]


def views_for(person_id: int, *, with_shared: bool = True) -> list[SavedView]:
    """A person's own views, then (`with_shared`) those that others share, each by name."""
    seen = models.Q(owner=person_id) | models.Q(is_shared=True) if with_shared else models.Q(owner=person_id)
    found = SavedView.objects.filter(seen).select_related("owner")
    return sorted(found, key=lambda view: (view.owner_id != person_id, view.name.lower()))
