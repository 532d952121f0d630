"""`tocsin user`: who there is, and what each may do where; for whoever runs the server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TextIO

import click

from tocsin.cli.admin import OUTPUT, ROLES, reached, refuse, tell

if TYPE_CHECKING:
    from tocsin.accounts.models import User

NAME = click.argument("name")
ROLE = click.argument("role", type=click.Choice([*ROLES, "none"]))
EMAIL_HELP = "Their e-mail address, by which imports know them."


@click.group()
def user() -> None:
    """Say who may do what, and set passwords."""


@contextmanager
def _people() -> Iterator[None]:
    """The database, with what can't be done to people said in one line."""
    with reached():
        from tocsin.accounts.people import BadPerson

        try:
            yield
        except BadPerson as error:
            refuse(str(error).rstrip("."))


def _called(name: str) -> User:
    from tocsin.accounts.models import User

    person = User.objects.filter(username=name).first()
    if person is None:
        refuse(f"there is nobody called “{name}”; `tocsin user list` tells who there is")
    return person


@user.command("list")
@OUTPUT
def list_users(output: str) -> None:
    """List people with their role in every project, and in the projects that they are members of."""
    with reached():
        from tocsin.accounts.models import User

        found = User.objects.order_by("-is_active", "username").prefetch_related("memberships__project")
        rows: list[dict[str, Any]] = [
            {
                "name": person.username,
                "role": person.role or "none",
                "email": person.email,
                "active": person.is_active,
                "projects": {one.project.slug: one.role for one in person.memberships.all()},
                "last_login": person.last_login.isoformat() if person.last_login else None,
            }
            for person in found
        ]
    if output == "json":
        click.echo(json.dumps(rows))
        return
    if not rows:
        click.echo("Nobody yet; `tocsin user add` adds somebody.")
    for row in rows:
        places = ", ".join(f"{role} in {slug}" for slug, role in sorted(row["projects"].items()))
        told = [row["role"], places, row["email"], "" if row["active"] else "shut out"]
        click.echo(f"{row['name']}: {'; '.join(filter(None, told))}")


@user.command("add")
@NAME
@click.option(
    "--role", type=click.Choice([*ROLES, "none"]), help="What they may do in every project; who is new is a responder."
)
@click.option("--email", metavar="ADDRESS", help=EMAIL_HELP)
@click.option("--password-file", type=click.File(), help="Its first line is the password (- reads standard input).")
@OUTPUT
def add_user(name: str, role: str | None, email: str | None, password_file: TextIO | None, output: str) -> None:
    """Add a person who may log in as NAME; one who is there gets the new password.

    They keep their role unless --role says another. With the role none they see only the projects that they are made a
    member of. The password is asked for unless a file gives it: on the command line others could see it.
    """
    if password_file:
        password = password_file.readline().rstrip("\n")
    else:
        password = str(click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
    with _people():
        from django.db import transaction

        from tocsin.accounts import people
        from tocsin.accounts.models import User

        there = User.objects.filter(username=name).first()
        if there is None:
            role = role or "responder"
            people.add(name, role, password, email or "")
        else:
            with transaction.atomic():
                people.set_password(there.pk, password)
                if role is not None:
                    people.set_role(there.pk, role)
                if email is not None:
                    people.set_email(there.pk, email)
            role = role or there.role or "none"
    tell(output, f"{'Changed' if there else 'Added'} {name} ({role}).", name=name, role=role, added=there is None)


@user.command("set")
@NAME
@click.option("--email", metavar="ADDRESS", required=True, help=f"{EMAIL_HELP} Empty: none.")
@OUTPUT
def set_user(name: str, email: str, output: str) -> None:
    """Say the e-mail address of NAME."""
    with _people():
        from tocsin.accounts import people

        kept = people.set_email(_called(name).pk, email).email
    text = f"The e-mail address of {name} is {kept}." if kept else f"{name} has no e-mail address here."
    tell(output, text, name=name, email=kept)


@user.command("role")
@NAME
@ROLE
@OUTPUT
def set_role(name: str, role: str, output: str) -> None:
    """Say what NAME may do in every project; none: only what they may where they are a member."""
    with _people():
        from tocsin.accounts import people

        people.set_role(_called(name).pk, role)
    tell(output, f"{name} has the role {role} in every project.", name=name, role=role)


@user.command("member")
@NAME
@click.argument("project")
@ROLE
@OUTPUT
def set_membership(name: str, project: str, role: str, output: str) -> None:
    """Say what NAME may do in PROJECT, where that is more than elsewhere; none: they are no member of it."""
    with _people():
        from tocsin.accounts.access import Access, Role
        from tocsin.accounts.people import read_role
        from tocsin.catalog.memberships import give
        from tocsin.catalog.models import Project

        there = Project.objects.filter(slug=project).first()
        if there is None:
            refuse(f"there is no project “{project}”; `tocsin project list` tells which there are")
        give(there.pk, _called(name).pk, read_role(role), giver=Access(Role.ADMIN))
    text = f"{name} is no member of {project}." if role == "none" else f"{name} is a {role} in {project}."
    tell(output, text, name=name, project=project, role=role)


@user.command("deactivate")
@NAME
@OUTPUT
def deactivate_user(name: str, output: str) -> None:
    """Shut NAME out: their sessions end, their tokens are revoked; what they did stays."""
    with _people():
        from django.utils import timezone

        from tocsin.accounts import people

        people.deactivate(_called(name).pk, timezone.now())
    tell(output, f"{name} can't come in any more.", name=name, active=False)


@user.command("activate")
@NAME
@OUTPUT
def activate_user(name: str, output: str) -> None:
    """Let NAME in again, who was shut out."""
    with _people():
        from tocsin.accounts import people

        people.activate(_called(name).pk)
    tell(output, f"{name} can come in again.", name=name, active=True)


@user.command("unlock")
@NAME
@OUTPUT
def unlock_user(name: str, output: str) -> None:
    """Let NAME log in again at once, after too many wrong passwords."""
    with reached():
        from axes.utils import reset

        lifted = reset(username=name)
    text = f"{name} may try again." if lifted else f"Nothing keeps {name} from logging in."
    tell(output, text, name=name, lifted=bool(lifted))
