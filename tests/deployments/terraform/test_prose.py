from hypothesis import given
from hypothesis import strategies as st

from tests.deployments.terraform.printed import wrapped
from tocsin.deployments.terraform.prose import one_line, unwrap

SENTENCE = "The argument may be set only where the provider that it belongs to was configured before, which it was not."


def test_a_wrapped_line_becomes_one() -> None:
    assert unwrap(wrapped(SENTENCE, 77)) == SENTENCE
    assert unwrap(wrapped(SENTENCE, 75)) == SENTENCE


def test_paragraphs_stay_apart() -> None:
    assert unwrap(["One.", "", "", "Two.", ""]) == "One.\n\nTwo."


def test_what_is_indented_or_an_item_stays_on_its_line() -> None:
    lines = ["x" * 70 + " these", "  indented", "- " + "y" * 70 + " those", "- z", "* star"]
    assert unwrap(lines) == "\n".join(lines)


def test_short_lines_are_no_paragraph() -> None:
    assert unwrap(["Error message: busy", "Lock Info:"]) == "Error message: busy\nLock Info:"


def test_a_message_that_was_not_printed_has_no_width() -> None:
    lines = [SENTENCE, "Output"]
    assert unwrap(lines, printed=False) == "\n".join(lines)


def test_a_summary_is_one_line() -> None:
    assert one_line(["creating (a:", '\t"b"', " c)"]) == 'creating (a: "b" c)'


@given(
    st.lists(st.sampled_from(["a", "provider", "said", "https://x.test/" + "y" * 90]), min_size=1, max_size=60).map(
        " ".join
    )
)
def test_any_sentence_survives_its_wrapping(sentence: str) -> None:
    assert " ".join(unwrap(wrapped(sentence, 77)).split()) == sentence
