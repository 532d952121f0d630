"""How to reach somebody, as they say it themselves."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.factories import make_environment, make_user
from tests.notifications.made import make_channel
from tocsin.notifications.models import Channel, ContactMethod, ContactRule, Message, QuietTime
from tocsin.notifications.outbox import notice_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def ayse() -> Client:
    client = Client()
    client.force_login(make_user("ayse"))
    return client


def test_a_way_is_added_confirmed_and_given_its_time(ayse: Client) -> None:
    channel = make_channel()
    ayse.post("/account/contact", {"do": "add", "channel": channel.pk, "address": "pager"})
    method = ContactMethod.objects.get()
    code = notice_of(Message.objects.get()).text.split()[0]
    assert "Not confirmed" in ayse.get("/account/contact").content.decode()
    ayse.post("/account/contact", {"do": "confirm", "method": method.pk, "code": code})
    ayse.post("/account/contact", {"do": "rule", "method": method.pk, "delay": "5", "severities": ["critical"]})
    rule = ContactRule.objects.get()
    assert (rule.delay_minutes, rule.severities) == (5, ["critical"])
    ayse.post("/account/contact", {"do": "remove", "method": method.pk})
    assert not ContactMethod.objects.exists()


def test_nobody_touches_a_way_of_somebody_else(ayse: Client) -> None:
    made = ContactMethod.objects.create(
        user=make_user("bob"), channel=make_channel(), address="x", created_at="2026-01-01T00:00Z"
    )
    assert ayse.post("/account/contact", {"do": "remove", "method": made.pk}).status_code == 404


def test_quiet_hours_are_kept_and_a_zone_that_is_none_is_refused(ayse: Client) -> None:
    night = {"do": "quiet", "begins": "22:00", "ends": "07:00", "zone": "Europe/Istanbul"}
    ayse.post("/account/contact", night)
    assert QuietTime.objects.get().zone == "Europe/Istanbul"
    assert ayse.post("/account/contact", night | {"zone": "Mars/Base"}).status_code == 400
    ayse.post("/account/contact", night | {"begins": ""})
    assert not QuietTime.objects.exists()


def test_a_channels_name_is_told_only_to_whom_it_belongs_to(ayse: Client, client: Client) -> None:
    make_channel(name="clandestine")
    client.force_login(make_user("sam", ""))
    assert b"clandestine" in ayse.get("/account/contact").content
    page = client.get("/account/contact").content.decode()
    assert "clandestine" not in page
    assert "Send a code" in page


def test_a_channel_of_a_project_that_somebody_does_not_see_is_not_offered(client: Client) -> None:
    channel = make_channel()
    Channel.objects.update(project=make_environment().project)
    client.force_login(make_user("sam", ""))
    assert b"Send a code" not in client.get("/account/contact").content
    asked = {"do": "add", "channel": channel.pk, "address": "pager"}
    assert client.post("/account/contact", asked).status_code == 400
