"""Reads SARIF 2.1, which many scanners write: https://docs.oasis-open.org/sarif/sarif/v2.1.0/."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tocsin.deployments.terraform.violations import (
    PolicyResult,
    Severity,
    Status,
    integer,
    items,
    mapping,
    severity,
    text,
)

# Checkov and others name the resource only in the rule's help.
_RESOURCE = re.compile(r"^Resource: *(\S+)", re.MULTILINE)


def read_sarif(document: dict[str, Any]) -> Iterator[PolicyResult]:
    """The results of all runs in the document."""
    for run in items(document.get("runs")):
        driver = mapping(mapping(run.get("tool")).get("driver"))
        rules = items(driver.get("rules"))
        by_id = {text(rule, "id"): rule for rule in rules}
        for result in items(run.get("results")):
            index = integer(result.get("ruleIndex"))
            rule = by_id.get(text(result, "ruleId")) or (rules[index] if 0 <= index < len(rules) else {})
            yield _result(text(driver, "name").lower() or "sarif", result, rule)


def _result(engine: str, result: dict[str, Any], rule: dict[str, Any]) -> PolicyResult:
    location = next(iter(items(result.get("locations"))), {})
    place = mapping(location.get("physicalLocation"))
    help_text = text(mapping(rule.get("help")), "text")
    logical = next(iter(items(location.get("logicalLocations"))), {})
    named = _RESOURCE.search(help_text)
    message, advice = text(mapping(result.get("message")), "text", "markdown"), _RESOURCE.sub("", help_text).strip()
    return PolicyResult(
        engine,
        text(result, "ruleId") or text(rule, "id"),
        _status(result),
        severity=_severity(result, rule),
        resource=text(logical, "fullyQualifiedName", "name") or (named[1] if named else ""),
        file=text(mapping(place.get("artifactLocation")), "uri"),
        line=integer(mapping(place.get("region")).get("startLine")),
        message=message,
        remedy="" if advice == message else advice,
        url=text(rule, "helpUri"),
    )


def _status(result: dict[str, Any]) -> Status:
    if items(result.get("suppressions")):
        return "skipped"
    kind = text(result, "kind")
    if kind in ("pass", "notApplicable"):
        return "passed" if kind == "pass" else "skipped"
    return "warning" if text(result, "level") == "note" else "failed"


def _severity(result: dict[str, Any], rule: dict[str, Any]) -> Severity:
    """By the rule's score, as GitHub reads it (9 critical, 7 high, 4 medium), else by the level."""
    scored = mapping(rule.get("properties")).get("security-severity")
    try:
        score = float(scored) if isinstance(scored, int | float | str) else 0.0
    except ValueError:
        score = 0.0
    if score > 0:
        return "critical" if score >= 9 else "high" if score >= 7 else "medium" if score >= 4 else "low"
    level = text(result, "level") or text(mapping(rule.get("defaultConfiguration")), "level")
    return severity(level or "warning")  # the format's default
