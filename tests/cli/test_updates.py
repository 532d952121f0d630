"""Status updates and the checklist from a terminal, against a server."""

from __future__ import annotations

import json

import pytest

from tests.cli.test_incident import Tocsin, alice, tocsin  # noqa: F401  # fixtures
from tests.factories import make_incident
from tocsin.incidents.updates import StatusUpdate

pytestmark = pytest.mark.django_db(transaction=True)


def test_people_are_told_and_what_they_were_told_is_shown(alice: Tocsin) -> None:  # noqa: F811
    name = make_incident().name
    told = alice(
        "incident", "update", name, "We", "know", "why.", "--to", "team", "--moment", "identified", "--next", "2h"
    )
    assert told.output == "Told the team: KubePodCrashLooping: shop/cart (identified).\n"
    shown = alice("incident", "updates", name).output
    assert "Next update is due" in shown
    assert "To team, by alice:" in shown
    assert "We know why." in shown
    assert StatusUpdate.objects.get().next_update_at is not None


def test_a_draft_is_printed_and_nothing_is_sent(alice: Tocsin) -> None:  # noqa: F811
    name = make_incident().name
    draft = alice("incident", "update", name, "--to", "outsiders", "--draft")
    assert "(no headline yet: --headline)" in draft.stdout
    assert "not filled in" in draft.stderr
    assert json.loads(alice("incident", "update", name, "--to", "team", "--draft", "--output", "json").stdout)["text"]
    assert not StatusUpdate.objects.exists()


def test_what_outsiders_should_not_read_is_sent_only_if_that_is_meant(alice: Tocsin) -> None:  # noqa: F811
    words = ("incident", "update", make_incident().name, "--to", "outsiders", "--headline", "Payments fail")
    refused = alice(*words, stdin="cart-7f9c is down")
    assert refused.exit_code == 2
    assert "internal name “cart-7f9c”: Say what it does" in refused.stderr
    assert "--read sends it as it is" in refused.stderr
    assert alice(*words, "--read", "--impact", "major", stdin="cart-7f9c is down").exit_code == 0
    assert StatusUpdate.objects.get().impact == "major outage"


def test_a_promise_that_is_no_time_is_refused(alice: Tocsin) -> None:  # noqa: F811
    refused = alice("incident", "update", make_incident().name, "x", "--to", "team", "--next", "soon")
    assert (refused.exit_code, "or never" in refused.stderr) == (2, True)


def test_the_checklist_is_shown_and_ticked(alice: Tocsin) -> None:  # noqa: F811
    name = make_incident().name
    assert " 1 [ ] Somebody has acknowledged it (late" in alice("incident", "checklist", name).output
    assert " 5 [x] Support knows what to answer (done" in alice("incident", "checklist", name, "--done", "5").output
    assert " 5 [ ]" in alice("incident", "checklist", name, "--undo", "5").output
    assert alice("incident", "checklist", name, "--done", "99").exit_code == 2
