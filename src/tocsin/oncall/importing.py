"""Imports of other products' people, schedules, policies and services: written in one transaction. Rolled back, a plan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, TypedDict

from django.db import transaction

from tocsin.accounts import people
from tocsin.accounts.models import User
from tocsin.accounts.people import BadPerson
from tocsin.catalog import importing as catalog
from tocsin.catalog.imports.parsed import Catalogue, slug_of
from tocsin.catalog.models import Project
from tocsin.catalog.reconciling import FILE, Teller
from tocsin.catalog.reconciling import What as Happened
from tocsin.catalog.services import Service
from tocsin.ground.edits import BadEdit
from tocsin.notifications.models import ContactMethod
from tocsin.oncall import carriers, changes, policies
from tocsin.oncall.clock import BadSchedule, Span
from tocsin.oncall.escalation import BadPolicy, Policy, Target, To
from tocsin.oncall.escalations import EscalationPolicy, PolicyChoice
from tocsin.oncall.imports.comparing import LONGEST, Difference, differences
from tocsin.oncall.imports.found import Found, FoundChoice, FoundPolicy, FoundSchedule, Person, Problem, listed
from tocsin.oncall.models import Schedule
from tocsin.oncall.schedule import Layer, Override
from tocsin.oncall.store import value_of
from tocsin.oncall.walls import seen

MOST_DIFFERENCES = 5


class What(StrEnum):
    """What happens to a thing of ours."""

    MADE = "made"
    CHANGED = "changed"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Line:
    """What happens to one thing, and what there is to know about it."""

    kind: str
    name: str
    what: What
    told: str = ""


@dataclass(frozen=True, slots=True)
class Into:
    """Where an import goes. `project`: whose the schedules and policies are, None for everybody's; `role`: of new people."""

    product: str
    project: Project | None = None
    services_of: Project | None = None
    role: str = ""

    @property
    def actor(self) -> str:
        """Who histories say it was, by which the next import knows what is its own."""
        return f"import from {self.product}"


@dataclass(slots=True)
class Plan:
    """What was (or would be) done, what could not be, where the product itself says otherwise, and what comes out differently."""

    lines: list[Line] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def changes_nothing(self) -> bool:
        """Whether everything that can be made is there already."""
        return all(line.what is What.LEFT for line in self.lines)


@transaction.atomic
def carry_out(found: Found, into: Into, now: datetime) -> Plan:
    """Imports what was found, as far as it can be made. Doing so again changes nothing.

    What people have edited here since stays theirs. Nobody is made an admin, and nobody new can log in without a password.
    """
    writing = _Writing(into, now, Plan(problems=list(found.problems), notes=list(found.notes)))
    for person in found.people:
        writing.person(person)
    for schedule in found.schedules:
        writing.schedule(schedule)
    for policy in found.policies:
        writing.policy(policy)
    writing.services(found.services)
    for choice in found.choices:
        writing.choice(choice)
    return writing.finished()


class _Place(TypedDict):
    """For what a policy is chosen."""

    project: Project
    service: str
    severity: str


class _Draft(Protocol):
    """What is common to the drafts of schedules and policies."""

    @property
    def name(self) -> str: ...


