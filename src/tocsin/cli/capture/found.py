"""What can be known of a run from where it runs: its plan, policy results, cost estimate, commit, and who started it."""

from __future__ import annotations

import getpass
import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

TOOLS = {"terraform": "terraform", "tofu": "tofu", "opentofu": "tofu", "terragrunt": "terragrunt"}
_WITHIN_S = 30
_LARGEST = 64 << 20
_USER_PART = re.compile(r"(?<=://)[^/@]*@")
# What policy engines and price lists are usually told to write beside the configuration.
_POLICY_FILES = (
    "*.sarif",
    "checkov*.json",
    "conftest*.json",
    "opa*.json",
    "trivy*.json",
    "tfsec*.json",
    "sentinel*.json",
)
_COST_FILES = ("infracost*.json",)
# Older files than this before the run began are of another one.
_FRESH_S = 3600


@dataclass(frozen=True, slots=True)
class Command:
    """A command of an infrastructure tool, as far as it is understood."""

    argv: list[str]
    tool: str
    command: str
    folder: Path
    plan_file: Path | None

    @property
    def global_options(self) -> list[str]:
        """What stands between the tool and its command, such as `-chdir=network`."""
        options = []
        for word in self.argv[1:]:
            if not word.startswith("-"):
                break
            options.append(word)
        return options


def understood(argv: list[str], here: Path) -> Command:
    """What is about to run. `here` is the current folder."""
    tool = TOOLS.get(Path(argv[0]).name, Path(argv[0]).name)
    options = [word for word in argv[1:] if word.startswith("-")]
    chdir = next((word.partition("=")[2] for word in options if word.startswith("-chdir=")), "")
    folder = (here / chdir).resolve() if chdir else here.resolve()
    words = [index for index, word in enumerate(argv[1:], 1) if not word.startswith("-")]
    command = argv[words[0]] if words and tool in TOOLS.values() else ""
    rest = argv[words[0] + 1 :] if words else []
    return Command(argv, tool, command, folder, _plan_file(command, rest, folder))


def _plan_file(command: str, rest: list[str], folder: Path) -> Path | None:
    if command == "plan":
        for index, word in enumerate(rest):
            name, _, value = word.partition("=")
            if name in {"-out", "--out"}:
                given = value or (rest[index + 1] if index + 1 < len(rest) else "")
                return folder / given if given else None
    if command == "apply" and rest and not rest[-1].startswith("-") and (folder / rest[-1]).is_file():
        return folder / rest[-1]
    return None


def shown(command: Command, *what: str) -> bytes | None:
    """What `show -json` of the tool says of a plan file, or of the state; None where it says nothing."""
    argv = [command.argv[0], *command.global_options, "show", "-json", *what]
    try:
        done = subprocess.run(argv, capture_output=True, timeout=_WITHIN_S, stdin=subprocess.DEVNULL, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 and done.stdout else None


def workspace(command: Command) -> str:
    """The workspace that is selected in its folder."""
    if chosen := os.environ.get("TF_WORKSPACE"):
        return chosen
    kept = Path(os.environ.get("TF_DATA_DIR") or ".terraform", "environment")
    try:
        return (command.folder / kept).read_text().strip() or "default"
    except (OSError, UnicodeDecodeError):
        return "default"


def configuration(command: Command) -> str:
    """What runs of the same thing share: the folder's place in its repository, else the folder's name."""
    top = _git(command.folder, "rev-parse", "--show-toplevel")
    if not top or not command.folder.is_relative_to(Path(top).resolve()):  # GIT_WORK_TREE may be anywhere
        return command.folder.name or "/"
    inside = command.folder.relative_to(Path(top).resolve())
    return str(inside) if inside.parts else Path(top).name


def repository(folder: Path, environ: Mapping[str, str]) -> str:
    """The repository as its host names it, or its address."""
    named = environ.get("GITHUB_REPOSITORY") or environ.get("CI_PROJECT_PATH")
    return named or _USER_PART.sub("", _git(folder, "remote", "get-url", "origin"))


def commit(folder: Path, environ: Mapping[str, str]) -> str:
    """The commit that is checked out; none for a folder that no commit knows, though it lies inside of a repository."""
    told = environ.get("GITHUB_SHA") or environ.get("CI_COMMIT_SHA")
    if told or not _git(folder, "log", "-1", "--format=%H", "--", "."):
        return told or ""
    return _git(folder, "rev-parse", "HEAD")


def url(environ: Mapping[str, str]) -> str:
    """Where the CI system shows this run."""
    server, name, run = (environ.get(f"GITHUB_{what}", "") for what in ("SERVER_URL", "REPOSITORY", "RUN_ID"))
    if server and name and run:
        return f"{server}/{name}/actions/runs/{run}"
    return environ.get("CI_JOB_URL") or environ.get("BUILD_URL", "")


def actor(environ: Mapping[str, str]) -> str:
    """Who started it."""
    named = environ.get("GITHUB_ACTOR") or environ.get("GITLAB_USER_LOGIN")
    try:
        return named or getpass.getuser()
    except (KeyError, OSError):  # a user without an entry
        return f"uid {os.getuid()}"


def policy_files(folder: Path, began: float) -> list[Path]:
    """Results of policy engines that lie beside the configuration and are of this run; `began` in seconds since 1970."""
    return sorted(_fresh(folder, _POLICY_FILES, began))


def cost_file(folder: Path, began: float) -> Path | None:
    """A cost estimate beside the configuration, of this run."""
    return next(iter(sorted(_fresh(folder, _COST_FILES, began))), None)


def contents(path: Path) -> bytes:
    """A file that is small enough to be sent. Raises OSError."""
    if path.stat().st_size > _LARGEST:
        raise OSError(None, f"larger than {_LARGEST >> 20} MiB")
    return path.read_bytes()


def _fresh(folder: Path, patterns: tuple[str, ...], began: float) -> Iterator[Path]:
    for pattern in patterns:
        for path in folder.glob(pattern):
            with suppress(OSError):  # it was there, and is gone or out of reach
                if path.is_file() and path.stat().st_mtime > began - _FRESH_S:
                    yield path


def _git(folder: Path, *words: str) -> str:
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *words], capture_output=True, text=True, timeout=10, check=False
        )
    except (OSError, subprocess.TimeoutExpired, UnicodeDecodeError):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
