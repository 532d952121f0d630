"""Errors that say that somebody holds the lock of the state, and not that it could not be written."""

from tocsin.investigation.diagnosis.reading.terraform.telling import signs

LOCKED = signs(
    code=r"ConditionalCheckFailed\w*|LeaseAlreadyPresent|state blob is already locked"
    r"|resource temporarily unavailable|workspace (?:is )?(?:already |currently )?locked|Lock Info:"
    r"|already locked|\.tflock"
    r"|lease conflict|terraformlockid",
    prose=r"Error (?:acquiring|releasing) the state lock|Error locking state|failed to (?:lock|unlock) state",
    unless=r"AccessDenied|not authorized|no such file|file too large|no space left|read-only"
    r"|ResourceNotFoundException|requested resource not found|connection refused|no such host"
    r"|ExpiredToken|InvalidClientTokenId|x509|\b403\b|permission denied",
)
