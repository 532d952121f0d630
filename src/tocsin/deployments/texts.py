"""What people write about a run: how to go back from it, and what was learned. Every version stays, with its author."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from tocsin.deployments.models import Deployment, DeploymentText, Part
from tocsin.ground.edits import revised


def versions(deployment_id: int, part: Part) -> QuerySet[DeploymentText]:
    """What people wrote, newest first."""
    return DeploymentText.objects.filter(deployment=deployment_id, part=part).order_by("-version")


@transaction.atomic
def keep(deployment_id: int, part: Part, text: str, *, version: int, author: str, now: datetime) -> DeploymentText:
    """Keeps a text. `version` is the one that was edited, 0 what Tocsin wrote, or nothing; an empty text withdraws it.

    Raises Deployment.DoesNotExist, and BadEdit for a text that is too long or where somebody else has changed it meanwhile.
    """
    Deployment.objects.select_for_update().get(pk=deployment_id)
    held = versions(deployment_id, part).first()
    newest, before = (held.version, held.author) if held else (0, "")
    kept = revised(text, seen=version, newest=newest, author=before, what=f"the {part.label}")
    return DeploymentText.objects.create(
        deployment_id=deployment_id, part=part, version=newest + 1, text=kept, author=author, written_at=now
    )
