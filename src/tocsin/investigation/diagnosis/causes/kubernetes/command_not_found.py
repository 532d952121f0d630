"""A command that the image does not have."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE
from tocsin.investigation.diagnosis.remedies.workloads import describe, rollback
from tocsin.investigation.diagnosis.signals import unstarted
from tocsin.investigation.diagnosis.world import World

_ABSENT = re.compile(
    r'exec: "?(?P<command>[^":]+)"?: (?:executable file not found|stat .*no such file|permission denied)'
    r"|no such file or directory"
)


@cause("crash", needs=("Pod",))
def command_not_found(world: World) -> Iterator[Finding]:
    """The command that a container shall run is not in its image, or may not be executed.

    It is mistyped, the image is another variant, or a volume is mounted over the folder in which it lies.

    When it is wrong: the file is there, but its interpreter or a library is not.
    """
    for saying in unstarted(world):
        if ("exec" in saying.text or "runc" in saying.text) and (found := _ABSENT.search(saying.text)):
            yield Finding(
                saying.controller,
                f"{saying.about.name} cannot start: there is no command {found['command'] or 'as given'} in its image",
                cites=[saying.weighing(CONCLUSIVE)],
                remedies=[*rollback(saying.controller), describe(saying.about)],
            )
