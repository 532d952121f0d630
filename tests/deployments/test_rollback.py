"""How to go back from a run."""

from tocsin.deployments.document import Section
from tocsin.deployments.rollback import rollback_plan
from tocsin.deployments.terraform.parsed import ResourceEvent, Run


def event(address: str, action: str = "create", state: str = "complete") -> ResourceEvent:
    return ResourceEvent(address=address, action=action, state=state, seconds=None, line=1)  # type: ignore[arg-type]


def plan_of(*events: ResourceEvent, **section: object) -> str:
    return rollback_plan(Section(tool="tofu", command="apply", **section), Run(events=events))  # type: ignore[arg-type]


def test_what_was_done_is_told_apart_from_what_was_only_begun() -> None:
    plan = plan_of(event("a.done"), event("a.begun", state="failed"), event("a.gone", "delete"))
    assert "- `a.done` created: going back destroys it" in plan
    assert "look how they are:\n\n- `a.begun` was being created" in plan
    assert "- `a.gone` destroyed: going back makes a new one" in plan


def test_what_was_destroyed_and_made_anew_is_told_once() -> None:
    plan = plan_of(event("a.b", "delete"), event("a.b"))
    assert plan.count("`a.b`") == 1
    assert "- `a.b` replaced" in plan
    assert "- `a.b` was being replaced" in plan_of(event("a.b", "delete"), event("a.b", state="failed"))


def test_the_commands_are_those_of_the_tool_in_its_folder_and_of_the_commit() -> None:
    plan = plan_of(event("a.b"), argv=["tofu", "-chdir=net", "apply"], commit="0123456789abcdef")
    assert "`tofu -chdir=net apply back.tfplan`" in plan
    assert "`git revert 0123456789ab`" in plan


def test_of_many_only_some_are_named() -> None:
    assert "- and 5 more, see the log" in plan_of(*(event(f"a.b[{n}]") for n in range(25)))


def test_where_nothing_was_changed_there_is_nothing_to_go_back_from() -> None:
    assert "nothing to go back from" in plan_of(event("a.b", "read"))
    assert rollback_plan(Section(command="plan"), Run(events=(event("a.b"),))) == ""
