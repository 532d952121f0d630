from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.catalog.imports.backstage import targets, understand
from tocsin.catalog.imports.documents import Document
from tocsin.catalog.imports.parsed import BadCatalogue, Catalogue, ParsedService
from tocsin.catalog.recognition import Place

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def entity(kind: str, name: str, spec: dict[str, Any] | None = None, **metadata: Any) -> Document:
    content = {"apiVersion": "backstage.io/v1alpha1", "kind": kind, "metadata": {"name": name, **metadata}}
    return Document(f"{name}.yaml:1", content | {"spec": spec or {}})


def one(*entities: Document) -> ParsedService:
    return understand(entities).services[0]


def needs(catalogue: Catalogue, slug: str) -> list[str]:
    return next(sorted(service.needs) for service in catalogue.services if service.slug == slug)


def test_a_component_is_a_service() -> None:
    spec = {"type": "website", "lifecycle": "production", "owner": "group:default/Buyers"}
    found = one(entity("Component", "Cart.Web", spec, title="Cart", description="The cart\n", tags=["java"]))
    assert (found.slug, found.name, found.kind, found.description) == ("cart-web", "Cart", "website", "The cart")
    assert (found.lifecycle, found.owner, found.tags) == ("production", "buyers", ("java",))


def test_links_to_runbooks_are_told_from_others() -> None:
    links = [{"url": "https://a.example"}, {"url": "https://b.example", "title": "On call", "type": "runbook"}]
    found = one(entity("Component", "cart", links=links))
    assert (found.links, found.runbooks) == (
        {"https://a.example": "https://a.example"},
        {"On call": "https://b.example"},
    )


def test_annotations_tell_where_it_runs_and_where_its_source_is() -> None:
    annotations = {
        "backstage.io/kubernetes-label-selector": "app=cart,tier=web",
        "backstage.io/kubernetes-namespace": "shop",
        "github.com/project-slug": "shop/cart",
        "pagerduty.com/service-id": "PABC",
        "pagerduty.com/integration-key": "not ours to keep",
    }
    found = one(entity("Component", "cart", annotations=annotations))
    assert found.selectors == (Place(namespace="shop", labels={"app": "cart", "tier": "web"}),)
    assert (found.repositories, found.aliases) == (("https://github.com/shop/cart",), ("PABC",))
    assert "not ours" not in str(found)


@pytest.mark.parametrize("written", ["1", "tier-1", "Tier_1", "T1", 1])
def test_a_tier_is_read_where_people_put_it(written: object) -> None:
    assert one(entity("Component", "cart", labels={"example.com/tier": written})).tier == 1
    assert one(entity("Component", "cart", annotations={"colour": written})).tier is None


def test_what_is_needed_is_named_directly_or_through_an_api() -> None:
    cart = {"dependsOn": ["resource:orders-db", "payments"], "consumesApis": ["prices", "mail"]}
    read = understand(
        [
            entity("Component", "cart", cart),
            entity("Resource", "orders-db", {"type": "database"}),
            entity("Component", "pricing", {"providesApis": ["prices"]}),
            entity("API", "prices", {"type": "openapi"}),
            entity("API", "mail"),
            entity("Resource", "cache", {"dependencyOf": ["component:cart"]}),
        ]
    )
    assert needs(read, "cart") == ["cache", "mail", "orders-db", "payments", "pricing"]
    assert [s.slug for s in read.services] == ["cart", "pricing", "cache", "orders-db", "mail"]


def test_a_component_and_a_resource_may_have_one_name() -> None:
    read = understand([entity("Resource", "orders", {"type": "database"}), entity("Component", "orders")])
    assert [service.slug for service in read.services] == ["orders", "orders-database"]


def test_what_has_no_owner_belongs_to_whom_its_system_belongs() -> None:
    system, domain = entity("System", "shop", {"domain": "sales"}), entity("Domain", "sales", {"owner": "user:Jane"})
    jane = entity("User", "jane", {"profile": {"displayName": "Jane Doe", "email": "jane@example.org"}})
    read = understand([entity("Component", "cart", {"system": "shop"}), system, domain, jane])
    assert read.services[0].owner == "jane"
    assert [(team.slug, team.name, team.contact) for team in read.teams] == [("jane", "Jane Doe", "jane@example.org")]


def test_systems_that_own_each_other_end() -> None:
    ring = [entity("System", "a", {"system": "b"}), entity("System", "b", {"system": "a"})]
    assert one(entity("Component", "cart", {"system": "a"}), *ring).owner == ""


def test_groups_are_teams_and_other_kinds_are_said() -> None:
    read = understand([entity("Group", "buyers"), entity("Template", "new-service")])
    assert [team.slug for team in read.teams] == ["buyers"]
    assert read.notes == ("new-service.yaml:1: kind Template is not read",)


@pytest.mark.parametrize(
    ("entities", "why"),
    [
        ([entity("Component", "cart"), entity("component", "Cart")], "described twice, first in cart.yaml:1"),
        ([entity("Component", "…")], "has no letter or digit"),
        ([entity("Component", "cart", {"dependsOn": "db"})], r"cart.yaml:1: spec.dependsOn: Expected `array`"),
        ([entity("Component", "cart", tags=[{"a": 1}])], r"cart.yaml:1: metadata.tags"),
    ],
)
def test_a_mistake_is_said_in_one_line(entities: list[Document], why: str) -> None:
    with pytest.raises(BadCatalogue, match=why):
        understand(entities)


def test_a_location_names_files() -> None:
    spec = {"target": "./a.yaml", "targets": ["./b.yaml", "https://example.org/c.yaml", 1]}
    assert targets(entity("Location", "all", spec).content) == ["./a.yaml", "./b.yaml", "https://example.org/c.yaml"]
    assert targets(entity("Component", "cart", {"target": "x"}).content) == targets(None) == []


@given(
    spec=st.dictionaries(st.sampled_from(["type", "owner", "system", "dependsOn", "consumesApis"]), JSON), metadata=JSON
)
def test_junk_is_read_or_refused(spec: dict[str, Any], metadata: Any) -> None:
    content = {"apiVersion": "backstage.io/v1", "kind": "Component", "metadata": metadata, "spec": spec}
    with suppress(BadCatalogue):
        understand([Document("x:1", content), entity("Component", "cart", spec)])
