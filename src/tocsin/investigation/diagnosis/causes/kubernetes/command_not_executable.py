"""A command that a container may not execute."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, STRONG, WEAK
from tocsin.investigation.diagnosis.excerpts import opening
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.remedies.workloads import rollback
from tocsin.investigation.diagnosis.resources import Pod
from tocsin.investigation.diagnosis.signals import failed, last_words, unstarted
from tocsin.investigation.diagnosis.world import World

_REFUSED = re.compile(r'exec(?: |: ")(?P<command>[^":]+)"?: permission denied|permission denied: unknown')
# What a shell ends with when it found the command and may not execute it (POSIX).
_NOT_EXECUTABLE = 126
_SHELL = r"(?i)permission denied|not executable|operation not permitted"


@cause("crash", modes=("crash.permission_exec",), needs=("Pod",))
def command_not_executable(world: World) -> Iterator[Finding]:
    """The command of a container is there, but may not be executed.

    The file lost its mode bits when the image was built, lies on a volume mounted with noexec, belongs to another user
    than the container runs as, or a security profile (AppArmor, SELinux, seccomp) forbids it.

    When it is wrong: hardly ever; the kernel itself refuses.
    """
    for saying in unstarted(world):
        if found := _REFUSED.search(saying.text):
            yield Finding(
                saying.controller,
                f"{saying.about.name} cannot start: {found['command'] or 'its command'} may not be executed",
                cites=[
                    saying.weighing(CONCLUSIVE),
                    *([saying.pod.cite("spec/securityContext", WEAK)] if saying.pod else []),
                ],
                remedies=[*rollback(saying.controller), *([_look(saying.pod)] if saying.pod else [])],
            )
    for pod in world.pods:
        for container in pod.containers:
            exit_ = failed(world, pod, container)
            if exit_ and exit_.number("exitCode") == _NOT_EXECUTABLE and exit_.text("reason") == "Error":
                words = last_words(world, pod, container.name, _SHELL)
                said = f": “{opening(words.text)}”" if words else ""
                yield Finding(
                    world.controller(pod),
                    f"{container.name} in {pod.name} exits with code 126: its command may not be executed{said}",
                    cites=[exit_.cite("exitCode", CONCLUSIVE), *([words.cite(STRONG)] if words else [])],
                    remedies=[*rollback(world.controller(pod)), _look(pod)],
                )


def _look(pod: Pod) -> Command:
    shown = "jsonpath={.spec.securityContext}{.spec.containers[*].securityContext}{.spec.containers[*].command}"
    return look("get", "pod", pod.name, "-o", shown, of=pod.subject, purpose="see the user and what it may do")
