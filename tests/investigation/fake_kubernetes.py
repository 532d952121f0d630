"""A Kubernetes API over real HTTP, serving given objects and logs, with faults to order."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from aiohttp import web

from tocsin.investigation.collectors.kubernetes.kinds import KINDS

Object = dict[str, Any]
KIND_OF = {(kind.root(version).split("/", 2)[2], kind.plural): kind.name for kind in KINDS for version in kind.versions}
KIND_OF |= {("v1", "secrets"): "Secret"}


@dataclass
class FakeKubernetes:
    """What it serves, the faults it was ordered to have, and the requests it saw.

    `faults` maps a plural (`pods`, `log`) to answers that come first, each a status or `(status, headers)`;
    `always` maps a plural, or `plural/name`, to a status that never ends (`apis` is what it says it serves).
    `expire_after` pages a continue token is answered with 410. A watch tells what is put into `happenings`, by plural.
    An old one is not `aggregated`: it says which groups it serves, not which resources.
    """

    objects: list[Object] = field(default_factory=list)
    logs: dict[str, str] = field(default_factory=dict)
    missing_groups: set[str] = field(default_factory=set)
    missing_resources: set[str] = field(default_factory=set)
    aggregated: bool = True
    faults: dict[str, list[int | tuple[int, dict[str, str]]]] = field(default_factory=lambda: defaultdict(list))
    always: dict[str, int] = field(default_factory=dict)
    hanging: set[str] = field(default_factory=set)
    expire_after: int | None = None
    happenings: dict[str, asyncio.Queue[Object]] = field(default_factory=lambda: defaultdict(asyncio.Queue))
    seen: list[web.Request] = field(default_factory=list)
    url: str = ""

    @property
    def paths(self) -> list[str]:
        """The paths that were asked for, in order."""
        return [request.path for request in self.seen]

    def listed(self, kind: str, namespace: str) -> list[Object]:
        """The objects of a kind in a namespace ("": in all)."""
        return [obj for obj in self.objects if obj["kind"] == kind and _is_in(obj, namespace)]

    def kubeconfig(self, folder: Path, **user: object) -> str:
        """Writes a kubeconfig for it and returns the path; `user` is the user section."""
        return write_kubeconfig(folder, {"server": self.url}, user)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Serves one request."""
        self.seen.append(request)
        parts = request.path.strip("/").split("/")
        if parts[0] == "apis" and parts[1:2] and parts[1] in self.missing_groups:
            return _status(404, "the server could not find the requested resource")
        if parts == ["apis"]:
            return self._discovery()
        version, rest = (parts[1], parts[2:]) if parts[0] == "api" else ("/".join(parts[1:3]), parts[3:])
        namespace = rest[1] if rest[0] == "namespaces" and len(rest) > 2 else ""
        plural, *name = rest[2:] if namespace else rest
        what = name[1] if len(name) > 1 else plural
        one = f"{plural}/{name[0]}" if name else ""
        if one in self.always:
            return _fault(self.always[one], one)
        if what in self.hanging:
            await asyncio.get_running_loop().create_future()
        if what in self.always or self.faults[what]:
            return _fault(self.always.get(what) or self.faults[what].pop(0), what)
        if request.query.get("watch"):
            return await self._watch(request, plural)
        if what == "log":
            return self._log(request, namespace, name[0])
        return self._objects(request, version, plural, namespace, name[0] if name else "")

    def _discovery(self) -> web.Response:
        if status := self.always.get("apis"):
            return _fault(status, "apis")
        served: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for group_version, plural in KIND_OF:
            group, _, version = group_version.rpartition("/")
            if group and group not in self.missing_groups and plural not in self.missing_resources:
                served[group][version].append(plural)
        if not self.aggregated:
            groups = [{"name": name, "versions": [{"version": one} for one in found]} for name, found in served.items()]
            return web.json_response({"kind": "APIGroupList", "groups": groups})
        items = [
            {
                "metadata": {"name": name},
                "versions": [
                    {"version": version, "freshness": "Current", "resources": [{"resource": one} for one in plurals]}
                    for version, plurals in found.items()
                ],
            }
            for name, found in served.items()
        ]
        return web.json_response({"kind": "APIGroupDiscoveryList", "items": items})

    def _log(self, request: web.Request, namespace: str, pod: str) -> web.Response:
        run = "previous" if request.query.get("previous") else "current"
        text = self.logs.get(f"{namespace}/{pod}/{request.query['container']}/{run}")
        if text is None:
            return _status(400, f"{run} log of pod {pod} not found")
        lines = text.splitlines(keepends=True)[-int(request.query["tailLines"]) :]
        return web.Response(body="".join(lines).encode()[: int(request.query["limitBytes"])])

    async def _watch(self, request: web.Request, plural: str) -> web.StreamResponse:
        """Sends what is put into `happenings`, as the server does; an ERROR or an END ends it."""
        stream = web.StreamResponse()
        await stream.prepare(request)
        while (event := await self.happenings[plural].get())["type"] != "END":
            await stream.write(json.dumps(event).encode() + b"\n")
            if event["type"] == "ERROR":
                break
        return stream

    def _objects(self, request: web.Request, version: str, plural: str, namespace: str, name: str) -> web.Response:
        kind = KIND_OF[version, plural]
        if plural in self.missing_resources:
            return _status(404, "the server could not find the requested resource")
        found = self.listed(kind, namespace)
        if name:
            found = [obj for obj in found if obj["metadata"]["name"] == name]
            return web.json_response(found[0]) if found else _status(404, f'{plural} "{name}" not found')
        for selector in filter(None, request.query.get("fieldSelector", "").split(",")):
            where, _, wanted = selector.partition("=")
            found = [obj for obj in found if _field(obj, where) == wanted]
        start, limit = int(request.query.get("continue", 0)), int(request.query.get("limit", len(found) or 1))
        if start and self.expire_after is not None and start >= limit * self.expire_after:
            return _status(410, "The provided continue parameter is too old")
        more = {"continue": str(start + limit)} if start + limit < len(found) else {}
        more["resourceVersion"] = "7"
        page = found[start : start + limit]
        items = [_only(obj, *(obj.keys() - {"kind", "apiVersion"})) for obj in page]
        if "as=PartialObjectMetadataList" in request.headers["Accept"]:
            kind, version = "PartialObjectMetadata", "meta.k8s.io/v1"
            items = [{"kind": kind, "apiVersion": version, **_only(obj, "metadata")} for obj in page]
        return web.json_response({"kind": f"{kind}List", "apiVersion": version, "metadata": more, "items": items})


