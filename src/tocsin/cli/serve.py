"""tocsin serve, web, worker, migrate: the commands that run the server. Everything heavy is imported when called."""

from __future__ import annotations

import os
import signal
import socket
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from tocsin.server.config import Config

# Seconds that open connections get at the end: pages hold event streams open for as long as they are looked at.
GRACEFUL_SHUTDOWN = 3
CONNECT_TIMEOUT = 5


class SettingsError(click.ClickException):
    """A setting that can't be used."""

    exit_code = 2


def _config() -> Config:
    from tocsin.server.config import ConfigError, read_config

    try:
        return read_config()
    except ConfigError as error:
        raise SettingsError(str(error)) from error


def _reach_database(config: Config) -> None:
    """Sees that the database answers, and hands its address to Django's settings. Raises click.ClickException."""
    import psycopg

    from tocsin.server.postgres import running_url

    url = config.database_url or running_url(config.data_dir)
    if not url:
        raise click.ClickException(
            "there is no database: run `tocsin serve`, which brings its own, or set TOCSIN_DATABASE_URL"
        )
    try:
        psycopg.connect(url, connect_timeout=CONNECT_TIMEOUT).close()
    except psycopg.ProgrammingError as error:
        raise SettingsError("TOCSIN_DATABASE_URL: not an address like postgresql://user:password@host/name") from error
    except psycopg.OperationalError as error:
        reason = str(error).strip().splitlines()[0]
        raise click.ClickException(f"can't reach the database: {reason}") from error
    os.environ["TOCSIN_DATABASE_URL"] = url


@click.command()
@click.option(
    "--port", type=click.IntRange(0, 65535), help="Port to listen on, instead of TOCSIN_PORT; 0 picks a free one."
)
@click.pass_context
def serve(ctx: click.Context, port: int | None) -> None:
    """Run everything: the database (unless TOCSIN_DATABASE_URL names one), the web process and a worker."""
    from tocsin.server import supervise

    if port is not None:
        os.environ["TOCSIN_PORT"] = str(port)

    ctx.exit(supervise.serve(_config()))


@click.command()
@click.option("--fd", type=int, hidden=True, help="Listening socket inherited from the supervisor.")
@click.pass_context
def web(ctx: click.Context, fd: int | None) -> None:
    """Run the web process alone: pages and webhooks."""
    from tocsin.server.listening import ListenError, listen, local_address

    config = _config()
    try:
        listening = listen(config.bind, config.port) if fd is None else socket.socket(fileno=fd)
    except ListenError as error:
        raise SettingsError(str(error)) from error
    with listening:
        _reach_database(config)
        if fd is None:
            click.echo(f"Tocsin's web process: {local_address(listening)}", err=True)
        ctx.exit(0 if _run_uvicorn(listening) else 1)


def _run_uvicorn(listening: socket.socket) -> bool:
    """Serves until SIGTERM or SIGINT; whether it got as far as serving."""
    import uvicorn

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tocsin.server.settings")
    server = uvicorn.Server(
        uvicorn.Config(
            "tocsin.server.asgi:app",
            loop="uvloop",
            http="httptools",
            lifespan="on",
            access_log=False,  # addresses of hooks contain tokens
            proxy_headers=False,  # anybody could claim any address
            server_header=False,
            log_config=None,  # Django's settings say where logs go
            log_level="warning",
            timeout_graceful_shutdown=GRACEFUL_SHUTDOWN,
        )
    )
    # uvicorn raises the signal that stopped it once more when done; a wanted stop is no failure
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, frame: None)
    server.run(sockets=[listening])
    return server.started


@click.command()
def worker() -> None:
    """Run one worker process alone: investigations and timers."""
    config = _config()
    _reach_database(config)
    from tocsin.server.jobs import run_worker

    run_worker(config)


@click.command()
def migrate() -> None:
    """Bring the database to this version."""
    _reach_database(_config())
    from tocsin.server import migration

    migration.migrate()
