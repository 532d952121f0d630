"""`tocsin postmortem`, against a server."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.cli.test_incident import Tocsin, alice, tocsin  # noqa: F401  # fixtures
from tests.postmortems.test_changes import ended

pytestmark = pytest.mark.django_db(transaction=True)


def git(folder: Path, *words: str) -> str:
    return subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A git repository whose author is known."""
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "--quiet")
    git(folder, "config", "user.name", "Alice")
    git(folder, "config", "user.email", "alice@example.org")
    return folder


def test_pending_ones_are_listed_and_read(alice: Tocsin) -> None:  # noqa: F811
    incident = ended()
    assert f"{incident.name}" in alice("postmortem", "list").output
    assert "overdue" in alice("postmortem", "list").output
    assert "## Root cause" in alice("postmortem", "show", incident.name).output
    assert alice("postmortem", "list", "--view", "complete").output == "No postmortem is complete.\n"


def test_it_is_written_and_committed_alone(alice: Tocsin, repository: Path) -> None:  # noqa: F811
    (repository / "other.txt").write_text("staged, and not ours")
    git(repository, "add", "other.txt")
    answer = alice("postmortem", "export", ended().name, "--to", str(repository), "--commit")
    assert answer.output.endswith("and committed it.\n")
    [file] = repository.glob("2026-03-01-checkout-is-down-*.md")
    assert git(repository, "show", "--name-only", "--format=%s").split() == ["Add", "postmortem", file.stem, file.name]


def test_without_a_folder_or_a_repository_the_way_is_said(
    alice: Tocsin,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("TOCSIN_POSTMORTEM_DIR", raising=False)
    name = ended().name
    assert "--to FOLDER" in alice("postmortem", "export", name).output
    refused = alice("postmortem", "export", name, "--to", str(tmp_path / "plain"), "--commit")
    assert "git does not commit it" in refused.output
    assert len(list((tmp_path / "plain").iterdir())) == 1
