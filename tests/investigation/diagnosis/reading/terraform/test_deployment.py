"""A deployment is read as causes need it: what failed, where, in which phase."""

from typing import Any

from tests.investigation.deployments import error, failed
from tests.investigation.worlds import seen
from tocsin.investigation.diagnosis.reading.terraform.deployment import Deployment


def read(*parts: str, **section: Any) -> Deployment:
    held = seen(failed(*parts, **section)).deployment
    assert held
    return held


def test_what_follows_from_another_error_is_no_failure_of_its_own() -> None:
    told = read(
        error("Invalid for_each argument"), error("Cannot apply incomplete plan", "Terraform encountered an error")
    )
    assert [failure.summary for failure in told.failures] == ["Invalid for_each argument"]


def test_an_error_without_an_address_is_that_of_the_object_whose_id_it_names() -> None:
    told = read("x_pipeline.ci: Refreshing state... [id=60adecb19acab6d8]", error("404: no pipeline 60adecb19acab6d8"))
    [failure] = told.failures
    assert (failure.address, failure.doing) == ("x_pipeline.ci", "refresh")


def test_what_a_provisioners_program_printed_is_told_from_the_tools_own_words() -> None:
    told = error("local-exec provisioner error", "Error running command 'x': exit status 1. Output: AccessDenied")
    [failure] = read(told).failures
    assert [failure.text[start:end] for start, end in failure.printed] == ["x", ". Output: AccessDenied"]


def test_a_run_that_came_to_a_good_end_has_no_failures() -> None:
    told = read("Apply complete! Resources: 1 added, 0 changed, 0 destroyed.", exit_code=0)
    assert (told.succeeded, told.failures) == (True, ())


def test_a_wrapped_message_is_found_where_it_begins() -> None:
    told = read(error("Saved plan", "The given plan file can no longer be", "applied because the state was changed"))
    [failure] = told.failures
    assert told.lines[told.line(failure, "can no longer be applied") - 1].endswith("can no longer be")


def test_the_tool_is_the_one_that_speaks() -> None:
    assert read('Error: Backend initialization required, please run "tofu init"').tool == "tofu"


def test_of_a_data_source_nothing_is_managed() -> None:
    [failure] = read(error("no matching VPC found", at="data.aws_vpc.main")).failures
    assert (failure.type, failure.managed, failure.doing) == ("aws_vpc", False, "read")


def test_as_a_heading_it_is_its_summary_and_whole_sentences_of_its_explanation() -> None:
    [failure] = read(error("Unsupported argument", "It is not expected here. Did you mean to define a block?")).failures
    assert failure.told(99) == "Unsupported argument: It is not expected here. Did you mean to define a block?"
    assert failure.told(50) == "Unsupported argument: It is not expected here."
    assert failure.told(30) == "Unsupported argument: It is …"
    assert read(error("No such zone")).failures[0].told(99) == "No such zone"


def test_what_terraform_suppressed_of_a_provisioner_is_not_taken_for_its_words() -> None:
    suppressed = "x.y (local-exec): (output suppressed due to sensitive value in config)"
    assert read("x.y (local-exec): no route", suppressed).said_by_provisioner("x.y") == "no route"
    assert read(suppressed).said_by_provisioner("x.y") == ""
