"""Subscribers are mailed of maintenance and of updates, in batches, so that few mails wait."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories import NOW, make_incident
from tests.incidents.published import make_page, tell
from tests.incidents.test_subscribing import subscribe
from tocsin.ground.models import Timer
from tocsin.incidents import bulletins, publishing, subscribing
from tocsin.incidents.publishing import ANNOUNCED, Work
from tocsin.incidents.status_page import Mail, Maintenance, StatusPage
from tocsin.incidents.updates import SENT

pytestmark = pytest.mark.django_db
BEGINS, ENDS = NOW + timedelta(days=2), NOW + timedelta(days=2, hours=1)


@pytest.fixture
def page() -> StatusPage:
    made, _ = make_page("Shop")
    subscribe(made)
    Mail.objects.all().delete()
    return made


def announced(page: StatusPage) -> Maintenance:
    parts = list(page.components.values_list("pk", flat=True))
    return publishing.announce(page.pk, Work("New disks", "Slower.", BEGINS, ENDS, parts), actor="maria", now=NOW)


def test_maintenance_is_mailed_once(page: StatusPage) -> None:
    work = announced(page)
    assert Timer.objects.filter(kind=ANNOUNCED, key=str(work.pk)).exists()
    assert [bulletins.announce(work.pk, NOW) for _ in range(2)] == [1, 0]
    mail = Mail.objects.get()
    assert mail.subject == "Status: maintenance New disks"
    assert f"{BEGINS:%Y-%m-%d %H:%M} UTC to" in subscribing.opened(mail).text
    assert "Shop" in subscribing.opened(mail).text


def test_who_was_mailed_of_it_hears_that_it_is_called_off(page: StatusPage) -> None:
    work = announced(page)
    bulletins.announce(work.pk, NOW)
    Mail.objects.update(sent_at=NOW)
    publishing.end_maintenance(page.pk, work.pk, NOW)
    assert [bulletins.announce(work.pk, NOW) for _ in range(2)] == [1, 0]
    assert Mail.objects.latest("pk").subject == "Status: maintenance called off: New disks"


def test_what_was_called_off_before_it_was_mailed_is_not_mailed(page: StatusPage) -> None:
    work = announced(page)
    bulletins.announce(work.pk, NOW)
    publishing.end_maintenance(page.pk, work.pk, NOW)
    assert bulletins.announce(work.pk, NOW) == 0
    assert not Mail.objects.exists()


def test_maintenance_that_is_over_is_no_news(page: StatusPage) -> None:
    work = announced(page)
    assert bulletins.announce(work.pk, ENDS) == 0


def test_an_update_is_mailed_by_the_batch_while_few_wait(page: StatusPage, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(4):
        subscribe(page, f"eve{number}@example.org")
    Mail.objects.all().delete()
    Timer.objects.all().delete()
    monkeypatch.setattr(bulletins, "BATCH", 2)
    monkeypatch.setattr(bulletins, "MOST_WAITING", 3)
    update = tell(make_incident())
    assert [bulletins.tell(update.pk, NOW) for _ in range(3)] == [2, 1, 0]
    assert Timer.objects.get(kind=SENT).due_at == NOW + bulletins.AGAIN
    for mail in Mail.objects.all():
        subscribing.delivered(mail, NOW)
    assert [bulletins.tell(update.pk, NOW) for _ in range(2)] == [2, 0]


def test_of_a_mail_that_was_sent_no_word_is_kept(page: StatusPage) -> None:
    bulletins.tell(tell(make_incident()).pk, NOW)
    subscribing.delivered(Mail.objects.get(), NOW)
    assert Mail.objects.get().words is None
