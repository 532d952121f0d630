"""What outsiders should not read is found, wherever it stands; what they may read is left alone."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.incidents.jargon import PLAIN
from tocsin.incidents.plain_words import Finding, Kind, findings, own_findings

KEY = b"a key for tests"
NAMES = ("shop", "cart", "prod-db-3", "grafana.example.org")
# Prose around what is planted: it ends and begins where words do.
around = st.text(st.characters(categories=["L", "N", "P", "Z"]), max_size=40)
part = st.from_regex(r"[a-z][a-z0-9]{1,8}", fullmatch=True)
ends = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=5, max_size=5)
pods = st.builds("{}-{}-{}".format, part, st.from_regex(r"[bcdf0-9]{9}", fullmatch=True), ends)
hosts = st.builds("{}.{}.{}".format, part, part, st.sampled_from(["internal", "local", "svc.cluster.local", "corp"]))
traces = st.sampled_from(
    [
        'Traceback (most recent call last):\n  File "/app/pay.py", line 12, in charge',
        "java.lang.IllegalStateException: closed\n\tat com.shop.Cart.add(Cart.java:88)",
        "panic: runtime error: index out of range\n\ngoroutine 1 [running]:",
        "TypeError: x is undefined\n    at charge (/srv/pay.js:12:5)",
        "thread 'main' panicked at src/main.rs:4:5",
    ]
)


def found(text: str, public: tuple[str, ...] = ()) -> list[Finding]:
    return findings(text, names=NAMES, public=public, key=KEY)


def kinds(text: str, public: tuple[str, ...] = ()) -> list[Kind]:
    return [one.kind for one in found(text, public)]


def covers(text: str, planted: str) -> bool:
    """Whether something that must be read stands where `planted` does."""
    start = text.index(planted)
    return any(one.start < start + len(planted) and start < one.end for one in found(text) if not one.is_hint)


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    assert all(0 <= one.start < one.end <= len(text) for one in found(text))


@given(
    st.lists(
        st.sampled_from(["cart-7f9c", "10.0.3.17", "token=abc123def456", " ", "[gap]", "pod", "\n", "::", "at a("])
    )
)
def test_findings_stand_in_order_and_apart(parts: list[str]) -> None:
    told = found("".join(parts))
    assert all(one.end <= other.start for one, other in pairwise(told))


@given(around, st.ip_addresses(), around)
def test_every_address_is_caught(before: str, planted: IPv4Address | IPv6Address, after: str) -> None:
    assert covers(f"{before} {planted} {after}", f" {planted} ")


@given(around, st.one_of(pods, hosts, traces), around)
def test_every_pod_host_and_trace_is_caught(before: str, planted: str, after: str) -> None:
    assert covers(f"{before}\n{planted}\n{after}", f"\n{planted}\n")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("cart-7f9c restarts", Kind.NAME),
        ("PROD-DB-3 is full", Kind.NAME),
        ("see grafana.example.org", Kind.NAME),
        ("on web-tier-2", Kind.NAME),
        ("in prod-db-3.", Kind.NAME),
        ("db3.eu.example.org", Kind.ADDRESS),
        ("http://wiki/x", Kind.ADDRESS),
        ("https://admin.example.org:8443/", Kind.ADDRESS),
        ("http://[not-an-address", Kind.ADDRESS),
        ("redis:6379", Kind.ADDRESS),
        ("postgres://db/x", Kind.ADDRESS),
        ("got ECONNREFUSED", Kind.CODE),
        ("exit code 137", Kind.CODE),
        ("HTTP 503", Kind.CODE),
        ("many 502 errors", Kind.CODE),
        ("CrashLoopBackOff", Kind.CODE),
        ("commit_id 3f2a9bc", Kind.IDENTIFIER),
        ("/var/log/messages", Kind.PATH),
        ("[what broke] is down", Kind.GAP),
        ("a memory leak", Kind.JARGON),
        ("Replicas", Kind.JARGON),
        ("password=hunter22", Kind.SECRET),
    ],
)
def test_what_outsiders_should_not_read_is_found(text: str, kind: Kind) -> None:
    assert kinds(text) == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "At 14:02 UTC, 21 Nov 2026, 3,000 of 6,000 payments failed (50%).",
        "See https://status.example.org/incidents/3 or write to help@example.org.",
        "A state-of-the-art mid-2026 release, phase-2, pre-1990s.",
        "Error messages have gone. [Read more](https://example.org/more).",
        "",
    ],
)
def test_what_outsiders_may_read_is_left_alone(text: str) -> None:
    assert found(text) == []


def test_an_ordinary_word_that_is_also_a_name_is_only_hinted_at() -> None:
    assert [one.is_hint for one in found("The cart is empty.")] == [True]
    assert kinds("The Cart is empty.") == []


def test_what_outsiders_call_it_themselves_is_let_through() -> None:
    assert kinds("The cart on grafana.example.org", public=("Cart", "grafana.example.org")) == []


def test_a_secret_is_never_repeated_and_never_sent() -> None:
    [secret] = found("We set password=hunter22 today.")
    assert secret.is_barred
    assert "hunter22" not in secret.said + secret.suggestion


def test_the_team_may_read_all_but_secrets_and_gaps() -> None:
    text = "cart-7f9c at 10.0.3.17 has [what?] with password=hunter22"
    assert [one.kind for one in own_findings(text, key=KEY)] == [Kind.GAP, Kind.SECRET]


def test_plain_words_for_jargon_hold_no_jargon_themselves() -> None:
    assert {term: said for term, said in PLAIN.items() if found(said)} == {}


@pytest.mark.parametrize("unit", ["a", "a-", "1.", "a.", ":", "a/", "[", "at ", "http://", "0a", "A_", " ", "é"])
def test_a_long_text_of_nothing_but_beginnings_is_read(unit: str) -> None:
    long = unit * 10_000
    assert all(one.end <= len(long) for one in found(long))
