"""A module cannot be fetched because its host does not know who asks."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.reading.terraform.telling import Failing, failing, signs
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.world import World

_SAID = signs(
    code=r"Permission denied \(publickey|Host key verification failed|could not read (?:Username|Password) for"
    r"|Authentication failed for '?https?://|terminal prompts disabled|password authentication was removed",
    prose=r"Could not read from remote repository|remote: Repository not found|repository '[^']+' not found"
    r"|error downloading '[^']+': bad response code: 40[134]",
)


@cause("authentication", needs=("deployment",))
def module_source_refused(world: World) -> Iterator[Finding]:
    """A module comes from a repository that does not let the run in.

    Git fetches it with the keys of whoever runs the command: a pipeline has none unless it is given a deploy key or a
    token, and a host that was never met before is refused until its key is in known_hosts. Hosts say "not found" of
    repositories that the asker may not see.

    When it is wrong: the repository was renamed or removed, or the address has a typing error.
    """
    if told := failing(world, _SAID):
        module = told.read(r'module "([^"]+)"')
        host = told.read(r"(?:@|//)([\w.-]+\.[a-z]+)[:/]")
        unknown = "Host key" in told.found.group()
        why = f"the key of {host or 'the host'} is not known" if unknown else f"{host or 'the host'} does not let it in"
        yield told.finding(f"module {module or 'source'} can't be fetched: {why}", list(_steps(told, host, unknown)))


def _steps(told: Failing, host: str, unknown: bool) -> Iterator[Command]:
    source = told.read(r"((?:ssh|https?)://[^'\s\"]+|git@[\w.-]+:[^'\s\"?]+)")
    if unknown and host:
        purpose = f"read the key of {host}; compare it with what its owner publishes, then add it to known_hosts"
        yield terraform.look("ssh-keyscan", host, purpose=purpose)
    elif host and "https" not in source:
        yield terraform.look("ssh", "-T", f"git@{host}", purpose=f"see whether {host} knows the key of the run")
    if source:
        purpose = "see whether the source can be read as the run would read it"
        yield terraform.look("git", "ls-remote", source.removeprefix("git::"), purpose=purpose)
    before = "the run has a deploy key or a token for the host, or the source is an https address that it may read"
    yield terraform.init(told.tool, "fetch the modules again", before=before)
