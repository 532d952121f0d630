"""What a deployment printed."""

import pytest
from django.test import Client

from tests.web.pages.kept import LOG, make_deployment
from tocsin.web.pages import output


def read(browser: Client, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def address(db: None) -> str:
    """Where the output of a run with 1,200 lines is, the 700th of which is an error."""
    lines = [f"line {number}" for number in range(1, 1201)]
    lines[699] = "Error: no such <zone>"
    return f"/deployments/{make_deployment(log=chr(10).join(lines)).pk}/log"


def test_it_comes_in_pages(browser: Client, address: str) -> None:
    first, last = read(browser, address), read(browser, f"{address}?page=3")
    assert 'id="L500"' in first
    assert 'id="L501"' not in first
    assert "page 1 of 3" in first
    assert 'id="L1200"' in last
    assert 'id="L1000"' not in last


def test_a_line_is_shown_on_its_page(browser: Client, address: str) -> None:
    page = read(browser, f"{address}?line=700")
    assert 'class="row t-error" id="L700"' in page
    assert "page 2 of 3" in page


def test_errors_can_be_gone_to(browser: Client, address: str) -> None:
    assert 'href="?line=700#L700"' in read(browser, address)


def test_words_are_found_and_marked(browser: Client, address: str) -> None:
    page = read(browser, f"{address}?q=SUCH <zone")
    assert "1 line with" in page
    assert "no <mark>such &lt;zone</mark>&gt;" in page
    assert 'href="?line=700#L700"' in page


def test_what_is_not_there_is_not_found(browser: Client, address: str) -> None:
    assert "No line has “nowhere” in it" in read(browser, f"{address}?q=nowhere")


def test_very_many_hits_are_shown_in_part(browser: Client, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output, "MOST_FOUND", 3)
    page = read(browser, f"{address}?q=line")
    assert "The first 3 lines" in page
    assert "#L4" not in page


@pytest.mark.parametrize("query", ["page=4", "page=0", "page=x", "line=-1", f"page={10**30}"])
def test_a_part_that_is_not_there_is_not_found(browser: Client, address: str, query: str) -> None:
    assert browser.get(f"{address}?{query}").status_code == 404


def test_it_can_be_downloaded_whole(browser: Client) -> None:
    run = make_deployment()
    answer = browser.get(f"/deployments/{run.pk}/log/file")
    assert answer.content.decode() == LOG
    assert answer["Content-Disposition"] == f'attachment; filename="deployment-{run.pk}.log"'


def test_it_is_sent_as_it_is_kept_to_whoever_can_unpack_it(browser: Client) -> None:
    run = make_deployment()
    answer = browser.get(f"/deployments/{run.pk}/log/file", headers={"Accept-Encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"
    assert answer.content == bytes(run.record.log)
