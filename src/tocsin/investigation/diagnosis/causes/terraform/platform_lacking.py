"""There is no build for this kind of machine."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.reading.terraform.telling import failing, signs
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.world import World

_SAID = signs(
    code=r"does not have a package available for your current platform|Incompatible provider version"
    r"|exec format error|cannot execute binary file",
    prose=r"not available for (?:darwin|linux|windows)_\w+|no package for \w+_(?:amd64|arm64)",
)


@cause("version_constraint", needs=("deployment",))
def platform_lacking(world: World) -> Iterator[Finding]:
    """The provider's version that is asked for was never built for this operating system and processor.

    Old versions were not built for newer processors, such as arm64 on macOS. A newer version was; where the provider is
    given up, its successor has to take its place.

    When it is wrong: the package is there, and a mirror lacks it.
    """
    if told := failing(world, _SAID):
        provider, version = told.read(r"Provider ([\w./-]+) v"), told.read(r"Provider \S+ v([\w.]+)")
        platform = told.read(r"platform, (\w+)")
        steps = [
            terraform.look(told.tool, "providers", purpose="see which module asks for that version"),
            terraform.upgrade(
                told.tool,
                f"choose a newer {provider or 'provider'}",
                before=f"the constraint on {provider or 'it'} allows more than {version or 'that version'}",
            ),
        ]
        yield told.finding(
            f"{provider or told.who} {version}: there is no build for {platform or 'this machine'}", steps
        )
