"""Cases are found in files, folders and collections."""

import gzip
import json
from pathlib import Path

import pytest

from tests.investigation.worlds import pod, scene
from tocsin.investigation.collectors.casebook import CasebookError, cases_in, read_labels
from tocsin.investigation.diagnosis.evaluation.cases import Truth


def test_a_folder_of_cases_is_read_in_order(tmp_path: Path) -> None:
    (tmp_path / "b.json").write_bytes(scene(pod("cart")))
    (tmp_path / "a.case.json.gz").write_bytes(gzip.compress(scene(pod("cart"))))
    assert [case.name for case in cases_in([tmp_path], {})] == ["a", "b"]


def test_a_collection_has_its_truths_beside_it(tmp_path: Path) -> None:
    (tmp_path / "kubernetes").mkdir()
    (tmp_path / "kubernetes" / "k1.json.gz").write_bytes(gzip.compress(scene(pod("cart"))))
    truths = {"k1": {"label": "oom", "source": "own"}, "k2": {"label": "not there"}}
    (tmp_path / "kubernetes-truth.json").write_text(json.dumps(truths))
    [case] = cases_in([tmp_path], {"oom": ["oom-killed"]})
    assert (case.name, case.label, case.truth) == ("k1", "oom", Truth(causes=("oom-killed",)))


@pytest.mark.parametrize(("strict", "accepted"), [(True, ("network",)), (False, ("network", "timeout"))])
def test_a_collection_of_logs_is_judged_by_category(tmp_path: Path, strict: bool, accepted: tuple[str, ...]) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "a.log").write_text("Error: dial tcp: lookup example.invalid: no such host\n")
    truths = {"a": {"true_category": "network", "alt_acceptable_categories": ["timeout"]}}
    (tmp_path / "logs-truth.json").write_text(json.dumps(truths))
    [case] = cases_in([tmp_path], {}, strict=strict)
    assert (case.name, case.label, case.truth) == ("a", "network", Truth(categories=accepted))


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.json", b"no"), ("a.json.gz", b"no"), ("a.json.gz", gzip.compress(b"{}" * 999)[:-9]), ("gone.json", None)],
    ids=["no-json", "no-gzip", "cut-short", "not-there"],
)
def test_what_cannot_be_read_is_said(tmp_path: Path, name: str, data: bytes | None) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    with pytest.raises(CasebookError, match=name):
        list(cases_in([tmp_path / name], {}))


def test_labels_that_are_none_are_refused(tmp_path: Path) -> None:
    (tmp_path / "labels.json").write_text("[]")
    with pytest.raises(CasebookError, match="LABEL"):
        read_labels(tmp_path / "labels.json")
