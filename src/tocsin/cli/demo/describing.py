"""The demonstration's catalogue, through the same import as anybody's. What its files do not describe is discovered."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

CATALOGUES = Path(__file__).with_name("catalogues")


def describe(now: datetime) -> int:
    """Imports what is known of the projects that are there; how many services are new."""
    from tocsin.catalog.importing import carry_out
    from tocsin.catalog.imports.documents import documents
    from tocsin.catalog.imports.reading import understand
    from tocsin.catalog.models import Project
    from tocsin.catalog.reconciling import FILE, Teller, What

    new = 0
    for file in sorted(CATALOGUES.glob("*.yaml")):
        project = Project.objects.filter(slug=file.stem).first()
        if project is not None:
            described = understand(documents(file.name, file.read_bytes()))
            new += len(carry_out(project, described.written, Teller(FILE, file.name), now).of(What.CREATED))
    return new
