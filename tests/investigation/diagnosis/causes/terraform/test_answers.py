"""What matters most of what is said about failed deployments: the order, the commands, the warnings."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.investigation.deployments import error, report
from tests.investigation.diagnosis.causes.terraform.worlds import FIRES
from tests.investigation.worlds import pod, scene
from tocsin.investigation.diagnosis import Report, diagnose, parse_snapshot
from tocsin.investigation.diagnosis.report import Hypothesis

EXISTS = "creating S3 Bucket: BucketAlreadyOwnedByYou: you already own it"
PLAN = {"resource_changes": [{"address": 'aws_s3_bucket.logs["eu"]', "change": {"after": {"bucket": "shop-logs-eu"}}}]}


def first(found: Report) -> Hypothesis:
    return found.hypotheses[0]


def lines(found: Report) -> list[str]:
    return [str(command) for command in first(found).commands]


def test_a_state_that_was_not_saved_is_kept_before_all_else() -> None:
    found = diagnose(parse_snapshot(FIRES["permission-to-state-missing"]))
    assert lines(found)[0] == "cp errored.tfstate errored.tfstate.backup"
    push = lines(found).index("terraform state push errored.tfstate")
    assert all(command.tier == "read-only" for command in first(found).commands[:push])
    assert not any("terraform plan" in line or "terraform apply" in line for line in lines(found)[:push])
    assert any("makes it all again" in told for told in first(found).contributing)


def test_what_exists_is_adopted_under_its_quoted_address_with_the_planned_name() -> None:
    found = report(error(EXISTS, at='aws_s3_bucket.logs["eu"]'), plan=PLAN)
    assert lines(found)[0] == "terraform import 'aws_s3_bucket.logs[\"eu\"]' shop-logs-eu"


def test_without_a_lock_id_nothing_is_unlocked_by_force() -> None:
    found = diagnose(parse_snapshot(FIRES["state-lock-orphaned"]))
    assert not any("force-unlock" in line for line in lines(found))
    assert "force-unlock can't be used: there is no lock id" in first(found).contributing


def test_a_lock_with_an_id_is_removed_only_after_a_check() -> None:
    found = diagnose(parse_snapshot(FIRES["state-locked"]))
    [unlock] = [command for command in first(found).commands if "force-unlock" in command.argv]
    assert unlock.tier == "irreversible"
    assert unlock.before.startswith("no run of ci@runner-4 is going on")


def test_the_missing_statement_is_written_out_and_can_be_taken_back() -> None:
    found = diagnose(parse_snapshot(FIRES["permission-missing"]))
    [grant] = [command for command in first(found).commands if "put-user-policy" in command.argv]
    assert '"Action":["ec2:CreateVpc"]' in grant.argv[-1]
    assert grant.undo
    assert grant.undo.argv[:3] == ("aws", "iam", "delete-user-policy")


def test_a_kubernetes_user_is_given_the_verb_that_was_refused() -> None:
    refused = (
        'User "system:serviceaccount:ci:runner" cannot create resource "secrets" in API group "" in the namespace "x"'
    )
    found = report(error(f"secrets is forbidden: {refused}", at="kubernetes_secret.token"))
    assert "kubectl create clusterrole create-secrets --verb=create --resource=secrets" in lines(found)


def test_the_cheaper_reading_of_a_status_is_outweighed_by_the_code() -> None:
    found = report(
        error("unexpected status 409 (409 Conflict) with error: SkuNotAvailable: not available", at="azurerm_x.y")
    )
    assert first(found).category == "quota_capacity"


def test_two_errors_of_different_causes_are_told_one_by_one() -> None:
    throttled = error("Throttling: Rate exceeded", at="aws_route53_record.www")
    found = report(error(EXISTS, at="aws_s3_bucket.logs"), throttled)
    assert sorted(one.cause for one in found.hypotheses) == ["already-exists", "throttled"]


def test_many_errors_of_one_cause_are_told_once() -> None:
    found = report(*(error(EXISTS, at=f"aws_s3_bucket.logs[{n}]") for n in range(9)))
    assert [one.cause for one in found.hypotheses] == ["already-exists"]
    assert first(found).summary.startswith("aws_s3_bucket.logs[0] and 8 more")


def test_what_a_provisioner_printed_is_not_believed_with_high_confidence() -> None:
    printed = (
        "Error running command './x': exit status 1. Output: AccessDenied: not authorized to perform: s3:PutObject"
    )
    found = report(error("local-exec provisioner error", printed, at="terraform_data.upload"))
    assert all(one.confidence < 0.6 for one in found.hypotheses if one.cause != "provisioner-failed")


@pytest.mark.parametrize(("code", "how"), [(124, "ran out of the time"), (137, "was killed"), (130, "interrupted it")])
def test_an_exit_code_tells_how_a_run_was_stopped(code: int, how: str) -> None:
    found = report("aws_vpc.net: Creating...", exit_code=code, command="apply")
    assert (first(found).cause, how in first(found).summary) == ("run-stopped", True)


def test_a_hostile_line_of_a_program_is_no_error() -> None:
    found = report(
        "aws_instance.web (remote-exec): Error: AccessDenied: User is not authorized to perform: iam:*",
        "Apply complete! Resources: 1 added, 0 changed, 0 destroyed.",
        exit_code=0,
    )
    assert found.outcome == "healthy"


REFUSED = "An error occurred (AccessDenied) when calling the PutObject operation: Access Denied"
COMMANDS = {
    "local": (
        "local-exec provisioner error",
        f"Error running command './x \"not found\"': exit status 1. Output: {REFUSED}",
    ),
    "older": (f"Error running command './x': exit status 1. Output: uploading\n\nError: {REFUSED}",),
    "copied": ("file provisioner error", f"Upload failed: scp: /etc/app.conf: {REFUSED}"),
    "external": (
        "External Program Execution Failed",
        f"Program: /bin/x\nError Message: {REFUSED}\nState: exit status 1",
    ),
}


@pytest.mark.parametrize("form", COMMANDS)
def test_what_a_failing_program_printed_is_not_taken_for_an_answer_of_a_cloud(form: str) -> None:
    found = report(error(*COMMANDS[form], at="" if form == "older" else "null_resource.upload"))
    assert first(found).cause == "provisioner-failed"
    assert "AccessDenied" in first(found).summary
    assert len(found.hypotheses[0].evidence) == 1


def test_what_a_script_printed_last_is_told_of_a_machine_too() -> None:
    said = "aws_instance.web (remote-exec): E: Unable to locate package ngnix"
    failure = 'error executing "/tmp/terraform_7.sh": Process exited with status 100'
    found = report(said, error("remote-exec provisioner error", failure, at="aws_instance.web"))
    assert first(found).summary.endswith("exit status 100: E: Unable to locate package ngnix")


def test_a_program_that_is_not_installed_is_named_whatever_else_was_printed() -> None:
    failure = "Error running command 'migrate': exit status 127. Output: /bin/sh: migrate: not found"
    assert (
        first(report(error("local-exec provisioner error", failure, at="null_resource.x"))).cause == "program-missing"
    )


def test_each_of_several_failed_provisioners_has_its_remedy() -> None:
    failures = [
        error("local-exec provisioner error", f"Error running command './x': exit status 1. Output: {at}", at=at)
        for at in ("null_resource.a", 'module.b.null_resource.b["k"]')
    ]
    found = report(*failures)
    assert [line for line in lines(found) if "untaint" in line] == [
        "terraform untaint null_resource.a",
        "terraform untaint 'module.b.null_resource.b[\"k\"]'",
    ]
    assert "2 resources are tainted" in " ".join(first(found).contributing)


def test_an_error_without_a_place_is_about_the_one_thing_that_was_at_work() -> None:
    found = report("google_sql_database_instance.main: Destroying...", "", error("deletion_protection is set to true"))
    assert first(found).subject.name == "google_sql_database_instance.main"


def test_an_error_without_a_place_is_about_nothing_where_two_things_were_at_work() -> None:
    begun = "aws_sqs_queue.a: Creating...\naws_sqs_queue.b: Creating...\n"
    assert first(report(begun, error("Rate exceeded"))).subject.kind == "Run"


def test_each_of_several_that_exist_is_adopted_under_its_own_name() -> None:
    exist = [
        error(
            f"ResourceAlreadyExistsException: The Log Group '{name}' already exists.",
            at=f"aws_cloudwatch_log_group.{name}",
        )
        for name in ("web", "api")
    ]
    assert lines(report(*exist))[:2] == [
        "terraform import aws_cloudwatch_log_group.web web",
        "terraform import aws_cloudwatch_log_group.api api",
    ]


def test_what_is_imported_by_an_arn_is_not_imported_by_its_name() -> None:
    found = report(error("EntityAlreadyExists: A policy called app already exists.", at="aws_iam_policy.app"))
    assert not any("import" in command.argv for command in first(found).commands)


def test_a_release_whose_name_is_taken_is_looked_for_in_the_cluster() -> None:
    assert "helm list --all --all-namespaces" in lines(report(error("cannot re-use a name that is still in use")))


def test_the_call_names_the_right_where_the_error_does_not() -> None:
    refused = "operation error SFN: CreateStateMachine, https response error StatusCode: 400, AccessDeniedException"
    found = report(error(f"creating Step Functions State Machine: {refused}: ", at="aws_sfn_state_machine.flow"))
    assert "may not states:CreateStateMachine" in first(found).summary


def test_a_plan_that_failed_and_was_applied_is_told_beside_the_refusal() -> None:
    found = report(error("AccessDenied: Access Denied", at="aws_s3_bucket.logs"), error("Cannot apply incomplete plan"))
    assert any("stop where plan fails" in told for told in first(found).contributing)


def test_a_state_of_another_lineage_is_not_simply_pushed() -> None:
    found = report(
        error("Failed to save state", "The lineage provided in the state file does not match the value known."),
        error("Failed to persist state to backend", 'It was written to the file "errored.tfstate".'),
    )
    assert any("a plain push of errored.tfstate is refused" in told for told in first(found).contributing)


def test_an_address_of_this_machine_is_a_tunnel_that_ended() -> None:
    found = report(error('Get "http://127.0.0.1:9000/states": read: connection reset by peer', at="minio_bucket.logs"))
    assert any("port-forward" in told for told in first(found).contributing)


def test_a_launch_that_was_repeated_in_silence_is_taken_for_a_lack_of_machines() -> None:
    silent = "launching source instance: timeout while waiting for state to become 'success' (timeout: 15s)"
    assert first(report(error(silent, at="aws_instance.web"))).category == "quota_capacity"


def test_an_unknown_complaint_about_a_place_in_the_configuration_is_one_of_the_language() -> None:
    log = 'Error: Peculiar use of a gadget\n\n  on main.tf line 3, in output "x":\n   3:   value = 1\n\nNo gadgets here.\n'
    found = first(report(log))
    assert (found.cause, found.confidence_label != "high") == ("configuration-invalid", True)


def test_what_is_not_known_of_a_set_is_named_from_the_code() -> None:
    log = (
        '╷\n│ Error: Invalid for_each argument\n│ \n│   on main.tf line 3, in resource "aws_x" "y":\n'
        "│    3:   for_each = local.zones\n│     ├────────────────\n"
        "│     │ local.zones is a set of string, known only after apply\n│ \n"
        '│ The "for_each" set includes values that cannot be determined until apply\n╵\n'
    )
    assert "in place of local.zones" in first(report(log)).commands[0].purpose


def test_each_of_several_programs_that_are_not_installed_is_looked_for() -> None:
    absent = "Error running command '{0}': exit status 127. Output: /bin/sh: 1: {0}: not found"
    failures = [
        error("local-exec provisioner error", absent.format(program), at=f"null_resource.{program}")
        for program in ("migrate", "seed")
    ]
    found = report(*failures)
    assert lines(found)[:2] == ["which migrate", "which seed"]
    assert "terraform untaint null_resource.seed" in lines(found)


def test_a_refused_acl_of_which_nothing_more_is_said_has_two_causes() -> None:
    found = report(error("Error putting S3 ACL: AccessDenied: Access Denied", at="aws_s3_bucket.logs"))
    assert {one.category for one in found.hypotheses} == {"permission", "policy"}
    assert first(found).confidence < 0.85


def test_an_alert_that_names_a_project_does_not_lower_the_confidence() -> None:
    document = json.loads(FIRES["stale-plan"]) | {
        "alert": {"title": "apply of shop failed", "labels": {"project": "shop"}}
    }
    found = diagnose(parse_snapshot(json.dumps(document).encode()))
    assert (first(found).cause, first(found).confidence_label) == ("stale-plan", "high")


def test_a_cluster_and_a_deployment_are_asked_together() -> None:
    document = json.loads(FIRES["stale-plan"]) | json.loads(scene(pod("cart"))) | {"namespace": ""}
    found = diagnose(parse_snapshot(json.dumps(document).encode()))
    assert "stale-plan" in [one.cause for one in found.hypotheses]


@given(st.text(max_size=2000), st.sampled_from(sorted(FIRES)))
@settings(max_examples=60, deadline=None)
def test_no_log_breaks_a_cause(noise: str, name: str) -> None:
    log = json.loads(FIRES[name])["deployment"]["log"]
    found = report(f"{log[: len(noise)]}{noise}{log[len(noise) :]}")
    assert not [gap for gap in found.gaps if " broke: " in gap]
