"""Helm believes that it is still at work."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.reading.terraform.telling import Failing, failing, signs
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.world import World

_SAID = signs(
    code=r"another operation \(install/upgrade/rollback\) is in progress|has no deployed releases"
    r"|release \S+ (?:is )?in (?:a )?pending-\w+"
)


@cause("state_lock", needs=("deployment",))
def release_locked(world: World) -> Iterator[Finding]:
    """An earlier operation of Helm on this release was cut off, and Helm takes it for still going on.

    Helm notes what it does in Secrets of the release's namespace. One that was killed stays "pending", and every further
    one is refused. Rolling back to the last good revision, or deleting the pending note, ends it.

    When it is wrong: another run really is at work on the release.
    """
    if told := failing(world, _SAID):
        yield told.finding(
            f"{told.who}: an earlier operation on the release was cut off and still counts as going on",
            list(_steps(told)),
        )


def _steps(told: Failing) -> Iterator[Command]:
    planned = told.deployment.planned(told.address)
    release, namespace = planned.get("name"), planned.get("namespace") or "default"
    purpose = "find the release that is pending, and since when"
    yield terraform.look("helm", "list", "--all", "--all-namespaces", "--pending", purpose=purpose)
    if isinstance(release, str):
        purpose = "find the last good revision; `helm rollback` to it ends the pending one"
        yield terraform.look("helm", "history", release, "-n", str(namespace), purpose=purpose)
    yield terraform.plan(
        told.tool, "try again, after it was rolled back; atomic = true and a longer timeout keep it from coming back"
    )
