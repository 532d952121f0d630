"""What every channel owes: it renders every kind of event, survives hostile text, and shows no secret."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from tests.notifications.saying import FACTS, PERSON, SECRETS, notice, settings_of, way
from tocsin.notifications.channel import Ability, BadSettings, ConsoleLine, Foreign, HttpRequest, Mail, Request
from tocsin.notifications.channels import channels, checked
from tocsin.notifications.notice import Kind

KINDS = sorted(channels())
# Halves of surrogates are not among it: PostgreSQL keeps none.
HOSTILE = (
    "<!channel> <@U1> @everyone </Say><Dial>+1900</Dial>\r\nBcc: all@example.org\r\n\r\n\x1b[2J\u202egnp.exe *b* `c` "
    "[x](javascript:alert(1)) ${jndi:ldap://x} {{7*7}} %s \x00" + "é" * 9000
)


def said(request: Request) -> str:
    """What a reader at the vendor gets to see."""
    if isinstance(request, HttpRequest):
        return request.body.decode()
    if isinstance(request, Mail):
        return "\n".join([request.to, request.subject, request.text, *request.headers.values()])
    return request.text if isinstance(request, ConsoleLine) else f"{request.title}\n{request.body}"


def requests(kind: str, event: Kind, **more: Any) -> tuple[Request, ...]:
    address = PERSON if Ability.REACHES_PEOPLE in channels()[kind].ABOUT.abilities else ""
    return channels()[kind].render(notice(event, **more), way(kind, address))


@pytest.mark.parametrize("kind", KINDS)
def test_it_renders_every_kind_or_has_nothing_to_say(kind: str) -> None:
    for event in Kind:
        for facts in (FACTS, None):
            assert all(said(each) for each in requests(kind, event, facts=facts))
    assert requests(kind, Kind.TEST, facts=None)


@pytest.mark.parametrize("kind", KINDS)
def test_a_call_says_which_incident_it_is_about(kind: str) -> None:
    if kind != "voice":
        assert any("INC-023" in said(each) for each in requests(kind, Kind.NEW))


@pytest.mark.parametrize("kind", KINDS)
def test_it_survives_hostile_text(kind: str) -> None:
    facts = msgspec.structs.replace(FACTS, title=HOSTILE, services=(HOSTILE,), assignee=HOSTILE)
    for each in requests(kind, Kind.NEW, text=HOSTILE, facts=facts, actor=HOSTILE, why=HOSTILE, more=(HOSTILE,)):
        text = said(each)
        assert len(text) < 60_000
        # programs get a title as it is; nothing of it can end their JSON
        assert not {"\x1b", "\x00", *("\u202e" if kind != "webhook" else "")} & set(text)
        if isinstance(each, HttpRequest) and "json" in each.headers["Content-Type"]:
            msgspec.json.decode(each.body)


@pytest.mark.parametrize("kind", KINDS)
def test_no_secret_is_in_what_people_read(kind: str) -> None:
    # what proves who we are to PagerDuty stands in the body by its rules
    allowed = {SECRETS["routing_key"]} if kind == "pagerduty" else set()
    for event in Kind:
        for each in requests(kind, event):
            assert not [secret for secret in set(SECRETS.values()) - allowed if secret in said(each)]


@pytest.mark.parametrize("kind", KINDS)
def test_rendering_is_deterministic(kind: str) -> None:
    assert requests(kind, Kind.NEW) == requests(kind, Kind.NEW)


@pytest.mark.parametrize("kind", KINDS)
def test_it_describes_itself(kind: str) -> None:
    about = channels()[kind].ABOUT
    assert about.title
    assert about.steps
    assert (Ability.REACHES_PEOPLE in about.abilities) == bool(about.address)
    assert len({field.name for field in about.fields}) == len(about.fields)


@pytest.mark.parametrize("kind", KINDS)
def test_what_proves_who_we_are_is_marked_as_secret(kind: str) -> None:
    names = {field.name for field in channels()[kind].ABOUT.fields if not field.is_secret}
    assert not [name for name in names if any(word in name for word in ("token", "password", "secret", "key"))]


def test_a_repeat_says_that_it_is_one() -> None:
    for kind in sorted(set(KINDS) - {"webhook", "pagerduty"}):  # programs know it by its id
        text = " ".join(said(each) for each in requests(kind, Kind.NEW, is_repeat=True))
        assert "repeat" in text.lower() or "before" in text, kind


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_bundled_in_a_storm_stays_a_message(kind: str) -> None:
    storm = tuple(f"[critical] INC-{number} Down" for number in range(5000))
    assert all(len(said(each)) < 12_000 for each in requests(kind, Kind.NEW, more=storm))


def test_a_secret_too_short_to_be_taken_out_of_answers_is_refused() -> None:
    with pytest.raises(BadSettings, match="6 characters at least"):
        checked("ntfy", {"token": "s"})


def test_settings_are_complete() -> None:
    assert all(set(settings_of(kind)) == {f.name for f in channels()[kind].ABOUT.fields} for kind in KINDS)


def test_requests_of_apprise_carry_the_address_apart_from_the_text() -> None:
    [request] = requests("apprise", Kind.NEW)
    assert isinstance(request, Foreign)
    assert request.url == SECRETS["address"]
