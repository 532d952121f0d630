"""Files of any kind that describes services, read together. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from tocsin.catalog.imports import backstage, kubernetes, plain
from tocsin.catalog.imports.documents import Document
from tocsin.catalog.imports.parsed import BadCatalogue, Catalogue, ParsedService


class Described(NamedTuple):
    """What was read: `written` by people in catalogue files, `deployed` as Kubernetes objects say."""

    written: Catalogue
    deployed: Catalogue


def understand(documents: Iterable[Document]) -> Described:
    """What these documents describe; those of other kinds are left aside. Raises BadCatalogue."""
    entities, objects, ours = [], [], []
    for document in documents:
        if backstage.is_backstage(document.content):
            entities.append(document)
        elif plain.is_plain(document.content):
            ours.append(plain.understand(document))
        else:
            objects += list(kubernetes.items(document.content))
    written = _together([backstage.understand(entities), *ours])
    return Described(written, kubernetes.understand(objects))


def _together(catalogues: list[Catalogue]) -> Catalogue:
    """One catalogue of several. Raises BadCatalogue where a service is described twice."""
    services: dict[str, ParsedService] = {}
    for service in (service for one in catalogues for service in one.services):
        if service.slug in services:
            first = services[service.slug].where
            raise BadCatalogue(f"{service.where}: service {service.slug} is described twice, first in {first}")
        services[service.slug] = service
    teams = {team.slug: team for one in catalogues for team in one.teams}
    notes = tuple(note for one in catalogues for note in one.notes)
    return Catalogue(tuple(services.values()), tuple(teams.values()), notes)
