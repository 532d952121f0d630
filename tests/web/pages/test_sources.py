"""Sources and their mappings, as people see them."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import make_environment, make_source, make_user
from tests.web.pages.stored import make_signal
from tocsin.accounts.models import Role
from tocsin.alerts.models import Signal
from tocsin.catalog.models import HeldBack, Source, SourceMapping
from tocsin.ground.secrets import token_hash
from tocsin.incidents.models import Incident

CHECK = '{"checks": [{"name": "Cart", "state": "down"}]}'
RULES = {"title": "name", "alerts": "checks", "status": "state", "resolved": "up", "labels": "service = name"}


@pytest.fixture
def manager(db: None) -> Client:
    """The browser of somebody who sets things up."""
    client = Client()
    client.force_login(make_user("mona", Role.MANAGER))
    return client


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_list_says_how_each_source_does(browser: Client) -> None:
    source, _ = make_source("generic")
    assert "Nothing yet" in text(browser, "/sources")
    make_signal(source=source, body="{}", received_at=timezone.now())
    assert "Well" in text(browser, "/sources")
    make_signal(source=source, body="", sealed_body=b"x", error="not JSON at all", received_at=timezone.now())
    page = text(browser, "/sources")
    assert "Rejecting" in page
    assert "not JSON at all" in page


def test_a_mapped_source_that_no_longer_fits_is_to_be_looked_at(browser: Client) -> None:
    source, _ = make_source("mapped")
    SourceMapping.objects.create(source=source, version=1, rules={"title": "t"}, author="mona", live_at=timezone.now())
    signal = make_signal(source=source, body="{}", error="title: there is nothing at “t”", received_at=timezone.now())
    assert "Look at it" in text(browser, "/sources")
    assert f"/sources/{source.pk}/mapping?signal={signal.pk}" in text(browser, f"/signals/{signal.pk}")


def test_what_was_held_back_is_counted_on_the_page(browser: Client) -> None:
    source, _ = make_source("generic")
    HeldBack.objects.create(source=source, hour=timezone.now().replace(minute=0, second=0, microsecond=0), requests=120)
    assert "Look at it" in text(browser, "/sources")
    assert "<dd>120</dd>" in text(browser, f"/sources/{source.pk}")


def test_tests_of_our_own_are_no_sign_of_health(browser: Client) -> None:
    source, _ = make_source("generic")
    make_signal(source=source, body="{}", is_test=True)
    assert "Nothing yet" in text(browser, "/sources")


def test_a_manager_adds_a_source_and_sees_its_address_once(manager: Client) -> None:
    environment = make_environment()
    form = {"kind": "github", "environment": environment.pk, "name": "repositories", "key": "a secret", "rate": "60"}
    page = manager.post("/sources/new", form).content.decode()
    [token] = re.findall(r"http://testserver/hooks/github/([\w-]{32})</code>", page)
    made = Source.objects.get(token_hash=token_hash(token))
    assert (made.name, made.requests_per_minute, made.signing_key is not None) == ("repositories", 60, True)
    assert token not in text(manager, f"/sources/{made.pk}")


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"kind": "smoke"}, "There is no source “smoke”"),
        ({"environment": ""}, "Choose the environment"),
        ({"key": "x"}, "Generic does not sign"),
        ({"rate": "many"}, "is no number"),
    ],
)
def test_a_source_that_can_not_be_is_refused_and_nothing_is_lost(
    manager: Client, changed: dict[str, str], why: str
) -> None:
    form = {"kind": "generic", "environment": str(make_environment().pk), "name": "mine", "rate": "60"} | changed
    answer = manager.post("/sources/new", form)
    assert (answer.status_code, Source.objects.count()) == (400, 0)
    assert why in answer.content.decode()
    assert 'value="mine"' in answer.content.decode()


def test_another_address_is_shown_once_and_the_former_is_said_to_be_taken(manager: Client) -> None:
    source, former = make_source("generic")
    page = manager.post(f"/sources/{source.pk}/address").content.decode()
    [token] = re.findall(r"/hooks/generic/([\w-]{32})</code>", page)
    assert token != former
    assert "is taken until" in text(manager, f"/sources/{source.pk}")


def test_terms_are_changed_and_an_empty_key_leaves_the_key(manager: Client) -> None:
    source, _ = make_source("github")
    source.sign_with(b"sealed", timezone.now())
    manager.post(f"/sources/{source.pk}/terms", {"key": "", "rate": "5", "trial": "on"})
    source.refresh_from_db()
    assert (source.requests_per_minute, source.trial, bytes(source.signing_key or b"")) == (5, True, b"sealed")


def test_a_revoked_source_is_shown_apart(manager: Client) -> None:
    source, _ = make_source("generic")
    manager.post(f"/sources/{source.pk}/revocation")
    assert source.name not in text(manager, "/sources")
    assert source.name in text(manager, "/sources?revoked")


@pytest.mark.parametrize("action", ["address", "terms", "revocation", "test"])
def test_only_those_who_set_things_up_change_a_source(browser: Client, action: str) -> None:
    source, _ = make_source("generic")
    assert browser.post(f"/sources/{source.pk}/{action}").status_code == 403
    assert browser.get("/sources/new").status_code == 403
    assert "Send a test" not in text(browser, f"/sources/{source.pk}")


@pytest.mark.django_db(transaction=True)
def test_a_test_takes_the_way_of_signals_and_calls_nobody() -> None:
    client = Client()
    client.force_login(make_user("mona", Role.MANAGER))
    source, _ = make_source("alertmanager")
    answer = client.post(f"/sources/{source.pk}/test", follow=True)
    assert (Signal.objects.get(source=source).is_test, Incident.objects.count()) == (True, 0)
    assert "The test came through" in answer.content.decode()


def test_a_mapping_shows_what_would_be_understood(manager: Client) -> None:
    source, _ = make_source("mapped")
    make_signal(source=source, body=CHECK)
    page = manager.post(f"/sources/{source.pk}/mapping/edit", RULES | {"do": "preview"}).content.decode()
    assert '<span class="badge bad">Firing</span> Cart' in page
    assert SourceMapping.objects.count() == 0


def test_a_label_that_finds_nothing_is_said_before_it_goes_live(manager: Client) -> None:
    source, _ = make_source("mapped")
    make_signal(source=source, body=CHECK)
    asked = RULES | {"labels": "zone = not.there", "do": "preview"}
    page = manager.post(f"/sources/{source.pk}/mapping/edit", asked).content.decode()
    assert '<dt>zone</dt><dd class="faint">nothing there</dd>' in page


def test_a_pasted_body_is_tried_and_not_kept(manager: Client) -> None:
    source, _ = make_source("mapped")
    pasted = {"payload": CHECK.replace("Cart", "Pasted"), "do": "preview"}
    page = manager.post(f"/sources/{source.pk}/mapping/edit", RULES | pasted).content.decode()
    assert '<span class="badge bad">Firing</span> Pasted' in page
    assert Signal.objects.count() == 0


def test_rules_that_can_not_be_read_are_said_in_their_place_and_never_go_live(manager: Client) -> None:
    source, _ = make_source("mapped")
    answer = manager.post(f"/sources/{source.pk}/mapping/edit", RULES | {"title": "a[", "labels": "x", "do": "live"})
    page = answer.content.decode()
    assert (answer.status_code, SourceMapping.objects.count()) == (400, 0)
    assert '<span class="field-error" id="p-title">“a[” is no JMESPath' in page
    assert "write name = place, one a line" in page


def test_the_last_signals_are_tried_before_it_goes_live(manager: Client) -> None:
    source, _ = make_source("mapped")
    make_signal(source=source, body=CHECK)
    make_signal(source=source, body='{"else": 1}')
    page = manager.post(f"/sources/{source.pk}/mapping/edit", RULES | {"do": "try"}).content.decode()
    assert "1 alert</span>" in page
    assert "there is nothing at “checks”" in page


def test_versions_are_kept_and_one_can_go_back(manager: Client) -> None:
    source, _ = make_source("mapped")
    for title in ("name", "state"):
        manager.post(f"/sources/{source.pk}/mapping/edit", RULES | {"title": title, "do": "live"})
    assert "Version 2 is live" in text(manager, f"/sources/{source.pk}/mapping")
    manager.post(f"/sources/{source.pk}/mapping/1")
    assert "Version 1 is live" in text(manager, f"/sources/{source.pk}/mapping")


def test_only_a_mapped_source_has_a_mapping(browser: Client) -> None:
    source, _ = make_source("generic")
    assert browser.get(f"/sources/{source.pk}/mapping").status_code == 404
