"""Sends recorded runs to a server, oldest first; what can't be sent now stays where it is."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

import msgspec

from tocsin.cli.capture.spool import Spool

_TIMEOUT_S = 20.0
_NEVER = frozenset({400, 413, 422})


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of one: taken (with what the server made of it), kept for later, or refused for good."""

    path: Path
    taken: bool
    told: str


def send_all(spool: Spool, address: str) -> list[Sent]:
    """Sends what waits, and stops at the first that can't be sent now, so that nothing overtakes anything."""
    return asyncio.run(_send_all(spool, address))


async def _send_all(spool: Spool, address: str) -> list[Sent]:
    from tocsin.ground.outbound import OutboundError, outbound

    results: list[Sent] = []
    try:
        async with outbound([address]) as door:
            for path in spool.waiting():
                headers = {"Content-Type": "application/gzip"}
                try:
                    body = path.read_bytes()
                    answer = await door.request("POST", address, headers=headers, body=body, timeout_s=_TIMEOUT_S)
                    result = _became(spool, path, answer.status, answer.body)
                except FileNotFoundError:  # another run on this machine has sent it meanwhile
                    continue
                results.append(result)
                if result.path == path and not result.taken:
                    break
    except OutboundError as error:
        results.append(Sent(spool.folder, taken=False, told=str(error)))
    return results


def _became(spool: Spool, path: Path, status: int, body: bytes) -> Sent:
    told = _told(body)
    if status == 202:
        path.unlink(missing_ok=True)
        trigger = f" ({told['trigger']})" if told.get("trigger") else ""
        return Sent(path, taken=True, told=f"{told.get('outcome', 'taken')}{trigger}: {told.get('reason', '')}")
    detail = str(told.get("detail", "")) or f"it answered {status}"
    if status in _NEVER:
        return Sent(spool.refuse(path), taken=False, told=detail)
    return Sent(path, taken=False, told=detail)


def _told(body: bytes) -> dict[str, object]:
    try:
        return msgspec.json.decode(body, type=dict[str, object])
    except (msgspec.DecodeError, UnicodeDecodeError):
        return {}
