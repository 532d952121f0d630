"""Requests that nobody in their senses sends, at every address of the hooks."""

from __future__ import annotations

import random

import pytest

from tests.alerts.amazon import envelope
from tests.factories import make_source
from tests.web.hooks.sending import Sent, send_all
from tocsin.alerts.sources import kinds, load_sources

pytestmark = pytest.mark.django_db(transaction=True)

METHODS = ["POST", "POST", "POST", "GET", "PUT", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE"]
HEADERS = [
    *("authorization", "content-type", "x-hub-signature-256", "x-gitlab-token", "sentry-hook-signature"),
    *("sentry-hook-resource", "ce-type", "ce-id", "ce-source", "ce-specversion", "webhook-request-origin"),
]
ODD = [
    "",
    " ",
    "Bearer",
    "Basic ====",
    "Basic /w==",
    "GenieKey x",
    "é",
    "a" * 5000,
    "v1=,v1=,",
    "sha256=",
    "%00",
    "'\"",
    "*",
]
SUFFIXES = ["", "/", "/api/v2/alerts", "/-/ready", "/v2/enqueue", "/v2/alerts/a%2Fb/close", "/%00", "/..", "//", "/%ff"]
BODIES = [
    *(b"", b"{", b"[]", b"null", b"0", b'""', b"\xff\xfe", b"[" * 5000, b'{"a":' * 3000, b"1e999", b'"\\ud800"'),
    *(b'{"routing_key": "\\u0000"}', b'{"routing_key": {"a": []}}', b'{"Type": "SubscriptionConfirmation"}'),
]


def odd_requests(tokens: dict[str, str], count: int, rng: random.Random) -> list[Sent]:
    examples = [source.EXAMPLE for source in load_sources().values()]
    known = [f"/hooks/{kind}/{token}" for kind, token in tokens.items()]
    elsewhere = ["/hooks/generic", "/hooks/", "/api/v2/alerts", "/api/v2/status"]
    elsewhere += ["/v2/enqueue", "/v2/change/enqueue", "/v2/alerts", "/v2/alerts/a"]
    odd = [*ODD, *(f"{scheme} {token}" for token in tokens.values() for scheme in ("Bearer", "GenieKey"))]
    return [
        Sent(
            rng.choice(known) + rng.choice(SUFFIXES) if rng.random() < 0.6 else rng.choice(elsewhere),
            rng.choice(BODIES) if rng.random() < 0.6 else rng.choice(examples)[: rng.randrange(1, 2000)],
            {name: rng.choice(odd) for name in rng.sample(HEADERS, rng.randrange(4))},
            rng.choice(METHODS),
        )
        for _ in range(count)
    ]


def test_nothing_is_answered_as_a_fault_of_ours() -> None:
    tokens = {kind: make_source(kind)[1] for kind in kinds()}
    sent = odd_requests(tokens, 1500, random.Random(20260301))
    answers = send_all([*sent, Sent(f"/hooks/cloudwatch/{tokens['cloudwatch']}", str(envelope()).encode())])
    assert [(request, answer) for request, (status, *answer) in zip(sent, answers, strict=False) if status >= 500] == []
    assert len({status for status, _, _ in answers}) >= 5
