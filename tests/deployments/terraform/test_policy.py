import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.deployments.terraform.policy import PolicyError, PolicyResult, parse_policy


def read(document: Any) -> tuple[PolicyResult, ...]:
    return parse_policy(json.dumps(document).encode())


def test_conftest() -> None:
    metadata = {"severity": "High", "remediation": "Add the tag."}
    failed, warned, passed = read(
        [
            {
                "filename": "plan.json",
                "namespace": "tags",
                "successes": 3,
                "failures": [{"msg": "aws_s3_bucket.logs lacks a tag", "metadata": metadata}],
                "warnings": [{"msg": "no owner"}],
            }
        ]
    )
    assert failed == PolicyResult(
        "conftest",
        "tags",
        "failed",
        "high",
        "aws_s3_bucket.logs",
        "plan.json",
        0,
        "aws_s3_bucket.logs lacks a tag",
        "Add the tag.",
    )
    assert (warned.status, warned.message) == ("warning", "no owner")
    assert (passed.status, passed.message) == ("passed", "3 passed")


def opa(text: str, value: Any) -> list[tuple[str, str, str]]:
    results = read({"result": [{"expressions": [{"text": text, "value": value}]}]})
    return [(each.rule, each.status, each.message) for each in results]


def test_opa() -> None:
    assert opa("data.tf.deny", ["no public bucket"]) == [("data.tf.deny", "failed", "no public bucket")]
    assert opa("data.tf.deny", []) == [("data.tf.deny", "passed", "")]
    assert opa("data.tf.allow", False) == [("data.tf.allow", "failed", "data.tf.allow is false")]
    assert opa("data.tf.deny", False)[0][1] == "passed"
    package = {"deny": [{"msg": "a", "resource": "x_y.z"}], "warn": ["b"], "types": ["t2"]}
    assert opa("data.tf", package) == [("data.tf.deny", "failed", "a"), ("data.tf.warn", "warning", "b")]
    assert read({"result": [{"path": "plan.json", "result": False}]})[0].status == "failed"


def test_checkov() -> None:
    check = {
        "check_id": "CKV_1",
        "check_name": "Encrypt it",
        "resource": "aws_ebs_volume.a",
        "file_path": "/main.tf",
        "file_line_range": [4, 9],
        "severity": None,
        "guideline": "https://x.test",
    }
    report = {
        "check_type": "terraform",
        "results": {"failed_checks": [check], "passed_checks": [{**check, "severity": "LOW"}]},
    }
    expected = PolicyResult(
        "checkov", "CKV_1", "failed", "", "aws_ebs_volume.a", "main.tf", 4, "Encrypt it", "", "https://x.test"
    )
    assert expected in read(report)
    assert [each.status for each in read([report, report])].count("passed") == 2


def test_trivy() -> None:
    found = {
        "ID": "AWS-1",
        "Message": "No logging",
        "Resolution": "Add a block",
        "Severity": "LOW",
        "PrimaryURL": "https://x.test",
        "Status": "FAIL",
        "CauseMetadata": {"Resource": "module.a", "StartLine": 25},
    }
    document = {"SchemaVersion": 2, "ArtifactName": ".", "Results": [{"Target": "a.tf", "Misconfigurations": [found]}]}
    assert read(document) == (
        PolicyResult(
            "trivy", "AWS-1", "failed", "low", "module.a", "a.tf", 25, "No logging", "Add a block", "https://x.test"
        ),
    )


def test_tfsec() -> None:
    found = {
        "long_id": "aws-s3-log",
        "severity": "MEDIUM",
        "status": 0,
        "resource": "aws_s3_bucket.a",
        "location": {"filename": "a.tf", "start_line": 3},
        "description": "No logging",
        "resolution": "Add a block",
        "links": ["https://x.test"],
    }
    expected = PolicyResult(
        "tfsec",
        "aws-s3-log",
        "failed",
        "medium",
        "aws_s3_bucket.a",
        "a.tf",
        3,
        "No logging",
        "Add a block",
        "https://x.test",
    )
    assert read({"results": [found]}) == (expected,)
    assert read({"results": None}) == ()


