"""Cases from files and folders."""

import gzip
import io
import secrets
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from tocsin.investigation.collectors.deployment import load_deployment
from tocsin.investigation.diagnosis.evaluation.cases import Case, CaseError, parse_case, translate, translate_category

_ENDINGS = (".json", ".json.gz")
_TRUTH = "-truth.json"
# A snapshot of a large cluster, unpacked.
_LARGEST = 512 * 1024 * 1024


class CasebookError(ValueError):
    """Something can't be read as a case; the message is one line that says what to do."""


def cases_in(paths: Iterable[Path], labels: Mapping[str, Sequence[str]], *, strict: bool = False) -> Iterator[Case]:
    """Yield the cases of files and folders, in the order of their names.

    A folder with a NAME-truth.json holds a collection: NAME/*.json.gz are its snapshots, and `labels` says which causes
    its labels accept. One whose truths have a `true_category` holds logs of deployments, NAME/*.log; where `strict`, the
    other categories that a truth accepts do not count. Raises CasebookError.
    """
    for path in paths:
        if path.is_dir():
            collections = sorted(path.glob(f"*{_TRUTH}"))
            found = [case for told in collections for case in _collection(told, labels, strict)]
            held = found or [_case(file) for file in sorted(path.rglob("*")) if file.name.endswith(_ENDINGS)]
            yield from held
        else:
            yield _case(path)


def read_labels(path: Path) -> Mapping[str, Sequence[str]]:
    """Read which causes each label of a collection accepts; raises CasebookError."""
    try:
        return msgspec.json.decode(_read(path), type=dict[str, list[str]])
    except msgspec.DecodeError as error:
        raise CasebookError(f"{path}: not JSON of the form {{LABEL: [CAUSE, …]}}: {error}") from None


def _collection(told: Path, labels: Mapping[str, Sequence[str]], strict: bool) -> Iterator[Case]:
    folder = told.with_name(told.name.removesuffix(_TRUTH))
    try:
        truths = msgspec.json.decode(_read(told), type=dict[str, dict[str, object]])
    except msgspec.DecodeError as error:
        raise CasebookError(f"{told}: not understood: {error}") from None
    for name, truth in sorted(truths.items()):
        if "true_category" in truth:
            yield from _logged(folder / f"{name}.log", truth, strict)
            continue
        file = folder / f"{name}.json.gz"
        if file.exists():
            label, source = str(truth.get("label", "")), str(truth.get("source", ""))
            yield Case(name, msgspec.Raw(_read(file)), translate(truth, labels), label, source)


def _logged(file: Path, truth: Mapping[str, object], strict: bool) -> Iterator[Case]:
    """Yield the case of a deployment's log, if it is there."""
    if file.exists():
        # A case is judged and thrown away: nobody compares its placeholders with another's.
        snapshot = load_deployment(
            io.BytesIO(_read(file)), plan=None, policies=(), exit_code=None, key=secrets.token_bytes(32)
        )
        label, source = str(truth["true_category"]), str(truth.get("provider") or "")
        yield Case(file.stem, msgspec.Raw(snapshot), translate_category(truth, strict=strict), label, source)


def _case(path: Path) -> Case:
    try:
        return parse_case(_read(path), path.name.removesuffix(".gz").removesuffix(".json").removesuffix(".case"))
    except CaseError as error:
        raise CasebookError(f"{path}: {error}") from None


def _read(path: Path) -> bytes:
    try:
        if path.suffix != ".gz":
            return path.read_bytes()
        with gzip.open(path) as packed:
            data = packed.read(_LARGEST + 1)
    except OSError as error:
        raise CasebookError(f"{path}: {error.strerror or 'not gzip'}") from None
    except (EOFError, zlib.error):
        raise CasebookError(f"{path}: the gzip file is cut short or damaged") from None
    if len(data) > _LARGEST:
        raise CasebookError(f"{path}: larger than {_LARGEST // 2**20} MiB unpacked")
    return data
