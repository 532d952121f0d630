import base64
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest

from tests.deployments.terraform.printed import Told, as_json, boxed, plain
from tocsin.deployments.terraform.plan import PlanError
from tocsin.deployments.terraform.secrets import LEFT_OUT, redact_log, redact_plan, sensitive_values
from tocsin.ground.redaction import placeholder

KEY = b"a key of these tests"
SECRET = 'Tr0ub4dor & "3"'


def plan(**sections: Any) -> bytes:
    return json.dumps({"format_version": "1.2", **sections}).encode()


DOCUMENTS = {
    "a change": plan(
        resource_changes=[{"change": {"before": None, "after": {"a": [SECRET]}, "after_sensitive": {"a": [True]}}}]
    ),
    "an old value": plan(resource_drift=[{"change": {"before": {"a": SECRET}, "before_sensitive": {"a": True}}}]),
    "a whole object": plan(output_changes={"o": {"after": {"k": {"v": SECRET}}, "after_sensitive": True}}),
    "a variable": plan(
        variables={"p": {"value": SECRET}}, configuration={"root_module": {"variables": {"p": {"sensitive": True}}}}
    ),
    "planned values": plan(
        planned_values={
            "root_module": {
                "child_modules": [{"resources": [{"values": {"a": SECRET}, "sensitive_values": {"a": True}}]}]
            }
        }
    ),
    "an output of a state": plan(values={"outputs": {"o": {"sensitive": True, "value": SECRET}}}),
    "a state file": json.dumps(
        {
            "version": 4,
            "resources": [
                {
                    "instances": [
                        {
                            "attributes": {"m": {"value": {"a": SECRET}, "type": ["object", {"a": "string"}]}},
                            "sensitive_attributes": [
                                [{"type": "get_attr", "value": "m"}, {"type": "get_attr", "value": "a"}]
                            ],
                        }
                    ]
                }
            ],
        }
    ).encode(),
}


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS.keys())
def test_marked_values_are_known_and_hidden(document: bytes) -> None:
    assert sensitive_values(document) == {SECRET}
    clean = redact_plan(document, (), KEY)
    assert SECRET not in str(json.loads(clean))
    assert b"[redacted:" in clean


def test_equal_secrets_look_equal_in_plan_and_log() -> None:
    clean = redact_plan(DOCUMENTS["a change"], (), KEY).decode() + redact_log(f"login {SECRET}", {SECRET}, KEY)
    assert clean.count(placeholder(SECRET, KEY)) == 2


def test_what_is_not_marked_stays() -> None:
    document = plan(
        resource_changes=[{"address": "a_b.c", "change": {"after": {"size": "t3.large"}, "after_sensitive": {}}}]
    )
    assert json.loads(redact_plan(document, (), KEY)) == json.loads(document)


def test_a_secret_is_hidden_wherever_the_plan_repeats_it() -> None:
    document = plan(configuration={"expressions": {"command": {"constant_value": f"login -p {SECRET}"}}})
    assert SECRET not in str(json.loads(redact_plan(document, {SECRET}, KEY)))


def test_what_lost_its_mark_on_the_way_is_hidden_too() -> None:
    change = {"after": {"input": 918273, "output": 918273, "size": 918}, "after_sensitive": {"input": True}}
    clean = json.loads(redact_plan(plan(resource_changes=[{"change": change}]), (), KEY))["resource_changes"][0][
        "change"
    ]["after"]
    assert clean == {"input": placeholder("918273", KEY), "output": placeholder("918273", KEY), "size": 918}


def test_short_and_common_values_are_hidden_by_their_place_only() -> None:
    change = {"change": {"after": {"a": "abc", "b": "true"}, "after_sensitive": {"a": True, "b": True}}}
    assert sensitive_values(plan(resource_changes=[change])) == frozenset()
    assert "abc" not in redact_plan(plan(resource_changes=[change]), (), KEY).decode()


WRITINGS = {
    "as it is": SECRET,
    "in JSON": json.dumps(SECRET),
    "in JSON as Go writes it": json.dumps(SECRET).replace("&", r"\u0026"),
    "in a URL": quote(SECRET, safe=""),
    "in base64": base64.b64encode(SECRET.encode()).decode(),
    "wrapped": SECRET.replace(" & ", "\n& "),
    "wrapped in a box": SECRET.replace(" & ", "\n│ & "),
    "wrapped in a coloured box": SECRET.replace(" & ", "\n\x1b[31m│\x1b[0m \x1b[0m& "),
}


