from __future__ import annotations

import asyncio

import psycopg
import pytest

from tests.factories import NOW, make_environment, make_service
from tocsin.catalog.directory import Directory, Selector
from tocsin.catalog.services import ServiceDependency, Team
from tocsin.catalog.store import directory_of, load_directory
from tocsin.ground.database import conninfo

pytestmark = pytest.mark.django_db


@pytest.mark.django_db(transaction=True)
def test_the_directory_is_loaded_as_it_is_read_within_django() -> None:
    environment = make_environment().pk
    make_service("cart", needs=(make_service("db", tier=1),), selectors=[{"namespace": "shop", "labels": {"app": "c"}}])

    async def load() -> Directory:
        async with await psycopg.AsyncConnection.connect(conninfo(), autocommit=True) as connection:
            return await load_directory(connection, environment)

    loaded = asyncio.run(load())
    assert loaded.services == directory_of(environment).services
    assert loaded.upstream("cart") == {"db"}
    assert loaded.services["cart"].selectors == (Selector(namespace="shop", labels=(("app", "c"),)),)


def test_the_owner_and_the_projects_own_labels_are_in_it() -> None:
    environment = make_environment()
    environment.project.naming_labels = ["product"]
    environment.project.save()
    make_service("cart", owner=Team.objects.create(slug="buyers", name="Buyers"))
    found = directory_of(environment.pk).service_of({"product": "cart"}, {})
    assert found is not None
    assert found.owner == "buyers"


def test_a_place_of_another_environment_is_left_out() -> None:
    make_service(
        selectors=[{"environment": "staging", "workload": "c"}, {"environment": "production", "workload": "b"}]
    )
    assert directory_of(make_environment().pk).services["cart"].selectors == (Selector(workload="b"),)


def test_what_is_forgotten_is_not_in_it() -> None:
    gone = make_service("gone", forgotten_at=NOW)
    make_service("cart", needs=(gone, make_service("db")))
    ServiceDependency.objects.filter(target__slug="db").update(forgotten_at=NOW)
    directory = directory_of(make_environment().pk)
    assert sorted(directory.services) == ["cart", "db"]
    assert directory.upstream("cart") == frozenset()


def test_other_projects_services_are_not_in_it() -> None:
    make_service("theirs", project=make_environment(project="books").project)
    assert not directory_of(make_environment().pk).services
    assert not directory_of(0).services
