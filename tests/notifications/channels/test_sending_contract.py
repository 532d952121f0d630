"""What every channel owes when it sends: later on 429 and 5xx, never again on 4xx, and no secret in what is kept."""

from __future__ import annotations

import asyncio
import logging
import socket

import pytest

from tests.factories import NOW
from tests.notifications.saying import PERSON, SECRETS, notice, settings_of
from tests.notifications.vendor import Post, Vendor, http_vendor
from tocsin.notifications import sending
from tocsin.notifications.channel import Ability, HttpRequest, Refused, Taken, Way
from tocsin.notifications.channels import channels
from tocsin.notifications.models import Channel
from tocsin.notifications.notice import Kind
from tocsin.notifications.sending import Place, Sent, send
from tocsin.notifications.store import _parted

KEY = "a key for this test alone, of no use"


def over_http(kind: str) -> bool:
    channel = channels()[kind]
    return all(isinstance(each, HttpRequest) for each in channel.render(notice(), Way(settings_of(kind), NOW, PERSON)))


KINDS = [kind for kind in sorted(channels()) if over_http(kind)]


def sent(kind: str, url: str, inside: bool = True, **settings: str) -> Sent:
    given = settings_of(kind, url) | settings
    plain, sealed = _parted(kind, given, KEY)
    channel = Channel(kind=kind, name=kind, settings=plain, sealed=sealed, may_reach_inside=inside)
    address = PERSON if Ability.REACHES_PEOPLE in channels()[kind].ABOUT.abilities else ""
    return asyncio.run(send(notice(Kind.NEW), Place(channel, address), secret=KEY, now=NOW))


def test_most_channels_speak_http() -> None:
    assert len(KINDS) >= 9


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_vendor_takes_is_sent(kind: str, vendor: Vendor) -> None:
    vendor.answers = [(200, b'{"ok": true, "result": {}}', {})]
    assert isinstance(sent(kind, vendor.url).verdict, Taken)
    assert vendor.heard


@pytest.mark.parametrize("status", [429, 500, 503])
@pytest.mark.parametrize("kind", KINDS)
def test_a_vendor_that_is_busy_is_asked_later_and_not_before_it_says(kind: str, status: int, vendor: Vendor) -> None:
    vendor.answers = [(status, b"busy", {"Retry-After": "42"})]
    verdict = sent(kind, vendor.url).verdict
    assert isinstance(verdict, Refused)
    assert (verdict.is_temporary, verdict.after_s) == (True, 42)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 422])
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_refused_is_not_sent_again(kind: str, status: int, vendor: Vendor) -> None:
    vendor.answers = [(status, b"no", {})]
    verdict = sent(kind, vendor.url).verdict
    assert isinstance(verdict, Refused)
    assert not verdict.is_temporary


