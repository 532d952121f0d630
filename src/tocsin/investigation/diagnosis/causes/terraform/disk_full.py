"""No space where the run runs."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.reading.terraform.telling import failing, signs
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.world import World

_SAID = signs(code=r"no space left on device|\bENOSPC\b|disk quota exceeded", unless=r"acquiring the state lock")


@cause("quota_capacity", needs=("deployment",))
def disk_full(world: World) -> Iterator[Finding]:
    """The disk is full where the run runs.

    Providers are hundreds of megabytes each, and every folder has its own copy unless a cache is set. A state that could
    not be written in full is worse than the failed run.

    When it is wrong: the message came from a machine that a provisioner works on.
    """
    if told := failing(world, _SAID):
        steps = [
            terraform.look("df", "-h", ".", purpose="see what is full"),
            terraform.plan(
                told.tool, "try again, once there is space; TF_PLUGIN_CACHE_DIR keeps providers once for all folders"
            ),
        ]
        yield told.finding(f"{told.who}: no space left where the run runs", steps)
