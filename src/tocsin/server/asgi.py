"""The web process, put together: hooks in front, Django behind, and the tasks that run beside them."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import cast

import django
import psycopg

django.setup()

from django.conf import settings  # noqa: E402  # Django must be set up before anything that has models
from django.db import Error  # noqa: E402
from psycopg_pool import PoolTimeout  # noqa: E402
from starlette.applications import Starlette  # noqa: E402
from starlette.requests import Request  # noqa: E402
from starlette.responses import PlainTextResponse, Response  # noqa: E402
from starlette.routing import Mount, Route  # noqa: E402
from starlette.types import ASGIApp  # noqa: E402

from tocsin.ground.aside import aside  # noqa: E402
from tocsin.ground.database import conninfo  # noqa: E402
from tocsin.server.application import InOneThread  # noqa: E402
from tocsin.server.essential import essential  # noqa: E402
from tocsin.server.heart import Heart  # noqa: E402
from tocsin.server.postgres import running_url  # noqa: E402
from tocsin.web import live  # noqa: E402
from tocsin.web.agents import Agents  # noqa: E402
from tocsin.web.assets import Assets  # noqa: E402
from tocsin.web.bodies import Bounded  # noqa: E402
from tocsin.web.compression import compressed  # noqa: E402
from tocsin.web.deployments import Deployments  # noqa: E402
from tocsin.web.hooks import compatibility  # noqa: E402
from tocsin.web.hooks.database import connect  # noqa: E402
from tocsin.web.hooks.routes import Hooks  # noqa: E402
from tocsin.web.pages import incident, stream, watching  # noqa: E402
from tocsin.web.problems import problem  # noqa: E402
from tocsin.web.status import rendering  # noqa: E402
from tocsin.web.status.serving import StatusPages  # noqa: E402


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncIterator[None]:
    """Opens what the process needs, and closes it in the reverse order."""
    pool = await connect(4, conninfo())
    config = settings.CONFIG
    folder = config.data_dir if config.database_url in ("", running_url(config.data_dir)) else None
    hooks = Hooks(pool, settings.SECRET_KEY, timedelta(seconds=config.quiet_period), folder=folder)
    app.state.hooks = hooks
    app.state.deployments = Deployments(hooks)
    app.state.agents = Agents(pool, settings.SECRET_KEY)
    stream.live = live.Live(conninfo(), incident.moments)
    app.state.status_pages = pages = StatusPages(
        config.data_dir / "status-pages.msgpack", rendering.stamp, rendering.render
    )
    heart = Heart("web")
    watched = watching.keep_looking(stream.live.tell_of_watch)
    running = (*hooks.running(), stream.live.run(), pages.run(), watched, heart.run(aside))
    app.state.tasks = tasks = [essential(asyncio.create_task(task)) for task in running]
    _leave_alone_what_stays()
    yield
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    with suppress(Error):
        await aside(heart.stop)
    await pool.close()


def _leave_alone_what_stays() -> None:
    """Looking for garbage among all that was imported took a third of the time of a small request."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)


async def deployment(request: Request) -> Response:
    """POST /hooks/deployment/{token}."""
    deployments: Deployments = request.app.state.deployments
    return await deployments.answer(request)


async def agent_work(request: Request) -> Response:
    """GET /agent/work: an agent asks for something to look at."""
    agents: Agents = request.app.state.agents
    return await agents.work(request)


async def agent_snapshot(request: Request) -> Response:
    """POST /agent/work/{id}: an agent brings what it saw."""
    agents: Agents = request.app.state.agents
    return await agents.bring(request)


async def status_page(request: Request) -> Response:
    """GET /status and what is below it: what outsiders are told."""
    pages: StatusPages = request.app.state.status_pages
    return pages.answer(request)


async def health(request: Request) -> Response:
    """GET /healthz: 200 when this process and all that runs in it answer and reach the database, else 503."""
    hooks: Hooks = request.app.state.hooks
    if any(task.done() for task in request.app.state.tasks):
        return problem(503, "A part of this process has stopped; the log says why. Restart it.")
    try:
        async with hooks.pool.connection(timeout=2) as database:
            await database.execute("SELECT 1")
    except (psycopg.OperationalError, PoolTimeout):
        return problem(503, "The database can't be reached.")
    return PlainTextResponse("ok\n")


app = Starlette(
    lifespan=lifespan,
    routes=[
        Route("/hooks/deployment/{token}", deployment, methods=compatibility.ANY),
        *compatibility.routes(),
        Route("/agent/work", agent_work, methods=["GET"]),
        Route("/agent/work/{id:int}", agent_snapshot, methods=["POST"]),
        Route("/healthz", health),
        Route("/status", status_page),
        Route("/status/{path:path}", status_page),
        Mount("/static", compressed(Assets())),
        Mount("/", compressed(Bounded(cast(ASGIApp, InOneThread()), settings.DATA_UPLOAD_MAX_MEMORY_SIZE))),
    ],
)
