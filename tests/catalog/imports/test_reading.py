from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given

from tests.catalog.imports.test_backstage import JSON, entity
from tests.catalog.imports.test_kubernetes import workload
from tests.house.code import ROOT
from tocsin.catalog.imports.documents import Document, documents
from tocsin.catalog.imports.parsed import BadCatalogue, ParsedService, ParsedTeam
from tocsin.catalog.imports.reading import understand
from tocsin.catalog.recognition import Place


def ours(services: object, **more: object) -> Document:
    return Document("ours.yaml:1", {"services": services, **more})


def one(written: dict[str, object] | None) -> ParsedService:
    return understand([ours({"cart": written})]).written.services[0]


def test_a_file_of_ours_says_all_there_is_to_say() -> None:
    found = one(
        {"tier": 1, "needs": ["db"], "runs_in": [{"namespace": "shop"}], "also_called": ["basket"], "workspaces": ["w"]}
    )
    assert (found.name, found.tier, found.aliases, found.workspaces) == ("cart", 1, ("basket",), ("w",))
    assert (found.selectors, found.needs) == ((Place(namespace="shop"),), {"db": "the catalogue file says so"})
    assert one(None).slug == "cart"


def test_a_need_may_have_its_reason() -> None:
    assert one({"needs": {"db": "keeps the orders"}}).needs == {"db": "keeps the orders"}


def test_teams_are_read() -> None:
    read = understand([Document("x:1", {"teams": {"buyers": {"contact": "#buyers"}}})]).written
    assert read.teams == (ParsedTeam("buyers", "buyers", contact="#buyers"),)


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ({"cart": {"tier": 5}}, r"ours.yaml:1: services\[...\].tier: Expected `int` <= 4"),
        ({"cart": {"teir": 1}}, "unknown field `teir`"),
        ({"cart": {"runs_in": [{"name": "x"}]}}, "unknown field `name`"),
        ({"My Cart": {}}, "write 'my-cart'"),
        ([], "Expected `object`"),
    ],
)
def test_a_mistake_names_the_field(written: object, why: str) -> None:
    with pytest.raises(BadCatalogue, match=why):
        understand([ours(written)])


def test_the_example_in_the_documentation_is_understood() -> None:
    page = (ROOT / "docs" / "services.md").read_text()
    example = page.partition("```yaml\n")[2].partition("```")[0].encode()
    read = understand(documents("services.md", example)).written
    assert [service.slug for service in read.services] == ["cart", "orders-db"]
    assert read.services[0].needs == {"orders-db": "keeps the orders"}


def test_what_is_written_and_what_is_deployed_are_told_apart() -> None:
    read = understand([entity("Component", "cart"), Document("k", workload("web")), Document("other", {"a": 1})])
    assert [service.slug for service in read.written.services] == ["cart"]
    assert [service.slug for service in read.deployed.services] == ["web"]


def test_one_service_in_two_kinds_of_file_is_refused() -> None:
    with pytest.raises(BadCatalogue, match=r"ours.yaml:1: service cart is described twice, first in cart.yaml:1"):
        understand([entity("Component", "cart"), ours({"cart": {}})])


@given(JSON, JSON)
def test_junk_is_read_or_refused(services: object, teams: object) -> None:
    with suppress(BadCatalogue):
        understand([ours(services, teams=teams), Document("x:1", services)])
