"""A deployment on its way to the server: what `tocsin run` sends, redacted already, as gzipped JSON."""

from __future__ import annotations

import gzip
import zlib
from datetime import datetime
from typing import Any

import msgspec

from tocsin.deployments.terraform.policy import PolicyResult

FORMAT = "tocsin-deployment/1"
MOST_PACKED = 16 * 1024 * 1024
MOST_UNPACKED = 160 * 1024 * 1024


class BadDocument(Exception):
    """Not a deployment; the message says why in one line."""


class Section(msgspec.Struct, kw_only=True):
    """A snapshot's `deployment`: what was typed, how it ended, what it printed, and what plan, policies and cost say."""

    tool: str = ""
    command: str = ""
    argv: list[str] = []
    workspace: str = ""
    directory: str = ""
    exit_code: int | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    interrupted: str = ""
    log: str = ""
    plan: dict[str, Any] | None = None
    policies: list[PolicyResult] = []
    cost: dict[str, Any] | None = None
    repository: str = ""
    commit: str = ""
    url: str = ""


class Document(msgspec.Struct, kw_only=True):
    """One run. `run` is its name, made up by whoever recorded it; `configuration` what runs of the same thing share.

    `project` and `environment` are empty, or those it was meant for: a server refuses what was meant for others.
    """

    format: str
    run: str
    configuration: str
    deployment: Section
    actor: str = ""
    project: str = ""
    environment: str = ""


def pack(document: Document) -> bytes:
    """As it is sent and kept until then."""
    return gzip.compress(msgspec.json.encode(document), 6)


def unpack(body: bytes) -> Document:
    """Reads what `pack` made. Raises BadDocument."""
    unpacking = zlib.decompressobj(wbits=31)
    try:
        content = unpacking.decompress(body, MOST_UNPACKED)
        if unpacking.unconsumed_tail or not unpacking.eof:
            raise BadDocument(f"cut off, or more than {MOST_UNPACKED >> 20} MiB unpacked")
        document = msgspec.json.decode(
            content.replace(b"\\u0000", b"\\ufffd"), type=Document
        )  # PostgreSQL keeps no NUL
    except (zlib.error, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadDocument(f"not gzipped JSON of a deployment: {error}") from error
    if document.format != FORMAT:
        raise BadDocument(f"its format is not {FORMAT}; `tocsin run` and the server must be of one version")
    if not document.run or not document.configuration:
        raise BadDocument("it has no `run` or no `configuration`")
    times = document.deployment.started_at, document.deployment.finished_at
    if any(time is not None and time.tzinfo is None for time in times):
        raise BadDocument("its times have no time zone")
    return document
