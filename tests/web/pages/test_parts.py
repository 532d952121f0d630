"""What an open page has yet to see."""

from __future__ import annotations

from tocsin.web.pages.parts import LETTERS, PARTS, stamp, unseen

VERSIONS = {part.name: "1" for part in PARTS if part.version}
ALWAYS = {part.name for part in PARTS if not part.version}


def names(versions: dict[str, str], seen: str) -> set[str]:
    return {part.name for part in unseen(versions, seen)}


def test_of_what_a_page_shows_nothing_is_sent_again_but_what_has_no_version() -> None:
    assert names(VERSIONS, stamp(VERSIONS)) == ALWAYS


def test_a_part_with_another_version_is_sent() -> None:
    assert names(VERSIONS | {"cause": "2", "undo": ""}, stamp(VERSIONS)) == ALWAYS | {"cause", "undo"}


def test_the_versions_of_two_parts_are_not_mixed_up() -> None:
    first = VERSIONS | {"cause": "2", "undo": "3"}
    assert names(VERSIONS | {"cause": "3", "undo": "2"}, stamp(first)) == ALWAYS | {"cause", "undo"}


def test_of_a_stamp_of_other_parts_everything_is_sent() -> None:
    assert names(VERSIONS, stamp(VERSIONS)[LETTERS:]) == {part.name for part in PARTS}
    assert names(VERSIONS, "") == {part.name for part in PARTS}
