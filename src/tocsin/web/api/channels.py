"""Channels over the API: which kinds there are, set up, ruled, tested, removed. For managers of the whole installation."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router, Schema
from ninja import Status as Answered
from pydantic import Field

from tocsin.accounts.access import Role
from tocsin.catalog.models import Project
from tocsin.incidents.triage import Severity
from tocsin.notifications import leaving, rules, store
from tocsin.notifications.channel import BadSettings
from tocsin.notifications.channels import channels
from tocsin.notifications.models import Channel
from tocsin.notifications.notice import Kind
from tocsin.notifications.rules import Audience, Hours
from tocsin.web.api.callers import TO_MANAGE, who
from tocsin.web.api.messages import MessageInFull
from tocsin.web.api.shapes import Asked
from tocsin.workflows.delivering import try_out

router = Router(tags=["channels"])
Number = Annotated[int, Field(ge=1, le=2**63 - 1)]
MOST_RULES = 20
Name = Annotated[str, Field(max_length=store.LONGEST_NAME)]
Settings = Annotated[dict[str, str], Field(description="by the names of its kind’s fields")]


class FieldOut(Schema):
    """A setting. A secret one is never answered."""

    name: str
    label: str
    is_secret: bool
    is_required: bool
    hint: str
    default: str


class KindOut(Schema):
    """A kind of channel in its own words; `address`: what reaches one person through it, empty where it reaches none."""

    kind: str
    title: str
    fields: list[FieldOut]
    steps: list[str]
    abilities: list[str]
    usual: str
    address: str
    is_for_admins: bool


class Kinds(Schema):
    """All kinds of channels, by name."""

    items: list[KindOut]


class RuleShape(Asked):
    """Whom it tells of what; an empty part means any."""

    kinds: Annotated[list[Kind], Field(min_length=1)]
    severities: list[Severity] = []
    projects: Annotated[list[str], Field(description="slugs")] = []
    services: Annotated[list[str], Field(description="slugs")] = []
    hours: Hours = Hours.ALWAYS


class ChannelOut(Schema):
    """A channel; secrets are left out of its `settings`."""

    id: int
    kind: str
    name: str
    project: str | None
    settings: dict[str, str]
    rules: list[RuleShape]
    paused_at: datetime | None
    created_by: str
    created_at: datetime

    @classmethod
    def of(cls, row: Channel) -> ChannelOut:
        """A channel, with its project loaded."""
        told = {
            name: getattr(row, name) for name in ("kind", "name", "settings", "paused_at", "created_by", "created_at")
        }
        found = [RuleShape(**rules.written(rule)) for rule in store.rules_of(row)]
        return cls(**told, id=row.pk, project=row.project.slug if row.project else None, rules=found)


class Channels(Schema):
    """All channels, by name."""

    items: list[ChannelOut]


class Added(Asked):
    """A new channel; without a project it hears of all of them."""

    kind: Annotated[str, Field(max_length=60, examples=["slack"])]
    name: Name = ""
    settings: Settings
    audience: Annotated[Audience, Field(description="what it begins with")] = Audience.USUAL
    project: Annotated[str | None, Field(description="its slug")] = None


class Changed(Asked):
    """Other settings; a secret that is left out stays, unless it would go elsewhere."""

    settings: Settings


class Paused(Asked):
    """Whether it rests: what is paused waits, and goes out later."""

    is_paused: bool


class Ruled(Asked):
    """All its rules, in their order."""

    rules: Annotated[list[RuleShape], Field(max_length=MOST_RULES)]


class Tried(Asked):
    """A test, to one person's address where the kind reaches people."""

    address: Annotated[str, Field(max_length=200)] = ""


@router.get("", response=Channels, summary="List channels", auth=TO_MANAGE)
def index(request: HttpRequest) -> Channels:
    """By name."""
    return Channels(items=[ChannelOut.of(row) for row in store.in_use()])


