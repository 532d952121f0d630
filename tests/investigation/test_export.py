"""An incident becomes a case that gives the same report again."""

import pytest

from tests.factories import make_incident
from tests.web.pages.stored import store_investigation
from tocsin.incidents.models import Incident
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.evaluation.cases import Blamed, parse_case
from tocsin.investigation.export import case_of


@pytest.fixture
def incident(db: None) -> Incident:
    made = make_incident()
    store_investigation(made)
    return made


def test_what_the_report_says_is_marked_as_such(incident: Incident) -> None:
    truth = case_of(incident.pk, (), None).truth
    assert truth
    assert (truth.basis, truth.outcome, len(truth.subjects)) == ("report", "diagnosed", 1)


def test_a_person_knows_better(incident: Incident) -> None:
    truth = case_of(incident.pk, ("node-not-ready",), Blamed("worker-1", "Node")).truth
    assert truth
    assert (truth.basis, truth.causes, truth.subjects) == ("person", ("node-not-ready",), (Blamed("worker-1", "Node"),))


def test_it_is_diagnosed_anywhere(incident: Incident) -> None:
    made = case_of(incident.pk, (), None)
    again = parse_case(made.to_json(), "elsewhere")
    assert again.truth
    assert again.truth.place(diagnose(parse_snapshot(bytes(again.snapshot)))) == 1


def test_without_a_snapshot_there_is_no_case(db: None) -> None:
    with pytest.raises(LookupError, match="not looked into yet"):
        case_of(make_incident().pk, (), None)
