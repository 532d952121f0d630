"""What can be known of a run from where it runs."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tocsin.cli.capture import found
from tocsin.cli.capture.found import understood


@pytest.mark.parametrize(
    ("argv", "tool", "command"),
    [
        (["terraform", "apply", "-auto-approve"], "terraform", "apply"),
        (["/opt/bin/tofu", "-chdir=net", "plan"], "tofu", "plan"),
        (["make", "apply"], "make", ""),
        (["terraform"], "terraform", ""),
    ],
)
def test_tool_and_command_are_read_from_what_is_typed(argv: list[str], tool: str, command: str, tmp_path: Path) -> None:
    read = understood(argv, tmp_path)
    assert (read.tool, read.command) == (tool, command)


def test_the_folder_is_the_one_it_changes_to(tmp_path: Path) -> None:
    read = understood(["terraform", "-chdir=net", "plan"], tmp_path)
    assert (read.folder, read.global_options) == (tmp_path / "net", ["-chdir=net"])


@pytest.mark.parametrize("argv", [["plan", "-out=p"], ["plan", "-out", "p"], ["apply", "-auto-approve", "p"]])
def test_its_plan_file_is_found(argv: list[str], tmp_path: Path) -> None:
    (tmp_path / "p").write_bytes(b"PK")
    assert understood(["terraform", *argv], tmp_path).plan_file == tmp_path / "p"


@pytest.mark.parametrize("argv", [["plan"], ["apply"], ["apply", "-auto-approve"], ["apply", "gone"], ["plan", "-out"]])
def test_without_a_plan_file_there_is_none(argv: list[str], tmp_path: Path) -> None:
    assert understood(["terraform", *argv], tmp_path).plan_file is None


def test_a_configuration_is_called_by_its_place_in_the_repository(tmp_path: Path) -> None:
    (tmp_path / "shop" / "net").mkdir(parents=True)
    assert found.configuration(understood(["terraform", "-chdir=shop/net", "plan"], tmp_path)) == "net"
    subprocess.run(["git", "init", "-q", tmp_path / "shop"], check=True)
    assert found.configuration(understood(["terraform", "-chdir=shop/net", "plan"], tmp_path)) == "net"
    assert found.configuration(understood(["terraform", "-chdir=shop", "plan"], tmp_path)) == "shop"


def test_the_selected_workspace_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    command = understood(["terraform", "plan"], tmp_path)
    assert found.workspace(command) == "default"
    (tmp_path / ".terraform").mkdir()
    (tmp_path / ".terraform" / "environment").write_text("blue")
    assert found.workspace(command) == "blue"
    monkeypatch.setenv("TF_WORKSPACE", "green")
    assert found.workspace(command) == "green"


def test_a_repository_is_named_without_credentials(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    address = "https://user:word@git.example/acme/shop.git"
    subprocess.run(["git", "-C", tmp_path, "remote", "add", "origin", address], check=True)
    assert found.repository(tmp_path, {}) == "https://git.example/acme/shop.git"
    assert found.repository(tmp_path, {"CI_PROJECT_PATH": "acme/shop"}) == "acme/shop"


def test_results_of_other_runs_are_left_out(tmp_path: Path) -> None:
    for name in ("checkov.json", "trivy-old.json", "package.json", "infracost.json"):
        (tmp_path / name).write_text("{}")
    os.utime(tmp_path / "trivy-old.json", (0, 0))
    began = (tmp_path / "checkov.json").stat().st_mtime
    assert [path.name for path in found.policy_files(tmp_path, began)] == ["checkov.json"]
    assert found.cost_file(tmp_path, began) == tmp_path / "infracost.json"


def test_a_folder_that_no_commit_knows_has_none(tmp_path: Path) -> None:
    def git(*words: str) -> None:
        identity = ("-c", "user.name=a", "-c", "user.email=a@example.com")
        subprocess.run(["git", "-C", str(tmp_path), *identity, *words], check=True, capture_output=True)

    (tmp_path / "known").mkdir()
    (tmp_path / "new").mkdir()
    (tmp_path / "known" / "main.tf").write_text("")
    git("init")
    git("add", "known")
    git("commit", "-m", "one")
    assert len(found.commit(tmp_path / "known", {})) == 40
    assert found.commit(tmp_path / "new", {}) == ""


def test_a_work_tree_elsewhere_does_not_name_the_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in ("repository", "tree", "net"):
        (tmp_path / folder).mkdir()
    subprocess.run(["git", "init", "-q", "--bare", str(tmp_path / "repository")], check=True)
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "repository"))
    monkeypatch.setenv("GIT_WORK_TREE", str(tmp_path / "tree"))
    assert found.configuration(understood(["terraform", "plan"], tmp_path / "net")) == "net"
