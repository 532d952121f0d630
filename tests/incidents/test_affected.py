from tocsin.catalog.directory import Directory, ServiceFacts
from tocsin.incidents.affected import CAUSE, DEPENDENT, NAMED, ORDER, SAID, About, Affected, affected
from tocsin.incidents.models import IncidentService


def service(slug: str, *needs: str) -> ServiceFacts:
    return ServiceFacts(slug, "shop", slug, depends_on=needs)


DIRECTORY = Directory(
    [service("web", "cart"), service("cart", "db"), service("db"), service("mail"), service("app", "web")]
)
SLOW = About("Slow", {"service": "cart"}, {})
FULL = About("volume-full", {}, {"kind": "StatefulSet", "namespace": "shop", "name": "db"})


def test_what_alerts_name_and_what_needs_it_is_affected() -> None:
    assert affected([SLOW], [], DIRECTORY) == [
        Affected("cart", NAMED, "Slow: label service says cart"),
        Affected("app", DEPENDENT, "it needs cart, through 1 other"),
        Affected("web", DEPENDENT, "it needs cart"),
    ]


def test_the_causes_own_service_comes_first() -> None:
    found = affected([SLOW], [FULL], DIRECTORY)
    assert [(one.slug, one.role) for one in found] == [
        ("db", CAUSE),
        ("cart", NAMED),
        ("app", DEPENDENT),
        ("web", DEPENDENT),
    ]


def test_what_a_person_named_is_affected_and_what_needs_it() -> None:
    found = affected([SLOW], [], DIRECTORY, {"mail": "alice", "cart": "alice", "forgotten": "bob"})
    assert [(one.slug, one.role) for one in found] == [
        ("cart", NAMED),
        ("forgotten", SAID),
        ("mail", SAID),
        ("app", DEPENDENT),
        ("web", DEPENDENT),
    ]


def test_what_names_no_service_affects_none() -> None:
    assert affected([About("Odd", {"a": "b"}, {})], [], DIRECTORY) == []


def test_the_words_are_those_of_the_table() -> None:
    assert tuple(IncidentService.Role.values) == ORDER
