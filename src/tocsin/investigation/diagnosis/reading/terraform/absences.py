"""Errors that say that something is not there, and whether the state believed that it is."""

from tocsin.investigation.diagnosis.reading.terraform.deployment import Failure
from tocsin.investigation.diagnosis.reading.terraform.telling import signs

ABSENT = signs(
    code=r"\b\w+\.NotFound\b|\b\w*NotFound(?:Exception|Error|Fault)?\b|NoSuch[A-Z]\w+|\b\w*_NOT_FOUND\w*"
    r"|404 Not Found|\bnotFound\b|PrincipalNotFound",
    prose=r"(?:was|were|be|is) not found|(?:could not|cannot|couldn't|can't|unable to) (?:find|locate)"
    r"|\bnot found\b|does(?: not|n't) exist|no longer exists|/404\b|\bmissing (?:file|directory|folder)\b"
    r"|\bunknown (?:\w+ )?id\b",
    status=r"\b4(?:04|10)\b|\bGone\b",
    unless=r"NotAuthorizedOrNotFound|No valid host was found|\bdenied on resource\b|remote: Repository not found"
    r"|executable file not found|command not found|does not have a provider"
    r"|[Pp]rovider function|Module directory|relation \"[\w.]*\bstates\"|state (?:bucket|blob)"
    r"|existing workspaces|backend"
    r"|in (?:the )?directory|no such host|credentials"
    r"|ObjectIsDeleted|produced an? (?:inconsistent|unexpected)|requested table|Error (?:acquiring|locking)",
)


def read_back(failure: Failure) -> bool:
    """Tell whether the run was reading what its state holds: a managed resource, and not while making or changing it."""
    return failure.managed and failure.doing in ("read", "refresh")
