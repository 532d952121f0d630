"""Tokens with which programs act for people: made once, shown once, kept as a hash, looked up by it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from tocsin.accounts.access import Role, lesser
from tocsin.accounts.models import ApiToken, User
from tocsin.ground.secrets import token_hash

# So that scanners of code and logs know one when they see one.
PREFIX = "tocsin_"
LONGEST_NAME = 100
MOST_TOKENS = 50
# When it was last used is told to the minute: not every request needs a write.
USED_AGAIN = timedelta(minutes=1)


class BadToken(Exception):
    """A token that can't be made as asked; the message says why."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who a program acts for, and what its token lets it do at most."""

    user: User
    scope: Role
    token: ApiToken


def make_token(
    user: User, name: str, scope: Role, now: datetime, lives: timedelta | None, highest: Role | None = None
) -> tuple[ApiToken, str]:
    """A new token of `user`, and its text, which can't be shown again. Raises BadToken.

    It never may more than its person does now: `highest` is their role where they may most, by default that everywhere.
    """
    called = name.replace("\x00", "").strip()
    if not called:
        raise BadToken("Say what the token is for, such as “laptop” or “deploy pipeline”.")
    if len(called) > LONGEST_NAME:
        raise BadToken(f"The name is too long: {LONGEST_NAME} characters at most.")
    if ApiToken.objects.filter(user=user, revoked_at=None).count() >= MOST_TOKENS:
        raise BadToken(f"You have {MOST_TOKENS} tokens already; revoke those that you don't use.")
    most = highest or (Role(user.role) if user.role else Role.VIEWER)
    text = PREFIX + secrets.token_urlsafe(32)
    expires_at = now + lives if lives is not None else None
    made = ApiToken.objects.create(
        user=user,
        name=called,
        scope=lesser(scope, most),
        token_hash=token_hash(text),
        hint=text[-4:],
        expires_at=expires_at,
    )
    return made, text


def caller(text: str, now: datetime) -> Caller | None:
    """Whom the token `text` acts for; None where it is none, has expired or was revoked, or its person is gone."""
    valid = Q(expires_at=None) | Q(expires_at__gt=now)
    found = (
        ApiToken.objects.select_related("user")
        .filter(valid, token_hash=token_hash(text), revoked_at=None, user__is_active=True)
        .first()
    )
    if found is None:
        return None
    if found.last_used_at is None or now - found.last_used_at > USED_AGAIN:
        ApiToken.objects.filter(pk=found.pk).update(last_used_at=now)
    return Caller(found.user, Role(found.scope), found)
