"""What is gathered once for all who ask at the same moment."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from tocsin.web import moments
from tocsin.web.moments import Moments


class Counted:
    """Something to gather that says how often it was."""

    def __init__(self, fails: int = 0) -> None:
        self.times, self.fails, self.may_go_on = 0, fails, threading.Event()
        self.may_go_on.set()

    def __call__(self, incident: int, asked: str) -> str:
        self.times += 1
        now = self.times
        self.may_go_on.wait(5)
        if now <= self.fails:
            raise ValueError("the database is away")
        return f"{incident}{asked} {now}"


def told(gather: Counted) -> Moments[str]:
    made = Moments(gather)
    made.is_told = True
    return made


def test_whoever_asks_after_another_gets_the_same() -> None:
    kept = told(Counted())
    assert [kept.of(7), kept.of(7), kept.of(8), kept.of(7, "?kind=notes")] == ["7 1", "7 1", "8 2", "7?kind=notes 3"]


def test_many_who_ask_at_once_wait_for_the_first() -> None:
    gather = Counted()
    kept = told(gather)
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(kept.of, [7] * 40)) == {"7 1"}
    assert gather.times == 1


@pytest.mark.parametrize("changed", [[7, 9], None])
def test_a_change_makes_it_be_gathered_anew(changed: list[int] | None) -> None:
    kept = told(Counted())
    kept.of(7)
    kept.forget(changed)
    assert kept.of(7) == "7 2"


def test_a_change_of_another_does_not() -> None:
    kept = told(Counted())
    kept.of(7)
    kept.forget([8])
    assert kept.of(7) == "7 1"


def test_who_asks_after_a_change_does_not_get_what_was_begun_before_it() -> None:
    gather = Counted()
    kept = told(gather)
    gather.may_go_on.clear()
    with ThreadPoolExecutor(2) as pool:
        early = pool.submit(kept.of, 7)
        while not gather.times:
            pass
        kept.forget([7])
        late = pool.submit(kept.of, 7)
        gather.may_go_on.set()
        assert (early.result(), late.result()) == ("7 1", "7 2")


def test_while_nobody_listens_to_changes_nothing_is_kept() -> None:
    kept = told(Counted())
    kept.of(7)
    kept.is_told = False
    assert kept.of(7) == "7 2"


def test_nothing_is_kept_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moments, "KEPT_S", -1.0)
    kept = told(Counted())
    assert [kept.of(7), kept.of(7)] == ["7 1", "7 2"]


def test_a_failure_is_told_and_not_kept() -> None:
    kept = told(Counted(fails=1))
    with pytest.raises(ValueError, match="away"):
        kept.of(7)
    assert kept.of(7) == "7 2"
