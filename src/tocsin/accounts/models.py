"""People and what they may do."""

from django.contrib.auth.models import AbstractUser
from django.db import models


class Role(models.TextChoices):
    """From looking to everything; each role may do what those before it may."""

    VIEWER = "viewer"
    RESPONDER = "responder"
    MANAGER = "manager"
    ADMIN = "admin"


class User(AbstractUser):
    """A person. The user name is what timelines show."""

    role = models.TextField(choices=Role.choices, default=Role.RESPONDER)

    @property
    def may_respond(self) -> bool:
        """Whether this person may change incidents."""
        return self.role != Role.VIEWER
