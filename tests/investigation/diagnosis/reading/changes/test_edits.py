"""What was changed and when."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.investigation.worlds import meta, replicaset, snapshot
from tocsin.investigation.diagnosis import Subject
from tocsin.investigation.diagnosis.evidence import Citation
from tocsin.investigation.diagnosis.inventory import Inventory
from tocsin.investigation.diagnosis.reading.changes.edits import Edit, Recency, ago, edits, latest_edits

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
CART = Subject("Deployment", "shop", "cart")


def recency(before: timedelta) -> Recency:
    edit = Edit(CART, NOW - before, "helm", "image: a → b", Citation("changes/0#", "x", 1.0, CART))
    return Recency({CART: edit}, NOW)


def test_a_fresh_change_is_more_suspect_than_an_old_one() -> None:
    minute, hour, day = (recency(timedelta(minutes=span)).weight(CART) for span in (1, 60, 1440))
    assert minute > hour > day


def test_a_change_after_the_onset_is_innocent() -> None:
    assert recency(timedelta(minutes=-10)).weight(CART) == 0.0


def test_controllers_of_the_cluster_are_not_people() -> None:
    item = meta("ConfigMap", "conf")
    fields = [{"manager": name, "time": "2026-03-01T09:00:00Z"} for name in ("kube-controller-manager", "helm")]
    item["metadata"]["managedFields"] = fields
    assert [edit.by for edit in edits(Inventory(snapshot(item)))] == ["helm"]


def test_two_revisions_tell_what_moved() -> None:
    made = [
        replicaset(revision=n, containers=[{"name": "app", "env": [{"name": "DB", "value": v}]}])
        for n, v in ((1, "a"), (2, "b"))
    ]
    assert latest_edits(Inventory(snapshot(*made)))[CART].what == "containers.app.env.DB: a → b"


@pytest.mark.parametrize(("seconds", "text"), [(30, "30 s"), (600, "10 min"), (3 * 3600, "3 h"), (5 * 86400, "5 d")])
def test_spans_are_written_in_their_largest_unit(seconds: int, text: str) -> None:
    assert ago(NOW - timedelta(seconds=seconds), NOW) == text


def test_a_change_of_what_a_workload_reads_is_a_weaker_suspect_than_its_own() -> None:
    conf = Subject("ConfigMap", "shop", "conf")
    known = recency(timedelta(minutes=5))
    both = Recency({**known.latest, conf: known.latest[CART]}, NOW)
    assert both.suspect(CART, [conf])[0] == CART
    web = Subject("Deployment", "shop", "web")
    assert both.suspect(web, [conf]) == (conf, round(0.6 * both.weight(conf), 3))
