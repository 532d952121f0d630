"""What is quoted ends between words, and shows that something is left out."""

from hypothesis import given
from hypothesis import strategies as st

from tocsin.investigation.diagnosis.excerpts import ending, opening


def test_what_is_short_is_said_whole() -> None:
    assert opening(" no such host \n", 12) == ending(" no such host \n", 12) == "no such host"


def test_a_beginning_stops_after_a_word() -> None:
    assert opening("dial tcp: connection refused", 20) == "dial tcp:…"
    assert opening("dial tcp: connection refused", 21) == "dial tcp: connection…"


def test_an_end_starts_with_a_word() -> None:
    assert ending("dial tcp: connection refused", 12) == "…refused"


def test_a_long_word_is_cut_itself() -> None:
    assert opening("see /var/lib/kubelet/pods/0123456789", 20) == "see /var/lib/kubele…"


@given(st.text(), st.integers(2, 40))
def test_an_excerpt_is_never_longer_than_asked_for(text: str, most: int) -> None:
    assert max(len(opening(text, most)), len(ending(text, most))) <= most


@given(st.text(), st.integers(2, 40))
def test_an_excerpt_is_what_stands_there(text: str, most: int) -> None:
    assert text.strip().startswith(opening(text, most).removesuffix("…"))
    assert text.strip().endswith(ending(text, most).removeprefix("…"))
