"""Which database an application's complaint is about."""

import pytest

from tests.investigation.worlds import Document, container, deployment, pod, service, world
from tocsin.investigation.diagnosis.reading.configuration.databases import Databases, is_database

CART = pod("cart")


def database(name: str, image: str = "mysql:8") -> Document:
    return deployment(name, containers=[{"name": "db", "image": image}])


def blamed(complaint: str, *objects: Document, caller: Document = CART) -> str:
    seen = world(caller, *objects)
    complaining = next(held for held in seen.pods if held.name == caller["metadata"]["name"])
    return Databases(seen).serving(complaining, complaint).name


@pytest.mark.parametrize(
    ("complaint", "name"),
    [
        ("ERROR 1040: Too many connections", "a"),
        ("FATAL: sorry, too many clients already", "b"),
        ("READONLY You can't write against a read only replica", "c"),
        ("something else", "cart"),
    ],
)
def test_the_words_tell_the_engine(complaint: str, name: str) -> None:
    held = [database("a"), database("b", "bitnami/postgresql:16"), database("c", "valkey/valkey:8")]
    assert blamed(complaint, *held) == name


def test_the_callers_environment_comes_first() -> None:
    env = [{"name": "DB_HOST", "value": "b"}, {"name": "DB_PORT", "value": "3306"}]
    caller = pod("cart", container(env=env))
    assert blamed("mysql: gone", database("a"), database("b"), service("b"), caller=caller) == "b"


def test_a_database_named_after_another_workload_serves_that_one() -> None:
    assert blamed("mysql: gone", database("stock-db"), database("main"), deployment("stock")) == "main"


def test_of_two_that_could_be_meant_none_is_blamed() -> None:
    assert blamed("mysql: gone", database("a"), database("b")) == "cart"


def test_a_database_speaks_of_itself() -> None:
    own = pod("a", container(image="registry.example/mysql:8"))
    assert blamed("Too many connections", database("a"), database("b"), caller=own) == "a"
    assert not is_database(world(CART).pods[0])
