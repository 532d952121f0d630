"""Every remedy is a safe argument list with an undo and a verification."""

import shlex

import pytest

from tocsin.investigation.diagnosis import Subject
from tocsin.investigation.diagnosis.remedies import configuration, kubectl, nodes, patches, workloads
from tocsin.investigation.diagnosis.remedies.command import Command, Undo

CART = Subject("Deployment", "shop", "cart")
SERVICE = Subject("Service", "shop", "cart")
CONF = Subject("ConfigMap", "shop", "conf")
NODE = Subject("Node", "", "worker-1")

COMMANDS = [
    *workloads.rollback(CART, revision="3", back="4"),
    *workloads.set_image(CART, "app", "cart:2", "cart:1"),
    *workloads.set_variable(CART, "app", "A", "x; rm -rf /", "y"),
    *workloads.restart(CART),
    workloads.scale_to(CART, 2, 0),
    workloads.describe(CART),
    workloads.read_logs(Subject("Pod", "shop", "cart-1"), "app", previous=True),
    patches.patch_selector(SERVICE, {"app": "a"}, {"app": "b"}),
    patches.patch_target_port(SERVICE, 0, "http", 8080),
    patches.patch_probe(CART, 0, "livenessProbe", {"tcpSocket": {"port": 1}}, None, purpose="take the probe away"),
    *configuration.restore_configmap_value(CART, CONF, "data/A", "x", "y"),
    nodes.uncordon(NODE),
    nodes.remove_taint(NODE, "team", "search", "NoSchedule"),
]
ALL = pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.argv[-1])


@ALL
def test_what_changes_something_can_be_verified(command: Command) -> None:
    assert command.tier == "read-only" or command.verify
    assert command.tier != "reversible" or command.undo


@ALL
def test_survives_a_shell_as_it_is(command: Command) -> None:
    assert tuple(shlex.split(str(command))) == command.argv


def test_a_pod_without_owner_cannot_be_rolled_back() -> None:
    assert workloads.rollback(Subject("Pod", "shop", "cart")) == ()


def test_taking_a_probe_away_is_undone_by_adding_it() -> None:
    command = patches.patch_probe(CART, 0, "livenessProbe", {"tcpSocket": {"port": 1}}, None, purpose="x")
    assert '"op": "remove"' in command.argv[-1]
    assert command.undo
    assert '"op": "add"' in command.undo.argv[-1]


def test_a_change_of_the_template_is_below_the_pods_spec_and_waits_for_its_rollout() -> None:
    command = patches.patch_template(CART, "dnsPolicy", "Default", "ClusterFirst", purpose="x", before="y")
    assert '"/spec/template/spec/dnsPolicy"' in command.argv[-1]
    assert command.verify == kubectl.rollout_done(CART)


def test_a_reversible_command_needs_its_undo() -> None:
    with pytest.raises(ValueError, match="needs its undo"):
        Command(("kubectl", "x"), "x", "reversible")


def test_a_command_that_changes_something_needs_its_verification() -> None:
    with pytest.raises(ValueError, match="needs its verification"):
        Command(("kubectl", "x"), "x", "reversible", undo=Undo(("kubectl", "y")))
