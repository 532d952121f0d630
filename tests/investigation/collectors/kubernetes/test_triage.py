import json

from tocsin.investigation.collectors.kubernetes.triage import Tally


def pods(namespace: str, well: int, failing: int = 0) -> list[bytes]:
    phases = ["Running"] * well + ["Pending"] * failing
    return [
        json.dumps({"metadata": {"name": f"p{n}", "namespace": namespace}, "status": {"phase": phase}}).encode()
        for n, phase in enumerate(phases)
    ]


def tally(*crowds: list[bytes]) -> Tally:
    made = Tally()
    for crowd in crowds:
        made.add_pods(crowd)
    return made


def test_pods_that_fail_lead_before_warnings() -> None:
    found = tally(pods("noisy", 9), pods("failing", 3, 3), pods("calm", 50))
    found.add_warnings([b'{"metadata": {"namespace": "noisy"}}'] * 500)
    assert found.worst(5) == ["failing", "noisy"]


def test_where_all_is_well_the_largest_are_looked_at() -> None:
    assert tally(pods("small", 1), pods("large", 9), pods("middle", 5)).worst(2) == ["large", "middle"]


def test_what_was_left_out_is_said() -> None:
    found = tally(pods("a", 1, 2), pods("b", 3, 1), pods("c", 2))
    assert found.left_out(["a"]) == "2 namespaces with 6 pods were only looked over; 1 of them have pods that fail"
    assert found.left_out(["a", "b", "c"]) == ""
