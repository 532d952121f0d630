"""Messages reach vendors, over real sockets."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator

import pytest
from django.utils import timezone

from tests.factories import make_incident
from tests.notifications.made import lay_in, make_channel
from tests.notifications.vendor import Vendor, http_vendor
from tocsin.ground.aside import aside
from tocsin.incidents import changes
from tocsin.incidents.lifecycle import Status
from tocsin.incidents.models import Incident
from tocsin.notifications.channels import console
from tocsin.notifications.models import Attempt, Message, Thread
from tocsin.workflows import telling
from tocsin.workflows.delivering import Courier, deliver_all

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    with http_vendor() as running:
        yield running


def opened() -> Incident:
    incident = make_incident(triggered_at=timezone.now())
    changes.record(incident, "opened", "Opened.", actor="tocsin", now=timezone.now())
    return incident


def deliver() -> int:
    return asyncio.run(deliver_all(aside))


def test_slack_gets_one_message_that_is_updated_and_a_line_in_its_thread(vendor: Vendor) -> None:
    vendor.answers = [(200, json.dumps({"ok": True, "channel": "C1", "ts": "17.1"}).encode(), {})]
    make_channel("slack", api_url=vendor.url)
    incident = opened()
    assert deliver() == 1
    assert Thread.objects.get().reference == "C1:17.1"
    changes.change_status(incident.pk, Status.ACKNOWLEDGED, actor="ada", now=timezone.now())
    deliver()
    assert [path for path, _, _ in vendor.heard] == ["/chat.postMessage", "/chat.update", "/chat.postMessage"]
    assert vendor.bodies()[1]["ts"] == vendor.bodies()[2]["thread_ts"] == "17.1"
    assert "acknowledged" in vendor.bodies()[2]["text"]


def test_a_vendor_that_is_down_is_asked_again(vendor: Vendor) -> None:
    vendor.answers = [(503, b"", {}), (200, b"ok", {})]
    make_channel("ntfy", url=vendor.url)
    opened()
    deliver()
    waiting = Message.objects.get()
    assert (waiting.state, waiting.note) == ("waiting", "answered 503")
    Message.objects.update(next_try_at=timezone.now())
    deliver()
    assert Message.objects.get().state == "sent"
    assert list(Attempt.objects.order_by("id").values_list("is_taken", flat=True)) == [False, True]


def test_what_was_taken_of_a_message_is_not_sent_again(vendor: Vendor) -> None:
    taken: tuple[int, bytes, dict[str, str]] = (200, b'{"ok": true}', {})
    vendor.answers = [taken, (503, b"", {}), taken]
    channel = make_channel("slack", api_url=vendor.url)
    incident = opened()
    Thread.objects.create(channel=channel, incident=incident, reference="C1:17.1")
    deliver()
    Message.objects.update(next_try_at=timezone.now())
    deliver()
    assert [path for path, _, _ in vendor.heard] == ["/chat.update", "/chat.postMessage", "/chat.postMessage"]


def test_a_message_whose_worker_died_while_sending_is_sent_again_as_a_repeat(vendor: Vendor) -> None:
    make_channel("ntfy", url=vendor.url)
    opened()

    async def dies() -> None:
        courier = Courier(aside)
        await courier.look()
        for task in courier._tasks:
            task.cancel()
        await courier.rest()

    asyncio.run(dies())
    assert Message.objects.get().state == "claimed"
    Message.objects.update(next_try_at=timezone.now())
    deliver()
    assert Message.objects.get().state == "sent"
    assert vendor.bodies()[-1]["title"].startswith("Repeat: ")


def test_a_try_that_breaks_off_counts_and_is_said_without_what_it_held(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("-".join(["canary", "secret"]))  # not as it stands in this line

    monkeypatch.setattr(console, "render", broken)
    make_channel("console")
    opened()
    deliver()
    message = Message.objects.get()
    assert (message.state, message.tries) == ("waiting", 1)
    assert message.note.startswith("sending it broke off with RuntimeError")
    assert "canary-secret" not in caplog.text + Attempt.objects.get().outcome


def test_what_was_laid_in_goes_out_though_nothing_more_can_be_told_of(
    vendor: Vendor, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_in(make_channel("ntfy", url=vendor.url))

    def broken(_: object) -> int:
        raise RuntimeError

    monkeypatch.setattr(telling, "tell", broken)
    with pytest.raises(RuntimeError):
        deliver()
    assert Message.objects.get().state == "claimed"
