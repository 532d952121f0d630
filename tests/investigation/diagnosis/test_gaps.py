"""A gap is what was tried and failed, or what should have been there."""

from tests.investigation.worlds import deployment, exited, pod, snapshot, waiting
from tocsin.investigation.diagnosis import Report, diagnose


def report(*objects: dict[str, object], **sections: object) -> Report:
    return diagnose(snapshot(*objects, **sections))


def test_sections_that_nobody_offers_are_told_apart() -> None:
    found = report(pod(), deployment())
    assert not any(gap.startswith(("metrics", "node_services")) for gap in found.gaps)
    assert "not looked at: metrics, node services" in found.steps[6]


def test_a_section_that_was_refused_is_a_gap() -> None:
    found = report(pod(), gaps=[{"what": "metrics", "why": "403 from Prometheus", "section": "metrics"}])
    assert "metrics: 403 from Prometheus" in found.gaps


def test_a_container_that_ran_should_have_a_log() -> None:
    assert any(gap.startswith("logs shop/cart") for gap in report(pod("cart", exited("Error", 1))).gaps)


def test_a_container_that_never_started_has_no_log_to_read() -> None:
    made = pod("cart", waiting("ImagePullBackOff"))
    tried = {"what": f"logs shop/{made['metadata']['name']}/app", "why": "400 waiting to start", "section": "logs"}
    assert not any(gap.startswith("logs shop") for gap in report(made, gaps=[tried]).gaps)


def test_causes_are_counted_and_not_their_answers() -> None:
    told = report(pod(), deployment()).steps[6].removeprefix("hypotheses: ").partition(";")[0]
    total, *answers = [int(word) for word in told.replace(",", "").split() if word.isdecimal()]
    assert total == sum(answers)
