"""Writes every world of the tests as a case: `python -m tests.investigation.suite FOLDER`."""

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec

from tests.investigation.diagnosis.causes.terraform import worlds as deployments
from tests.investigation.worlds import look
from tocsin.investigation.diagnosis.cause import Cause, catalogue
from tocsin.investigation.diagnosis.evaluation.cases import Blamed, Case, Truth

_DEPLOYMENTS = "tocsin.investigation.diagnosis.causes.terraform."
_WORLDS = "tests.investigation.diagnosis.causes.kubernetes"


def fires(cause: Cause) -> dict[str, bytes]:
    """Return the worlds in which a cause fires, by its modes ("" for one without)."""
    if cause.look.__module__.startswith(_DEPLOYMENTS):
        return {"": deployments.FIRES[cause.name]}
    module = importlib.import_module(f"{_WORLDS}.test_{cause.name.replace('-', '_')}")
    held: bytes | dict[str, bytes] = module.FIRES
    return held if isinstance(held, dict) else {next(iter(cause.modes), ""): held}


def cases() -> Iterator[Case]:
    """Yield a case for each world in which a cause fires."""
    for cause in catalogue():
        for mode, document in fires(cause).items():
            blamed = sorted({found.subject for found in look(cause, document) if not found.against})
            subjects = tuple(Blamed(at.name, at.kind, at.namespace) for at in blamed)
            name = f"{cause.name}.{mode or 'only'}"
            yield Case(name, msgspec.Raw(document), Truth("diagnosed", (cause.name,), subjects), mode, "worlds")


def main(folder: Path) -> None:
    """Write the cases into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for case in cases():
        (folder / f"{case.name}.case.json").write_bytes(case.to_json())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