def test_cfn_lint() -> None:
    found = {
        "Level": "Error",
        "Message": "Bad property",
        "Filename": "t.yaml",
        "Rule": {"Id": "E3002", "Source": "https://x.test", "ShortDescription": "Properties exist"},
        "Location": {"Start": {"LineNumber": 8}, "Path": ["Resources", "Bucket", "Properties"]},
    }
    (result,) = read([found])
    assert (result.rule, result.status, result.resource, result.line) == ("E3002", "failed", "Bucket", 8)


SENTINEL = """## Policy 1: restrict-size (hard-mandatory)

Result: false

## Policy 2: tags (advisory)

Result: false

## Policy 3: region (soft-mandatory)

Result: true
"""


def test_sentinel_says_which_policy_stops_a_run() -> None:
    results = parse_policy(SENTINEL.encode())
    assert [(each.rule, each.status, each.severity) for each in results] == [
        ("restrict-size", "failed", "critical"),
        ("tags", "warning", "low"),
        ("region", "passed", "high"),
    ]


def test_sentinels_json() -> None:
    policies = [{"policy": "size", "result": False, "trace": {"description": "Only small ones"}}]
    check = {"data": {"attributes": {"result": {"sentinel": {"data": {"set": {"policies": policies}}}}}}}
    outcome = {"enforcement_level": "advisory", "policy_name": "tags", "status": "failed", "description": "Tag it"}
    evaluation = {"data": [{"type": "policy-set-outcomes", "attributes": {"outcomes": [outcome]}}]}
    assert [(each.rule, each.status, each.message) for each in read(check)] == [("size", "failed", "Only small ones")]
    assert read({"result": False, "policies": policies}) == read(check)
    assert [(each.rule, each.status, each.message) for each in read(evaluation)] == [("tags", "warning", "Tag it")]


def sarif(result: dict[str, Any], rule: dict[str, Any]) -> PolicyResult:
    place = {"physicalLocation": {"artifactLocation": {"uri": "a.tf"}, "region": {"startLine": 2}}}
    result = {"ruleId": "R1", "message": {"text": "Bad"}, "locations": [place], **result}
    run = {
        "tool": {"driver": {"name": "Scanner", "rules": [{"id": "R1", "helpUri": "https://x.test", **rule}]}},
        "results": [result],
    }
    (found,) = read({"version": "2.1.0", "runs": [run]})
    return found


def test_sarif() -> None:
    rule = {"properties": {"security-severity": "9.1"}, "help": {"text": "Fix it\nResource: a_b.c"}}
    expected = PolicyResult(
        "scanner", "R1", "failed", "critical", "a_b.c", "a.tf", 2, "Bad", "Fix it", "https://x.test"
    )
    assert sarif({"level": "error"}, rule) == expected
    assert sarif({"level": "warning"}, {}).severity == "medium"
    assert sarif({"suppressions": [{"kind": "inSource"}]}, {}).status == "skipped"
    assert sarif({"kind": "pass"}, {}).status == "passed"


@pytest.mark.parametrize("data", [b"", b"\xff", b'{"a":1}', b"[1]", b"7", b"null"])
def test_rubbish_is_refused_in_one_line(data: bytes) -> None:
    with pytest.raises(PolicyError) as refused:
        parse_policy(data)
    assert "\n" not in str(refused.value)


def test_nothing_found_is_no_rubbish() -> None:
    assert parse_policy(b"[]") == ()


NAMES = [
    "runs",
    "version",
    "Results",
    "results",
    "result",
    "SchemaVersion",
    "ArtifactName",
    "check_type",
    "expressions",
    "data",
]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
)


@given(st.dictionaries(st.sampled_from(NAMES), VALUES))
def test_no_shape_raises_anything_else(document: dict[str, object]) -> None:
    try:
        read(document)
    except PolicyError:
        return
