"""What every command owes, in every cause's own world: it is kubectl's language, names what exists, and can be taken back."""

from collections.abc import Iterator
from functools import cache

import pytest

from tests.investigation.diagnosis.causes.kubernetes.test_contract import world_of
from tests.investigation.diagnosis.remedies.effects import applied, same
from tests.investigation.diagnosis.remedies.kubectl_grammar import Spoken, namespaced, parse
from tests.investigation.worlds import Document, look
from tocsin.investigation.diagnosis import Subject, parse_snapshot
from tocsin.investigation.diagnosis.cause import Cause, catalogue
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.snapshot import Snapshot

# What every cluster of a usual make has, although a snapshot may not show it.
EVERYWHERE = {
    ("ConfigMap", "kube-root-ca.crt"),
    ("ConfigMap", "coredns"),
    ("ConfigMap", "cluster-autoscaler-status"),
    ("ServiceAccount", "default"),
    ("Lease", "kube-scheduler"),
    ("Lease", "kube-controller-manager"),
    ("Namespace", "kube-system"),
}
ASKED = ("is-active", "status")


@cache
def commands_of(cause: Cause, mode: str) -> tuple[tuple[Command, bytes], ...]:
    document = world_of(cause, "FIRES", mode)
    found = dict.fromkeys(command for finding in look(cause, document) for command in finding.remedies)
    return tuple((command, document) for command in found)


def every() -> Iterator[object]:
    for cause in catalogue():
        for mode in cause.modes or ("",):
            yield pytest.param(cause, mode, id=f"{cause.name}-{mode}")


EACH = pytest.mark.parametrize(("cause", "mode"), list(every()))


def spoken(argv: tuple[str, ...]) -> Spoken | None:
    """Take a kubectl command apart; a system service of a node is asked through ssh, a release of Helm: both are None here."""
    if argv[0] == "helm":
        assert argv[1] == "-n"
        assert argv[3] in ("rollback", "status")
        return None
    if argv[0] == "ssh":
        _, _, *sudo, systemctl, verb, _ = argv
        assert (systemctl, sudo in ([], ["sudo"])) == ("systemctl", True)
        assert verb in (*ASKED, "start", "stop", "restart")
        return None
    return parse(argv)


def parts(command: Command) -> Iterator[tuple[str, ...]]:
    yield command.argv
    yield from (part.argv for part in (command.undo, command.verify) if part)


@EACH
def test_each_word_is_kubectls(cause: Cause, mode: str) -> None:
    for command, _ in commands_of(cause, mode):
        for argv in parts(command):
            assert all(word.isprintable() and word for word in argv), argv
            spoken(argv)


@EACH
def test_what_is_called_reading_only_reads(cause: Cause, mode: str) -> None:
    for command, _ in commands_of(cause, mode):
        argvs = [command.argv] if command.tier == "read-only" else []
        for argv in [*argvs, *([command.verify.argv] if command.verify else [])]:
            said = spoken(argv)
            assert said.reads if said else argv[-2] in ASKED, argv
            assert command.tier == "read-only" or not said or "--watch" not in said.flags


@EACH
def test_changing_is_not_called_reading(cause: Cause, mode: str) -> None:
    for command, _ in commands_of(cause, mode):
        said = spoken(command.argv)
        assert command.tier == "read-only" or not said or not said.reads, command.argv


@EACH
def test_a_namespace_is_told_where_there_is_one(cause: Cause, mode: str) -> None:
    for command, _ in commands_of(cause, mode):
        for argv in parts(command):
            said = spoken(argv)
            if said and "--raw" not in said.flags and said.kinds:
                within = [namespaced(kind) for kind in said.kinds]
                assert any(within) == bool(said.namespace or said.everywhere), argv
                assert not (said.namespace and said.everywhere), argv


@EACH
def test_names_only_what_is_known(cause: Cause, mode: str) -> None:
    for command, document in commands_of(cause, mode):
        snapshot, first = parse_snapshot(document), spoken(command.argv)
        made = first.made if first else ()
        for argv in parts(command):
            said = spoken(argv)
            named = said.subjects if said else (outside(argv),)
            reads = said is None or said.reads
            unknown = [at for at in named if at not in made and not known(at, snapshot, document, reads)]
            assert unknown == [], argv


def outside(argv: tuple[str, ...]) -> Subject:
    """Return what a command that is not kubectl's is about: the node that ssh goes to, or Helm's release."""
    return Subject("Node", "", argv[1]) if argv[0] == "ssh" else Subject("Release", argv[2], argv[4])


def known(at: Subject, snapshot: Snapshot, document: bytes, reads: bool) -> bool:
    """Tell whether an object may be named: stored, or of a kind that was not read and told of by what was.

    What only reads may ask for something that is told of, and find it missing.
    """
    if at in snapshot.by_subject:
        return True
    read = at.kind in snapshot.collected or any(held.kind == at.kind for held in snapshot.by_subject)
    told = at.name in document.decode() or (at.kind, at.name) in EVERYWHERE
    return told and (reads or not read)


@EACH
def test_a_container_that_is_named_exists(cause: Cause, mode: str) -> None:
    for command, document in commands_of(cause, mode):
        for argv in parts(command):
            said = spoken(argv)
            name = said.flags.get("--container") or said.flags.get("--containers") if said else ""
            if said and name and said.verb != "top":
                assert f'"name": "{name}"' in document.decode(), argv


@EACH
def test_a_change_applies_and_its_undo_takes_it_back(cause: Cause, mode: str) -> None:
    for command, document in commands_of(cause, mode):
        said = spoken(command.argv)
        stored = parse_snapshot(document).by_subject
        held = [stored[at] for at in said.subjects if at in stored] if said and command.tier != "read-only" else []
        if said and held:
            before: Document = dict(held[0].value)
            after = applied(said, before)
            back = spoken(command.undo.argv) if command.undo else None
            if back and back.verb == said.verb and back.subjects == said.subjects and said.verb != "rollout undo":
                assert after != before, f"changes nothing: {command.argv}"
                assert same(applied(back, after), before), command.undo
