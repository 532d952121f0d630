"""What admins do to people: add them, give them roles and passwords, let them come and go. There is always an admin."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from tocsin.accounts.access import Role
from tocsin.accounts.models import ApiToken, User

# What timelines call this program.
OURSELVES = "tocsin"


class BadPerson(ValueError):
    """Something that can't be done to a person as asked; the message says why."""


def read_role(text: str) -> str:
    """A role as it is stored; `none` or nothing stands for no role. Raises BadPerson."""
    if text in ("", "none"):
        return ""
    try:
        return Role(text).value
    except ValueError as error:
        raise BadPerson(f"“{text}” is no role: choose one of {', '.join(Role)}, or none.") from error


def new_password() -> str:
    """A password that nobody can guess."""
    return secrets.token_urlsafe(15)


def add(username: str, role: str, password: str, email: str = "") -> User:
    """A new person. Raises BadPerson."""
    person = User(username=username.replace("\x00", "").strip(), role=read_role(role))
    _check_name(person)
    _set_email(person, email)
    _set_password(person, password)
    person.save()
    return person


def add_without_password(username: str, role: str, email: str) -> User:
    """A new person who can't log in until they are given a password. Raises BadPerson."""
    person = User(username=username.replace("\x00", "").strip(), role=read_role(role), email=email)
    _check_name(person)
    person.set_unusable_password()
    person.save()
    return person


@transaction.atomic
def set_role(number: int, role: str) -> User:
    """Another role in every project; empty: none. Raises BadPerson where no admin would be left, User.DoesNotExist."""
    person, now_has = _locked(number), read_role(role)
    if now_has != Role.ADMIN:
        _keep_an_admin(person)
    person.role = now_has
    person.save(update_fields=["role"])
    return person


@transaction.atomic
def set_email(number: int, email: str) -> User:
    """Another e-mail address, by which imports know a person; empty: none. Raises BadPerson, User.DoesNotExist."""
    person = _locked(number)
    _set_email(person, email)
    person.save(update_fields=["email"])
    return person


@transaction.atomic
def set_password(number: int, password: str) -> User:
    """Another password; all sessions of this person end. Raises BadPerson, User.DoesNotExist."""
    person = _locked(number)
    _set_password(person, password)
    person.save(update_fields=["password"])
    return person


@transaction.atomic
def deactivate(number: int, now: datetime) -> User:
    """Shuts a person out: their sessions end, their tokens are revoked; what they did stays.

    Raises BadPerson, User.DoesNotExist.
    """
    person = _locked(number)
    _keep_an_admin(person)
    person.is_active = False
    person.save(update_fields=["is_active"])
    ApiToken.objects.filter(user=person, revoked_at=None).update(revoked_at=now)
    return person


def activate(number: int) -> None:
    """Lets somebody who was shut out come back, with their password and without their tokens."""
    User.objects.filter(pk=number).update(is_active=True)


def _locked(number: int) -> User:
    """The person; all admins are held meanwhile, so that two admins can't remove each other."""
    list(User.objects.select_for_update().filter(role=Role.ADMIN).order_by("pk"))
    return User.objects.select_for_update().get(pk=number)


def _keep_an_admin(person: User) -> None:
    others = User.objects.filter(role=Role.ADMIN, is_active=True).exclude(pk=person.pk)
    if person.role == Role.ADMIN and person.is_active and not others.exists():
        raise BadPerson(f"{person.username} is the last admin: make somebody else one first.")


def _check_name(person: User) -> None:
    if person.username.lower() == OURSELVES:
        raise BadPerson(f"“{OURSELVES}” is what timelines call this program; choose another name.")
    try:
        person.clean_fields(exclude=["password", "last_login"])
        person.validate_unique()
    except ValidationError as error:
        raise BadPerson(" ".join(error.messages)) from error


def _set_email(person: User, email: str) -> None:
    person.email = email.replace("\x00", "").strip()
    if not person.email:
        return
    try:
        validate_email(person.email)
    except ValidationError as error:
        raise BadPerson(f"“{person.email}” is no e-mail address.") from error
    if other := User.objects.filter(email__iexact=person.email).exclude(pk=person.pk).first():
        raise BadPerson(f"{other.username} has the address {person.email} already.")


def _set_password(person: User, password: str) -> None:
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise BadPerson(" ".join(error.messages)) from error
    person.set_password(password)
