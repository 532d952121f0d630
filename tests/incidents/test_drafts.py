"""Drafts of status updates: short, with times, and nothing but what the record says."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from tests.factories import NOW
from tocsin.incidents.audience import Audience, DataLoss, Moment
from tocsin.incidents.drafts import BadTemplate, Entry, Record, check_template, drafted, message, template_of, time_of
from tocsin.incidents.lifecycle import Status
from tocsin.incidents.plain_words import Kind, findings

INTERNAL, EXTERNAL = Audience.INTERNAL, Audience.EXTERNAL
MINUTE = timedelta(minutes=1)
RECORD = Record(
    name="INC-023",
    title="CrashLoopBackOff: shop/cart-7f9c",
    severity="high",
    status=Status.MITIGATING,
    began=NOW - 80 * MINUTE,
    resolved=NOW,
    lead="kim",
    cause="cart-7f9c ran out of memory on node-3",
    services=("cart",),
    components=("Checkout",),
    report_due=NOW + timedelta(days=2),
    stages=((Status.ACKNOWLEDGED, NOW - 70 * MINUTE), (Status.MITIGATING, NOW - 10 * MINUTE)),
    entries=(
        Entry(NOW - 70 * MINUTE, "status", "kim", "triggered → acknowledged."),
        Entry(NOW - 60 * MINUTE, "note", "kim", "a thought"),
        Entry(NOW - 10 * MINUTE, "status", "kim", "acknowledged → mitigating."),
    ),
)


def draft(template: str, audience: Audience = INTERNAL, record: Record = RECORD, since: int | None = None) -> str:
    """Filled; `since`: the audience was told that many minutes ago."""
    return drafted(template, record, audience, NOW - since * MINUTE if since else None, NOW)


@pytest.mark.parametrize(("audience", "moment"), [*product(Audience, Moment)])
def test_every_template_that_tocsin_brings_can_be_filled(audience: Audience, moment: Moment) -> None:
    template = template_of(audience, moment)
    check_template(template, audience)
    assert "{" not in draft(template, audience)


@pytest.mark.parametrize(("moment", "loss"), [*product(Moment, DataLoss)])
def test_what_outsiders_are_offered_has_no_word_that_is_not_for_them(moment: Moment, loss: DataLoss) -> None:
    text = draft(template_of(EXTERNAL, moment), EXTERNAL, replace(RECORD, data_loss=loss))
    found = findings(text, names=("cart", "shop", "node-3"), public=("Checkout",), key=b"")
    assert {one.kind for one in found} <= {Kind.GAP}
    assert bool(found) == (loss == DataLoss.YES)


def test_a_line_that_has_nothing_to_say_is_left_out() -> None:
    assert draft("Cause: {cause}\nA\n{lead}", record=replace(RECORD, cause="")) == "A\nkim has it."


def test_outsiders_hear_of_components_or_somebody_has_to_say_which() -> None:
    assert draft("{services}", EXTERNAL) == "Checkout"
    assert draft("{services}", EXTERNAL, replace(RECORD, components=())).startswith("[which part")


def test_progress_is_what_happened_since_they_were_told_last() -> None:
    assert draft("{progress}", since=30) == "02:50 UTC kim: acknowledged → mitigating."
    assert draft("{progress}", EXTERNAL).splitlines() == [
        "01:50 UTC An engineer is on it.",
        "02:50 UTC We apply a fix.",
    ]


def test_notes_of_people_are_not_progress() -> None:
    assert "thought" not in draft("{progress}")


@pytest.mark.parametrize("name", ["title", "cause", "nonsense", ""])
def test_a_placeholder_that_is_not_for_outsiders_is_refused(name: str) -> None:
    with pytest.raises(BadTemplate, match="is no placeholder in what outsiders are told; there is began"):
        check_template(f"{{{name}}}", EXTERNAL)


def test_a_time_of_another_day_says_its_day() -> None:
    assert time_of(NOW, NOW) == "03:00 UTC"
    assert time_of(NOW - timedelta(days=1), NOW) == "28 Feb 03:00 UTC"


def test_a_message_says_where_it_stands_and_what_is_next() -> None:
    said = {
        "moment": "identified",
        "headline": "Payments fail",
        "text": "We know why.",
        "impact": "degraded",
        "data_loss": "no",
    }
    told = message(**said, sent_at=NOW, next_update_at=NOW + 30 * MINUTE)
    assert told.startswith("Identified · 03:00 UTC\nPayments fail\n\nWe know why.")
    assert told.endswith("Impact: degraded. Data lost: no. Next update by 03:30 UTC.")
    assert "Next" not in message(**said, sent_at=NOW, next_update_at=None)
