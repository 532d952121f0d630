"""Backstage's catalog-info.yaml: which services, needs and teams its entities describe. Pure.

Format: backstage.io, "Descriptor Format of Catalog Entities". Components and Resources are services. An API belongs to the
Component that provides it, so that whoever consumes it needs that one; an API that nobody provides is a service of its own.
Systems and Domains own what has no owner of its own. Groups, and Users who own something, are teams.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from tocsin.catalog.imports.documents import Document
from tocsin.catalog.imports.parsed import BadCatalogue, Catalogue, ParsedService, ParsedTeam, slug_of
from tocsin.catalog.recognition import Place

_SERVICES = ("component", "resource", "api")
_KNOWN = {*_SERVICES, "system", "domain", "group", "user", "location"}
_REPOSITORY_HOSTS = {"github.com/project-slug": "https://github.com/", "gitlab.com/project-slug": "https://gitlab.com/"}
# Names that monitoring gives to the same thing.
_ALIASES = (
    "backstage.io/kubernetes-id",
    "argocd/app-name",
    "sentry.io/project-slug",
    "pagerduty.com/service-id",
    "opsgenie.com/component-selector",
)
_RUNBOOK_WORDS = ("runbook", "playbook")


class _Link(msgspec.Struct):
    url: str
    title: str = ""
    type: str = ""


class _Metadata(msgspec.Struct):
    name: str
    namespace: str = "default"
    title: str = ""
    description: str = ""
    labels: dict[str, str] = {}
    annotations: dict[str, str] = {}
    tags: list[str] = []
    links: list[_Link] = []


class _Spec(msgspec.Struct, rename="camel"):
    type: str = ""
    lifecycle: str = ""
    owner: str = ""
    system: str = ""
    domain: str = ""
    depends_on: list[str] = []
    dependency_of: list[str] = []
    provides_apis: list[str] = []
    consumes_apis: list[str] = []
    profile: dict[str, str] = {}
    target: str = ""
    targets: list[str] = []


class Ref(NamedTuple):
    """What names an entity: in small letters, as Backstage compares them."""

    kind: str
    namespace: str
    name: str


class _Entity(msgspec.Struct):
    kind: str
    metadata: _Metadata
    spec: _Spec = msgspec.field(default_factory=_Spec)
    where: str = ""

    @property
    def ref(self) -> Ref:
        return Ref(self.kind.lower(), self.metadata.namespace.lower(), self.metadata.name.lower())


def is_backstage(content: object) -> bool:
    """Whether a document is an entity."""
    return isinstance(content, dict) and str(content.get("apiVersion")).startswith("backstage.io/")


def targets(content: object) -> list[str]:
    """The files, relative to its own, that a Location names; addresses and globs are among them, as written."""
    if not is_backstage(content) or not isinstance(content, dict) or content.get("kind") != "Location":
        return []
    spec = content.get("spec")
    named = [spec.get("target"), *(spec.get("targets") or [])] if isinstance(spec, dict) else []
    return [target for target in named if isinstance(target, str)]


def understand(entities: Iterable[Document]) -> Catalogue:
    """What these entities describe. Raises BadCatalogue for one that is malformed, or described twice."""
    known: dict[Ref, _Entity] = {}
    notes = []
    for document in entities:
        entity = _entity(document)
        if entity.ref.kind not in _KNOWN:
            notes.append(f"{entity.where}: kind {entity.kind} is not read")
        elif entity.ref in known:
            first = known[entity.ref].where
            raise BadCatalogue(
                f"{entity.where}: {entity.kind} {entity.metadata.name} is described twice, first in {first}"
            )
        else:
            known[entity.ref] = entity
    return _Reader(known, notes).catalogue()


def _entity(document: Document) -> _Entity:
    content = document.content
    assert isinstance(content, dict)
    try:
        entity = msgspec.convert(_without_nothing(content), _Entity)
    except msgspec.ValidationError as error:
        raise BadCatalogue(f"{document.where}: {_said(error)}") from None
    if not slug_of(entity.metadata.name):
        raise BadCatalogue(f"{document.where}: metadata.name {entity.metadata.name!r} has no letter or digit")
    entity.where = document.where
    return entity


def _without_nothing(value: Any) -> Any:
    """A value without its nulls, and with the plain values of labels and annotations as text."""
    if isinstance(value, dict):
        kept = {key: _without_nothing(item) for key, item in value.items() if item is not None}
        texts = {name: _texts(kept[name]) for name in ("labels", "annotations", "profile") if name in kept}
        return kept | texts
    return [_without_nothing(item) for item in value if item is not None] if isinstance(value, list) else value


def _texts(mapping: object) -> object:
    if not isinstance(mapping, dict):
        return mapping
    return {str(key): value if isinstance(value, str) else str(value) for key, value in mapping.items()}


def _said(error: msgspec.ValidationError) -> str:
    """msgspec's words with the place first: "metadata.name: expected text"."""
    what, _, path = str(error).partition(" - at ")
    place = path.strip("`").removeprefix("$.")
    return f"{place}: {what}" if place else what


