"""The recipes of CONTRIBUTING.md, followed to the letter in a copy of the repository."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.markdown import ROOT, Block, blocks

COPIED = ("src", "tests", "docs", "pyproject.toml")
PYTHON = ".venv/bin/python"


def recipe(title: str) -> list[Block]:
    """The fenced blocks of a section."""
    _, section = (ROOT / "CONTRIBUTING.md").read_text().split(f"\n## {title}\n")
    return list(blocks(section.split("\n## ")[0]))


def commands(steps: list[Block]) -> Iterator[list[str]]:
    """The commands of a recipe, with the Python that runs this test."""
    for block in steps:
        if block.language == "sh":
            assert block.text.startswith(PYTHON)
            yield shlex.split(block.text.replace(PYTHON, shlex.quote(sys.executable)))


def copy_of_the_repository(folder: Path) -> None:
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, folder / name)


def write_files(steps: list[Block], folder: Path) -> None:
    """Each file that a recipe names before a block: a new one, or more at the end of a page."""
    for block in steps:
        path = folder / block.before.strip("`")
        if block.language == "python":
            assert not path.exists(), f"{path.name} is in the repository: let the recipe add something new"
            path.write_text(block.text)
        elif block.language == "markdown":
            path.write_text(path.read_text() + block.text)


@pytest.mark.parametrize("title", ["Add a cause in 10 minutes", "Add a source in 10 minutes"])
def test_a_recipe_does_what_it_says(title: str, tmp_path: Path) -> None:
    steps = recipe(title)
    copy_of_the_repository(tmp_path)
    write_files(steps, tmp_path)
    environ = os.environ | {"PYTHONPATH": str(tmp_path / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    [command] = commands(steps)
    done = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed" in done.stdout
    assert "skipped" not in done.stdout
