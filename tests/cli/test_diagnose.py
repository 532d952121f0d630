"""`tocsin diagnose kubernetes` as people and scripts run it."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from tocsin.cli import main
from tocsin.cli.demo.snapshots import write_snapshot
from tocsin.cli.demo.worlds import WORLDS

NOW = datetime(2026, 3, 14, 3, 7, 21, tzinfo=UTC)


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("worlds")
    return {world.slug: write_snapshot(world, folder, NOW) for world in WORLDS}


def report_schema() -> Draft202012Validator:
    folder = files("tocsin.investigation.diagnosis.schemas")
    command, report = (json.loads(folder.joinpath(f"{name}.json").read_text()) for name in ("command", "report"))
    return Draft202012Validator(
        report, registry=Registry().with_resource(command["$id"], Resource.from_contents(command))
    )


def diagnose(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["diagnose", "kubernetes", *map(str, arguments)])


def test_a_cause_is_found_and_the_status_is_0(worlds: dict[str, Path]) -> None:
    result = diagnose("--snapshot", worlds["cart-out-of-memory"])
    assert result.exit_code == 0
    assert result.stdout.startswith("Deployment cart in shop")


def test_what_is_healthy_has_status_0(worlds: dict[str, Path]) -> None:
    result = diagnose("--snapshot", worlds["latency-false-alarm"])
    assert result.exit_code == 0
    assert result.stdout.startswith("Healthy: ")


def test_what_could_not_be_read_is_inconclusive_and_the_status_is_3(tmp_path: Path) -> None:
    path = tmp_path / "nothing.json"
    gap = {"what": "pods shop", "why": "403 from the API server", "section": "objects"}
    path.write_text(json.dumps({"format": "tocsin-snapshot/1", "namespace": "shop", "objects": [], "gaps": [gap]}))
    result = diagnose("--snapshot", path)
    assert result.exit_code == 3
    assert "403 from the API server" in result.stdout


def test_json_is_the_report_and_nothing_else(worlds: dict[str, Path]) -> None:
    report = json.loads(diagnose("--snapshot", worlds["image-tag-missing"], "--output", "json").stdout)
    report_schema().validate(report)
    assert report["outcome"] == "diagnosed"


def test_markdown_has_its_title(worlds: dict[str, Path]) -> None:
    result = diagnose("--snapshot", worlds["image-tag-missing"], "--output", "markdown")
    assert result.stdout.startswith("### Deployment indexer in catalog")


def test_a_resource_moves_the_question(worlds: dict[str, Path]) -> None:
    result = diagnose("deploy/catalog", "--snapshot", worlds["cart-out-of-memory"], "--output", "json")
    assert "Deployment/shop/catalog" in json.loads(result.stdout)["steps"][0]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["crat", "--snapshot", "WORLD"], "did you mean cart"),
        (["wombat/cart", "--snapshot", "WORLD"], "unknown kind 'wombat'"),
        (["--snapshot", "WORLD", "--context", "prod"], "leave out --context"),
        (["--snapshot", "/does/not/exist"], "/does/not/exist"),
        (["--prometheus", "prometheus:9090"], "begins with http:// or https://"),
        (["--prometheus", "http://reader:word@prometheus"], "must not contain a user or password"),
        (["--snapshot", "EMPTY"], "empty.json"),
        (["--snapshot", "CUT"], "cut.json.gz"),
    ],
)
def test_bad_input_is_one_line_and_status_2(
    arguments: list[str], told: str, worlds: dict[str, Path], tmp_path: Path
) -> None:
    (tmp_path / "empty.json").write_text("")
    (tmp_path / "cut.json.gz").write_bytes(worlds["cart-out-of-memory"].read_bytes()[:900])
    places = {"WORLD": worlds["cart-out-of-memory"], "EMPTY": tmp_path / "empty.json", "CUT": tmp_path / "cut.json.gz"}
    result = diagnose(*[places.get(argument, argument) for argument in arguments])
    assert result.exit_code == 2
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1
    assert told in result.stderr


def test_colour_only_where_it_is_asked_for(worlds: dict[str, Path]) -> None:
    path = worlds["cart-out-of-memory"]
    assert "\x1b" not in diagnose("--snapshot", path).stdout
    assert "\x1b[" in diagnose("--snapshot", path, "--color", "always").stdout


def test_a_hostile_snapshot_commands_no_terminal(worlds: dict[str, Path], tmp_path: Path) -> None:
    text = gzip.decompress(worlds["payments-lost-database"].read_bytes()).decode()
    path = tmp_path / "hostile.json"
    path.write_text(text.replace("no such host", r"\u001b]0;gone\u0007\u001b[2J\u202eno such host"))
    output = diagnose("--snapshot", path).stdout
    assert "no such host" in output
    assert not set(output) & {"\x1b", "\x07", "\u202e"}


def test_a_hostile_name_in_an_error_commands_no_terminal(tmp_path: Path) -> None:
    service = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "cart\x1b[2J\n", "namespace": "shop"}}
    (tmp_path / "evil.json").write_text(json.dumps({"format": "tocsin-snapshot/1", "objects": [service]}))
    result = diagnose("carts", "--snapshot", tmp_path / "evil.json")
    assert result.exit_code == 2
    assert "\x1b" not in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_snapshot_may_come_through_a_pipe(worlds: dict[str, Path]) -> None:
    command = [sys.executable, "-m", "tocsin", "diagnose", "kubernetes", "--snapshot", "-"]
    result = subprocess.run(command, input=worlds["cart-out-of-memory"].read_bytes(), capture_output=True, check=False)
    assert result.returncode == 0
    assert b"oom-killed" in result.stdout


def test_it_runs_without_a_server_or_settings(worlds: dict[str, Path], tmp_path: Path) -> None:
    argv = [sys.executable, "-c", "from tocsin.cli import main; main()", "diagnose", "kubernetes", "cart"]
    path = worlds["cart-out-of-memory"]
    run = subprocess.run(
        [*argv, "--snapshot", path],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={"HOME": str(tmp_path)},
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.startswith("Deployment cart in shop")
    assert list(tmp_path.iterdir()) == []


def test_help_imports_nothing_but_click() -> None:
    heavy = {"msgspec", "django", "aiohttp", "yaml"}
    code = f"import sys; from tocsin.cli import diagnose; print({heavy} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "set()"
