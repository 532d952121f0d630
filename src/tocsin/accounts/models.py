"""People, what they may do, and the tokens with which their programs act for them."""

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models

from tocsin.accounts.access import Role as Role


class User(AbstractUser):
    """A person. The user name is what timelines show."""

    role = models.TextField(
        choices=[(r.value, r.value.title()) for r in Role],
        default=Role.RESPONDER.value,
        blank=True,
        help_text="in every project; empty: only in those that they are a member of",
    )
    # Not stored: the role where the present request looks (see web.scope), empty for none. None: no request looks anywhere.
    here: str | None = None

    @property
    def may_respond(self) -> bool:
        """Whether this person may change the incidents that the present request is about."""
        return self.may(Role.RESPONDER)

    def may(self, needed: Role) -> bool:
        """Whether this person may do what `needed` may, where the present request looks; without one: everywhere."""
        has = self.role if self.here is None else self.here
        return bool(has) and Role(has).includes(needed)


class ApiToken(models.Model):
    """What a program shows to act for a person, within the scopes it was given; only its hash is stored."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_tokens")
    name = models.TextField(help_text="what it is for, in the words of whoever made it")
    scope = models.TextField(choices=[(r.value, r.value) for r in Role], help_text="it may do what this role may")
    token_hash = models.CharField(max_length=64, unique=True)
    hint = models.TextField(help_text="its last four characters, to tell it from others")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, help_text="empty: it does not expire")
    last_used_at = models.DateTimeField(null=True, help_text="to the minute")
    revoked_at = models.DateTimeField(null=True)


class KeptAnswer(models.Model):
    """What was answered to a request with an idempotency key, so that a repeat changes nothing and hears the same."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.TextField()
    request_hash = models.CharField(max_length=64, help_text="of method, path and body")
    status = models.SmallIntegerField()
    body = models.TextField()
    location = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="answer_once")]
