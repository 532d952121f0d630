"""The severity matrices in the database: which one counts for a project, and new versions of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Q

from tocsin.incidents.changes import BadChange
from tocsin.incidents.models import SeverityMatrix
from tocsin.incidents.triage.matrix import Matrix, parse, written
from tocsin.incidents.triage.scale import Scale

# Those still waiting for somebody; which of them the new version changes is seen when each is looked at.
_ASSESS_WAITING = """
INSERT INTO ground_timer (kind, key, due_at)
SELECT 'assess', i.id::text, %(now)s FROM incidents_incident i JOIN catalog_environment e ON e.id = i.environment_id
WHERE i.status = 'triggered' AND (%(project)s::bigint IS NULL OR e.project_id = %(project)s) ORDER BY i.id
ON CONFLICT (kind, key) DO UPDATE SET due_at = EXCLUDED.due_at
"""


def newest(project_id: int | None) -> SeverityMatrix | None:
    """The newest version of a project's own matrix, or of the installation's (None); None where nobody wrote one."""
    return SeverityMatrix.objects.filter(project=project_id).order_by("-version").first()


def installation_matrix() -> Matrix:
    """What holds for every project without a matrix of its own."""
    version = newest(None)
    return parse(version.document if version is not None else {})


def matrix_of(project_id: int) -> Matrix:
    """What holds for a project: its own matrix, else the installation's. The scale is always the installation's."""
    versions = SeverityMatrix.objects.filter(Q(project=None) | Q(project=project_id))
    newest_ones = versions.order_by("project", "-version").distinct("project").values_list("project", "document")
    documents: dict[int | None, Any] = dict(newest_ones)
    general = parse(documents.get(None, {}))
    own = parse(documents[project_id]) if documents.get(project_id) else general
    return Matrix(own.levels, own.calendar, general.scale)


def scale() -> Scale:
    """How this installation calls its severities."""
    version = newest(None)
    return Scale(version.document.get("scale", Scale.WORDS)) if version is not None else Scale.WORDS


@transaction.atomic
def keep(project_id: int | None, matrix: Matrix | None, *, seen: int, author: str, now: datetime) -> SeverityMatrix:
    """Writes a new version; `seen` is the version that its author changed (0: none yet). None: follow the installation again.

    Clocks of incidents that nobody has acknowledged are set anew. Raises BadChange where somebody else was faster, or nothing
    changed.
    """
    last = newest(project_id)
    if (last.version if last else 0) != seen:
        raise BadChange("Somebody else has changed the matrix meanwhile; look at their version, then change that.")
    document = {} if matrix is None else written(matrix)
    if project_id is not None:
        document.pop("scale", None)
    if document == (last.document if last else written(Matrix()) if project_id is None else {}):
        raise BadChange("Nothing is different from the version that counts.")
    try:
        with transaction.atomic():
            kept = SeverityMatrix.objects.create(
                project_id=project_id, version=seen + 1, document=document, author=author, created_at=now
            )
    except IntegrityError:
        raise BadChange("Somebody else has just changed the matrix; look at their version, then change that.") from None
    with connection.cursor() as cursor:
        cursor.execute(_ASSESS_WAITING, {"now": now, "project": project_id})
    return kept