def _only(obj: Object, *names: str) -> Object:
    return {name: value for name, value in obj.items() if name in names}


def _is_in(obj: Object, namespace: str) -> bool:
    return not namespace or obj["metadata"].get("namespace") == namespace


def _field(obj: Any, path: str) -> Any:
    for name in path.split("."):
        obj = (obj or {}).get(name)
    return obj


def _fault(fault: int | tuple[int, dict[str, str]], what: str) -> web.Response:
    status, headers = fault if isinstance(fault, tuple) else (fault, {})
    return _status(status, f"{what}: a fault to order", headers)


def _status(status: int, message: str, headers: dict[str, str] | None = None) -> web.Response:
    body = {"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": status, "message": message}
    return web.json_response(body, status=status, headers=headers)


def write_kubeconfig(folder: Path, cluster: Object, user: Object, *, name: str = "config") -> str:
    """A kubeconfig with one context, `lab`, whose namespace is `shop`; returns its path."""
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "lab",
        "contexts": [{"name": "lab", "context": {"cluster": "lab-cluster", "user": "reader", "namespace": "shop"}}],
        "clusters": [{"name": "lab-cluster", "cluster": cluster}],
        "users": [{"name": "reader", "user": user}],
    }
    path = folder / name
    path.write_text(yaml.safe_dump(json.loads(json.dumps(config))))
    return str(path)


@asynccontextmanager
async def serving(
    objects: Iterable[Object] = (),
    logs: dict[str, str] | None = None,
    *,
    tls: ssl.SSLContext | None = None,
    kind: type[FakeKubernetes] = FakeKubernetes,
) -> AsyncIterator[FakeKubernetes]:
    """A fake API server on a free port of this machine, until the block ends."""
    fake = kind(list(objects), logs or {})
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", fake.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls)
    await site.start()
    port = runner.addresses[0][1]
    fake.url = f"{'https' if tls else 'http'}://127.0.0.1:{port}"
    try:
        yield fake
    finally:
        await runner.cleanup()
