"""A backend that is told too little or the wrong thing."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.reading.terraform.telling import failing, signs
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.world import World

_SAID = signs(
    code=r"Unsupported backend type|is required by the backend|Invalid backend (?:configuration|type)"
    r"|Missing region value|backend configuration argument",
)


@cause("configuration_error", needs=("deployment",))
def backend_settings_wrong(world: World) -> Iterator[Finding]:
    """The backend block lacks a setting, or has one that this backend does not know.

    A backend's settings can't use variables. What the block leaves open is handed to init with -backend-config, in every
    folder and in every pipeline anew.

    When it is wrong: the block is complete, and another file or an environment variable overrides it.
    """
    if told := failing(world, _SAID):
        names = [*told.all(r'attribute "(\w+)" is required'), *told.all(r'The "(\w+)" attribute')]
        kind = told.read(r'backend type named "(\w+)"')
        wrong = (
            f"there is no backend {kind}" if kind else f"it lacks {', '.join(names)}" if names else told.first.summary
        )
        steps = [
            terraform.init(
                told.tool,
                f"complete the backend block, or hand in {names[0] if names else 'the setting'} by "
                f"-backend-config, then connect again",
                "-reconfigure",
            )
        ]
        yield told.finding(f"the backend is not set up right: {wrong}", steps)
