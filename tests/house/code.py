"""The package's own source, parsed once: what the house's rules are checked against."""

from __future__ import annotations

import ast
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "tocsin"
# Migrations are written by Django.
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path.parent.name != "migrations")


@cache
def parsed(path: Path) -> ast.Module:
    """The syntax tree of a module."""
    return ast.parse(path.read_text())


def name(path: Path) -> str:
    """A module's path as people say it: `server/config.py`."""
    return path.relative_to(PACKAGE).as_posix()


def project() -> dict[str, Any]:
    """The content of pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def layers() -> tuple[str, ...]:
    """The packages in the order of an incident, the ground first, as the import contract lists them."""
    contracts = project()["tool"]["importlinter"]["contracts"]
    [house] = [contract for contract in contracts if contract["id"] == "house"]
    return tuple(layer.strip("()") for layer in reversed(house["layers"]))
