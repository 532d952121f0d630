"""Which class a failure is of."""

from tests.incidents.triage.names import LABELLED
from tocsin.incidents.triage.causes import CLASS_OF_CAUSE, class_of_cause
from tocsin.incidents.triage.classes import Class
from tocsin.incidents.triage.classification import RESPONSES, Told, class_of_words, classify, tells_of_security
from tocsin.investigation.diagnosis.cause import catalogue

ALL_CAUSES = [cause for family in ("kubernetes", "terraform") for cause in catalogue(family)]


def told_of(name: str) -> str:
    found = class_of_words(name)
    return found[0].name.lower() if found else ""


def test_names_of_alerts_tell_their_class() -> None:
    right = sum(told_of(name) == label for name, label in LABELLED.items())
    assert right / len(LABELLED) >= 0.98


def test_every_cause_that_a_diagnosis_can_name_has_a_class() -> None:
    assert {type(class_of_cause(cause.name, cause.category)) for cause in ALL_CAUSES} == {Class}


def test_no_exception_is_made_for_a_cause_that_is_not_there() -> None:
    assert set(CLASS_OF_CAUSE) <= {cause.name for cause in ALL_CAUSES}


def test_every_class_says_what_it_calls_for() -> None:
    assert set(RESPONSES) == set(Class)


def test_the_cause_that_was_found_outweighs_the_words() -> None:
    found = classify([Told("HighLatency")], "oom-killed", "memory")
    assert (found.of, found.reason) == (Class.RESOURCE, "the diagnosis names oom-killed (memory)")


def test_most_alerts_decide_whatever_their_order() -> None:
    alerts = [Told("MysqlDown"), Told("MysqlSlowQueries"), Told("RedisDown")]
    assert classify(alerts) == classify(alerts[::-1])
    assert classify(alerts).of is Class.INFRASTRUCTURE


def test_a_title_that_tells_nothing_leaves_it_to_the_description() -> None:
    assert classify([Told("Problem 4711", "the disk of db-1 is at 97 %")]).of is Class.RESOURCE


def test_an_error_tracker_reports_code() -> None:
    assert classify([Told("Oops", source_kind="sentry")]).of is Class.CODE


def test_where_nothing_tells_it_is_said_to_be_unclassified() -> None:
    found = classify([Told("Something is wrong")])
    assert found.of is None
    assert "neither the alerts nor a diagnosis tell" in found.reason
    assert found.response.startswith("Investigate")


def test_security_is_noticed_behind_another_class() -> None:
    alerts = [Told("MysqlDown"), Told("RedisDown"), Told("SslCertificateExpired")]
    assert classify(alerts).of is Class.INFRASTRUCTURE
    assert tells_of_security(alerts)
