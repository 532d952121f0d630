"""A network that loses packets of a pod, or of a whole node."""

from tests.investigation.diagnosis.causes.kubernetes.test_network_delay import RESENT, late, metric, shop
from tests.investigation.worlds import look
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.network_loss import network_loss

LOST = metric("packet_loss_ratio", 0.2, 0.0, "cart", unit="ratio")
FIRES = shop(LOST, late("cart", 1.5, 0.02, quantile=99), late("web", 1.6, 0.1, quantile=99))

QUIET = shop(metric("packet_loss_ratio", 0.002, 0.001, "cart", unit="ratio"), late("cart", 1.5, 0.02, quantile=99))


def test_tells_how_much_is_lost_and_who_suffers() -> None:
    [found] = look(network_loss, FIRES)
    assert found.summary == "cart loses packets: packet_loss_ratio is 0.2 ratio, usually 0; felt by cart"


def test_slow_tails_with_segments_sent_again_are_loss_on_the_node() -> None:
    [found] = look(network_loss, shop(RESENT, late("cart", 1.2, 0.02, quantile=99)))
    assert str(found.subject) == "Node/worker-2"


def test_slow_medians_are_delay_and_not_loss() -> None:
    assert look(network_loss, shop(RESENT, late("cart"))) == []


def test_losses_that_nobody_feels_are_left_alone() -> None:
    assert look(network_loss, shop(LOST)) == []


def test_ranks_first() -> None:
    best = diagnose(parse_snapshot(FIRES)).hypotheses[0]
    assert (best.cause, best.confidence > 0.8) == ("network-loss", True)