class _Writing:
    """An import as it goes on: whom and what the keys of the product stand for here, and what has been done."""

    def __init__(self, into: Into, now: datetime, plan: Plan) -> None:
        self._into, self._now, self._plan = into, now, plan
        self._project = into.project.pk if into.project else None
        self._names: dict[str, str] = {}
        self._slugs: dict[str, list[str]] = defaultdict(list)
        self._policies: dict[str, str] = {}
        self._chosen: dict[str, str] = {}
        self._taken: set[tuple[str, str]] = set()
        self._uncompared: list[str] = []

    def person(self, person: Person) -> None:
        """Finds somebody, or makes them."""
        try:
            user, what, told = _found(person, self._into.role)
        except BadPerson as error:
            self._plan.problems.append(Problem(f"person {person.called}", str(error)))
            return
        if what is What.MADE and person.zone:
            try:
                carriers.set_zone(user, person.zone)
            except BadSchedule as error:
                self._plan.notes.append(f"person {user.username}: {error}")
        self._names[person.key] = user.username
        self._plan.lines.append(Line("person", user.username, what, told))

    def schedule(self, found: FoundSchedule) -> None:
        """Makes a schedule, or changes the one that an earlier import made; compares it with what the product says."""
        if missing := [
            key for layer in found.layers for turn in layer.rotation.turns for key in turn if key not in self._names
        ]:
            self._plan.problems.append(
                Problem(f"schedule {found.name}", f"{missing[0]}, who is in it, could not be made")
            )
            return
        layers = tuple(_renamed(layer, self._names) for layer in found.layers)
        draft = changes.Draft(found.name, found.zone, layers, _line(found.description), self._project)
        row = Schedule.objects.filter(slug=slug_of(found.name)).first()
        if slug := self._kept("schedule", draft, row, changes):
            self._slugs[found.key].append(slug)
            now_is = Schedule.objects.get(slug=slug)
            self._overrides(now_is, [_standing_in(each, self._names) for each in found.overrides])
            self._compare(found, now_is)

    def policy(self, found: FoundPolicy) -> None:
        """Makes an escalation policy, or changes the one that an earlier import made."""
        targets = [target for step in found.policy.steps for target in step.targets]
        known: dict[To, Collection[str]] = {To.PERSON: self._names, To.SCHEDULE: self._slugs}
        if missing := [target for target in targets if target.name not in known[target.to]]:
            why = f"it calls the {missing[0]} of the export, which could not be made"
            self._plan.problems.append(Problem(f"policy {found.name}", why))
            return
        draft = policies.Draft(found.name, self._policy(found.policy), _line(found.description), self._project)
        row = EscalationPolicy.objects.filter(slug=slug_of(found.name)).first()
        if slug := self._kept("policy", draft, row, policies):
            self._policies[found.key] = slug

    def services(self, found: Catalogue) -> None:
        """Imports services as a catalogue does."""
        if not found.services:
            return
        if self._into.services_of is None:
            why = "say with --project whose services they are"
            self._plan.problems += [Problem(f"service {each.name}", why) for each in found.services]
            return
        by_slug = {each.slug: each for each in reversed(found.services)}
        for each in found.services:
            if by_slug[each.slug] is not each:
                why = f"another one of the export, {by_slug[each.slug].name}, has the same name here"
                self._plan.problems.append(Problem(f"service {each.name}", why))
        once = replace(found, services=tuple(by_slug.values()))
        teller = Teller(FILE, "")  # without a name it removes nothing: an answer may be a page of several
        made = catalog.carry_out(self._into.services_of, once, teller, self._now)
        happened = {Happened.CREATED: What.MADE, Happened.UNCHANGED: What.LEFT}
        self._plan.lines += [Line("service", one.slug, happened.get(one.what, What.CHANGED)) for one in made.changes]
        self._plan.notes += [*made.conflicts, *made.notes]

    def choice(self, found: FoundChoice) -> None:
        """Chooses a policy for services that are known here by their name or their team, after services were imported."""
        problem, project = Problem(f"choice for {found}", ""), self._into.services_of
        if found.policy not in self._policies:
            self._plan.problems.append(replace(problem, why="the policy was not made here"))
        elif project is None:
            self._plan.problems.append(replace(problem, why="say with --project whose services they are"))
        elif services := _services(project, found):
            for service in services:
                self._choose(project, service, self._policies[found.policy])
        else:
            why = f"none is called so in {project.slug}: choose on the escalation page, or give a service the alias"
            self._plan.problems.append(replace(problem, why=why))

    def _choose(self, project: Project, service: str, slug: str) -> None:
        name, place = f"{slug} for {service}", _Place(project=project, service=service, severity="")
        if self._chosen.setdefault(service, slug) != slug:
            why = f"another one of the export chooses {self._chosen[service]}"
            self._plan.problems.append(Problem(f"choice of {name}", why))
            return
        there = PolicyChoice.objects.select_related("policy").filter(**place).first()
        if there and (there.policy.slug == slug or there.chosen_by != self._into.actor):
            told = "" if there.policy.slug == slug else f"left at {there.policy.slug}, as {there.chosen_by} chose"
            self._plan.lines.append(Line("choice", name, What.LEFT, told))
            return
        try:
            policies.choose(EscalationPolicy.objects.get(slug=slug), **place, actor=self._into.actor, now=self._now)
        except BadPolicy as error:
            self._plan.problems.append(Problem(f"choice of {name}", str(error)))
        else:
            self._plan.lines.append(Line("choice", name, What.CHANGED if there else What.MADE))

    def finished(self) -> Plan:
        """The plan, with what could not be looked at."""
        if self._uncompared:
            said = f"not compared with who {self._into.product} says is on call, as the export does not tell it"
            self._plan.notes.append(f"{said}: {listed(self._uncompared)}")
        return self._plan

    def _kept(self, kind: str, draft: _Draft, row: Any, how: Any) -> str:
        """Keeps a schedule or a policy, unless people have made it theirs; the slug of what is there now, or nothing."""
        problem, slug = Problem(f"{kind} {draft.name}", ""), slug_of(draft.name)
        if (kind, slug) in self._taken:
            self._plan.problems.append(replace(problem, why="another one of the export has the same name"))
            return ""
        self._taken.add((kind, slug))
        if row and (since := self._not_ours(row)):
            self._plan.lines.append(Line(kind, row.slug, What.LEFT, since))
            return "" if row.archived_at else str(row.slug)
        try:
            if row is None:
                now_is, what = how.create(draft, actor=self._into.actor, now=self._now), What.MADE
            else:
                now_is = how.edit(row.pk, draft, seen=row.version, actor=self._into.actor, now=self._now)
                what = What.LEFT if now_is.version == row.version else What.CHANGED
        except (BadSchedule, BadPolicy, BadEdit) as error:
            self._plan.problems.append(replace(problem, why=str(error)))
            return ""
        self._plan.lines.append(Line(kind, now_is.slug, what))
        return str(now_is.slug)

    def _not_ours(self, row: Any) -> str:
        """Why a schedule or a policy is not for this import to change; empty where it is."""
        if row.archived_at:
            return "taken out of use here"
        if row.edited_by != self._into.actor:
            return f"left as {row.edited_by} made it here"
        return "" if row.project_id == self._project else "it is another project's, or everybody's"

    def _policy(self, policy: Policy) -> Policy:
        steps = (replace(step, targets=tuple(self._targets(step.targets))) for step in policy.steps)
        return replace(policy, steps=tuple(steps))

    def _targets(self, targets: Sequence[Target]) -> Iterator[Target]:
        for target in targets:
            names = self._slugs[target.name] if target.to is To.SCHEDULE else [self._names[target.name]]
            yield from (Target(target.to, name) for name in names)

    def _overrides(self, row: Schedule, overrides: Sequence[Override]) -> None:
        """Makes the overrides that are ahead, unless they were made before, even if somebody took them back."""
        for each in overrides if row.edited_by == self._into.actor else ():
            starts, ends = (seen(at, row.zone) for at in (each.span.start, each.span.end))
            name = f"of {row.slug} from {starts.replace('T', ' ')}: {each.person}"
            if each.span.end <= self._now:
                continue
            if row.overrides.filter(kind=each.kind, person=each.person, starts=starts, ends=ends).exists():
                self._plan.lines.append(Line("override", name, What.LEFT))
                continue
            try:
                change = changes.Change(each.kind, starts, ends, row.zone, each.person)
                changes.override(row.pk, change, actor=self._into.actor, now=self._now)
            except BadSchedule as error:
                self._plan.problems.append(Problem(f"override {name}", str(error)))
            else:
                self._plan.lines.append(Line("override", name, What.MADE))

    def _compare(self, found: FoundSchedule, row: Schedule) -> None:
        """What the product says against what the schedule says here, whoever made it so."""
        here = value_of(row, Span(self._now, self._now + LONGEST))
        entries = [replace(each, person=self._names.get(each.person, each.person)) for each in found.entries]
        differing = differences(here, entries, self._now)
        if differing is None:
            self._uncompared.append(found.name)
            return
        self._plan.differences += [self._told(found, each) for each in differing[:MOST_DIFFERENCES]]
        if more := differing[MOST_DIFFERENCES:]:
            self._plan.differences.append(f"schedule {found.name}: {len(more)} more times at which they differ")

    def _told(self, found: FoundSchedule, each: Difference) -> str:
        begin, end = (seen(at, found.zone).replace("T", " ") for at in (each.span.start, each.span.end))
        there, here = (", ".join(names) or "nobody" for names in (each.there, each.here))
        who = f"{self._into.product} says {there} is on call; the schedule here says {here}"
        return f"schedule {found.name}, {begin} to {end} {found.zone}: {who}"


