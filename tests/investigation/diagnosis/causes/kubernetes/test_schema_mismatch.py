"""A database whose tables are not those that the application expects."""

import pytest

from tests.investigation.worlds import Document, exited, logs, look, meta, pod, scene
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.schema_mismatch import schema_mismatch

CRASHED = pod("cart", exited("Error", 1))
LINE = 'ERROR: column "discount" of relation "orders" does not exist'
FIRES = scene(CRASHED, logs=logs(CRASHED, LINE))

QUIET = scene(CRASHED, logs=logs(CRASHED, "error: the order does not exist"))


def job(name: str) -> Document:
    failed = {"type": "Failed", "status": "True", "reason": "BackoffLimitExceeded"}
    return meta("Job", name) | {"spec": {}, "status": {"conditions": [failed]}}


@pytest.mark.parametrize(
    "line",
    [
        "SQLSyntaxErrorException: Unknown column 'o.discount' in 'field list'",
        "error: Table 'shop.discounts' doesn't exist",
        "sqlite3.OperationalError: no such table: discounts",
        "FlywayException: Validate failed: Migrations have failed validation",
    ],
)
def test_databases_and_migrations_word_it_differently(line: str) -> None:
    assert look(schema_mismatch, scene(CRASHED, logs=logs(CRASHED, line)))


def test_a_failed_migration_is_cited_and_another_job_is_not() -> None:
    [found] = look(schema_mismatch, scene(CRASHED, job("orders-migrate"), job("report"), logs=logs(CRASHED, LINE)))
    assert [cite.about.name for cite in found.cites if cite.about.kind == "Job"] == ["orders-migrate"]


def test_ranks_first() -> None:
    best = diagnose(parse_snapshot(FIRES)).hypotheses[0]
    assert (best.cause, best.confidence >= 0.8) == ("schema-mismatch", True)


@pytest.mark.parametrize(
    "line",
    [
        "Unknown database 'orders'",
        'FATAL: database "orders" does not exist',
    ],
)
def test_a_database_that_is_not_there_lacks_all_tables(line: str) -> None:
    crashed = pod("cart", exited("Error", 1))
    assert look(schema_mismatch, scene(crashed, logs=logs(crashed, line)))
