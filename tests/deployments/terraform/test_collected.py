import pytest

from tests.deployments.terraform.printed import APPLY, FORMS, UNKNOWN_KEYS, Form, Told, plain
from tocsin.deployments.terraform.log import parse_log
from tocsin.deployments.terraform.parsed import Counts, LockInfo, Run


def read(text: str) -> Run:
    return parse_log(text.encode())


def test_progress_becomes_events() -> None:
    run = read(APPLY)
    events = {event.address: (event.action, event.state, event.seconds) for event in run.events}
    assert events['aws_vpc.b["x: y"]'] == ("create", "complete", 72)
    assert events["aws_vpc.c"] == ("create", "started", None)
    assert (run.tool, run.version, run.command) == ("terraform", "1.9.2", "apply")
    assert run.counts == Counts(add=2, imported=1)


def test_an_apply_without_its_end_is_unfinished() -> None:
    assert not read(APPLY).finished
    assert read(APPLY + "Apply complete! Resources: 2 added, 0 changed, 0 destroyed.\n").finished
    assert read(APPLY + plain(UNKNOWN_KEYS)).finished


@pytest.mark.parametrize("form", FORMS)
def test_an_error_settles_the_events_of_its_resource(form: Form) -> None:
    failed = Told("AccessDenied", address="aws_vpc.c")
    assert [event.state for event in read(APPLY + form(failed)).events if event.address == "aws_vpc.c"] == ["failed"]
    spoilt = Told("local-exec provisioner error", address="aws_vpc.c")
    assert [event.state for event in read(APPLY + form(spoilt)).events if event.address == "aws_vpc.c"] == ["tainted"]


def test_hooks_become_events() -> None:
    hook = '"hook":{"resource":{"addr":"a_b.c"},"action":"update","elapsed_seconds":3}'
    (event,) = read(f'{{"@level":"info","@message":"",{hook},"type":"apply_complete"}}\n').events
    assert (event.address, event.action, event.state, event.seconds) == ("a_b.c", "update", "complete", 3)


LOCKED = """Error message: busy
Lock Info:
  ID:        4f
  Path:      s3/x
  Operation: OperationTypeApply
  Who:       a@b"""


@pytest.mark.parametrize("form", FORMS)
def test_the_holder_of_a_lock_is_read(form: Form) -> None:
    run = read(form(Told("Error acquiring the state lock", LOCKED)))
    assert run.lock == LockInfo("4f", "s3/x", "OperationTypeApply", "a@b")


def test_changes_made_outside_are_drift() -> None:
    human = "Note: Objects have changed outside of Terraform\n\n  # a_b.c has been deleted\n  # a_b.d has changed\n"
    drifted = '{"@level":"info","@message":"","change":{"resource":{"addr":"a_b.c"},"action":"delete"},"type":"resource_drift"}\n'
    assert read(human).drift == ("a_b.c", "a_b.d")
    assert read(drifted).drift == ("a_b.c",)
    assert read("  # a_b.c has changed\n").drift == ()


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("Interrupt received.", "interrupt"),
        ("##[error]The operation was canceled.", "interrupt"),
        ("/srv/run.sh: line 3:    71 Killed", "killed"),
        ("Process completed with exit code 137.", "killed"),
        ("##[error]The action 'apply' has timed out after 30 minutes.", "timeout"),
        ("ERROR: Job failed: execution took longer than 1h0m0s seconds", "timeout"),
        ("command terminated with exit code 124", "timeout"),
        ("aws_x.y (local-exec): Interrupt received.", ""),
    ],
)
def test_why_a_run_was_cut_short(line: str, why: str) -> None:
    assert read(line).interrupted == why


def test_the_command_is_taken_from_its_echo() -> None:
    assert read("$ terraform -chdir=prod plan -out=p\n" + plain(UNKNOWN_KEYS)).command == "plan"
    assert read("+ tofu apply -auto-approve\nPlan: 1 to add, 0 to change, 0 to destroy.\n").command == "apply"


def test_suppressed_output_is_told() -> None:
    assert read("a_b.c (local-exec): (output suppressed due to sensitive value in config)\n").suppressed