def _found(person: Person, role: str) -> tuple[User, What, str]:
    """Somebody of ours, by e-mail address, then by name; made where there is nobody. Raises BadPerson."""
    alike = _of_address(person.email) if person.email else []
    if len(alike) > 1:
        raise BadPerson(f"several people here have this address: {', '.join(sorted(each.username for each in alike))}")
    names = list(filter(None, (person.login, person.email.partition("@")[0], person.email)))
    by_name = (
        User.objects.filter(username__in=names, email="") if person.email else User.objects.filter(username__in=names)
    )
    there = next(iter(alike), None) or min(by_name, key=lambda each: names.index(each.username), default=None)
    if there is None:
        taken = set(User.objects.filter(username__in=names).values_list("username", flat=True))
        name = next((each for each in names if each not in taken), "")
        made = people.add_without_password(name, role, person.email)
        return made, What.MADE, f"{role or 'no role'}, no password yet"
    if role and not there.role and not there.has_usable_password():
        return people.set_role(there.pk, role), What.CHANGED, role
    return there, What.LEFT, "" if alike else "found by name: no e-mail address is known here"


def _of_address(email: str) -> list[User]:
    """Whose account says this address; else who confirmed it as a way to be reached."""
    of_accounts = list(User.objects.filter(email__iexact=email))
    confirmed = ContactMethod.objects.filter(channel__kind="email", address__iexact=email, confirmed_at__isnull=False)
    return of_accounts or list(User.objects.filter(pk__in=confirmed.values("user")))


def _services(project: Project, found: FoundChoice) -> list[str]:
    """The slugs of the services that are meant: of one slug or alias, or those that a team owns."""
    rows = Service.objects.filter(project=project, forgotten_at=None).order_by("slug")
    if found.team:
        return list(rows.filter(owner__slug=slug_of(found.team)).values_list("slug", flat=True))
    slug = slug_of(found.service)
    alike = [row.slug for row in rows if {found.service, slug} & {row.slug, *row.aliases}]
    return [slug] if slug in alike else alike


def _renamed(layer: Layer, names: Mapping[str, str]) -> Layer:
    turns = tuple(tuple(names[key] for key in turn) for turn in layer.rotation.turns)
    return replace(layer, rotation=replace(layer.rotation, turns=turns))


def _standing_in(override: Override, names: Mapping[str, str]) -> Override:
    return replace(override, person=names.get(override.person, override.person))


def _line(text: str) -> str:
    """A description, cut to what is kept of one."""
    return " ".join(text.replace("\x00", "").split())[: changes.LONGEST_REASON]
