"""The name belongs to something that is deleted, and not gone."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.reading.terraform.telling import Failing, failing, signs
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.world import World

_SAID = signs(
    code=r"deleted but recoverable|ObjectIsDeletedButRecoverable|FlagMustBeSetForRestore"
    r"|already scheduled for deletion|is (?:currently )?scheduled for deletion"
    r"|soft[- ]?deleted|recently deleted|exists in (?:a )?deleted state|DELETE_REQUESTED|pending deletion",
)


@cause("already_exists", needs=("deployment",))
def soft_deleted_name(world: World) -> Iterator[Finding]:
    """The name is still held by something that was deleted and can be brought back.

    Vaults, keys, secrets and projects are kept for days after they are deleted, and their names with them. A new one of
    that name has to wait; or the old one is brought back and adopted, or is removed for good.

    When it is wrong: somebody else has taken the name in the meantime.
    """
    if told := failing(world, _SAID):
        steps = list(_azure(told))
        if told.cloud == "aws" and (name := _planned_name(told)):
            steps.append(
                terraform.look(
                    "aws",
                    "secretsmanager",
                    "describe-secret",
                    "--secret-id",
                    name,
                    purpose="see when it will be gone for good",
                )
            )
        steps.append(
            terraform.plan(
                told.tool,
                "once it is brought back, adopt it by terraform import; or give the new one another name",
                before="whether the old content is wanted",
            )
        )
        yield told.finding(f"{told.who}: its name is held by one that was deleted and can still be recovered", steps)


def _azure(told: Failing) -> Iterator[Command]:
    if told.first.type.startswith("azurerm_key_vault"):
        kind = told.first.type.removeprefix("azurerm_key_vault_") if told.first.type != "azurerm_key_vault" else ""
        argv = ("az", "keyvault", *([kind] if kind else []), "list-deleted")
        vault = told.read(r"https://([\w-]+)\.vault\.azure\.net")
        purpose = "find the deleted one; `recover` brings it back, `purge` removes it for good and cannot be undone"
        yield terraform.look(*argv, *(("--vault-name", vault) if vault and kind else ()), purpose=purpose)


def _planned_name(told: Failing) -> str:
    name = told.deployment.planned(told.address).get("name")
    return name if isinstance(name, str) else ""
