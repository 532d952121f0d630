"""`tocsin severity`."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Run, refused


def test_what_is_shown_can_be_changed_and_brought_back(run: Run, tmp_path: Path) -> None:
    defaults = json.loads(run("severity", "show", "--output", "json").stdout)
    file = tmp_path / "matrix.json"
    file.write_text(json.dumps(defaults | {"levels": defaults["levels"] | {"high": {"acknowledge": "30 min"}}}))
    assert json.loads(run("severity", "import", str(file), "--output", "json").stdout) == {"version": 1}
    assert "30 min" in run("severity", "show").stdout
    file.write_text(json.dumps(defaults))
    run("severity", "import", str(file))
    assert json.loads(run("severity", "show", "--output", "json").stdout) == defaults
    earlier = json.loads(run("severity", "show", "--version", "1", "--output", "json").stdout)
    assert earlier["levels"]["high"]["acknowledge"] == "30 min"


def test_the_scale_is_said_in_one_word(run: Run) -> None:
    assert run("severity", "scale", "SEV1-4").exit_code == 0
    assert "Shown as: SEV1-4" in run("severity", "show").stdout


def test_a_mistake_is_one_line(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "matrix.json"
    file.write_text('{"levels": {"high": {"acknowledge": "soon"}}}')
    assert refused(run("severity", "import", str(file)), "levels.high.acknowledge: “soon”")
    file.write_text("{")
    assert refused(run("severity", "import", str(file)), "this is no JSON")
    assert refused(run("severity", "show", "--project", "nowhere"), "there is no project nowhere")
    assert refused(run("severity", "show", "--version", "99"), "there is no version 99")
