"""Errors that say that somebody holds the lock of the state, and not that it could not be written."""

from tocsin.investigation.diagnosis.telling import signs

LOCKED = signs(
    conclusive=r"ConditionalCheckFailed\w*|LeaseAlreadyPresent|state blob is already locked|resource temporarily unavailable|workspace (?:is )?(?:already )?locked|Lock Info:|already locked"
    r"|lease conflict|terraformlockid",
    strong=r"Error (?:acquiring the state lock|locking state)",
    unless=r"AccessDenied|not authorized|no such file|file too large|no space left|read-only|ResourceNotFoundException|requested resource not found|connection refused|no such host|ExpiredToken|InvalidClientTokenId|x509|\b403\b|permission denied",
)
