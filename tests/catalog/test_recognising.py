from __future__ import annotations

from typing import Any

import pytest

from tocsin.catalog.imports.parsed import Catalogue, ParsedService
from tocsin.catalog.recognising import KnownAs, recognised
from tocsin.catalog.recognition import Place


def place(namespace: str = "shop", workload: str = "cart", environment: str = "production") -> Place:
    return Place(environment, namespace=namespace, workload=workload)


def seen(slug: str = "cart", at: Place | None = None, **more: Any) -> ParsedService:
    return ParsedService(slug, slug, selectors=(at or place(),), **more)


def known(slug: str, *places: Place, names: tuple[str, ...] = (), selectors: tuple[Place, ...] = ()) -> KnownAs:
    return KnownAs(slug, frozenset(names), selectors, places)


LABELLED = known("shop-cart", selectors=(Place(labels={"app": "c"}),))


@pytest.mark.parametrize(
    ("what", "others", "slug"),
    [
        (seen(), [], "cart"),
        (seen(), [known("basket", place())], "basket"),
        (seen(labels={"app": "c", "x": "y"}), [LABELLED], "shop-cart"),
        (seen(labels={"app": "other"}), [LABELLED], "cart"),
        (seen(at=place(environment="staging")), [known("basket", place())], "basket"),
        (seen("cart-v2", aliases=("cart",)), [known("cart")], "cart"),
        (seen(), [known("basket", names=("cart",))], "basket"),
        (seen("db", place("pay", "db")), [known("db", place("orders", "db"))], "pay-db"),
        (seen("db", place("pay-x", "db", "staging")), [known("db", place("pay", "db"))], "db"),
        (seen("x", aliases=("a", "b")), [known("a"), known("b")], "shop-x"),
    ],
)
def test_a_workload_is_known_by_its_place_its_labels_or_its_name(
    what: ParsedService, others: list[KnownAs], slug: str
) -> None:
    assert [one.slug for one in recognised(Catalogue((what,)), others).services] == [slug]


def test_needs_follow_the_names() -> None:
    both = Catalogue((seen(needs={"db": "x"}), seen("db", place(workload="db"))))
    [cart, _] = recognised(both, [known("orders", place(workload="db"))]).services
    assert cart.needs == {"orders": "x"}


def test_workloads_of_one_service_become_one() -> None:
    web = seen("web", place(workload="web"), labels={"app": "c"}, needs={"job": "x", "db": "y"})
    job = seen("job", place(workload="job"), labels={"app": "c"}, needs={"db": "z"})
    [one] = recognised(Catalogue((web, job)), [LABELLED]).services
    assert (one.slug, [p.workload for p in one.selectors], one.needs) == ("shop-cart", ["web", "job"], {"db": "y"})
