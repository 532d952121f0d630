"""Bodies that came before, through the routes, on a real database."""

from __future__ import annotations

import pytest

from tests.factories import make_source
from tests.web.hooks.sending import Sent, send_all
from tocsin.alerts.models import Alert, RepeatedSignal, Signal
from tocsin.alerts.sources import alertmanager
from tocsin.incidents.models import Incident

pytestmark = pytest.mark.django_db(transaction=True)

BODY = b'{"title": "cart is down", "labels": {"namespace": "shop", "deployment": "cart"}}'


def test_from_the_third_time_on_a_body_that_says_nothing_new_is_counted_and_not_kept() -> None:
    _, token = make_source("generic")
    answers = send_all([Sent(f"/hooks/generic/{token}", BODY)] * 5, in_turn=True)
    assert [answer.get("repeated", False) for _, answer, _ in answers] == [False, False, True, True, True]
    assert {answer["signal"] for _, answer, _ in answers[1:]} == {Signal.objects.latest("id").pk}
    assert (Signal.objects.count(), Alert.objects.get().reports, RepeatedSignal.objects.get().times) == (2, 5, 3)
    assert Incident.objects.count() == 1


def test_a_body_that_tells_of_an_end_is_kept_each_time() -> None:
    _, token = make_source("alertmanager")
    send_all([Sent(f"/hooks/alertmanager/{token}", alertmanager.EXAMPLE)] * 4, in_turn=True)
    assert (Signal.objects.count(), RepeatedSignal.objects.count()) == (4, 0)


def test_what_one_source_said_is_news_from_another() -> None:
    tokens = [make_source("generic")[1] for _ in range(2)]
    send_all([Sent(f"/hooks/generic/{token}", BODY) for token in tokens * 2], in_turn=True)
    assert (Signal.objects.count(), RepeatedSignal.objects.count()) == (4, 0)
