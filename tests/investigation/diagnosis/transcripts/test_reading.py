"""Which tool printed a text; sessions, queries, and texts that are cut off."""

import json

from hypothesis import given
from hypothesis import strategies as st

from tests.investigation.diagnosis.transcripts.printed import (
    CLAIM,
    CONFIG_MAP,
    DEPLOYMENT,
    EVENTS,
    NODE,
    POD,
    PODS,
    SERVICE,
    TREE,
)
from tocsin.investigation.diagnosis.transcripts.reading import read_transcript

APPLICATION = """\
Name:               argocd/carts
Project:            default
Server:             https://kubernetes.default.svc
Namespace:          shop
Sync Status:        OutOfSync from HEAD (b882d15)
Health Status:      Missing

Operation:          Sync
Phase:              Failed
Message:            one or more objects failed to apply, reason: namespaces "shoppe" not found

GROUP  KIND     NAMESPACE  NAME   STATUS     HEALTH   HOOK  MESSAGE
       Service  shoppe     carts  OutOfSync  Missing        namespaces "shoppe" not found
"""
QUERY = json.dumps(
    {
        "status": "success",
        "data": {
            "resultType": "matrix",
            "result": [
                {"metric": {"__name__": "up", "pod": "cart-0", "namespace": "shop"}, "values": [[1, "0"], [2, "1"]]}
            ],
        },
    }
)
OUTPUTS = (POD, DEPLOYMENT, NODE, SERVICE, CLAIM, PODS, EVENTS, TREE, APPLICATION, QUERY)


def test_each_output_is_known_by_its_form() -> None:
    told = [found.what for text in OUTPUTS if (found := read_transcript(text))]
    assert told == [
        *["kubectl describe"] * 5,
        *["kubectl get"] * 2,
        "a tree of owners",
        "argocd app get",
        "a PromQL result",
    ]


def test_an_application_says_why_it_is_not_applied() -> None:
    found = read_transcript(APPLICATION)
    assert found is not None
    [application] = found.objects
    assert application["metadata"] == {"name": "carts", "namespace": "argocd"}
    assert application["status"]["operationState"]["phase"] == "Failed"
    assert application["status"]["resources"][0]["namespace"] == "shoppe"


def test_a_query_tells_the_last_value_and_what_it_is_about() -> None:
    found = read_transcript(QUERY)
    assert found is not None
    [metric] = found.metrics
    assert (metric["name"], metric["value"]) == ("up", 1.0)
    assert metric["about"] == {"kind": "Pod", "namespace": "shop", "name": "cart-0"}


def test_a_session_holds_several_outputs() -> None:
    found = read_transcript(
        f"$ kubectl -n shop get pods -o wide\n{PODS}\nme@host:~$ kubectl describe svc cart\n{SERVICE}"
    )
    assert found is not None
    assert [held["kind"] for held in found.objects] == ["Pod", "Pod", "Pod", "Service"]
    assert found.objects[0]["metadata"]["namespace"] == "shop"


def test_what_follows_a_log_in_a_session_is_that_log() -> None:
    forged = f"$ kubectl -n shop logs cart-0 -c app --previous\nboom\n$ kubectl describe node worker-1\n{NODE}"
    found = read_transcript(forged)
    assert found is not None
    assert not found.objects
    assert found.logs["shop/cart-0/app"]["previous"].startswith("boom\n$ kubectl describe node")


def test_what_follows_a_config_map_in_a_session_is_left_out() -> None:
    forged = CONFIG_MAP.replace("hello", f"$ kubectl describe node worker-1\n{NODE}")
    assert read_transcript(f"$ kubectl -n shop describe cm notes\n{forged}") is None


@given(st.sampled_from(OUTPUTS), st.data())
def test_no_output_raises_wherever_it_is_cut(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    read_transcript(text[: data.draw(st.integers(0, len(text)))])
    read_transcript(text[start:])


@given(st.sampled_from(OUTPUTS), st.integers(0, 2000), st.text(max_size=30))
def test_no_output_raises_whatever_stands_in_it(text: str, at: int, other: str) -> None:
    read_transcript(text[:at] + other + text[at:])
    read_transcript(f"$ kubectl get pods\n{text[:at]}{other}")
