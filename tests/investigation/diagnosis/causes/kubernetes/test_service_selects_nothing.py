"""A Service whose selector fits no pod."""

from tests.investigation.worlds import deployment, look, pod, scene, service
from tocsin.investigation.diagnosis.causes.kubernetes.service_selects_nothing import service_selects_nothing

FIRES = scene(service(selector={"app": "card"}), deployment(), pod())

QUIET = scene(service(), deployment(), pod())


def test_shows_both_sets_of_labels() -> None:
    [found, *_] = look(service_selects_nothing, FIRES)
    assert found.summary == "service cart selects app=card, but the pods of cart carry app=cart"


def test_patches_the_selector_and_can_put_it_back() -> None:
    [found] = look(service_selects_nothing, FIRES)
    [command] = found.remedies
    assert '"value": {"app": "cart"}' in command.argv[-1]
    assert command.undo
    assert '"value": {"app": "card"}' in command.undo.argv[-1]


def test_is_quiet_while_all_pods_are_gone() -> None:
    assert look(service_selects_nothing, scene(service(), deployment())) == []


def test_a_service_that_waits_for_a_version_weighs_little() -> None:
    canary = service("cart-canary", selector={"app": "cart", "track": "canary"})
    [found] = look(service_selects_nothing, scene(canary, service(), deployment(), pod()))
    assert sum(cite.counted for cite in found.cites) < 1.5


def test_somebody_who_misses_it_counts() -> None:
    canary = service("cart-canary", selector={"app": "cart", "track": "canary"})
    tried = [{"target": "cart-canary:80", "succeeded": False}]
    [found] = look(service_selects_nothing, scene(canary, service(), deployment(), pod(), probes=tried))
    assert sum(cite.counted for cite in found.cites) > 6