@pytest.mark.parametrize("kind", KINDS)
def test_a_vendor_that_repeats_our_secrets_does_not_spread_them(
    kind: str, vendor: Vendor, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    vendor.answers = [(400, " ".join([*SECRETS.values(), vendor.url + "/canary-path"]).encode(), {})]
    found = sent(kind, f"{vendor.url}/canary-path")
    for field in channels()[kind].ABOUT.secrets:
        secret = settings_of(kind, f"{vendor.url}/canary-path")[field]
        assert secret not in repr(found) + caplog.text
    assert "canary-path" not in repr(found) or "url" not in channels()[kind].ABOUT.secrets


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_at_the_other_end_is_a_matter_of_time(kind: str) -> None:
    verdict = sent(kind, "http://127.0.0.1:9").verdict
    assert isinstance(verdict, Refused)
    assert verdict.is_temporary


@pytest.mark.parametrize("kind", KINDS)
def test_an_address_inside_is_refused_unless_an_admin_set_it_up(kind: str, vendor: Vendor) -> None:
    verdict = sent(kind, vendor.url, inside=False).verdict
    assert isinstance(verdict, Refused)
    assert "inside" in verdict.why
    assert vendor.heard == []


def test_mail_is_handed_over_with_its_thread(post: Post) -> None:
    found = sent("email", "", host="127.0.0.1", port=str(post.port), security="none", password="")
    assert isinstance(found.verdict, Taken), found
    [mail] = post.mails
    assert "References: <tocsin-INC-023.20260301025500@example.org>" in mail
    assert "Subject: INC-023 Cart is down" in mail


@pytest.mark.parametrize(("says", "later"), [("450 greylisted", True), ("550 no such user", False)])
def test_a_mail_server_says_whether_to_come_again(says: str, later: bool, post: Post) -> None:
    post.refuses = says
    verdict = sent("email", "", host="127.0.0.1", port=str(post.port), security="none", password="").verdict
    assert isinstance(verdict, Refused)
    assert (verdict.is_temporary, says in verdict.why) == (later, True)


def mailed(port: str) -> Refused:
    verdict = sent("email", "", host="127.0.0.1", security="none", password="", port=port).verdict
    assert isinstance(verdict, Refused)
    return verdict


def test_a_mail_server_that_does_not_end_its_sentence_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "LONGEST_S", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        verdict = mailed(port=str(silent.getsockname()[1]))
    assert (verdict.why, verdict.is_temporary) == ("it was not done within 0.1 s", True)


def test_what_is_no_mail_server_may_be_one_later() -> None:
    with http_vendor() as vendor:
        assert mailed(port=vendor.url.rpartition(":")[2]).is_temporary


def test_a_mail_server_without_a_name_is_refused_in_words() -> None:
    plain, sealed = _parted("email", settings_of("email") | {"host": "a..example.org"}, KEY)
    channel = Channel(kind="email", name="mail", settings=plain, sealed=sealed, may_reach_inside=True)
    found = asyncio.run(send(notice(), Place(channel), secret=KEY, now=NOW))
    assert found.outcome == "the server's name or an address makes no sense"


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("slack", b"<html>Please log in</html>"),
        ("slack", b'{"ok": false}'),
        ("telegram", b"<html>Please log in</html>"),
        ("msteams", b"Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429"),
    ],
)
def test_what_is_said_under_a_good_status_and_is_no_yes_is_asked_again(kind: str, body: bytes, vendor: Vendor) -> None:
    vendor.answers = [(200, body, {})]
    verdict = sent(kind, vendor.url).verdict
    assert isinstance(verdict, Refused)
    assert verdict.is_temporary


def test_what_was_taken_is_taken_however_much_is_said_of_it(vendor: Vendor) -> None:
    vendor.answers = [(200, b"x" * 2_000_000, {})]
    assert isinstance(sent("webhook", vendor.url).verdict, Taken)


@pytest.mark.parametrize(("asked", "waited"), [(10**20, 3600), (-5, 0)])
def test_telegram_can_not_ask_for_any_patience(asked: int, waited: int, vendor: Vendor) -> None:
    vendor.answers = [(429, f'{{"ok": false, "parameters": {{"retry_after": {asked}}}}}'.encode(), {})]
    verdict = sent("telegram", vendor.url).verdict
    assert isinstance(verdict, Refused)
    assert verdict.after_s == waited


@pytest.mark.parametrize("kind", ["email", "sms", "voice", "telegram", "ntfy"])
def test_what_names_nobody_is_never_called_sent(kind: str) -> None:
    given = settings_of(kind) | {"recipients": "", "chat": "", "topic": ""}
    plain, sealed = _parted(kind, {name: given[name] for name in settings_of(kind)}, KEY)
    found = asyncio.run(
        send(notice(Kind.TEST), Place(Channel(kind=kind, settings=plain, sealed=sealed)), secret=KEY, now=NOW)
    )
    assert isinstance(found.verdict, Refused)
    assert "nobody is named" in found.outcome


def test_of_what_a_program_has_no_word_for_it_is_not_told() -> None:
    plain, sealed = _parted("pagerduty", settings_of("pagerduty"), KEY)
    channel = Channel(kind="pagerduty", settings=plain, sealed=sealed)
    found = asyncio.run(send(notice(Kind.NOTE), Place(channel), secret=KEY, now=NOW))
    assert isinstance(found.verdict, Taken)


def test_settings_that_can_not_be_opened_are_said_so() -> None:
    channel = Channel(kind="ntfy", settings={}, sealed=b"x", may_reach_inside=False)
    found = asyncio.run(send(notice(), Place(channel), secret=KEY, now=NOW))
    assert isinstance(found.verdict, Refused)
    assert "sealed with another secret key" in found.outcome
