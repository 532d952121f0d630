"""Status pages over HTTP, from memory."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from django.db import OperationalError
from starlette.requests import Request
from starlette.responses import Response

from tests.web.status import pages
from tocsin.web.status.documents import Document, documents
from tocsin.web.status.serving import StatusPages

MADE = documents(pages.full_page())


def ask(served: StatusPages, path: str = "/status", **headers: str) -> Response:
    sent = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return served.answer(Request({"type": "http", "method": "GET", "path": path, "headers": sent}))


def served(folder: Path, made: dict[str, Document] = MADE) -> StatusPages:
    found = StatusPages(folder / "kept", lambda: 1, lambda: made)
    found.look()
    return found


def test_a_page_is_answered_and_may_be_kept_for_a_while(tmp_path: Path) -> None:
    answer = ask(served(tmp_path))
    assert (answer.status_code, answer.body) == (200, MADE["/status"].body)
    assert "max-age=30" in answer.headers["cache-control"]
    assert "stale-if-error" in answer.headers["cache-control"]
    assert "set-cookie" not in answer.headers


def test_who_takes_gzip_gets_it_as_another_version(tmp_path: Path) -> None:
    plain, packed = ask(served(tmp_path)), ask(served(tmp_path), accept_encoding="br, gzip")
    assert gzip.decompress(bytes(packed.body)) == plain.body
    assert packed.headers["etag"] != plain.headers["etag"]
    assert packed.headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize("before", ["", "W/"])
def test_who_has_it_is_told_so(tmp_path: Path, before: str) -> None:
    known = before + ask(served(tmp_path)).headers["etag"]
    answer = ask(served(tmp_path), if_none_match=known)
    assert (answer.status_code, answer.body) == (304, b"")


def test_an_older_version_is_no_version(tmp_path: Path) -> None:
    assert ask(served(tmp_path), if_none_match='"older"').status_code == 200


def test_what_is_not_public_is_not_there(tmp_path: Path) -> None:
    assert ask(served(tmp_path, {})).status_code == 404
    assert ask(served(tmp_path), "/status/incidents/1").status_code == 404


def test_html_may_do_nothing_and_json_may_be_read_anywhere(tmp_path: Path) -> None:
    page, summary = ask(served(tmp_path)), ask(served(tmp_path), "/status/summary.json")
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    assert "access-control-allow-origin" not in page.headers
    assert summary.headers["access-control-allow-origin"] == "*"


def test_before_the_first_look_nobody_is_told_that_there_is_nothing(tmp_path: Path) -> None:
    never = StatusPages(tmp_path / "kept", lambda: 1, dict)
    assert ask(never).status_code == 503


def test_a_process_that_starts_without_a_database_shows_what_was_last(tmp_path: Path) -> None:
    served(tmp_path)
    assert ask(StatusPages(tmp_path / "kept", lambda: 1, dict)).body == MADE["/status"].body


def test_what_can_not_be_read_is_as_if_it_were_not_there(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "kept").write_bytes(b"rubbish")
    assert ask(StatusPages(tmp_path / "kept", lambda: 1, dict)).status_code == 503
    assert "can't be read" in caplog.text


def test_a_page_stays_while_the_database_is_away(tmp_path: Path) -> None:
    def away() -> int:
        raise OperationalError("the database is away")

    served(tmp_path)
    later = StatusPages(tmp_path / "kept", away, dict)
    with pytest.raises(OperationalError):
        later.look()
    assert ask(later).status_code == 200


def test_nothing_is_made_while_nothing_changes(tmp_path: Path) -> None:
    made: list[int] = []

    def render() -> dict[str, Document]:
        made.append(1)
        return MADE

    pages = StatusPages(tmp_path / "kept", lambda: 1, render)
    pages.look()
    pages.look()
    assert made == [1]


def test_a_page_that_is_no_longer_public_is_gone_from_the_disk_too(tmp_path: Path) -> None:
    served(tmp_path)
    served(tmp_path, {})
    assert ask(StatusPages(tmp_path / "kept", lambda: 1, dict)).status_code == 404
