"""`tocsin login`: says once which server the command line works with, and as whom."""

from __future__ import annotations

from typing import TextIO

import click

from tocsin.cli.admin import OUTPUT, refuse, tell
from tocsin.cli.remote import Login, call, checked_server, keep_login


@click.command()
@click.argument("server", metavar="URL")
@click.option("--token-file", type=click.File(), help="Its first line is the token (- reads standard input).")
@click.option("--plain-http", is_flag=True, help="Send the token over http:// too: the way to the server is private.")
@OUTPUT
def login(server: str, token_file: TextIO | None, plain_http: bool, output: str) -> None:
    """Work with the server at URL from now on, as the person whose token it is.

    Make a token on your account page there. It is asked for unless a file gives it: on the command line others could see it.
    """
    address = checked_server(server, plain_http=plain_http)
    token = token_file.readline().strip() if token_file else click.prompt("Token", hide_input=True, err=True).strip()
    who = call(Login(address, token), "GET", "/me")
    try:
        path = keep_login(Login(address, token))
    except OSError as error:
        refuse(f"the login can't be kept: {error}")
    text = f"Logged in to {address} as {who['username']} ({who['role']}). Kept in {path}."
    tell(output, text, server=address, username=who["username"], role=who["role"])
