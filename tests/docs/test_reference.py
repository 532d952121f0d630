"""Everything that has a name has its heading, and the generated pages are what the code says today."""

from __future__ import annotations

from pathlib import Path

import pytest
from docs.generate import FOLDER, TITLES, category_pages, channel_pages, channels_page, commands, pages

from tests.docs.markdown import ROOT, headings
from tocsin.alerts.sources import kinds
from tocsin.investigation.diagnosis.cause import catalogue
from tocsin.notifications.channels import channels
from tocsin.server.config import SETTINGS

NAMES = {
    "reference/settings.md": {setting.variable for setting in SETTINGS},
    "reference/commands.md": {context.command_path for context in commands()},
    "sources.md": set(kinds()),
}


@pytest.mark.parametrize("page", NAMES)
def test_every_name_has_its_heading_and_every_heading_its_name(page: str) -> None:
    _title, *found = headings((ROOT / "docs" / page).read_text())
    assert sorted(found) == sorted(NAMES[page])


def test_every_cause_has_its_heading() -> None:
    found = [heading for text in category_pages().values() for heading in headings(text)[1:]]
    assert sorted(found) == sorted(cause.name for family in TITLES for cause in catalogue(family))


def test_every_channel_has_its_page_with_what_people_need() -> None:
    wanted = ["Settings", "Setting it up", "What it hears", "What is sent"]
    assert {path.stem: headings(text)[1:] for path, text in channel_pages().items()} == dict.fromkeys(
        channels(), wanted
    )
    assert all(f"(channels/{kind}.md)" in channels_page() for kind in channels())


@pytest.mark.parametrize("path", pages(), ids=lambda path: path.name)
def test_a_generated_page_is_up_to_date(path: Path) -> None:
    assert path.read_text() == pages()[path], "run `make docs` and commit what it changes"


def test_no_generated_page_is_left_over() -> None:
    assert set(FOLDER.rglob("*.md")) == set(pages())


def test_the_readme_counts_what_there_is() -> None:
    readme, modes = (ROOT / "README.md").read_text(), {mode for cause in catalogue() for mode in cause.modes}
    for count in (
        f"[{len(catalogue())} causes]",
        f"[{len(modes)} failure modes]",
        f"[{len(catalogue('terraform'))} causes]",
    ):
        assert count in readme
