"""The files of an offline input, one after another: a file, a folder, a tar or a zip archive, each perhaps gzipped."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

_MIB = 1024 * 1024
MOST_BYTES = 512 * _MIB
MOST_FILES = 100_000
_GZIP, _ZIP = b"\x1f\x8b", b"PK\x03\x04"


class BundleError(ValueError):
    """An offline input that can't be read; the message is one line that says what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One file, unpacked; `damage` says why one among several could not be read, and is empty otherwise."""

    name: str
    content: bytes = b""
    damage: str = ""


class _Budget:
    """Counts what has been unpacked, so that a small archive can't fill the memory."""

    def __init__(self) -> None:
        self.bytes = MOST_BYTES
        self.files = MOST_FILES

    def read(self, stream: IO[bytes] | gzip.GzipFile, name: str) -> bytes:
        content = stream.read(self.bytes + 1)
        self.bytes -= len(content)
        if self.bytes < 0:
            raise BundleError(f"{name}: more than {MOST_BYTES // _MIB} MiB unpacked; give a smaller part of it")
        return content

    def count(self, name: str) -> None:
        self.files -= 1
        if self.files < 0:
            raise BundleError(f"{name}: more than {MOST_FILES:,} files; give a smaller part of it")


def files(path: Path) -> Iterator[Piece]:
    """Each file under `path`, in the order of names; hidden files are left out. Nothing is written to disk.

    Raises BundleError: nothing there, not readable, a damaged archive, more than 512 MiB or 100,000 files.
    """
    budget = _Budget()
    if path.is_dir():
        yield from _folder(path, budget)
        return
    try:
        content = _unpacked(path.read_bytes(), budget, str(path))
    except FileNotFoundError as error:
        raise BundleError(f"{path}: no such file or folder") from error
    except OSError as error:
        raise BundleError(f"{path}: can't be read: {error.strerror or error}") from error
    except _Damage as error:
        raise BundleError(f"{path}: {error}; copy it again") from error
    if not content.strip():
        raise BundleError(f"{path}: the file is empty")
    if content[257:262] == b"ustar":
        yield from _members(content, budget, str(path))
    elif content[:4] == _ZIP:
        yield from _zipped(content, budget, str(path))
    else:
        yield Piece(path.name.removesuffix(".gz"), content)


class _Damage(Exception):
    """Why packed bytes could not be unpacked."""


def _folder(path: Path, budget: _Budget) -> Iterator[Piece]:
    for file in sorted(path.rglob("*")):
        name = file.relative_to(path).as_posix()
        if file.is_file() and not name.startswith(".") and "/." not in name:
            budget.count(str(path))
            try:
                yield _piece(name, file.read_bytes(), budget)
            except OSError as error:
                yield Piece(name, damage=f"can't be read: {error.strerror or error}")


def _piece(name: str, packed: bytes, budget: _Budget) -> Piece:
    try:
        return Piece(name.removesuffix(".gz"), _unpacked(packed, budget, name))
    except _Damage as error:
        return Piece(name, damage=str(error))


def _unpacked(content: bytes, budget: _Budget, name: str) -> bytes:
    if content[:2] != _GZIP:
        return budget.read(io.BytesIO(content), name)
    try:
        return budget.read(gzip.GzipFile(fileobj=io.BytesIO(content)), name)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise _Damage(f"damaged or cut off: {error}") from error


def _members(content: bytes, budget: _Budget, name: str) -> Iterator[Piece]:
    try:
        with tarfile.open(fileobj=io.BytesIO(content)) as archive:
            members = []
            for member in archive:
                budget.count(name)
                members.append(member)
            for member in sorted(members, key=lambda member: member.name):
                stream = archive.extractfile(member) if member.isfile() else None
                if stream is not None:
                    yield _piece(member.name, stream.read(), budget)
    except tarfile.TarError as error:
        raise BundleError(f"{name}: damaged archive: {error}; copy it again") from error


def _zipped(content: bytes, budget: _Budget, name: str) -> Iterator[Piece]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in sorted(archive.infolist(), key=lambda member: member.filename):
                budget.count(name)
                if not member.is_dir():
                    yield _from_zip(archive, member, budget)
    except zipfile.BadZipFile as error:
        raise BundleError(f"{name}: damaged archive: {error}; copy it again") from error


def _from_zip(archive: zipfile.ZipFile, member: zipfile.ZipInfo, budget: _Budget) -> Piece:
    try:
        with archive.open(member) as stream:
            return _piece(member.filename, budget.read(stream, member.filename), budget)
    except (RuntimeError, NotImplementedError, zlib.error, zipfile.BadZipFile) as error:
        return Piece(member.filename, damage=f"damaged or encrypted: {error}")
