"""Remedies for what a container asks for and may use."""

from tocsin.investigation.diagnosis.quantity import bytes_text
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.command import Command, Undo
from tocsin.investigation.diagnosis.remedies.kubectl import kubectl, rollout_done, target
from tocsin.investigation.diagnosis.resources import Container

_GROWTH = 2


def raise_memory_limit(workload: Subject, container: Container) -> tuple[Command, ...]:
    """Double a container's memory limit; nothing to type when it has none, or when nobody owns the pod."""
    old = container.amount("limits", "memory")
    if old is None or workload.kind == "Pod":
        return ()

    def limit(amount: str) -> tuple[str, ...]:
        return kubectl(
            "set",
            "resources",
            target(workload),
            f"--containers={container.name}",
            f"--limits=memory={amount}",
            of=workload,
        )

    return (
        Command(
            argv=limit(bytes_text(old * _GROWTH)),
            purpose=f"give {container.name} twice the memory while the growth is looked into",
            tier="reversible",
            before="see whether memory grows without end (a leak): then more only delays the next kill",
            undo=Undo(limit(container.spec.text("resources/limits/memory"))),
            verify=rollout_done(workload),
        ),
    )