class _Reader:
    """Turns entities, which name each other, into services."""

    def __init__(self, known: Mapping[Ref, _Entity], notes: list[str]) -> None:
        self._known = known
        self._notes = notes
        self._providers: dict[Ref, list[Ref]] = {}
        for ref, entity in known.items():
            for api in entity.spec.provides_apis if ref.kind == "component" else ():
                self._providers.setdefault(self._ref(api, "api", entity), []).append(ref)
        self._needing: dict[Ref, list[Ref]] = {}
        for ref, entity in known.items():
            for text in entity.spec.dependency_of:
                self._needing.setdefault(self._ref(text, "component", entity), []).append(ref)
        self._slugs: dict[Ref, str] = {}
        self._taken: set[str] = set()
        for ref in sorted(known, key=lambda ref: (_SERVICES.index(ref.kind) if ref.kind in _SERVICES else 9, ref)):
            if ref.kind in _SERVICES and ref not in self._providers:
                self._slugs[ref] = self._slug(ref)

    def catalogue(self) -> Catalogue:
        services = tuple(self._service(ref, slug) for ref, slug in self._slugs.items())
        described = {kind: [e for ref, e in self._known.items() if ref.kind == kind] for kind in ("group", "user")}
        groups, users = ({team.slug: team for team in map(_team, entities)} for entities in described.values())
        owners = dict.fromkeys(service.owner for service in services if service.owner)
        people = {owner: users.get(owner, ParsedTeam(owner, owner)) for owner in owners}
        return Catalogue(services, tuple((people | groups).values()), tuple(self._notes))

    def _slug(self, ref: Ref) -> str:
        """Its name; with its type behind where another has that already."""
        slug = _named(ref)
        if slug in self._taken:
            slug = slug_of(f"{slug}-{self._known[ref].spec.type or ref.kind}")
        if slug in self._taken:
            where = self._known[ref].where
            raise BadCatalogue(f"{where}: two services would be called {slug}: rename {ref.kind} {ref.name}")
        self._taken.add(slug)
        return slug

    def _service(self, ref: Ref, slug: str) -> ParsedService:
        entity = self._known[ref]
        meta, spec = entity.metadata, entity.spec
        links = {link.title or link.url: link.url for link in meta.links}
        runbooks = {
            link.title or link.url: link.url
            for link in meta.links
            if any(word in f"{link.title} {link.type}".lower() for word in _RUNBOOK_WORDS)
        }
        return ParsedService(
            slug,
            meta.title or meta.name,
            kind=spec.type or ref.kind,
            description=meta.description.strip(),
            owner=self._owner(entity),
            tier=_tier(entity),
            lifecycle=spec.lifecycle,
            links={title: url for title, url in links.items() if title not in runbooks},
            runbooks=runbooks,
            repositories=tuple(dict.fromkeys(_repositories(meta.annotations))),
            tags=tuple(meta.tags),
            aliases=tuple(dict.fromkeys(_aliases(meta, slug))),
            selectors=_selectors(meta.annotations),
            needs=self._needs(ref, slug),
            where=entity.where,
        )

    def _needs(self, ref: Ref, slug: str) -> dict[str, str]:
        needs: dict[str, str] = {}
        entity = self._known[ref]
        for text in entity.spec.depends_on:
            needs.setdefault(self._target(self._ref(text, "component", entity)), f"depends on {text}")
        for text in entity.spec.consumes_apis:
            api = self._ref(text, "api", entity)
            for provider in self._providers.get(api, [api]):
                needs.setdefault(self._target(provider), f"consumes the API {text}")
        for other in self._needing.get(ref, ()):
            if other in self._slugs:
                needs.setdefault(self._slugs[other], f"{other.name} says that it is a dependency of it")
        needs.pop(slug, None)
        return needs

    def _target(self, ref: Ref) -> str:
        """The slug of what is named; one that is not described here may be known from elsewhere by its name."""
        return self._slugs.get(ref) or slug_of(
            ref.name if ref.namespace == "default" else f"{ref.namespace}-{ref.name}"
        )

    def _owner(self, entity: _Entity) -> str:
        """The slug of its team: its own, or that of its system or domain."""
        seen: set[Ref] = set()
        while entity.ref not in seen:
            seen.add(entity.ref)
            if entity.spec.owner:
                return slug_of(self._ref(entity.spec.owner, "group", entity).name)
            above = [("system", entity.spec.system), ("domain", entity.spec.domain)]
            named = [self._ref(text, kind, entity) for kind, text in above if text]
            entity = next((self._known[ref] for ref in named if ref in self._known), entity)
        return ""

    @staticmethod
    def _ref(text: str, kind: str, beside: _Entity) -> Ref:
        """`[kind:][namespace/]name`, completed from the place where it is written."""
        prefix, colon, rest = text.rpartition(":")
        namespace, slash, name = rest.rpartition("/")
        own = beside.metadata.namespace
        return Ref((prefix if colon else kind).lower(), (namespace if slash else own).lower(), name.lower())


