"""A command that the image does not have."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, STRONG, WEAK
from tocsin.investigation.diagnosis.remedies.workloads import describe, rollback
from tocsin.investigation.diagnosis.signals import failed, last_words, unstarted
from tocsin.investigation.diagnosis.world import World

_ABSENT = re.compile(
    r'exec: "?(?P<command>[^":]+)"?: (?:executable file not found|stat .*no such file)|no such file or directory'
)
# What a shell ends with, and says, when it knows no such command (POSIX).
_UNKNOWN_TO_SHELL = 127
_SHELL = r"(?P<command>[^\s:]{1,200}): (?:command )?not found|exec (?P<file>\S+): [Nn]o such file or directory"


@cause("crash", modes=("crash.command_not_found",), needs=("Pod",))
def command_not_found(world: World) -> Iterator[Finding]:
    """The command that a container shall run is not in its image.

    It is mistyped, the image is another variant, or a volume is mounted over the folder in which it lies.

    When it is wrong: the file is there, but its interpreter or a library is not.
    """
    for saying in unstarted(world):
        started = ("exec" in saying.text or "runc" in saying.text) and "error mounting" not in saying.text
        if started and (found := _ABSENT.search(saying.text)):
            yield Finding(
                saying.controller,
                f"{saying.about.name} cannot start: there is no command {found['command'] or 'as given'} in its image",
                cites=[saying.weighing(CONCLUSIVE)],
                remedies=[*rollback(saying.controller), describe(saying.about)],
            )
    yield from _told_by_shells(world)


def _told_by_shells(world: World) -> Iterator[Finding]:
    for pod in world.pods:
        for container in pod.containers:
            exit_ = failed(world, pod, container)
            if not exit_ or exit_.number("exitCode") != _UNKNOWN_TO_SHELL or exit_.text("reason") != "Error":
                continue
            words = last_words(world, pod, container.name, _SHELL)
            found = re.search(_SHELL, words.text) if words else None
            what = f": {found['command'] or found['file']}" if found else ""
            spec = "command" if container.spec.get("command") else "image"
            yield Finding(
                world.controller(pod),
                f"{container.name} in {pod.name} exits with code 127: its shell does not find a command{what}",
                cites=[
                    exit_.cite("exitCode", STRONG),
                    container.cite(spec, WEAK),
                    *([words.cite(CONCLUSIVE)] if words else []),
                ],
                remedies=[*rollback(world.controller(pod)), describe(pod.subject)],
            )
