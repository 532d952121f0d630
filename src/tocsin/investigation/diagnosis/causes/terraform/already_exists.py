"""What is to be made is there already, and the state does not know it."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.reading.terraform.collisions import collisions, identity_of, unrelated
from tocsin.investigation.diagnosis.reading.terraform.telling import Failing
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.world import World

# How services name what exists: 'app' already exists, Role with name app already exists.
_NAMED = (
    r"['\"]([\w./:+@-]{2,120})['\"] (?:already|is already|has already)",
    r"(?:name|named|called|id) ['\"]?([\w./:+@-]{2,120}?)['\"]? (?:already|is already)",
)
_MOST = 10


@cause("already_exists", needs=("deployment",))
def already_exists(world: World) -> Iterator[Finding]:
    """Something of that name exists already, and the state of this configuration does not know it.

    Somebody made it by hand, another configuration manages it, or an earlier run made it and was cut off before it could
    write that down. It can be adopted into this state, read as a data source, removed, or the new one gets another name;
    which is right depends on who else uses it.

    When it is wrong: the name is taken worldwide by somebody else's, and only another name helps.
    """
    told = collisions(world)
    if told is None or unrelated(told):
        return
    taken = re.search(r"BucketAlreadyExists\b|globally|StorageAccountAlreadyTaken|DomainNameTaken", told.found.group())
    name = next(filter(None, map(told.read, _NAMED)), "")
    whose = "somebody else's, in another account" if taken else "not in this state"
    steps = [] if taken else list(_adopted(told))
    looked = "see whether the state knows it under another address; then `state mv` is the remedy"
    steps.append(terraform.look(told.tool, "state", "list", purpose=looked))
    if taken or not any("import" in step.argv for step in steps):
        steps += [*_helm(told), terraform.plan(told.tool, _otherwise(told, taken=bool(taken)))]
    identity = identity_of(told.only(told.tellings[0]), name)
    yield told.finding(f"{told.who}: {name or identity or 'an object of that name'} exists already, {whose}", steps)


def _adopted(told: Failing) -> Iterator[Command]:
    """Yield an import for each resource of which the id is known."""
    for telling in told.tellings[:_MOST]:
        one = told.only(telling)
        identity = identity_of(one, next(filter(None, map(one.read, _NAMED)), ""))
        if one.address and identity:
            yield terraform.adopt(one.tool, one.address, identity)


def _helm(told: Failing) -> Iterator[Command]:
    if told.cloud == "helm":
        purpose = "find the release of that name; a failed first install leaves one behind that the state does not know"
        yield terraform.look("helm", "list", "--all", "--all-namespaces", purpose=purpose)


def _otherwise(told: Failing, *, taken: bool) -> str:
    """Say what to do where the id of what exists is not known, or it is not ours."""
    if taken:
        return f"give {told.target} another name: this one is taken for everybody"
    if told.cloud == "helm":
        return "adopt the release by import (its id is NAMESPACE/NAME), or `helm uninstall` it where it is a failed leftover"
    return (
        f"find the id of what exists, and adopt it as {told.target} by {told.tool} import; or remove it where it is left "
        "over from an earlier try, read it by a data source, or give the new one another name"
    )
