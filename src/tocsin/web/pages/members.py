"""People and where they are members: who there is, what each may do where, and what admins and managers do about it."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from axes.utils import reset
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tocsin.accounts import people
from tocsin.accounts.access import MAY, Role
from tocsin.accounts.models import ApiToken, User
from tocsin.accounts.people import BadPerson
from tocsin.catalog.memberships import BadMembership, Membership, give
from tocsin.catalog.models import Project
from tocsin.web.pages.people import for_admins, for_managers, reader
from tocsin.web.scope import access_at

ROLES = [(role.value, MAY[role]) for role in Role]


@require_safe
@for_admins
def index(request: HttpRequest) -> HttpResponse:
    """GET /people: who there is, those who may come in first."""
    return _listed(request)


@never_cache
@require_POST
@for_admins
def add(request: HttpRequest) -> HttpResponse:
    """POST username, email?, role: a new person. Their page shows the password, which can't be shown again."""
    asked, password = request.POST, people.new_password()
    try:
        person = people.add(asked.get("username", ""), asked.get("role", ""), password, asked.get("email", ""))
    except BadPerson as refusal:
        return _listed(request, str(refusal))
    return _shown(request, person, password=password)


@require_safe
@for_admins
def page(request: HttpRequest, number: int) -> HttpResponse:
    """GET /people/N."""
    return _shown(request, get_object_or_404(User, pk=number))


@require_POST
@for_admins
def role(request: HttpRequest, number: int) -> HttpResponse:
    """POST role: what they may do in every project; empty: nothing."""
    return _done(request, number, lambda person: people.set_role(person.pk, request.POST.get("role", "")))


@require_POST
@for_admins
def email(request: HttpRequest, number: int) -> HttpResponse:
    """POST email: by which imports know them; empty: none."""
    return _done(request, number, lambda person: people.set_email(person.pk, request.POST.get("email", "")))


@require_POST
@for_admins
def membership(request: HttpRequest, number: int) -> HttpResponse:
    """POST project, role: what they may do in one project; without a role they are no member of it."""
    project = get_object_or_404(Project, slug=request.POST.get("project", ""))

    def change(person: User) -> None:
        give(project.pk, person.pk, people.read_role(request.POST.get("role", "")), giver=access_at(request))

    return _done(request, number, change)


@never_cache
@require_POST
@for_admins
def password(request: HttpRequest, number: int) -> HttpResponse:
    """POST: another password, shown once; their sessions end."""
    person, text = get_object_or_404(User, pk=number), people.new_password()
    return _shown(request, people.set_password(person.pk, text), password=text)


@require_POST
@for_admins
def standing(request: HttpRequest, number: int) -> HttpResponse:
    """POST do=deactivate|activate|unlock: shut out, let in again, or let try again after too many wrong passwords."""

    what = request.POST.get("do")
    if what == "unlock":
        person = get_object_or_404(User, pk=number)
        return _shown(request, person, lifted=bool(reset(username=person.username)))

    def change(person: User) -> None:
        if what == "deactivate" and person == reader(request):
            raise BadPerson("You would shut yourself out: another admin can.")
        if what == "deactivate":
            people.deactivate(person.pk, timezone.now())
        elif what == "activate":
            people.activate(person.pk)
        else:
            raise BadPerson("There is no such thing to do with a person.")

    return _done(request, number, change)


@require_POST
@for_managers
def of_project(request: HttpRequest, slug: str) -> HttpResponse:
    """POST username, role: what somebody may do in this project; without a role they are no member of it."""
    project = get_object_or_404(Project, slug=slug)
    username = request.POST.get("username", "").replace("\x00", "").strip()
    person = User.objects.filter(username=username, is_active=True).first()
    try:
        if person is None:
            raise BadMembership(f"There is nobody called “{username}”: an admin can add them.")
        give(project.pk, person.pk, people.read_role(request.POST.get("role", "")), giver=access_at(request))
    except (BadMembership, BadPerson) as refusal:
        context = {"heading": "This can’t be changed", "reason": refusal}
        return render(request, "refused.html", context, status=HTTPStatus.BAD_REQUEST)
    return HttpResponseRedirect(reverse("project", args=[slug]) + "#members")


def members_of(project: Project) -> list[Membership]:
    """The members of a project, by name, those who were shut out left out."""
    found = Membership.objects.filter(project=project, user__is_active=True)
    return list(found.select_related("user").order_by("user__username"))


def _listed(request: HttpRequest, refusal: str = "") -> HttpResponse:
    context = {
        "people": User.objects.order_by("-is_active", "username").prefetch_related("memberships__project"),
        "roles": ROLES,
        "refusal": refusal,
        "typed": request.POST,
    }
    return render(request, "people.html", context, status=HTTPStatus.BAD_REQUEST if refusal else HTTPStatus.OK)


def _done(request: HttpRequest, number: int, change: Callable[[User], object]) -> HttpResponse:
    person = get_object_or_404(User, pk=number)
    try:
        change(person)
    except (BadPerson, BadMembership) as refusal:
        return _shown(request, person, refusal=str(refusal))
    return HttpResponseRedirect(reverse("person", args=[number]))


def _shown(request: HttpRequest, person: User, **more: Any) -> HttpResponse:
    memberships = Membership.objects.filter(user=person).select_related("project").order_by("project__slug")
    context = {
        "person": person,
        "memberships": memberships,
        "others": Project.objects.exclude(memberships__user=person).order_by("slug"),
        "tokens": ApiToken.objects.filter(user=person, revoked_at=None).count(),
        "roles": ROLES,
        "is_self": person == reader(request),
    }
    status = HTTPStatus.BAD_REQUEST if more.get("refusal") else HTTPStatus.OK
    return render(request, "person.html", context | more, status=status)
