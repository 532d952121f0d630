"""An init container that ends with an error."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import MODERATE, WEAK
from tocsin.investigation.diagnosis.excerpts import opening
from tocsin.investigation.diagnosis.remedies.workloads import read_logs, rollback
from tocsin.investigation.diagnosis.signals import GIVES_UP, last_words
from tocsin.investigation.diagnosis.world import World


@cause("crash", modes=("crash.init_fail",), needs=("Pod",), own=False)
def init_container_failing(world: World) -> Iterator[Finding]:
    """An init container ends with an error, so the containers of the pod are not even started.

    Init containers run one after another before the others: they migrate databases, wait for what the application
    needs, prepare files. Each has to end well before the next one starts.

    When it is wrong: what it waits for is away, and it gives up as it should.
    """
    for pod in world.pods:
        for container in (held for held in pod.containers if held.init):
            exit_, code = container.last_exit, None
            if exit_ and not pod.ready and not container.ready:
                code = exit_.number("exitCode")
            if not exit_ or not code or exit_.text("reason") == "OOMKilled":
                continue
            words = last_words(world, pod, container.name, GIVES_UP)
            said = f": “{opening(words.text)}”" if words else ""
            yield Finding(
                world.controller(pod),
                f"init container {container.name} of {pod.name} exits with code {code}, "
                f"{container.restarts} restarts so far{said}",
                cites=[exit_.cite("exitCode", MODERATE), *([words.cite(WEAK)] if words else [])],
                remedies=[
                    read_logs(pod.subject, container.name, previous=container.restarts > 0),
                    *rollback(world.controller(pod)),
                ],
            )
