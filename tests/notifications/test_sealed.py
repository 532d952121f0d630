"""Messages of before lose their secrets, or have them sealed, when the database is brought to this version."""

from __future__ import annotations

import importlib

import pytest
from django.apps import apps
from django.db import connection

from tests.notifications.made import lay_in, make_channel
from tocsin.notifications.models import Message
from tocsin.notifications.outbox import notice_of

pytestmark = pytest.mark.django_db
OLD = {"answer_url": "https://t.example.org/acknowledge/k:sig", "hidden": ["sig"], "text": "Use k:sig."}


@pytest.mark.parametrize(("state", "link"), [("waiting", OLD["answer_url"]), ("sent", "")])
def test_links_of_before_are_sealed_or_forgotten(state: str, link: str) -> None:
    message = lay_in(make_channel())
    Message.objects.update(notice=message.notice | OLD, state=state)
    migration = importlib.import_module("tocsin.notifications.migrations.0003_sealed")
    with connection.schema_editor() as editor:
        migration.seal_them(apps, editor)
    message.refresh_from_db()
    assert (message.notice["text"], message.notice["answer_url"]) == ("Use k:•••.", "")
    assert notice_of(message).answer_url == link
