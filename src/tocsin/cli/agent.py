"""`tocsin agent`: runs inside a cluster, calls out only, looks when it is asked to and sends what it saw, redacted."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from tocsin.cli.admin import is_readable, refuse, refuse_bad_origin
from tocsin.ground.plain import plain

if TYPE_CHECKING:
    from tocsin.investigation.collectors.attending import Server, Sight


@click.command()
@click.option("--server", required=True, metavar="URL", help="Where Tocsin is, such as https://tocsin.example.org.")
@click.option(
    "--token-file",
    type=click.Path(path_type=Path),
    required=True,
    help="Holds the token that `tocsin cluster set PROJECT/ENVIRONMENT --agent` showed. Read anew for each call.",
)
@click.option("--kubeconfig", default="", metavar="FILE", help="Instead of the service account of the pod it runs in.")
@click.option("--context", default="", help="Context of that kubeconfig.")
@click.option("--prometheus", default="", metavar="URL", help="A Prometheus to ask too, as seen from the agent.")
@click.option("--secret-metadata", is_flag=True, help="Read the names of Secrets too; needs the opt-in role.")
@click.option("--probe", is_flag=True, help="Also connect to the Services around an alert, and hang up at once.")
@click.option("--watch", is_flag=True, help="Remember what is changed, field by field, to tell it with each look.")
@click.option("--plain-http", is_flag=True, help="Send the token over http:// too: the way to the server is private.")
def agent(
    server: str,
    token_file: Path,
    kubeconfig: str,
    context: str,
    prometheus: str,
    secret_metadata: bool,
    probe: bool,
    watch: bool,
    plain_http: bool,
) -> None:
    """Look at the cluster this runs in whenever the server asks, and send it what was seen.

    It only calls out, and only reads. The server never gets a credential of the cluster. Ends on SIGTERM; exit status 2
    when the server refuses its token, or there is no way to the cluster.
    """
    parts = urlsplit(server)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        refuse(f"--server {server}: an address that begins with https:// is expected")
    if is_readable(server) and not plain_http:
        refuse("--server: the token would cross the network readable; use https://, or say --plain-http")
    if not token_file.exists():
        refuse(f"there is no {token_file}; `tocsin cluster set PROJECT/ENVIRONMENT --agent` shows a token to put there")
    if prometheus:
        refuse_bad_origin("--prometheus", prometheus)
    from tocsin.investigation.collectors.attending import Server, Sight

    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    sight = Sight(kubeconfig, context, prometheus, secret_metadata=secret_metadata, probe=probe, watch=watch)
    asyncio.run(_until_told(Server(server.rstrip("/"), token_file), sight))


async def _until_told(server: Server, sight: Sight) -> None:
    """Attends until SIGTERM or SIGINT, once it knows how to reach its cluster."""
    from tocsin.investigation.collectors.attending import Refused, attend
    from tocsin.investigation.collectors.kubernetes.credentials import load_endpoint
    from tocsin.investigation.collectors.kubernetes.endpoint import ClusterUnreachable

    try:
        # Else it would be known at the first alert only, and then to nobody but the reader of the report.
        await load_endpoint(sight.kubeconfig or None, sight.context or None, in_cluster=not sight.kubeconfig)
    except ClusterUnreachable as error:
        refuse(plain(error))
    attending = asyncio.ensure_future(attend(server, sight))
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, attending.cancel)
    click.echo(f"calling {server.url}", err=True)
    with suppress(asyncio.CancelledError):
        try:
            await attending
        except* Refused as refusals:
            refuse(str(refusals.exceptions[0]))
