"""`tocsin demo`: a server on a data folder of its own, filled by realistic failing systems."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import click

from tocsin.cli.admin import refuse


@click.command()
@click.option(
    "--data-dir",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("data", "demo"),
    show_default=True,
    help="Folder for everything it keeps; remove it to begin anew.",
)
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on; 0 picks a free one.  [default: 8420]")
@click.option(
    "--write-snapshots",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Only write the demonstration's clusters there, as files for `tocsin diagnose kubernetes --snapshot`.",
)
def demo(data_dir: Path, port: int | None, write_snapshots: Path | None) -> None:
    """Run the server, filled by realistic failing systems. Nothing outside of this machine is touched."""
    if write_snapshots:
        _write(write_snapshots)
    else:
        _serve(data_dir.absolute(), port)


def _write(folder: Path) -> None:
    from datetime import UTC, datetime

    from tocsin.cli.demo.snapshots import write_snapshot
    from tocsin.cli.demo.worlds import WORLDS

    now = datetime.now(UTC)
    for world in WORLDS:
        try:
            click.echo(f"{write_snapshot(world, folder, now)}  {world.title}")
        except OSError as error:
            refuse(f"can't write to {folder}: {error.strerror}; choose another folder")


def _serve(data_dir: Path, port: int | None) -> None:
    from tocsin.server.config import ConfigError, read_config
    from tocsin.server.launch import launch_command
    from tocsin.server.supervise import serve

    # Its own database and address, whatever the server that usually runs here has.
    for name in ("TOCSIN_DATABASE_URL", "TOCSIN_DATABASE_URL_FILE", "TOCSIN_PUBLIC_URL", "TOCSIN_PUBLIC_URL_FILE"):
        os.environ.pop(name, None)
    os.environ["TOCSIN_DATA_DIR"] = str(data_dir)
    if port is not None:
        os.environ["TOCSIN_PORT"] = str(port)

    def play(address: str) -> None:
        # A process of its own, because it needs Django, which the supervisor does without. It ends with this thread.
        argv = [sys.executable, "-P", "-m", "tocsin.cli.demo.play", address, str(data_dir / "worlds")]
        subprocess.run(launch_command(argv, death_signal=signal.SIGTERM), check=False)

    try:
        raise SystemExit(serve(read_config(), on_ready=play))
    except ConfigError as error:
        refuse(str(error))