@pytest.mark.parametrize("writing", WRITINGS.values(), ids=WRITINGS.keys())
def test_a_known_secret_goes_however_it_is_written(writing: str) -> None:
    clean = redact_log(f"Output: {writing} end", {SECRET}, KEY)
    assert placeholder(SECRET, KEY) in clean
    assert not any(word in clean for word in ("Tr0ub4dor", quote(SECRET), "VHIwdWI0"))
    assert clean.count("\n") == writing.count("\n")


def test_lines_of_a_secret_go_one_by_one() -> None:
    clean = redact_log(
        "x (local-exec): first-line-of-it\nx (local-exec): second-line-of-it",
        {"first-line-of-it\nsecond-line-of-it"},
        KEY,
    )
    assert "line-of-it" not in clean


def test_what_looks_like_a_secret_goes_without_a_plan() -> None:
    assert "hunter22" not in redact_log("connecting postgres://app:hunter22@db", (), KEY)


SUPPRESSED = "a_b.c (local-exec): (output suppressed due to sensitive value in config)\n"
FAILED = Told(
    "local-exec provisioner error",
    f"Error running command 'login {SECRET}': exit status 3. Output: no\n\n{SECRET}",
    address="a_b.c",
)
OTHER = Told(
    "local-exec provisioner error", "Error running command 'x': exit status 1. Output: disk full", address="a_b.d"
)


@pytest.mark.parametrize("form", [plain, boxed, as_json])
def test_suppressed_output_is_withheld_where_no_value_is_known(form: Callable[..., str]) -> None:
    log = SUPPRESSED + form(FAILED, OTHER)
    clean = redact_log(log, (), KEY)
    assert "Tr0ub4dor" not in clean
    assert "exit status 3" in clean
    assert "disk full" in clean
    assert clean.count("\n") == log.count("\n")


@pytest.mark.parametrize("why", ["sensitive", "ephemeral", "sensitive, ephemeral"])
def test_it_is_withheld_for_whatever_reason_it_was_suppressed(why: str) -> None:
    log = SUPPRESSED.replace("sensitive", why) + plain(FAILED)
    assert "Tr0ub4dor" not in redact_log(log, (), KEY)


def test_ephemeral_values_are_never_all_known() -> None:
    log = SUPPRESSED.replace("sensitive", "ephemeral") + plain(FAILED)
    assert "Tr0ub4dor" not in redact_log(log, {"another"}, KEY, all_known=True)


def test_one_known_value_does_not_give_away_another_beside_it() -> None:
    assert "Output: no" not in redact_log(SUPPRESSED + plain(FAILED), {"login"}, KEY)


def test_a_secret_that_has_nothing_to_do_with_it_keeps_nothing() -> None:
    assert "Tr0ub4dor" not in redact_log(SUPPRESSED + plain(FAILED), {"of the environment"}, KEY)


def test_where_all_is_known_nothing_is_withheld_not_even_later() -> None:
    harmless = Told(
        "local-exec provisioner error", "Error running command 'x': exit status 1. Output: refused", address="a_b.c"
    )
    clean = redact_log(SUPPRESSED + plain(harmless), {SECRET}, KEY, all_known=True)
    assert "refused" in clean
    assert redact_log(clean, (), KEY) == clean


@pytest.mark.parametrize("function", [sensitive_values, lambda document: redact_plan(document, (), KEY)])
def test_a_document_that_cannot_be_read_is_refused(function: Callable[[bytes], object]) -> None:
    with pytest.raises(PlanError):
        function(b"{")


def test_a_provisioner_of_a_log_whose_middle_is_left_out_may_have_been_suppressed() -> None:
    error = (
        "Error: local-exec provisioner error\n\n  with terraform_data.a,\n  on main.tf line 8, in resource:\n\n"
        "Error running command 'login hunter2x': exit status 3. Output: hunter2x\n"
    )
    assert "hunter2x" in redact_log(error, frozenset(), KEY)
    assert "hunter2x" not in redact_log(f"[123 {LEFT_OUT}\n{error}", frozenset(), KEY)


@pytest.mark.parametrize("read", [sensitive_values, lambda document: redact_plan(document, (), KEY)])
def test_what_is_nested_too_deeply_to_be_gone_through_is_refused(read: Callable[[bytes], object]) -> None:
    deep = '{"change": {"after": ' + "[" * 900 + "]" * 900 + ', "after_sensitive": true}}'
    with pytest.raises(PlanError, match="nested too deeply"):
        read(f'{{"format_version": "1.2", "resource_changes": [{deep}]}}'.encode())
