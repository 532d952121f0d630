"""The files of an offline input, one after another: a file, a folder or a tar archive, each perhaps gzipped."""

from __future__ import annotations

import gzip
import io
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

_MIB = 1024 * 1024
MOST_BYTES = 512 * _MIB
_GZIP = b"\x1f\x8b"


class BundleError(ValueError):
    """An offline input that can't be read; the message is one line that says what is wrong and what to do."""


class _Budget:
    """Counts what has been unpacked, so that a small archive can't fill the memory."""

    def __init__(self, most: int) -> None:
        self.left = most

    def read(self, stream: IO[bytes] | gzip.GzipFile, name: str) -> bytes:
        content = stream.read(self.left + 1)
        self.left -= len(content)
        if self.left < 0:
            raise BundleError(f"{name}: more than {MOST_BYTES // _MIB} MiB unpacked; give a smaller part of it")
        return content


def files(path: Path) -> Iterator[tuple[str, bytes]]:
    """Name and unpacked content of each file under `path`, in the order of names; hidden files are left out.

    Raises BundleError: nothing there, not readable, a damaged archive, more than 512 MiB.
    """
    budget = _Budget(MOST_BYTES)
    try:
        if path.is_dir():
            for file in sorted(path.rglob("*")):
                name = file.relative_to(path).as_posix()
                if file.is_file() and not name.startswith(".") and "/." not in name:
                    yield name.removesuffix(".gz"), _unpacked(file.read_bytes(), budget, str(file))
            return
        content = _unpacked(path.read_bytes(), budget, str(path))
    except FileNotFoundError as error:
        raise BundleError(f"{path}: no such file or folder") from error
    except OSError as error:
        raise BundleError(f"{path}: can't be read: {error.strerror or error}") from error
    if not content.strip():
        raise BundleError(f"{path}: the file is empty")
    if content[257:262] == b"ustar":
        yield from _members(content, budget, str(path))
    else:
        yield path.name.removesuffix(".gz"), content


def _unpacked(content: bytes, budget: _Budget, name: str) -> bytes:
    if content[:2] != _GZIP:
        return budget.read(io.BytesIO(content), name)
    try:
        return budget.read(gzip.GzipFile(fileobj=io.BytesIO(content)), name)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise BundleError(f"{name}: damaged or cut off: {error}; copy it again") from error


def _members(content: bytes, budget: _Budget, name: str) -> Iterator[tuple[str, bytes]]:
    """Read in memory: nothing of an archive is ever written to disk."""
    try:
        with tarfile.open(fileobj=io.BytesIO(content)) as archive:
            for member in sorted(archive.getmembers(), key=lambda member: member.name):
                stream = archive.extractfile(member) if member.isfile() else None
                if stream is not None:
                    yield member.name.removesuffix(".gz"), _unpacked(stream.read(), budget, f"{name}: {member.name}")
    except tarfile.TarError as error:
        raise BundleError(f"{name}: damaged archive: {error}; copy it again") from error
