"""What arrived over HTTP, as a value: the headers, path and query of vendors who say part of their message there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Arrival:
    """One request. Header names are in lower case; `path` is what follows the source's address, without its token.

    A source file may offer `enveloped(arrival) -> bytes`: one JSON body with all that the vendor said, which is then
    stored and parsed. It raises BadPayload, as `parse` does.
    """

    headers: Mapping[str, str]
    path: str
    query: Mapping[str, str]
    body: bytes
    method: str = "POST"
