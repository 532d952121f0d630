import pytest

from tocsin.deployments.terraform.lines import LONGEST_LINE, is_fence, read_lines, without_prefix


def test_colours_and_line_ends_are_taken_off() -> None:
    assert list(read_lines(b"\x1b[31m\xe2\x95\xb7\x1b[0m\x1b[0m\r\n[1ma[0m\n")) == ["╷", "a"]


def test_bytes_that_are_no_text_are_replaced() -> None:
    assert list(read_lines(b"a\xff")) == ["a\N{REPLACEMENT CHARACTER}"]


def test_boxes_in_a_wrong_encoding_are_mended() -> None:
    assert list(read_lines("â”‚ Error".encode())) == ["│ Error"]


def test_a_line_without_end_is_cut() -> None:
    (line,) = read_lines(b"x" * 65_536 for _ in range(10))
    assert len(line) == LONGEST_LINE


@pytest.mark.parametrize(
    "line",
    [
        "  with aws_vpc.a,",
        "[0]",
        "terraform_data.a: Creating...",
        "Error: no",
        "2 errors occurred:",
        "[ERR] x",
        "time is up",
    ],
)
def test_ordinary_lines_have_no_prefix(line: str) -> None:
    assert without_prefix(line) == line


def test_indentation_behind_a_prefix_stays() -> None:
    assert without_prefix("2026-01-02T03:04:05.1234567Z   with a_b.c,") == "  with a_b.c,"


def test_fences_quote() -> None:
    assert is_fence("```diff")
    assert is_fence("</details>")
    assert not is_fence("<none> was found")
