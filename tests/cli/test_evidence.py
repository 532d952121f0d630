"""`tocsin incident evidence`, against a server."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.test_incident import Tocsin, alice, tocsin  # noqa: F401  # fixtures
from tests.factories import make_incident
from tests.incidents.images import png
from tocsin.incidents.attachments import AttachedPicture

pytestmark = pytest.mark.django_db(transaction=True)


def test_links_excerpts_and_screenshots_are_attached_and_listed(alice: Tocsin, tmp_path: Path) -> None:  # noqa: F811
    name = make_incident().name
    (tmp_path / "shot").write_bytes(png())
    ways = ("incident", "evidence")
    assert alice(*ways, "list", name).output == "Nobody has attached anything.\n"
    alice(*ways, "link", name, "https://grafana.example/d/1", "--caption", "queue depth")
    assert alice(*ways, "add", name, "log", "-", stdin="panic: 1\nmore").output == "Attached as evidence 2.\n"
    alice(*ways, "screenshot", name, str(tmp_path / "shot"), "--caption", "the dashböard")
    listed = alice(*ways, "list", name).output.splitlines()
    assert [line.split()[:4] for line in listed] == [
        ["1", "link", "alice", "queue"],
        ["2", "log", "alice", "panic:"],
        ["3", "screenshot", "alice", "the"],
    ]
    assert bytes(AttachedPicture.objects.get().content) == png()


def test_what_is_no_picture_is_refused_in_the_servers_words(alice: Tocsin) -> None:  # noqa: F811
    refused = alice("incident", "evidence", "screenshot", make_incident().name, "-", stdin="<svg>")
    assert refused.exit_code == 2
    assert "An SVG can hold scripts" in refused.output
