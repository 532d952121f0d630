"""Where recorded runs are sent to: the addresses of `deployment` sources, from the environment or a file."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from tocsin.cli.admin import is_readable, refuse, split

VARIABLE = "TOCSIN_DEPLOYMENTS"
Place = tuple[str, str]
ANYWHERE: Place = ("", "")


def read_addresses(file: Path | None, *, plain_http: bool) -> dict[Place, str]:
    """The addresses by project and environment, empty where nobody said; ends the command where one can't be used.

    Each line of what is told is an address, behind PROJECT/ENVIRONMENT where there are several.
    """
    named = os.environ.get(f"{VARIABLE}_FILE")
    told = os.environ.get(VARIABLE, "")
    if file or named:
        try:
            told = Path(file or str(named)).read_text()
        except (OSError, UnicodeDecodeError) as error:
            refuse(f"can't read {file or named}: {error}")
    found: dict[Place, str] = {}
    for line in filter(None, map(str.strip, told.splitlines())):
        place, _, address = line.rpartition(" ")
        found[split(place.strip()) if place else ANYWHERE] = _checked(address, plain_http=plain_http)
    return found


def chosen(found: Mapping[Place, str], project: str, environment: str) -> str:
    """The address for this place; empty where there are none at all."""
    fitting = [address for place, address in found.items() if place in (ANYWHERE, (project, environment))]
    if found and not fitting:
        places = ", ".join("/".join(place) for place in found)
        refuse(f"there are addresses for {places}: say --project and --environment of one of them")
    return fitting[-1] if fitting else ""


def _checked(address: str, *, plain_http: bool) -> str:
    try:
        parts = urlsplit(address)
        host = parts.hostname if parts.scheme in {"http", "https"} else None
    except ValueError:  # brackets that hold no address
        host = None
    if not host or not parts.path.startswith("/hooks/deployment/"):
        refuse("that is no address as `tocsin source add deployment PROJECT/ENVIRONMENT` shows it")
    if is_readable(address) and not plain_http:
        refuse("the address and what is sent would cross the network readable; use https://, or say --plain-http")
    return address
