"""Tokens of people's programs."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.factories import make_user
from tocsin.accounts.access import Role
from tocsin.accounts.models import ApiToken
from tocsin.accounts.tokens import BadToken, caller, make_token

NOW = datetime(2026, 3, 1, 3, 0, tzinfo=UTC)


def test_only_the_hash_is_kept(db: None) -> None:
    made, text = make_token(make_user(), "laptop", Role.RESPONDER, NOW, None)
    assert text.startswith("tocsin_")
    assert text not in str(ApiToken.objects.values().get(pk=made.pk))
    assert caller(text, NOW) is not None


def test_it_never_may_more_than_its_person(db: None) -> None:
    person = make_user(role=Role.VIEWER)
    _, text = make_token(person, "laptop", Role.ADMIN, NOW, None)
    found = caller(text, NOW)
    assert found is not None
    assert found.scope == Role.VIEWER


def test_of_somebody_without_a_role_everywhere_it_may_what_they_may_somewhere(db: None) -> None:
    person = make_user(role="")
    assert make_token(person, "laptop", Role.ADMIN, NOW, None, Role.RESPONDER)[0].scope == Role.RESPONDER
    assert make_token(person, "phone", Role.ADMIN, NOW, None)[0].scope == Role.VIEWER


def test_it_ends_when_it_expires_is_revoked_or_its_person_leaves(db: None) -> None:
    person = make_user()
    made, text = make_token(person, "laptop", Role.RESPONDER, NOW, timedelta(days=1))
    assert caller(text, NOW + timedelta(days=2)) is None
    ApiToken.objects.filter(pk=made.pk).update(revoked_at=NOW)
    assert caller(text, NOW) is None
    ApiToken.objects.filter(pk=made.pk).update(revoked_at=None)
    person.is_active = False
    person.save()
    assert caller(text, NOW) is None


def test_a_token_has_a_name(db: None) -> None:
    with pytest.raises(BadToken, match="what the token is for"):
        make_token(make_user(), "  ", Role.VIEWER, NOW, None)
