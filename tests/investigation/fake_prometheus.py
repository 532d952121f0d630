"""A Prometheus over real HTTP that knows some metrics and answers every question about them alike."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web


@dataclass
class FakePrometheus:
    """`values` maps a part of a question to the value of each pod; `day_ago` is what they were; `status` what is answered."""

    values: dict[str, dict[str, float]] = field(default_factory=dict)
    day_ago: float | None = None
    status: int = 200
    asked: list[str] = field(default_factory=list)
    latest: float = 0.0
    url: str = ""

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Serves one request."""
        self.asked.append(request.query.get("query", request.path))
        if self.status != 200:
            return web.Response(status=self.status)
        if request.path.endswith("/values"):
            return web.json_response({"status": "success", "data": list(self.values)})
        self.latest = max(float(request.query["time"]), self.latest)
        age = self.latest - float(request.query["time"])
        found = next(values for metric, values in self.values.items() if metric in request.query["query"])
        result = [
            {"metric": {"namespace": "shop", "pod": pod, "container": "app"}, "value": [0, str(self._then(age, value))]}
            for pod, value in found.items()
            if age < 60 or (age > 80000 and self.day_ago is not None)
        ]
        return web.json_response({"status": "success", "data": {"resultType": "vector", "result": result}})

    def _then(self, age: float, value: float) -> float:
        return value if age < 60 or self.day_ago is None else self.day_ago


@asynccontextmanager
async def prometheus() -> AsyncIterator[FakePrometheus]:
    """One on a free port of this machine, until the block ends."""
    fake = FakePrometheus()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", fake.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    fake.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield fake
    finally:
        await runner.cleanup()
