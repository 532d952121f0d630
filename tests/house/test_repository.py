"""What the repository may hold: nothing of the machine it was written on, and locks that fit the project file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house.code import ROOT, project

FOLDERS = (".ci", "benchmarks", "deploy", "docs", "src", "tests")
FORBIDDEN = {
    "a path of somebody's machine": r"(?<![\w.])/(?:work|root|Users|home/\w+)/",
    "the host of a package index": r"\b(?:pypi|test\.pypi)\.(?:org|python)|pythonhosted\.|/simpl[e]/",
    "an option that names a package index": r"(?<!emit-)(?:index-url|find-links)[ =]+\S*:",
}
PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;\\]+)", re.MULTILINE)
Pins = dict[str, str]


def texts() -> Iterator[tuple[str, str]]:
    """Every file that belongs to the repository, by its path."""
    inside = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*")]
    for path in (*inside, *ROOT.iterdir()):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path.relative_to(ROOT).as_posix(), path.read_text(errors="replace")


def pins(lock: str) -> Pins:
    """What a lock pins: name to version."""
    return {canonicalize_name(m["name"]): m["version"] for m in PIN.finditer((ROOT / lock).read_text())}


def group(name: str) -> Iterator[Requirement]:
    """The requirements of a dependency group, those of included groups too."""
    for entry in project()["dependency-groups"][name]:
        if isinstance(entry, str):
            yield Requirement(entry)
        else:
            yield from group(entry["include-group"])


def unfulfilled(wanted: Iterable[Requirement], locked: Pins) -> list[str]:
    """The requirements that a lock has no fitting pin for."""

    def fits(requirement: Requirement) -> bool:
        version = locked.get(canonicalize_name(requirement.name))
        return version is not None and requirement.specifier.contains(version, prereleases=True)

    return [str(requirement) for requirement in wanted if not fits(requirement)]


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_holds(what: str) -> None:
    assert [path for path, text in texts() if re.search(FORBIDDEN[what], text)] == []


def test_what_is_forbidden_would_be_found() -> None:
    samples = ["see " + "/root" + "/notes", "https://pypi" + ".org/project/x", "--index-url" + "=https://example.org"]
    assert all(re.search(FORBIDDEN[what], sample) for what, sample in zip(FORBIDDEN, samples, strict=True))


def test_every_dependency_is_pinned_to_a_version_that_fits() -> None:
    wanted = (Requirement(text) for text in project()["project"]["dependencies"])
    assert unfulfilled(wanted, pins("requirements.lock")) == []


def test_a_pin_that_is_missing_or_does_not_fit_would_be_noticed() -> None:
    wanted = [Requirement("click>=8.1"), Requirement("django>=5.2,<5.3"), Requirement("Pygments>=2")]
    assert unfulfilled(wanted, {"click": "8.3.0", "django": "6.0"}) == ["django<5.3,>=5.2", "Pygments>=2"]


def test_everything_for_development_is_pinned_to_a_version_that_fits() -> None:
    assert unfulfilled(group("dev"), pins("requirements-dev.lock")) == []


def test_both_locks_pin_the_same_versions() -> None:
    assert pins("requirements.lock").items() <= pins("requirements-dev.lock").items()


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_every_pin_has_its_hash(lock: str) -> None:
    entries = re.split(r"\n(?=\S)", (ROOT / lock).read_text().strip())
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []
