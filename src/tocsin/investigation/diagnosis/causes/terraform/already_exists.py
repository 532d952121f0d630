"""What is to be made is there already, and the state does not know it."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.collisions import collisions, identity_of, unrelated
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.world import World

# How services name what exists: 'app' already exists, Role with name app already exists.
_NAMED = (
    r"['\"]([\w./:+@-]{2,120})['\"] (?:already|is already|has already)",
    r"(?:name|named|called|id) ['\"]?([\w./:+@-]{2,120}?)['\"]? (?:already|is already)",
)


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
    identity = identity_of(told, name)
    steps = [
        terraform.look(
            told.tool,
            "state",
            "list",
            purpose="see whether the state knows it under another address; then `state mv` is the remedy",
        )
    ]
    if told.address and identity and not taken:
        steps.insert(0, terraform.adopt(told.tool, told.address, identity))
    else:
        purpose = (
            f"find the id of the existing object and adopt it as {told.who} by {told.tool} import, or "
            f"give the new one another name"
        )
        steps.append(terraform.plan(told.tool, purpose))
    whose = "somebody else's, in another account" if taken else "not in this state"
    yield told.finding(f"{told.who}: {name or identity or 'an object of that name'} exists already, {whose}", steps)
