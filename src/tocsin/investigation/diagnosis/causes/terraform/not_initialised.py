"""The folder was not made ready."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.reading.terraform.telling import failing, signs
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.world import World

_SAID = signs(
    code=r"Backend initialization required|Module not installed|Required plugins are not installed"
    r"|Could not load plugin|Plugin reinitialization required"
    r"|Backend type changed|Backend configuration (?:block )?(?:has )?changed|Initialization required"
    r"|Module source has changed|Failed to load plugin schemas|unavailable provider"
    r"|Reason: (?:Initial configuration|Unsetting|Backend)",
    prose=r"run:? \"?(?:terraform|tofu) init\"?",
    unless=r"failed to instantiate provider|no available releases|does not match configured version"
    r"|doesn't match any of the checksums"
    r"|init -upgrade|expected content|Failed to query|dial tcp",
)


@cause("configuration_error", needs=("deployment",))
def not_initialised(world: World) -> Iterator[Finding]:
    """Providers, modules or the backend are not installed in this folder, or not as the configuration now wants them.

    A fresh checkout has nothing of it: `init` comes before everything else, with the backend's settings that the
    configuration leaves open. A changed backend needs a decision: -migrate-state takes the state along, -reconfigure
    leaves it behind.

    When it is wrong: init was run in another folder, or its folder was not carried over to this step of the pipeline.
    """
    if told := failing(world, _SAID):
        moved = "changed" in told.found.group() or "Unsetting" in told.first.text
        backend = told.read(r'backend "(\w+)"')
        steps = list(_reconnect(told.tool)) if moved else []
        if not moved:
            purpose = f"connect the backend{' ' + backend if backend else ''} and install what is needed"
            steps.append(terraform.init(told.tool, purpose))
        what = "the backend is not connected" if "ackend" in told.found.group() else "what it needs is not installed"
        why = "another backend was used here before" if moved else "init was not run since"
        yield told.finding(f"{told.who}: {what} in this folder; {why}", steps)


def _reconnect(tool: str) -> Iterator[Command]:
    """Yield what to do about a folder that is connected to another backend than the configuration names."""
    kept = ".terraform/terraform.tfstate"
    yield terraform.look(
        "cat", kept, purpose="see which backend this folder is connected to, left over from before or not"
    )
    stale = "where the folder is only left over: connect it to the backend that is configured; no state is moved"
    yield terraform.init(tool, stale, "-reconfigure", before="the state is in the backend that is configured")
    moved = "where the state is to move to the new backend: take it along"
    yield terraform.init(
        tool, moved, "-migrate-state", before="the state is in the old backend, and the new one is empty"
    )
