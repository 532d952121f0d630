"""Somebody else works on the state, or died while doing so."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.reading.terraform.locks import LOCKED
from tocsin.investigation.diagnosis.reading.terraform.telling import failing
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.world import World


@cause("state_lock", needs=("deployment",))
def state_locked(world: World) -> Iterator[Finding]:
    """The state is locked by a run that goes on, or that was killed before it could take its lock away.

    A lock keeps two runs from writing one state at once. While the other goes on, waiting is all there is to do. If it is
    gone for good, its lock is removed by its id; to switch locking off instead invites a damaged state.

    When it is wrong: the lock can't be written at all, for want of a right, a table or space.
    """
    told = failing(world, LOCKED)
    lock = told.deployment.run.lock if told else None
    if told is None or lock is None or not lock.id:
        return
    deed = lock.operation.removeprefix("OperationType").lower()
    steps = [
        terraform.plan(
            told.tool, f"wait up to ten minutes for {lock.who or 'the other run'} to end", "-lock-timeout=10m"
        ),
        terraform.unlock(told.tool, lock),
    ]
    hint = ["the tool mentions -lock=false: two runs at once then damage the state"]
    since = f" since {lock.created}" if lock.created else ""
    yield told.finding(
        f"the state{' ' + lock.path if lock.path else ''} is locked by "
        f"{lock.who or 'another run'}{' (' + deed + ')' if deed else ''}{since}",
        steps,
        hint,
    )
