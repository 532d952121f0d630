"""Something that the configuration names is not there."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.reading.terraform.absences import ABSENT, read_back
from tocsin.investigation.diagnosis.reading.terraform.telling import failing, signs
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.world import World

_EMPTY = (
    r"(?:query )?returned no results|no matching [\w ]+ found|couldn't find any|InvalidAMIID"
    r"|chart \"[^\"]+\" (?:version \"[^\"]+\" )?not found|pathspec '[^']+' did not match"
    r"|couldn't find remote ref|Remote branch \S+ not found|Unable to find remote state"
    r"|No stored state was found|manifest unknown|pull access denied|`helm repo update`"
    r"|repository does not exist or may require"
)
_LOOKUP = signs(
    code=_EMPTY,
    prose=r"could not be found|\bno results\b|\bno [\w ]{3,40} found\b|could not be resolved"
    r"|no such file or directory",
)


@cause("not_found", needs=("deployment",))
def reference_not_found(world: World) -> Iterator[Finding]:
    """The configuration names something by name or id that does not exist where the run looks.

    An image, a key, a network or a zone is looked up in one account and one region; a name that is right elsewhere finds
    nothing there. It may also have been deleted, or never been made, or it is made by a run that has not been yet.

    When it is wrong: it exists, and whoever asks may not see it; many services say "not found" then.
    """
    if told := failing(world, ABSENT, lambda failure: not read_back(failure)) or failing(world, _LOOKUP):
        name = told.read(
            r"['\"]\[?([\w./:@+-]{2,120})\]?['\"] (?:does not exist|was not found|not found|cannot be found)"
        ) or told.read(r"(?:ID|name|pair|group|image|id) '\[?([^'\]]+)")
        steps = [*terraform.whoami(told.cloud)]
        if told.cloud == "aws" and "KeyPair" in told.found.group():
            steps.append(
                terraform.look(
                    "aws",
                    "ec2",
                    "describe-key-pairs",
                    "--key-names",
                    name or "*",
                    purpose="see whether the key pair exists in the provider's region",
                )
            )
        where = (
            "in the account and region that the provider is set to" if told.address else "where the run looks for it"
        )
        steps.append(terraform.plan(told.tool, f"correct the name, or make {name or 'what is named'} first, {where}"))
        yield told.finding(f"{told.who}: {name or 'something that it names'} does not exist {where}", steps)
