"""Every route there is, read from the programs themselves: pages, the API's operations, and what stands in front of Django."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver
from starlette.routing import Mount, Route

from tocsin.web.api.root import api
from tocsin.web.hooks import compatibility

API = "api/v1/"


def plain(route: str) -> str:
    """A route without the kinds of its parameters: incidents/<number>."""
    return re.sub(r"<\w+:", "<", route).replace("{", "<").replace("}", ">")


def pages() -> set[str]:
    """The routes of the pages, and those of the API that are no operations."""
    operations = {route for _, route in operations_of_api()}
    return {route for route in map(plain, _walk(get_resolver().url_patterns, "")) if route not in operations}


def operations_of_api() -> set[tuple[str, str]]:
    """The API's operations: method and route."""
    found = set()
    for prefix, router in api._routers:
        for path, view in router.path_operations.items():
            route = plain(API + f"{prefix}{path}".strip("/").replace("//", "/"))
            found |= {(method, route) for operation in view.operations for method in operation.methods}
    return found


def in_front() -> set[str]:
    """The routes that are answered before Django is asked."""
    from tocsin.server.asgi import app

    routes = [*app.routes, *compatibility.routes()]
    return {one.path for one in routes if isinstance(one, Route | Mount) and one.path}


def _walk(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[str]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route)
        else:
            yield route
