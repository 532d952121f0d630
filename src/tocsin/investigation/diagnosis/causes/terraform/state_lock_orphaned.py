"""A lock that has no id."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.reading.terraform.locks import LOCKED
from tocsin.investigation.diagnosis.reading.terraform.telling import failing
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.world import World


@cause("state_lock", needs=("deployment",))
def state_lock_orphaned(world: World) -> Iterator[Finding]:
    """The state is locked, and the lock does not say by whom: there is no id to unlock it with.

    A lease on a blob or a row in a table was left behind by something that did not write its name: a migration of the
    backend, a run that was killed at the wrong moment. force-unlock needs an id; the lease or the row is removed where it
    is kept.

    When it is wrong: the log is cut off, and the lock's id stood in what is missing.
    """
    told = failing(world, LOCKED)
    if told is None or (told.deployment.run.lock and told.deployment.run.lock.id):
        return
    azure = re.search(r"\bblob\b|Lease", told.first.text)
    settings = (".terraform/terraform.tfstate", "read which account, container, bucket or table the backend uses")
    free = (
        "`az storage blob lease break` on that blob frees it" if azure else "the state's row in that table is the lock"
    )
    steps = [terraform.look("cat", settings[0], purpose=f"{settings[1]}; {free}, once nobody works on it")]
    steps.append(
        terraform.plan(told.tool, "see whether it is free again; somebody may just be at work", "-lock-timeout=5m")
    )
    hint = [
        "force-unlock can't be used: there is no lock id",
        "the tool mentions -lock=false: two runs at once then damage the state",
    ]
    yield told.finding(
        "the state is locked, and the lock does not tell by whom" + (": a lease on its blob" if azure else ""),
        steps,
        hint,
    )
