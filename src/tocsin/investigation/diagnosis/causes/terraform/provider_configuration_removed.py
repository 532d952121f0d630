"""An object is left over, and the provider that made it is not."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.reading.terraform.telling import failing, signs
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.world import World

_SAID = signs(
    code=r"Provider configuration not present|original provider configuration at .* is required",
    unless=r"registry\.terraform\.io/-/",
)


@cause("configuration_error", needs=("deployment",))
def provider_configuration_removed(world: World) -> Iterator[Finding]:
    """The state holds an object whose provider configuration is gone, so that it can be neither read nor deleted.

    A module or a provider block was removed together with what it made; or a module that is handed its providers by a
    caller is run by itself. The block is put back, everything that is left is destroyed, and then it goes; or the object
    is forgotten, and lives on without the tool.

    When it is wrong: the provider only has another name or alias now, and the state needs to be told.
    """
    if told := failing(world, _SAID):
        orphan = told.read(r"work with (\S+)") or told.address
        alias = told.read(r'provider\["?[^\]]*\]\.(\w+)')
        provider = told.read(r'provider\["?([\w./-]+)"?\]').rpartition("/")[2]
        block = f'provider "{provider or "…"}" {{{f" alias = {chr(34)}{alias}{chr(34)}" if alias else ""} … }}'
        steps = [
            terraform.look(
                told.tool, "providers", purpose="see which providers the state needs and the configuration lacks"
            ),
            terraform.plan(
                told.tool, f"put {block} back, or call the module from one that passes it in; then destroy what is left"
            ),
        ]
        if orphan:
            steps.append(terraform.release(told.tool, orphan))
        yield told.finding(
            f"{orphan or told.who}: the state holds it, and its provider {provider}{'.' + alias if alias else ''} "
            f"is configured no more",
            steps,
        )
