"""What a tool printed, as it is shown."""

import pytest

from tocsin.web.pages.console import LONGEST_LINE, matching, pieces, printed, window


def tones(text: str) -> list[str]:
    return [line.tone for line in printed(text.encode())]


def test_colours_are_replaced_by_tones() -> None:
    (line,) = printed(b"\x1b[0m\x1b[1mcloud_disk.a: Creation complete after 2s [id=1]\x1b[0m")
    assert (line.text, line.tone) == ("cloud_disk.a: Creation complete after 2s [id=1]", "done")


def test_an_error_reaches_to_the_end_of_its_box() -> None:
    log = "before\n╷\n│ Error: no such zone\n│ \n│   with cloud_disk.a\n╵\nafter"
    assert tones(log) == ["", "", "error", "error", "error", "", ""]


def test_without_a_box_only_the_heading_is_sure() -> None:
    assert tones("Error: no such zone\n\nand so on\nWarning: old syntax") == ["error", "", "", "warning"]


def test_where_an_error_begins_is_noted_behind_the_time_stamps_of_a_pipeline() -> None:
    log = "2026-03-01T03:00:00.000Z ok\n2026-03-01T03:00:01.000Z │ Error: no such zone\n"
    assert [line.number for line in printed(log.encode()) if line.begins] == [2]


@pytest.mark.parametrize(
    ("line", "begins"),
    [
        ("Error: no such zone", True),
        ("Error applying plan:", True),
        ("Error running plan: 1 error(s) occurred:", True),
        ("Error running command 'false': exit status 1. Output:", False),
        ("Error running command [withheld: it is sensitive]: exit status 2", False),
        ("Errors happen", False),
    ],
)
def test_what_an_error_goes_on_with_is_no_error_of_its_own(line: str, begins: bool) -> None:
    (told,) = printed(line.encode())
    assert told.begins is begins


@pytest.mark.parametrize(
    ("line", "tone"),
    [
        ('  + resource "cloud_disk" "a" {', "create"),
        ("  - port = 22 -> null", "delete"),
        ("      ~ size = 1 -> 2", "update"),
        ('-/+ resource "cloud_disk" "a" {', "replace"),
        (' <= data "cloud_image" "a" {', "read"),
        ("Plan: 1 to add, 0 to change, 0 to destroy.", "heading"),
        ("- a list that somebody printed", ""),
    ],
)
def test_a_plan_keeps_its_colours(line: str, tone: str) -> None:
    assert tones(line) == [tone]


def test_a_message_reads_as_its_words_with_the_explanation_of_an_error() -> None:
    told = '{"@level":"error","@message":"Error: no such zone","type":"diagnostic","diagnostic":{"severity":"error",'
    (line,) = printed((told + '"summary":"no such zone","detail":"Choose another."}}').encode())
    assert (line.text, line.tone, line.begins) == ("Error: no such zone\nChoose another.", "error", True)


def test_a_planned_change_has_the_tone_of_what_it_does() -> None:
    assert tones('{"@message":"a.b: Plan to delete","type":"planned_change","change":{"action":"delete"}}') == [
        "delete"
    ]


def test_an_endless_line_is_cut() -> None:
    (line,) = printed(b"x" * (LONGEST_LINE + 1))
    assert line.text.endswith(" ⋯")
    assert len(line.text) == LONGEST_LINE + 2


def test_any_bytes_can_be_shown() -> None:
    assert len(list(printed(b'\xff\xfe\n{"@level":\n\x00'))) == 3


def test_a_window_has_the_lines_from_its_first() -> None:
    found = window(printed(b"a\nb\nc\nd"), 2, 2)
    assert [(line.number, line.text) for line in found] == [(2, "b"), (3, "c")]


def test_words_are_found_whatever_their_case() -> None:
    assert [line.number for line in matching(printed(b"one\nTWO\ntwo"), "Two", most=1)] == [2]


def test_a_line_is_cut_where_the_words_are() -> None:
    assert pieces("A (b) a", "a") == [("A", True), (" (b) ", False), ("a", True)]
    assert pieces("a(b", "(") == [("a", False), ("(", True), ("b", False)]
    assert pieces("abc", "") == [("abc", False)]
