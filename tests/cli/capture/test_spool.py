"""What is kept until it is sent."""

from __future__ import annotations

from pathlib import Path

from tocsin.cli.capture.spool import Spool


def test_it_keeps_in_order_and_for_its_owner_alone(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "a" / "b")
    kept = [spool.keep(run, run.encode()) for run in ("z", "a")]
    assert spool.waiting() == kept
    assert [path.read_bytes() for path in kept] == [b"z", b"a"]
    assert {path.stat().st_mode & 0o077 for path in (spool.folder, *kept)} == {0}


def test_the_same_run_again_replaces_it(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    spool.keep("r", b"first")
    assert spool.keep("r", b"second").read_bytes() == b"second"
    assert len(spool.waiting()) == 1


def test_a_run_that_goes_on_is_not_abandoned_and_one_that_nobody_holds_is(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    with spool.mark("r", b"begun"):
        assert list(spool.abandoned()) == []
    assert list(spool.abandoned()) == [("r", b"begun")]
    spool.unmark("r")
    assert list(spool.abandoned()) == []


def test_what_is_refused_is_put_aside_and_not_sent_again(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    aside = spool.refuse(spool.keep("r", b"x"))
    assert (spool.waiting(), aside.read_bytes()) == ([], b"x")


def test_what_another_run_has_reported_is_not_abandoned(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    spool.mark("r", b"begun").close()
    abandoned = spool.abandoned()
    spool.unmark("r")
    assert list(abandoned) == []
    assert list(tmp_path.iterdir()) == []
