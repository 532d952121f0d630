"""What is recorded is small enough to be taken."""

from __future__ import annotations

import random

import pytest

from tocsin.cli.capture.fitting import packed, without_middle
from tocsin.deployments.document import FORMAT, Document, Section, pack, unpack

LOG = "begin\n" + random.Random(7).randbytes(40_000).hex() + "\nend\n"


def document(**section: object) -> Document:
    return Document(format=FORMAT, run="r", configuration="c", deployment=Section(**section))  # type: ignore[arg-type]


def test_what_is_small_enough_goes_as_it_is() -> None:
    assert unpack(packed(document(log=LOG))).deployment.log == LOG


def test_a_plan_goes_first(capsys: pytest.CaptureFixture[str]) -> None:
    small = len(pack(document(log=LOG)))
    kept = unpack(packed(document(log=LOG, plan={"x": LOG[::-1]}), small)).deployment
    assert (kept.plan, kept.log) == (None, LOG)
    assert "the plan is left out" in capsys.readouterr().err


def test_then_the_middle_of_the_log() -> None:
    body = packed(document(log=LOG), 9_000)
    log = unpack(body).deployment.log
    assert len(body) <= 9_000
    assert log.startswith("begin\n")
    assert log.endswith("\nend\n")
    assert "bytes are left out here]" in log


def test_a_short_log_is_kept_whole() -> None:
    assert without_middle("abcd", 2, 2) == "abcd"
    assert without_middle("abcdé", 2, 2) == "ab\n[1 bytes are left out here]\ndé"
