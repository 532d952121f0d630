"""A runbook has the steps of the very error in an order that can be followed."""

from tests.investigation.deployments import error, report
from tests.investigation.diagnosis.causes.terraform.state_worlds import LOCK
from tocsin.investigation.diagnosis.runbook import Runbook, Step, runbook, runbook_text


def of(*parts: str) -> Runbook:
    made = runbook(report(*parts))
    assert made
    return made


def test_it_holds_others_off_first_and_sees_that_it_is_over_last() -> None:
    titles = [step.title for step in of(error("Saved plan is stale")).steps]
    assert titles[0].startswith("Hold all other changes")
    assert titles[-1].startswith("See that it is over")


def test_what_cannot_be_undone_says_when_to_stop_and_whom_to_ask() -> None:
    made = of(error("Error acquiring the state lock", "ConditionalCheckFailedException: failed", *LOCK))
    [unlock] = [step for step in made.steps if any("force-unlock" in argv for argv in step.commands)]
    assert unlock.stop.startswith("stop and ask whoever else works on this state, unless no run of ci@runner-4")
    assert unlock.stop.endswith("it cannot be undone")


def test_what_makes_it_worse_is_known_before_anything_is_done() -> None:
    made = of(error("Error acquiring the state lock", "ConditionalCheckFailedException: failed"))
    assert "force-unlock can't be used: there is no lock id" in made.steps[0].note
    assert "**Know first:** force-unlock" in runbook_text(made)


def test_what_can_be_undone_says_how() -> None:
    made = of(error("creating Bucket: BucketAlreadyOwnedByYou: 'shop-logs' already exists", at="aws_s3_bucket.logs"))
    assert ("terraform", "state", "rm", "aws_s3_bucket.logs") in [step.back for step in made.steps]


def test_without_a_hypothesis_there_is_none() -> None:
    assert runbook(report("Error: the flux capacitor hums")) is None


def test_as_text_a_step_says_what_to_type_what_to_expect_how_to_go_back_and_when_to_stop() -> None:
    step = Step(
        "Look", (("terraform", "plan"),), expect="no *error*", back=("terraform", "apply", "a b"), stop="it is x"
    )
    assert runbook_text(Runbook("t", "c", (step,))) == (
        "### 1. Look\n\n```sh\nterraform plan\n```\n\n**Expect:** no \\*error\\*\n\n"
        "**To go back:**\n\n```sh\nterraform apply 'a b'\n```\n\n**When to stop:** it is x"
    )


def test_as_text_nothing_from_a_log_formats_or_escapes_its_block() -> None:
    text = runbook_text(Runbook("t", "c", (Step("[a](javascript:x)", (("echo", "```\n# now"),)),)))
    assert "\\[a\\](javascript:x)" in text
    assert "# This command holds invisible characters" in text
