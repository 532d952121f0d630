"""Remedies for what a container asks for and may use."""

import re
from collections.abc import Sequence
from fractions import Fraction

from tocsin.investigation.diagnosis.quantity import bytes_text, cores_text
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.command import Command, Undo
from tocsin.investigation.diagnosis.remedies.kubectl import kubectl, rollout_done, target
from tocsin.investigation.diagnosis.resources import Container

_GROWTH = 2
# What a runtime needs beside its heap: code, threads, buffers.
_BESIDE_HEAP = Fraction(3, 2)
_DIGITS = 9
_JVM = re.compile(r"-Xmx(\d+)([kKmMgGtT]?)\b")
_NODE = re.compile(r"--max[-_]old[-_]space[-_]size[= ](\d+)")


def raise_memory_limit(workload: Subject, container: Container) -> tuple[Command, ...]:
    """Double a container's memory limit, or give more where its runtime is told to take a larger heap than that.

    Nothing to type when it has none, or when nobody owns the pod.
    """
    old = container.amount("limits", "memory")
    if old is None or workload.kind == "Pod":
        return ()
    before = "see whether memory grows without end (a leak): then more only delays the next kill"
    heap = heap_wanted(container) or Fraction(0)
    new = max(old * _GROWTH, heap * _BESIDE_HEAP)
    purpose = (
        f"give {container.name} {'twice the memory' if new == old * _GROWTH else 'room for its heap and the rest'}"
    )
    return (_raise(workload, container, "memory", bytes_text(new), before, purpose),)


def heap_wanted(container: Container) -> Fraction | None:
    """Return the heap (bytes) that a container's JVM or Node.js is told to take at most; None where nobody says."""
    words = [
        *(held.text("value") for held in container.env),
        *container.spec.words("command"),
        *container.spec.words("args"),
    ]
    told = " ".join(words)
    if found := _JVM.search(told):
        return int(found[1][:_DIGITS]) * Fraction(1024 ** " kmgt".index(found[2].lower() or " "))
    if found := _NODE.search(told):
        return int(found[1][:_DIGITS]) * Fraction(1024**2)
    return None


def raise_cpu_limit(workload: Subject, containers: Sequence[Container]) -> tuple[Command, ...]:
    """Double the CPU limits of a workload's containers; nothing to type for those that have none."""
    limits: list[tuple[Container, Fraction | None]] = [(held, held.amount("limits", "cpu")) for held in containers]
    before = "see whether the nodes have CPU to spare"
    return tuple(_raise(workload, held, "cpu", cores_text(old * _GROWTH), before) for held, old in limits if old)


def _raise(workload: Subject, container: Container, resource: str, new: str, before: str, purpose: str = "") -> Command:
    def limit(amount: str) -> tuple[str, ...]:
        bound = f"--limits={resource}={amount}"
        return kubectl("set", "resources", target(workload), f"--containers={container.name}", bound, of=workload)

    return Command(
        argv=limit(new),
        purpose=f"{purpose or f'give {container.name} twice the {resource}'} while the growth is looked into",
        tier="reversible",
        before=before,
        undo=Undo(limit(container.spec.text(f"resources/limits/{resource}"))),
        verify=rollout_done(workload),
    )


def request_use(workload: Subject, container: Container, resource: str, used: Fraction) -> Command:
    """Let a container request what it uses ("memory" in bytes, "cpu" in cores), so that the scheduler counts it."""
    amount = bytes_text(used) if resource == "memory" else cores_text(used)

    def request(amount: str) -> tuple[str, ...]:
        bound = f"--requests={resource}={amount}"
        return kubectl("set", "resources", target(workload), f"--containers={container.name}", bound, of=workload)

    return Command(
        argv=request(amount),
        purpose=f"let {container.name} request the {resource} that it uses",
        tier="reversible",
        before="a node has that much to give; a limit below it must be raised too",
        undo=Undo(request(container.spec.text(f"resources/requests/{resource}") or "0")),
        verify=rollout_done(workload),
    )


def raise_storage_limit(workload: Subject, container: Container) -> tuple[Command, ...]:
    """Double what a container may write to its node's disk; nothing to type when it has no such limit."""
    old = container.amount("limits", "ephemeral-storage")
    if old is None or workload.kind == "Pod":
        return ()
    before = "what it writes is needed; logs and caches that grow without end fill the new limit too"
    return (_raise(workload, container, "ephemeral-storage", bytes_text(old * _GROWTH), before),)
