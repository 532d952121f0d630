"""A recorded run made small enough to be taken by a server: first without its plan, then without the middle of its log."""

from __future__ import annotations

from msgspec.structs import replace

from tocsin.cli.capture.recording import say
from tocsin.deployments.document import MOST_PACKED, Document, pack
from tocsin.deployments.terraform.secrets import LEFT_OUT


def packed(document: Document, most: int = MOST_PACKED) -> bytes:
    """The document as it is sent, of at most `most` bytes; says what is left out for that."""
    body = pack(document)
    if len(body) <= most:
        return body
    section = document.deployment
    if section.plan is not None:
        say("the plan is left out: the record would be too large to be sent")
        return packed(replace(document, deployment=replace(section, plan=None)), most)
    if not section.log:
        return body  # the server will say what is wrong with it
    kept = len(section.log) * most // len(body) * 9 // 20  # of each end; its parts may pack less well than the whole
    return packed(replace(document, deployment=replace(section, log=without_middle(section.log, kept, kept))), most)


def without_middle(log: str, head: int, tail: int) -> str:
    """The first `head` and the last `tail` characters of a longer log, and between them how much is left out."""
    if len(log) <= head + tail:
        return log
    left_out = len(log[head : len(log) - tail].encode("utf-8", "surrogateescape"))
    return f"{log[:head]}\n[{left_out} {LEFT_OUT}\n{log[len(log) - tail :]}"
