"""Links within the documentation lead somewhere."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.docs.markdown import PAGES, ROOT, anchor, headings, links


def leads_somewhere(link: str, page: Path) -> bool:
    """Whether a link's file is there, and the heading that it names. Links to other places are not followed."""
    parts = urlsplit(link)
    target = (page.parent / parts.path).resolve() if parts.path else page
    if parts.scheme:
        return True
    if not target.exists():
        return False
    return not parts.fragment or parts.fragment in map(anchor, headings(target.read_text()))


def dead_links(page: Path) -> list[str]:
    """The links of a page that lead nowhere."""
    return [link for link in links(page.read_text()) if not leads_somewhere(link, page)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_to_a_file_and_a_heading(page: Path) -> None:
    assert dead_links(page) == []


def test_a_dead_link_would_be_noticed(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# Here\n\n[no file](gone.md) [no heading](#there) [fine](#here) [elsewhere](https://example.org/x)\n"
    )
    assert dead_links(page) == ["gone.md", "#there"]


def test_every_page_can_be_reached_from_the_index() -> None:
    index = ROOT / "docs" / "index.md"
    reached, waiting = set[Path](), [index]
    while waiting:
        page = waiting.pop()
        if page not in reached and page.suffix == ".md":
            reached.add(page)
            waiting += [
                (page.parent / urlsplit(link).path).resolve() for link in links(page.read_text()) if ":" not in link
            ]
    assert {page for page in PAGES if page.is_relative_to(ROOT / "docs")} <= reached
