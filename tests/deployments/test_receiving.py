"""What becomes of a deployment that was sent."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest

from tocsin.alerts.runs import Trigger
from tocsin.deployments.document import FORMAT, BadDocument, Document, Section, pack, unpack
from tocsin.deployments.receiving import Understood, understand
from tocsin.deployments.terraform.violations import PolicyResult, Status

KEY = b"k" * 32
SECRET = "hunter2-very-secret"
LOG = f"""terraform_data.ok: Creation complete after 0s [id=1]
terraform_data.bad: Creating...

Error: local-exec provisioner error

  with terraform_data.bad,
  on main.tf line 9, in resource "terraform_data" "bad":

Error running command 'login {SECRET}': exit status 3.
"""
PLAN = {
    "format_version": "1.2",
    "resource_changes": [
        {
            "address": "terraform_data.bad",
            "change": {
                "actions": ["create"],
                "before": None,
                "after": {"input": SECRET},
                "after_unknown": {},
                "before_sensitive": False,
                "after_sensitive": {"input": True},
            },
        }
    ],
}


def document(**section: Any) -> Document:
    told: dict[str, Any] = {"tool": "terraform", "command": "apply", "exit_code": 1, "log": LOG, "plan": PLAN} | section
    return Document(format=FORMAT, run="r1", configuration="network", deployment=Section(**told))


def received(**section: Any) -> Understood:
    return understand(unpack(pack(document(**section))), [], KEY)


def test_a_failed_apply_is_a_run_with_a_record() -> None:
    found = received()
    assert (found.run.configuration, found.run.trigger) == ("network", Trigger.APPLY_FAILURE)
    assert gzip.decompress(found.record.log).decode().startswith("terraform_data.ok: Creation complete")
    assert found.record.lines == LOG.count("\n")
    assert "`terraform_data.ok` created" in found.record.rollback


def test_what_the_plan_marks_is_nowhere_and_looks_the_same_everywhere() -> None:
    found = received(argv=["terraform", "apply", f"-var=x={SECRET}"])
    kept = [found.body, found.run.reason, found.record.rollback]
    kept += [gzip.decompress(part).decode() for part in (found.record.section, found.record.log)]
    assert not any(SECRET in text for text in kept)
    section = json.loads(gzip.decompress(found.record.section))
    placeholder = section["plan"]["resource_changes"][0]["change"]["after"]["input"]
    assert placeholder in gzip.decompress(found.record.log).decode()


def test_a_plan_that_can_not_be_read_is_not_kept() -> None:
    assert json.loads(gzip.decompress(received(plan={"input": SECRET}).record.section))["plan"] is None


def test_policies_that_failed_come_first() -> None:
    statuses: list[Status] = ["passed", "failed", "warning"]
    policies = [PolicyResult("trivy", "R1", status) for status in statuses]
    assert [p["status"] for p in received(policies=policies).record.policies] == ["failed", "warning", "passed"]


def test_a_nul_is_replaced_since_no_database_keeps_it() -> None:
    assert "\x00" not in gzip.decompress(received(log="a\x00b").record.log).decode()


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"{}", "not gzipped JSON"),
        (gzip.compress(b"[]"), "not gzipped JSON"),
        (gzip.compress(b"{}")[:-4], "cut off"),
        (pack(document())[:-9], "cut off"),
        (
            gzip.compress(json.dumps({"format": "x/1", "run": "r", "configuration": "c", "deployment": {}}).encode()),
            "format",
        ),
        (pack(Document(format=FORMAT, run="", configuration="c", deployment=Section())), "has no `run`"),
    ],
)
def test_what_is_no_deployment_is_refused_in_a_line(body: bytes, why: str) -> None:
    with pytest.raises(BadDocument, match=why):
        unpack(body)
