"""Severity matrices in the database: which counts, and its versions."""

from __future__ import annotations

import pytest

from tests.factories import NOW, make_environment, make_incident
from tocsin.ground.models import Timer
from tocsin.incidents.changes import BadChange
from tocsin.incidents.matrices import keep, matrix_of, scale
from tocsin.incidents.models import SeverityMatrix
from tocsin.incidents.triage import Severity
from tocsin.incidents.triage.matrix import Matrix, parse
from tocsin.incidents.triage.scale import Scale

pytestmark = pytest.mark.django_db
PATIENT = parse({"scale": "P0-P3", "levels": {"high": {"acknowledge": "30 min"}}})


def project() -> int:
    return make_environment().project_id


def test_without_one_the_defaults_count() -> None:
    assert matrix_of(project()) == Matrix()
    assert scale() is Scale.WORDS


def test_a_project_follows_the_installation() -> None:
    keep(None, PATIENT, seen=0, author="alice", now=NOW)
    assert matrix_of(project()) == PATIENT
    assert scale() is Scale.P0


def test_a_projects_own_matrix_counts_for_it_but_the_scale_is_the_installations() -> None:
    keep(None, PATIENT, seen=0, author="alice", now=NOW)
    keep(project(), parse({"levels": {"high": {"acknowledge": "1 h"}}}), seen=0, author="bob", now=NOW)
    matrix = matrix_of(project())
    assert (matrix.levels[Severity.HIGH].acknowledge, matrix.scale) == ("1 h", Scale.P0)


def test_a_project_can_follow_the_installation_again() -> None:
    keep(project(), PATIENT, seen=0, author="bob", now=NOW)
    keep(project(), None, seen=1, author="bob", now=NOW)
    assert matrix_of(project()) == Matrix()


def test_versions_are_kept_with_their_authors() -> None:
    keep(None, PATIENT, seen=0, author="alice", now=NOW)
    keep(None, Matrix(), seen=1, author="bob", now=NOW)
    assert list(SeverityMatrix.objects.order_by("version").values_list("version", "author")) == [
        (1, "alice"),
        (2, "bob"),
    ]


def test_what_somebody_else_changed_meanwhile_is_not_written_over() -> None:
    keep(None, PATIENT, seen=0, author="alice", now=NOW)
    with pytest.raises(BadChange, match="Somebody else has changed"):
        keep(None, Matrix(), seen=0, author="bob", now=NOW)


def test_a_version_that_changes_nothing_is_refused() -> None:
    with pytest.raises(BadChange, match="Nothing is different"):
        keep(None, Matrix(), seen=0, author="alice", now=NOW)


def test_incidents_that_wait_are_judged_anew() -> None:
    waiting, other = make_incident(), make_incident(status="acknowledged")
    keep(None, PATIENT, seen=0, author="alice", now=NOW)
    assert list(Timer.objects.filter(kind="assess").values_list("key", flat=True)) == [str(waiting.pk)]
    assert other.pk != waiting.pk
