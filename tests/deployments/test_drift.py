"""Which drift counts."""

from __future__ import annotations

import pytest

from tocsin.deployments.drift import Drifted, Noise, drifted, significant
from tocsin.deployments.terraform.plan import Attribute, Change, Plan

SCALED = Noise("aws_ecs_service.*", "desired_count", "autoscaling moves it")


def changed(address: str, *attributes: str, action: str = "update") -> Plan:
    paths = tuple(Attribute(path, "1", "2") for path in attributes)
    return Plan(drift=(Change(address=address, action=action, attributes=paths),))  # type: ignore[arg-type]


def counting(plan: Plan, *noise: Noise) -> list[Drifted]:
    return significant(drifted(plan, (), list(noise)))


def test_a_resource_that_was_changed_outside_counts_and_says_where() -> None:
    (one,) = counting(changed("aws_s3_bucket.logs", "tags.owner"))
    assert (one.address, one.why) == ("aws_s3_bucket.logs", "changed outside: tags.owner")


def test_what_is_on_the_noise_list_does_not_count_and_says_why() -> None:
    (one,) = drifted(changed('module.shop["a"].aws_ecs_service.web[0]', "desired_count"), (), [SCALED])
    assert one.ignored_by == "autoscaling moves it"


@pytest.mark.parametrize(
    ("address", "attributes"),
    [
        ("aws_ecs_service.web", ("desired_count", "task_definition")),
        ("aws_ecs_service_other.web", ("desired_count",)),
        ("aws_ecs_service.web", ("desired_counts",)),
    ],
)
def test_whatever_goes_beyond_it_counts(address: str, attributes: tuple[str, ...]) -> None:
    assert counting(changed(address, *attributes), SCALED)


def test_what_is_gone_counts_unless_everything_of_it_is_noise() -> None:
    gone = changed("aws_ecs_service.web", action="delete")
    assert counting(gone, SCALED)[0].why == "it was deleted outside"
    assert not counting(gone, Noise("aws_ecs_service.web", "*", "made by hand"))


def test_a_data_source_never_drifts() -> None:
    assert not counting(changed("module.a.data.aws_ami.base[0]", "id"))


def test_without_a_plan_the_log_tells_the_addresses() -> None:
    assert [one.address for one in drifted(None, ("aws_s3_bucket.logs", "data.aws_ami.base"), [])] == [
        "aws_s3_bucket.logs"
    ]