def _team(entity: _Entity) -> ParsedTeam:
    profile, meta = entity.spec.profile, entity.metadata
    name = profile.get("displayName") or meta.title or meta.name
    return ParsedTeam(slug_of(meta.name), name, meta.description.strip(), profile.get("email", ""))


def _named(ref: Ref) -> str:
    return slug_of(ref.name if ref.namespace == "default" else f"{ref.namespace}-{ref.name}")


def _tier(entity: _Entity) -> int | None:
    """1 to 4 out of "1", "tier-1" or "T1" under any label or annotation called tier; the format has no field for it."""
    for mapping in (entity.metadata.labels, entity.metadata.annotations):
        for key, value in mapping.items():
            digits = value.lower().removeprefix("tier").lstrip("-_ t")
            if key.rpartition("/")[2].lower() in {"tier", "service-tier"} and digits in {"1", "2", "3", "4"}:
                return int(digits)
    return None


def _repositories(annotations: Mapping[str, str]) -> Iterator[str]:
    for key, host in _REPOSITORY_HOSTS.items():
        if slug := annotations.get(key):
            yield host + slug.strip("/")
    location = annotations.get("backstage.io/source-location", "")
    if location.startswith(("url:https://", "url:http://")):
        yield location.removeprefix("url:").rstrip("/")


def _aliases(meta: _Metadata, slug: str) -> Iterator[str]:
    for key in _ALIASES:
        value = meta.annotations.get(key, "").rpartition("/")[2]
        if value and value.lower() != slug:
            yield value


def _selectors(annotations: Mapping[str, str]) -> tuple[Place, ...]:
    """Where its pods are: by a label selector of equalities, or the label with the id."""
    written = annotations.get("backstage.io/kubernetes-label-selector", "")
    pairs = [pair.partition("=") for pair in written.split(",") if "=" in pair and "!=" not in pair]
    labels = {key.strip(): value.lstrip("=").strip() for key, _, value in pairs}
    if not labels and (id_ := annotations.get("backstage.io/kubernetes-id")):
        labels = {"backstage.io/kubernetes-id": id_}
    namespace = annotations.get("backstage.io/kubernetes-namespace", "")
    cluster = annotations.get("backstage.io/kubernetes-cluster", "")
    if not labels:
        return ()  # a namespace alone is shared with others
    return (Place(cluster=cluster, namespace=namespace, labels=labels),)