@router.get("/kinds", response=Kinds, summary="What channels there can be", auth=TO_MANAGE)
def kinds(request: HttpRequest) -> Kinds:
    """Each with the settings that it needs, and how to set it up on the other side."""
    return Kinds(items=[_kind(name) for name in sorted(channels())])


@router.post("", response={201: ChannelOut}, summary="Add a channel", auth=TO_MANAGE)
def add(request: HttpRequest, response: HttpResponse, body: Added) -> Answered[ChannelOut]:
    """With the rules that are usual for its audience, or for its kind."""
    project = None
    if body.project is not None:
        project = Project.objects.filter(slug=body.project.replace("\x00", "")).first()
        if project is None:
            raise BadSettings("There is no such project.")
    made = store.add(
        body.kind,
        body.name,
        body.settings,
        body.audience,
        project=project,
        actor=who(request).user.username,
        is_admin=_is_admin(request),
        secret=settings.SECRET_KEY,
        now=timezone.now(),
    )
    response["Location"] = f"/api/v1/channels/{made.pk}"
    return Answered(201, ChannelOut.of(made))


@router.get("/{number}", response=ChannelOut, summary="One channel", auth=TO_MANAGE)
def one(request: HttpRequest, number: Number) -> ChannelOut:
    """Without its secrets."""
    return ChannelOut.of(_found(number))


@router.put("/{number}", response=ChannelOut, summary="Change its settings", auth=TO_MANAGE)
def change(request: HttpRequest, number: Number, body: Changed) -> ChannelOut:
    """All of them but its secrets anew."""
    store.change(_found(number), body.settings, is_admin=_is_admin(request), secret=settings.SECRET_KEY)
    return ChannelOut.of(_found(number))


@router.patch("/{number}", response=ChannelOut, summary="Pause it, or use it again", auth=TO_MANAGE)
def pause(request: HttpRequest, number: Number, body: Paused) -> ChannelOut:
    """What was to go out waits meanwhile; calls go another way."""
    row = _found(number)
    if body.is_paused:
        leaving.pause(row, timezone.now())
    else:
        store.use_again(row)
    return ChannelOut.of(row)


@router.put("/{number}/rules", response=ChannelOut, summary="Say what it hears of", auth=TO_MANAGE)
def rule(request: HttpRequest, number: Number, body: Ruled) -> ChannelOut:
    """All its rules anew; with none, it hears only how what it was told of goes on."""
    row = _found(number)
    store.set_rules(row, [rules.parse(each.model_dump()) for each in body.rules])
    return ChannelOut.of(row)


@router.post("/{number}/test", response=MessageInFull, summary="Send a test", auth=TO_MANAGE)
def test(request: HttpRequest, number: Number, body: Tried) -> MessageInFull:
    """It goes out at once; the answer holds what the vendor said."""
    tried = try_out(_found(number), body.address.replace("\x00", "").strip(), who(request).user.username)
    return MessageInFull.of_row(tried, is_of_all=True)


@router.delete("/{number}", response={204: None}, summary="Remove it", auth=TO_MANAGE)
def remove(request: HttpRequest, number: Number) -> Answered[None]:
    """Its messages stay, to be read."""
    leaving.remove(_found(number), timezone.now())
    return Answered(204, None)


def _found(number: int) -> Channel:
    return get_object_or_404(Channel.objects.select_related("project"), pk=number, removed_at=None)


def _is_admin(request: HttpRequest) -> bool:
    return who(request).user.may(Role.ADMIN)


def _kind(name: str) -> KindOut:
    about = channels()[name].ABOUT
    told: dict[str, Any] = {
        each: getattr(about, each) for each in ("title", "steps", "usual", "address", "is_for_admins")
    }
    fields = [FieldOut(**{part: getattr(field, part) for part in FieldOut.model_fields}) for field in about.fields]
    return KindOut(**told, kind=name, fields=fields, abilities=sorted(about.abilities))
