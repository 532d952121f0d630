"""Reads what policy engines found: parse_policy(bytes) -> PolicyResults, whichever engine wrote them.

OPA (`opa eval`, `opa exec`) and conftest, Checkov, Trivy, tfsec, Sentinel (`sentinel apply`, the policy checks and policy
evaluations of HCP Terraform, its text), cfn-lint, and SARIF of any tool. Recognised by content, not by name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from tocsin.deployments.terraform.progress import ADDRESS
from tocsin.deployments.terraform.sarif import read_sarif
from tocsin.deployments.terraform.violations import PolicyResult, Status, integer, items, mapping, severity, text

__all__ = ["PolicyError", "PolicyResult", "parse_policy"]

MOST_RESULTS = 10_000


class PolicyError(Exception):
    """Something that none of the known engines writes; the message says in one line what is read."""


def parse_policy(data: bytes) -> tuple[PolicyResult, ...]:
    """All results in `data`, in its order; those that name no resource take the address in their message, if there is one.

    Raises PolicyError where no known engine wrote it. Empty where an engine found nothing to say.
    """
    try:
        document = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        found = tuple(_sentinel_text(data.decode("utf-8", "replace")))
        if not found:
            raise PolicyError(f"neither JSON of a policy engine nor Sentinel's text: {error}") from error
        return found
    for recognised, read in _READERS:
        if recognised(document):
            return tuple(_with_address(each) for each, _ in zip(read(document), range(MOST_RESULTS), strict=False))
    raise PolicyError("no results of OPA, conftest, Checkov, Trivy, tfsec, Sentinel, cfn-lint or SARIF in this JSON")


_IN_MESSAGE = re.compile(rf"(?<![\w./-])(?=(?:module\.|data\.|[a-z0-9]+_)){ADDRESS}")


def _with_address(result: PolicyResult) -> PolicyResult:
    if result.resource or not (found := _IN_MESSAGE.search(result.message)):
        return result
    return msgspec.structs.replace(result, resource=found[0])


# --- OPA and conftest --------------------------------------------------------------------------------------------

_RULES: dict[str, Status] = {"deny": "failed", "violation": "failed", "warn": "warning"}
_CONFTEST: dict[str, Status] = {
    "failures": "failed",
    "warnings": "warning",
    "exceptions": "skipped",
    "skipped": "skipped",
}


def _conftest(document: Any) -> Iterator[PolicyResult]:
    for of_file in items(document):
        namespace, file = text(of_file, "namespace"), text(of_file, "filename")
        for section, status in _CONFTEST.items():
            for each in items(of_file.get(section)):
                metadata = mapping(each.get("metadata"))
                rule = text(metadata, "id", "rule", "query") or namespace
                yield _opa_result("conftest", rule, status, text(each, "msg"), metadata, file)
        if passed := integer(of_file.get("successes")):
            yield PolicyResult("conftest", namespace, "passed", file=file, message=f"{passed} passed")


def _opa(document: Any) -> Iterator[PolicyResult]:
    for result in items(document.get("result")):
        for expression in items(result.get("expressions")):
            yield from _opa_value(text(expression, "text"), expression.get("value"))
        if "path" in result:
            yield from _opa_value(text(result, "path"), result.get("result"))


def _opa_value(rule: str, value: Any) -> Iterator[PolicyResult]:
    """A decision: true or false, the complaints of one rule, or a package with its rules."""
    if isinstance(value, bool):
        # A rule named for what it forbids is true when something is wrong.
        forbids = rule.rpartition(".")[2].rpartition("/")[2] in _RULES
        yield PolicyResult(
            "opa", rule, "passed" if value is not forbids else "failed", message=f"{rule} is {value}".lower()
        )
    elif isinstance(value, list):
        status = _RULES.get(rule.rpartition(".")[2], "failed")
        for each in value:
            message = (
                each
                if isinstance(each, str)
                else text(mapping(each), "msg", "message") or msgspec.json.encode(each).decode()
            )
            yield _opa_result("opa", rule, status, message, mapping(each), "")
        if not value:
            yield PolicyResult("opa", rule, "passed")
    elif isinstance(value, dict):
        for name, each in value.items():
            if name in _RULES or isinstance(each, dict) or name in ("allow", "allowed"):
                yield from _opa_value(f"{rule}.{name}" if rule else name, each)


def _opa_result(engine: str, rule: str, status: Status, message: str, told: dict[str, Any], file: str) -> PolicyResult:
    return PolicyResult(
        engine,
        text(told, "id", "rule_id") or rule,
        status,
        severity=severity(told.get("severity")),
        resource=text(told, "resource", "address", "resource_address"),
        file=file,
        message=message,
        remedy=text(told, "remediation", "remedy", "resolution"),
        url=text(told, "url", "link"),
    )


# --- scanners ----------------------------------------------------------------------------------------------------

_CHECKOV: dict[str, Status] = {"passed_checks": "passed", "failed_checks": "failed", "skipped_checks": "skipped"}


def _checkov(document: Any) -> Iterator[PolicyResult]:
    for report in items(document) if isinstance(document, list) else [document]:
        results = mapping(report.get("results") or report.get("checks"))
        for section, status in _CHECKOV.items():
            for check in items(results.get(section)):
                lines = check.get("file_line_range")
                yield PolicyResult(
                    "checkov",
                    text(check, "check_id"),
                    status,
                    severity=severity(check.get("severity")),
                    resource=text(check, "resource_address", "resource"),
                    file=text(check, "file_path").lstrip("/"),
                    line=integer(lines[0]) if isinstance(lines, list) and lines else 0,
                    message=text(check, "check_name"),
                    remedy=text(check, "fixed_definition"),
                    url=text(check, "guideline"),
                )


_TRIVY: dict[str, Status] = {"FAIL": "failed", "PASS": "passed", "EXCEPTION": "skipped"}


def _trivy(document: Any) -> Iterator[PolicyResult]:
    for result in items(document.get("Results")):
        for each in items(result.get("Misconfigurations")):
            cause = mapping(each.get("CauseMetadata"))
            yield PolicyResult(
                "trivy",
                text(each, "ID", "AVDID"),
                _TRIVY.get(text(each, "Status"), "failed"),
                severity=severity(each.get("Severity")),
                resource=text(cause, "Resource"),
                file=text(result, "Target"),
                line=integer(cause.get("StartLine")),
                message=text(each, "Message", "Title"),
                remedy=text(each, "Resolution"),
                url=text(each, "PrimaryURL"),
            )


_TFSEC: dict[int, Status] = {0: "failed", 1: "passed", 2: "skipped"}


def _tfsec(document: Any) -> Iterator[PolicyResult]:
    for each in items(document.get("results")):
        place, links = mapping(each.get("location")), each.get("links")
        yield PolicyResult(
            "tfsec",
            text(each, "long_id", "rule_id"),
            _TFSEC.get(integer(each.get("status")), "failed"),
            severity=severity(each.get("severity")),
            resource=text(each, "resource"),
            file=text(place, "filename"),
            line=integer(place.get("start_line")),
            message=text(each, "description", "rule_description"),
            remedy=text(each, "resolution"),
            url=str(links[0]) if isinstance(links, list) and links else "",
        )


_CFN_LINT: dict[str, tuple[Status, str]] = {
    "Error": ("failed", "high"),
    "Warning": ("warning", "medium"),
    "Informational": ("warning", "low"),
}


def _cfn_lint(document: Any) -> Iterator[PolicyResult]:
    for each in items(document):
        status, weight = _CFN_LINT.get(text(each, "Level"), ("failed", ""))
        place, rule = mapping(each.get("Location")), mapping(each.get("Rule"))
        path = place.get("Path")
        in_resource = isinstance(path, list) and len(path) > 1 and path[0] == "Resources"
        yield PolicyResult(
            "cfn-lint",
            text(rule, "Id"),
            status,
            severity=severity(weight),
            resource=str(path[1]) if in_resource and path else "",
            file=text(each, "Filename"),
            line=integer(mapping(place.get("Start")).get("LineNumber")),
            message=text(each, "Message"),
            remedy=text(rule, "Description", "ShortDescription"),
            url=text(rule, "Source"),
        )


# --- Sentinel ----------------------------------------------------------------------------------------------------

# What a failure means: an advisory policy only warns; the others stop the run.
_LEVELS = {"hard-mandatory": "critical", "mandatory": "high", "soft-mandatory": "high", "advisory": "low"}
_SENTINEL_POLICY = re.compile(
    r"^#* ?(?:Policy \d+: )?(?P<name>[\w./-]+) \((?P<level>hard-mandatory|soft-mandatory|advisory)\)\s*$(?P<rest>[\s\S]*?)"
    r"^(?:Policy )?Result: (?P<result>true|false)",
    re.MULTILINE,
)


def _sentinel_result(name: str, level: str, passed: bool, message: str) -> PolicyResult:
    failed: Status = "warning" if level == "advisory" else "failed"
    weight = severity(_LEVELS.get(level, "high"))
    return PolicyResult("sentinel", name, "passed" if passed else failed, severity=weight, message=message or level)


def _sentinel_text(log: str) -> Iterator[PolicyResult]:
    for found in _SENTINEL_POLICY.finditer(log):
        yield _sentinel_result(found["name"], found["level"], found["result"] == "true", "")


def _sentinel(document: Any) -> Iterator[PolicyResult]:
    """`sentinel apply -json`, or the result of a policy check, in which policy sets hold policies."""
    for policy in items(document.get("policies")):
        level = text(policy, "enforcement_level", "enforcement-level")
        allowed = policy.get("allowed_failure") or policy.get("allowed-failure")
        message = text(mapping(policy.get("trace")), "description", "print") or text(policy, "error")
        yield _sentinel_result(
            text(policy, "policy"), level or ("advisory" if allowed else ""), bool(policy.get("result")), message
        )
    data = mapping(document.get("data"))
    result = mapping(mapping(data.get("attributes")).get("result"))
    for policy_set in mapping(mapping(result.get("sentinel")).get("data")).values():
        yield from _sentinel(mapping(policy_set))


def _evaluations(document: Any) -> Iterator[PolicyResult]:
    """The policy set outcomes of HCP Terraform, which hold Sentinel's and OPA's results alike."""
    for policy_set in items(document.get("data")):
        for each in items(mapping(policy_set.get("attributes")).get("outcomes")):
            output = each.get("output")
            lines = [
                text(mapping(line), "print", "message") if isinstance(line, dict) else str(line)
                for line in output or []
            ]
            yield _sentinel_result(
                text(each, "policy_name"),
                text(each, "enforcement_level"),
                text(each, "status") == "passed",
                text(each, "description") or "\n".join(lines),
            )


# --- which engine it was -----------------------------------------------------------------------------------------


def _first(document: Any) -> dict[str, Any]:
    """The object itself, or the first of a list."""
    return mapping(document[0]) if isinstance(document, list) and document else mapping(document)


def _has(*names: str) -> Callable[[Any], bool]:
    return lambda document: isinstance(document, dict) and all(name in document for name in names)


def _is_policy_check(document: Any) -> bool:
    result = mapping(mapping(mapping(mapping(document).get("data")).get("attributes")).get("result"))
    return "sentinel" in result or ("policies" in mapping(document) and "result" in document)


def _is_evaluation(document: Any) -> bool:
    data = mapping(document).get("data")
    return isinstance(data, list) and text(_first(data), "type") == "policy-set-outcomes"


def _is_tfsec(document: Any) -> bool:
    if not isinstance(document, dict) or "results" not in document:
        return False
    results = document["results"]  # null where nothing was found
    return not results or "long_id" in _first(results) or "rule_id" in _first(results)


_READERS: tuple[tuple[Callable[[Any], bool], Callable[[Any], Iterator[PolicyResult]]], ...] = (
    (_has("runs", "version"), read_sarif),
    (_has("SchemaVersion", "ArtifactName"), _trivy),
    (lambda document: "check_type" in _first(document), _checkov),
    (lambda document: isinstance(document, list) and "Rule" in _first(document), _cfn_lint),
    (lambda document: isinstance(document, list) and (not document or "namespace" in _first(document)), _conftest),
    (_is_policy_check, _sentinel),
    (_is_evaluation, _evaluations),
    (_has("result"), _opa),
    (_is_tfsec, _tfsec),
)
