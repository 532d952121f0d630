"""What the words of an alert tell: lost data, a breach, a threshold that is only approached, how many feel it. Pure."""

from __future__ import annotations

import re
from functools import lru_cache

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_BETWEEN = re.compile(r"[\s_./:\-\[\](){}'\",;|]+")
# Descriptions are read as far as this: what a sentence says of consequences stands near its beginning.
MOST_READ = 1000


def plain(text: str) -> str:
    """Names as words, in small letters: KubePodCrashLooping is "kube pod crash looping". What is long is cut."""
    return _plain(text[:MOST_READ])


@lru_cache(maxsize=2048)
def _plain(text: str) -> str:
    return _BETWEEN.sub(" ", _CAMEL.sub(" ", text)).strip().lower()


_LOSS = re.compile(
    r"\bdata (?:loss|lost|corrupt\w*)|\b(?:lost|losing) (?:data|writes|messages|records|transactions)\b"
    r"|\bcorrupt(?:ed|ion) (?:data|database|index|table|block|volume|wal|detected)\w*|\b(?:database|data|wal|table) corrupt\w*"
    r"|\b(?:unrecoverable|irrecoverabl[ey]|permanently (?:lost|deleted))\b"
)
_BREACH = re.compile(
    r"\b(?:data|security|privacy|account|perimeter) breach\w*|\bexfiltrat\w*"
    r"|\b(?:ransomware|malware|rootkit|backdoor|trojan)\b(?! (?:scan|protect|definition|signature)\w*)"
    r"|\b(?:account|host|instance|node|credentials?|key|user|container) (?:is |was |are |been )?compromised\b"
    r"|\b(?:leaked|exposed) (?:\w+ )?(?:credentials?|secrets?|passwords?|keys?|tokens?)\b"
    r"|\b(?:credentials?|secrets?|passwords?|(?:api|access|private) keys?|tokens?) (?:was |were |has been |have been )?"
    r"(?:leaked|exposed|stolen)\b"
    r"|\bcrypto ?(?:currency|mining|miner)|\bintrusion (?:detected|alert)|\bunauthori[sz]ed access (?:detected|iam|ec2|to)\b"
)
# What only might come, or is said not to have come.
_HEDGED = re.compile(
    r"\b(?:no|not|without|may|might|could|can|would|risk|risks|potential|possible|potentially|possibly|prevent|prevents|avoid"
    r"|avoids|lead|leads|leading|result|results|cause|causes|if|before|until|protect\w*|suspected|detector|scanner|check)\b"
)
_HEDGE_REACH = 32


def consequence(text: str) -> str:
    """“data loss” or “a breach” where a text says that it has happened; empty where it does not, or only might."""
    words = plain(text)
    for name, pattern in (("data loss", _LOSS), ("a breach", _BREACH)):
        for found in pattern.finditer(words):
            if not _HEDGED.search(words[max(0, found.start() - _HEDGE_REACH) : found.start()]):
                return name
    return ""


_APPROACHING = re.compile(
    r"\bfilling up\b|\balmost\b|\bnearly\b|\bnear(?:ing)?\b|\bsoon\b|\bwill (?:expire|run out|be full|fill)\b|\bapproaching\b"
    r"|\bpredict\w*|\bforecast\w*|\bexpir(?:y|ation|es in|ing)\b|\b(?:space|storage|balance) low\b|\blow (?:disk )?space\b"
    r"|\b(?:usage|utili[sz]ation|used|capacity)\b.*?(?:\babove|\bover|>|\bexceeds|\breached) ?[5-9]\d ?%|\bearly warning\b"
)
_REACHED = re.compile(
    r"\bexpired\b|\bexhausted\b|\bout of\b(?! (?:disk )?space soon)|\bfull(?:y used)?\b|\bfail\w*|\bdown\b|\berrors?\b"
    r"|\bno space\b"
    r"|\bexceeded\b"
)
_STILL_APPROACHING = re.compile(r"\b(?:almost|nearly|near|soon)\b.*\b(?:out of|full|exhausted|exceeded)\b")


def is_approaching(title: str) -> bool:
    """Whether a title says that a threshold is being approached: nothing has failed yet."""
    words = plain(title)
    if not _APPROACHING.search(words):
        return False
    return not _REACHED.search(words) or bool(_STILL_APPROACHING.search(words))
