"""Any of many words is found."""

from hypothesis import given
from hypothesis import strategies as st

from tocsin.investigation.diagnosis.reading.logs.wordlist import any_of

words = st.lists(st.text("ab|.( ", min_size=1, max_size=4), min_size=1, max_size=8)


@given(words, st.text("ab|.( ", max_size=20))
def test_finds_what_the_words_themselves_find(held: list[str], text: str) -> None:
    assert bool(any_of(held).search(text)) == any(word in text for word in held)


def test_a_word_that_begins_with_another_is_covered() -> None:
    assert any_of(["error", "err"]).pattern == "err"
