"""Two sides of a connection that speak different protocols."""

import pytest

from tests.investigation.worlds import container, deployment, logs, look, pod, scene, service
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.protocols_differ import protocols_differ

CALLS = {"name": "app", "image": "registry.example/web:1", "env": [{"name": "CART", "value": "https://cart:80"}]}
WEB = pod("web", container(ready=False))


def saying(line: str) -> bytes:
    web = deployment("web", containers=[CALLS], ready=0)
    return scene(WEB, web, service(), pod(), deployment(), logs=logs(WEB, line, run="current"))


FIRES = saying('error: Get "https://cart:80/": http: server gave HTTP response to HTTPS client')

QUIET = saying('error: Get "https://cart:80/": 404 page not found')


def test_changes_the_scheme_of_the_address() -> None:
    found = look(protocols_differ, FIRES)[-1]
    assert found.remedies[0].argv[-1] == "CART=http://cart:80"


def test_ranks_first() -> None:
    [first, *_] = diagnose(parse_snapshot(FIRES)).hypotheses
    assert (first.cause, first.confidence > 0.85) == ("protocols-differ", True)


@pytest.mark.parametrize(
    "line",
    [
        "tls: first record does not look like a TLS handshake",
        "error: SSL routines:ssl3_get_record:wrong version number",
        "http: TLS handshake error: client sent an HTTP request to an HTTPS server",
        "rpc error: error reading server preface: http2: frame too large",
        "upstream sent no valid HTTP/1.0 header while reading response header from upstream",
    ],
)
def test_knows_how_libraries_word_it(line: str) -> None:
    assert look(protocols_differ, saying(line))
