"""What to type is said once, however many replicas are in the same trouble."""

from tests.investigation.worlds import Document, deployment, exited, pod, replicaset, scene
from tocsin.investigation.diagnosis import diagnose, parse_snapshot


def replica(name: str) -> Document:
    made = pod("cart", exited("Error", 1))
    made["metadata"]["name"] = name
    return made


def purposes(*pods: Document) -> list[str]:
    document = scene(*pods, deployment(ready=0), replicaset())
    return [command.purpose for command in diagnose(parse_snapshot(document)).hypotheses[0].commands]


def test_what_every_replica_would_tell_is_read_of_one() -> None:
    told = purposes(replica("cart-7f9c4d-aaaaa"), replica("cart-7f9c4d-bbbbb"), replica("cart-7f9c4d-ccccc"))
    assert [text for text in told if "before it ended" in text] == [
        "read what app wrote before it ended (one of 3 replicas)"
    ]


def test_a_single_pod_is_not_counted() -> None:
    assert not any("replicas" in text for text in purposes(replica("cart-7f9c4d-aaaaa")))


def test_pods_of_another_revision_are_read_too() -> None:
    other = replica("cart-58bd66-aaaaa")
    other["metadata"]["ownerReferences"][0]["name"] = "cart-58bd66"
    told = purposes(replica("cart-7f9c4d-aaaaa"), other)
    assert sum("before it ended" in text for text in told) == 2
