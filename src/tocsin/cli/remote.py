"""Calls of the command line to a server's API: where it is, with which token, and what it answered.

`tocsin login` keeps both in a file that only its owner can read; TOCSIN_SERVER and TOCSIN_TOKEN (or TOCSIN_TOKEN_FILE) go
before it, for machines.
"""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from tocsin.cli.admin import is_readable, refuse, refuse_bad_origin
from tocsin.ground.plain import plain

_TIMEOUT_S = 20.0


@dataclass(frozen=True, slots=True)
class Login:
    """A server's address, without a slash at its end, and the token to show there."""

    server: str
    token: str


def login_file() -> Path:
    """Where a login is kept: `$XDG_CONFIG_HOME/tocsin/login.json`, by default ~/.config/tocsin/login.json."""
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config", "tocsin", "login.json")


def checked_server(address: str, *, plain_http: bool) -> str:
    """A server's address as it is used; ends the command where it can't be, or would show the token to the network."""
    refuse_bad_origin("the server", address)
    parts = urlsplit(address)
    if parts.query or parts.fragment:
        refuse(f"“{plain(address)}” is no address of a server; it looks like https://tocsin.example.org")
    if is_readable(address) and not plain_http:
        refuse("the token would cross the network readable; use https://, or say --plain-http")
    return address.rstrip("/")


def keep_login(login: Login) -> Path:
    """Writes the login for later commands: whole or not at all, and readable by its owner alone. Raises OSError."""
    path = login_file()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)  # made with mode 0600
    with os.fdopen(handle, "w") as file:
        json.dump({"server": login.server, "token": login.token}, file)
    Path(name).replace(path)
    return path


def the_login() -> Login:
    """Where to call and with what; ends the command where nobody has said."""
    told = os.environ
    server, token = told.get("TOCSIN_SERVER", ""), told.get("TOCSIN_TOKEN", "")
    try:
        if file := told.get("TOCSIN_TOKEN_FILE"):
            token = Path(file).read_text().strip()
        kept = json.loads(login_file().read_text()) if login_file().exists() else {}
        found = Login((server or str(kept.get("server", ""))).rstrip("/"), token or str(kept.get("token", "")))
    except (OSError, ValueError, AttributeError) as error:
        refuse(f"the login can't be read ({error}); make it anew with `tocsin login`")
    if not (found.server and found.token):
        refuse("not logged in: `tocsin login https://tocsin.example.org`, with a token from your account page there")
    return found


def call(login: Login, method: str, path: str, body: object = None, **query: object) -> dict[str, Any]:
    """What /api/v1PATH answers, as JSON; ends the command with the server's own words where it refuses.

    `query` leaves out what is None.
    """
    asked = urlencode({name: str(value) for name, value in query.items() if value is not None})
    sent = None if body is None else json.dumps(body).encode()
    return _answer(login, method, path + (f"?{asked}" if asked else ""), sent, "application/json")


def upload(login: Login, path: str, file: bytes, **fields: str) -> dict[str, Any]:
    """What /api/v1PATH answers to a form with a `file` and other fields (RFC 7578); ends the command as `call` does."""
    border = secrets.token_hex(16)
    parts = [_part(border, f'name="{name}"', text.encode()) for name, text in fields.items()]
    parts.append(_part(border, 'name="file"; filename="file"', file))
    return _answer(
        login, "POST", path, b"".join(parts) + f"--{border}--\r\n".encode(), f"multipart/form-data; boundary={border}"
    )


def _part(border: str, about: str, content: bytes) -> bytes:
    head = f"--{border}\r\nContent-Disposition: form-data; {about}\r\n\r\n"
    return head.encode() + content + b"\r\n"


def _answer(login: Login, method: str, path: str, body: bytes | None, content_type: str) -> dict[str, Any]:
    place, _, asked = path.partition("?")
    url = f"{login.server}/api/v1{quote(place)}" + (f"?{asked}" if asked else "")
    status, answer = asyncio.run(_sent(login, method, url, body, content_type))
    if status == 204:
        return {}
    try:
        told = json.loads(answer)
    except ValueError:
        refuse(f"{login.server} answered {status} and not as Tocsin does; is the address right?")
    if status >= 400 or not isinstance(told, dict):
        detail = told.get("detail", "") if isinstance(told, dict) else ""
        refuse(plain(detail) or f"{login.server} answered {status}")
    return told


async def _sent(login: Login, method: str, url: str, body: bytes | None, content_type: str) -> tuple[int, bytes]:
    from tocsin.ground.outbound import OutboundError, outbound

    headers = {"Authorization": f"Bearer {login.token}", "Content-Type": content_type}
    try:
        async with outbound([login.server]) as door:
            answer = await door.request(method, url, headers=headers, body=body, timeout_s=_TIMEOUT_S)
    except OutboundError as error:
        refuse(str(error))
    return answer.status, answer.body
