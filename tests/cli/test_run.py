"""`tocsin run`: where it sends, and what it says to mistakes. What it does is told in tests/stories/test_deployments.py."""

from __future__ import annotations

import gzip
import os
import subprocess
from pathlib import Path

import pytest

from tests.stories.running import TOCSIN
from tocsin.deployments.document import Document, unpack

HERE = "http://127.0.0.1:9/hooks/deployment/token"  # nobody listens on the discard port


def run(
    tmp_path: Path, *arguments: str, address: str = "", timeout: float = 30, **environ: str
) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("TOCSIN_", "TF_"))}
    told = {"TOCSIN_DEPLOYMENTS": address} if address else {}
    environ = clean | {"XDG_STATE_HOME": str(tmp_path / "state")} | told | environ
    argv = [*TOCSIN, "run", *arguments]
    return subprocess.run(argv, env=environ, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=timeout)


def kept(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "state").rglob("*.json.gz"))


def test_output_and_status_pass_and_the_record_stays_when_the_server_is_away(tmp_path: Path) -> None:
    done = run(tmp_path, "--", "sh", "-c", "echo out; exit 3", address=HERE)
    assert (done.stdout, done.returncode) == ("out\n", 3)
    assert "not sent: can't connect to 127.0.0.1" in done.stderr
    assert len(kept(tmp_path)) == 1


def test_options_of_the_command_are_its_own(tmp_path: Path) -> None:
    assert run(tmp_path, "echo", "--project", "-x", address=HERE).stdout == "--project -x\n"


def test_what_was_recorded_holds_no_secret_of_the_environment(tmp_path: Path) -> None:
    done = run(
        tmp_path, "sh", "-c", "echo it is $TF_VAR_db_password", address=HERE, TF_VAR_db_password="hunter2-secret"
    )
    assert done.stdout == "it is hunter2-secret\n"
    (record,) = kept(tmp_path)
    assert b"hunter2-secret" not in gzip.decompress(record.read_bytes())


def test_of_several_addresses_project_and_environment_choose(tmp_path: Path) -> None:
    (tmp_path / "addresses").write_text(f"shop/staging {HERE}\nshop/production {HERE}2\n")
    choice = ("--address-file", "addresses", "--project", "shop", "--environment", "production")
    assert run(tmp_path, *choice, "--", "true").returncode == 0
    assert len(kept(tmp_path)) == 1
    refused = run(tmp_path, "--address-file", "addresses", "--", "true")
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
    assert "there are addresses for shop/staging, shop/production" in refused.stderr


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("http://tocsin.example/hooks/deployment/t", "use https://, or say --plain-http"),
        ("https://tocsin.example/hooks/generic/t", "no address as `tocsin source add deployment"),
        ("nonsense", "no address as `tocsin source add deployment"),
        ("http://[::1/hooks/deployment/t", "no address as `tocsin source add deployment"),
    ],
)
def test_an_address_that_can_not_be_used_is_one_line_and_nothing_is_run(tmp_path: Path, address: str, why: str) -> None:
    done = run(tmp_path, "--", "touch", "ran", address=address)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert why in done.stderr
    assert not (tmp_path / "ran").exists()


def test_a_command_that_is_not_there_is_what_a_shell_says(tmp_path: Path) -> None:
    done = run(tmp_path, "--", "terrafrom", "apply", address=HERE)
    assert (done.returncode, done.stderr) == (127, "tocsin: there is no command terrafrom\n")
    assert kept(tmp_path) == []


def test_where_nothing_can_be_kept_it_says_so_before_anything_is_run(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("")
    done = run(tmp_path, "--", "touch", "ran", address=HERE)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert not (tmp_path / "ran").exists()


def tool(tmp_path: Path, shows: str) -> str:
    """A tool whose apply fails, and whose `show -json` prints this."""
    (tmp_path / "shown.json").write_text(shows)
    script = tmp_path / "terraform"
    script.write_text('#!/bin/sh\n[ "$1" = show ] && exec cat shown.json\necho working; exit 1\n')
    script.chmod(0o755)
    (tmp_path / "p").write_text("a plan")
    return str(script)


def recorded(tmp_path: Path) -> Document:
    (record,) = kept(tmp_path)
    return unpack(record.read_bytes())


DEEP = "[" * 900 + "]" * 900
CHANGE = f'{{"actions": ["create"], "before": null, "after": {{"x": {DEEP}}}, "after_sensitive": {{"x": true}}}}'


@pytest.mark.parametrize(
    "shows",
    ["no JSON", "[]", f'{{"format_version": "1.2", "resource_changes": [{{"address": "a.b", "change": {CHANGE}}}]}}'],
)
def test_a_plan_that_can_not_be_read_is_one_line_and_the_rest_is_recorded(tmp_path: Path, shows: str) -> None:
    done = run(tmp_path, tool(tmp_path, shows), "apply", "p", address=HERE)
    assert (done.returncode, done.stderr.count("\n")) == (1, 2)
    assert "the plan is left out: " in done.stderr
    assert recorded(tmp_path).deployment.log == "working\n"


def test_names_and_values_that_are_no_text_are_recorded_legibly(tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode(b"net\xff")
    folder.mkdir()
    word = os.fsdecode(b"\xfe")
    done = run(folder, "sh", "-c", "exit 3", word, address=HERE, GITHUB_ACTOR=word, TF_VAR_password=word * 9)
    assert (done.returncode, "Traceback" in done.stderr) == (3, False)
    found = recorded(folder)
    assert (found.deployment.argv[-1], found.actor, found.configuration) == ("\ufffd", "\ufffd", "net\ufffd")


def test_what_waits_is_sent_without_running_anything(tmp_path: Path) -> None:
    run(tmp_path, "sh", "-c", "exit 3", address=HERE)
    (tmp_path / "addresses").write_text(f"shop/staging {HERE}\nshop/production {HERE}2\n")
    done = run(tmp_path, "--send", "--address-file", "addresses")
    assert done.returncode == 1
    assert "not sent: can't connect" in done.stderr
    assert "nothing waits in" in done.stderr  # of the other address
    assert len(kept(tmp_path)) == 1


@pytest.mark.parametrize("arguments", [(), ("--send", "true"), ("--send",)])
def test_what_can_not_be_meant_is_one_line(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = run(tmp_path, *arguments)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
