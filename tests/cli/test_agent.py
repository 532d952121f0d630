"""What `tocsin agent` refuses before its first call."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from tocsin.cli.agent import agent


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--kubeconfig", "/does/not/exist"], "no kubeconfig at /does/not/exist"),
        (["--prometheus", "prometheus:9090"], "begins with http:// or https://"),
        ([], "does not run in a cluster"),
    ],
)
def test_an_agent_that_could_never_look_does_not_start(
    arguments: list[str], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KUBERNETES_SERVICE_HOST", raising=False)
    (tmp_path / "token").write_text("abc")
    always = ["--server", "http://127.0.0.1:1", "--token-file", str(tmp_path / "token")]
    result = CliRunner().invoke(agent, [*always, *arguments])
    assert result.exit_code == 2
    assert told in result.stderr
    assert len(result.stderr.splitlines()) == 1
