"""Which workloads that were seen or described are services that are known already, perhaps under another name. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from tocsin.catalog.imports.parsed import Catalogue, ParsedService, slug_of
from tocsin.catalog.recognition import Place


@dataclass(frozen=True, slots=True)
class KnownAs:
    """A service that is known: its names, where people say that it runs, and where it was seen."""

    slug: str
    names: frozenset[str]
    selectors: tuple[Place, ...]
    places: tuple[Place, ...]


def recognised(catalogue: Catalogue, known: Iterable[KnownAs]) -> Catalogue:
    """The same catalogue, its services under the slugs by which they are known; what is one service is one there.

    A workload is known by its place, by the labels of its pods, by its name. One of the same name in another namespace of
    the same environment is another service, and gets its namespace in front of its name.
    """
    services = list(known)
    slugs = {one.slug: _slug(one, services) for one in catalogue.services}
    merged: dict[str, ParsedService] = {}
    for one in catalogue.services:
        slug = slugs[one.slug]
        needs = {slugs.get(other, other): reason for other, reason in one.needs.items()}
        named = replace(one, slug=slug, needs={other: why for other, why in needs.items() if other != slug})
        merged[slug] = _both(merged[slug], named) if slug in merged else named
    return replace(catalogue, services=tuple(merged.values()))


def _slug(one: ParsedService, services: list[KnownAs]) -> str:
    place = one.selectors[0] if one.selectors else None
    if place is not None:
        for fits in (_runs_there, _picks, _runs_there_elsewhere):
            if found := next((other for other in services if fits(other, place, one.labels)), None):
                return found.slug
    names = {one.slug, *one.aliases}
    namesakes = [other for other in services if other.slug in names or names & other.names]
    namesakes = [other for other in namesakes if other.slug == one.slug] or namesakes
    if place is not None and (len(namesakes) > 1 or any(_is_another(other, place) for other in namesakes)):
        return slug_of(f"{place.namespace}-{one.slug}")
    return namesakes[0].slug if namesakes else one.slug


def _runs_there(other: KnownAs, place: Place, _: Mapping[str, str]) -> bool:
    return any(
        (p.namespace, p.workload) == (place.namespace, place.workload) and p.environment in {"", place.environment}
        for p in (*other.places, *other.selectors)
    )


def _picks(other: KnownAs, place: Place, labels: Mapping[str, str]) -> bool:
    """Whether the labels that people gave it are those of these pods."""
    return any(
        p.labels and p.labels.items() <= labels.items() and p.namespace in {"", place.namespace}
        for p in other.selectors
    )


def _runs_there_elsewhere(other: KnownAs, place: Place, _: Mapping[str, str]) -> bool:
    """Whether it runs in a namespace of this name, in another environment."""
    return any((p.namespace, p.workload) == (place.namespace, place.workload) for p in other.places)


def _is_another(other: KnownAs, place: Place) -> bool:
    """Whether it runs in this environment already, in another namespace."""
    return any(p.environment == place.environment and p.namespace != place.namespace for p in other.places)


def _both(one: ParsedService, other: ParsedService) -> ParsedService:
    """Two workloads that are one service: the first, with the places, names, hosts and needs of both."""
    return replace(
        one,
        selectors=(*one.selectors, *other.selectors),
        aliases=tuple(dict.fromkeys((*one.aliases, *other.aliases))),
        hosts=tuple(dict.fromkeys((*one.hosts, *other.hosts))),
        needs={**other.needs, **one.needs},
    )
