"""What policies said, put together."""

from typing import Any

from tocsin.web.pages.verdicts import verdicts


def result(rule: str, status: str = "failed", **values: Any) -> dict[str, Any]:
    return {"engine": "checkov", "rule": rule, "status": status} | values


def test_what_failed_comes_first_and_the_worst_of_it() -> None:
    found = verdicts(
        [
            result("warned", "warning", severity="critical"),
            result("unrated"),
            result("low", severity="low"),
            result("critical", severity="critical"),
        ]
    )
    assert [ruled.first.rule for ruled in found.troubled] == ["critical", "low", "unrated", "warned"]
    assert found.failed == 3


def test_one_rule_is_told_once_with_all_its_resources() -> None:
    (ruled,) = verdicts([result("a", resource="x.y"), result("a", resource="x.z")]).troubled
    assert [verdict.resource for verdict in ruled.verdicts] == ["x.y", "x.z"]


def test_what_was_passed_is_counted_alone() -> None:
    found = verdicts([result("a", "passed"), result("b", "passed")])
    assert (found.troubled, found.counts) == ((), (("passed", 2),))


def test_what_another_version_wrote_is_counted_not_hidden() -> None:
    assert verdicts([{"rule": 7}, "text"]).unreadable == 2
