"""A kind of Kubernetes in the plural."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.reading.terraform.telling import failing, signs
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.world import World

_SAID = signs(code=r"no matches for kind \"(?P<kind>[A-Z]\w+(?:[^s]s|[a-z]+ies))\"")
_SINGULAR = re.compile(
    r"(?:Endpoint|Setting|Metric|Credential|Limit|Statu|Alia|Cla|Kubernete|Redi|Option|Default|Permission)s$"
)


@cause("configuration_error", needs=("deployment",))
def kind_misspelled(world: World) -> Iterator[Finding]:
    """The kind of a manifest is written in the plural, and kinds are in the singular.

    Lists of a cluster's resources name them in the plural, in small letters; in a manifest the kind is the singular, with
    capitals. The cluster knows no kind of the name that is written, and says no more than that.

    When it is wrong: the kind really ends in s, and its definition is not installed.
    """
    told = failing(world, _SAID)
    kind = told.read(r'no matches for kind "(\w+)"') if told else ""
    if told and not _SINGULAR.search(kind):
        single = f"{kind[:-3]}y" if kind.endswith("ies") else kind[:-1]
        group = told.read(r'group "([\w.-]+)"')
        argv = ("kubectl", "explain", f"{single}.{group}" if group else single)
        steps = [
            terraform.look(*argv, purpose=f"see whether the cluster knows {single}"),
            terraform.plan(told.tool, f"write kind: {single} in {told.who}"),
        ]
        yield told.finding(f"{told.who}: there is no kind {kind}; it is most likely {single}", steps)
