"""The table of keys."""

from tocsin.web.pages.keys import KEYS, sheet


def test_no_key_means_two_things() -> None:
    assert len({key.keys for key in KEYS}) == len(KEYS)


def test_no_key_begins_another() -> None:
    assert not [key.keys for key in KEYS for other in KEYS if other.keys.startswith(f"{key.keys} ")]


def test_each_key_does_one_thing() -> None:
    assert all(sum(map(bool, (key.route, key.press, key.does))) == 1 for key in KEYS)


def test_each_page_that_a_key_goes_to_exists() -> None:
    assert all(key.address.startswith("/") for key in KEYS if key.route)


def test_the_sheet_has_every_key_once() -> None:
    assert [key for _, keys in sheet() for key in keys] == list(KEYS)
