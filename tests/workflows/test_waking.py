"""Workers are woken by what is laid in, at its commit."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from django.db import transaction

from tests.factories import NOW, make_incident
from tests.notifications.made import lay_in, make_channel
from tocsin.ground.aside import aside
from tocsin.ground.database import conninfo
from tocsin.incidents import changes
from tocsin.notifications.models import Channel, Message
from tocsin.workflows import delivering
from tocsin.workflows.delivering import Courier
from tocsin.workflows.waking import listen

pytestmark = pytest.mark.django_db(transaction=True)
NOT_HEARD_S = 0.3


def is_heard(happen: Callable[[], object]) -> bool:
    """Whether what happens wakes a worker."""

    async def story() -> bool:
        ready, woken = asyncio.Event(), asyncio.Event()
        listening = asyncio.create_task(listen(conninfo(), lambda: (woken if ready.is_set() else ready).set()))
        await asyncio.wait_for(ready.wait(), 5)
        await aside(happen)
        try:
            await asyncio.wait_for(woken.wait(), NOT_HEARD_S)
        except TimeoutError:
            return False
        finally:
            listening.cancel()
        return True

    return asyncio.run(story())


def test_an_entry_of_a_timeline_and_a_message_are_heard_of() -> None:
    incident, channel = make_incident(), make_channel()
    assert is_heard(lambda: changes.add_note(incident.pk, "x", actor="ada", now=NOW))
    assert is_heard(lambda: lay_in(channel))


def test_what_nobody_is_told_of_wakes_nobody() -> None:
    incident = make_incident()
    assert not is_heard(lambda: changes.record(incident, "alert", "Again.", actor="tocsin", now=NOW))


def test_what_is_taken_back_was_never_heard_of() -> None:
    incident = make_incident()

    def taken_back() -> None:
        with transaction.atomic():
            changes.add_note(incident.pk, "x", actor="ada", now=NOW)
            transaction.set_rollback(True)

    assert not is_heard(taken_back)


def test_a_worker_delivers_what_it_is_woken_for_without_looking_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivering, "LOOK_EVERY_S", 60)
    channel = make_channel()

    async def story() -> None:
        courier = Courier(aside)
        tasks = [asyncio.create_task(each) for each in (courier.run(), listen(conninfo(), courier.wake))]
        await asyncio.sleep(NOT_HEARD_S)
        await aside(lambda: lay_in(Channel.objects.get(pk=channel.pk)))
        async with asyncio.timeout(5):
            while not await aside(lambda: Message.objects.filter(state="sent").exists()):
                await asyncio.sleep(0.02)
        for task in tasks:
            task.cancel()

    asyncio.run(story())
