"""The packages stand in the order of an incident; what comes earlier does not know what comes later."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db.migrations.loader import MigrationLoader
from django.db.models import Model
from importlinter.cli import lint_imports

from tests.house.code import ROOT, layers

ORDER = layers()
# Apps of Django and procrastinate that ours may lean on.
GIVEN = {"auth", "contenttypes", "sessions", "procrastinate"}


def is_allowed(own: str, other: str) -> bool:
    """Whether an app may depend on another: one that is given, itself, or an earlier one."""
    return other in GIVEN or ORDER.index(other) <= ORDER.index(own)


def our_models() -> list[type[Model]]:
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in ORDER]


def relations() -> Iterator[tuple[str, str, str]]:
    """Every link between tables: its name, its app, the app it leads to."""
    for model in our_models():
        for field in (*model._meta.local_fields, *model._meta.local_many_to_many):
            if isinstance(to := field.related_model, type):
                yield str(field), model._meta.app_label, to._meta.app_label


def migration_dependencies() -> Iterator[tuple[str, str, str]]:
    """Every dependency between migrations: from which, its app, the app it needs."""
    for (app, name), migration in MigrationLoader(None).disk_migrations.items():
        if app in ORDER:
            yield from ((f"{app}.{name}", app, needed) for needed, _ in migration.dependencies)


def test_the_order_is_that_of_the_design() -> None:
    stages = ["ground", "accounts", "catalog", "alerts", "incidents", "investigation", "workflows", "web"]
    assert [layer for layer in ORDER if layer in stages] == stages


def test_the_import_contracts_are_kept(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr("logging.config.dictConfig", lambda _: None)  # it would silence our loggers for later tests
    assert lint_imports(no_cache=True, no_logo=True) == 0, capsys.readouterr().out


@pytest.mark.parametrize("kind", [relations, migration_dependencies])
def test_the_database_follows_the_order(kind: type) -> None:
    found = list(kind())
    assert found
    assert [link for link, own, other in found if not is_allowed(own, other)] == []


def test_a_link_to_a_later_app_would_be_noticed() -> None:
    assert not is_allowed("alerts", "incidents")
    assert is_allowed("incidents", "alerts")
