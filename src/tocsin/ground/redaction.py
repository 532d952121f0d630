"""Takes secrets out of text, JSON and Kubernetes objects before anything is stored, shown or sent. Pure.

A secret is replaced by `[redacted:a1b2c3]`, six hexadecimal digits of its HMAC-SHA256 under a key of this installation:
equal secrets look equal, and nobody without the key can test a guess. What names a secret (`secretKeyRef`, a user, a
host, a file path) stays, because diagnosis needs it.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any

import msgspec

# --- what a name tells -------------------------------------------------------------------------------------------

_SECRET_NAME = re.compile(
    r"(?P<strong>passw|passphrase|passcode|pwd|credential|(?:^|[_.-]|(?-i:[a-z](?=P)))pass(?![a-z])"
    r"|(?:api|access|private|secret|signing|encryption|account|master|license)[_. -]?key"
    r"|(?:client|consumer|app)[_. -]?secret|(?:auth|access|refresh|session|bearer|id)[_. -]?token)"
    r"|token(?!s|iz)|secret(?!s)|authorization|cookie",
    re.IGNORECASE,
)
_ABOUT_WORDS = """
    name names ref refs reference file files path paths dir url uri endpoint host type ttl expiry expires expired
    expiration seconds minutes hours days ms timeout age count limit length len size min max policy enabled disabled
    required version namespace provider mount algorithm alg format field column header prefix suffix status reason error
    errors message method group groups resource kind class store manager rotation interval at time date used usage
    controller reader review reviews request requests properties yaml yml conf cnf sql sh toml ini xml issuer audience
    audiences scope scopes lifetime cache index total validity created updated changed selector template bucket
"""
# A name that ends in one of these is about a secret without being one: `secretName`, `token_ttl`, `passwordFile`.
_ABOUT = frozenset(_ABOUT_WORDS.split())
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_TAIL = 100  # the characters at a name's end that decide; a sender of longer names must not fill the cache


@lru_cache(maxsize=8192)
def _strength(name: str) -> int:
    """0: an ordinary name; 1: may name a secret ("token"); 2: names one ("db_password")."""
    found = list(_SECRET_NAME.finditer(name))
    words = _WORD.findall(name)
    if not found or words[-1].lower() in _ABOUT:
        return 0
    if "/" in name and name.endswith(("auth-secret", "tls-secret")):
        return 0  # an ingress annotation: the name of a Secret
    return 2 if any(match["strong"] for match in found) else 1


# --- what a value tells ------------------------------------------------------------------------------------------

_PLACEHOLDER = r"\[redacted:[0-9a-f]{6}\]"
# Not secret under any name: plain words, references that are filled in elsewhere, masks, our own placeholder.
_HARMLESS = re.compile(
    rf"(?:true|false|yes|no|null|none|nil|undefined|bearer|basic|{_PLACEHOLDER}|redacted|\[redacted\]|[*x•.]+|<[^<>]*>"
    r"|\$\w+|\$\{[^{}]*\}|\$\(.*|\{\{.*|-----BEGIN|%\(\w+\)s|\((?:sensitive|known).*)?",
    re.IGNORECASE | re.DOTALL,
)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def _harmless(value: str, strength: int) -> bool:
    return bool(_HARMLESS.fullmatch(value) or (strength < 2 and _NUMBER.fullmatch(value)))


def _looks_random(value: str) -> bool:
    """A word of prose ("unexpected", "expired") has no digits; a secret of some length nearly always has."""
    return len(value) >= 8 and any(c.isdigit() for c in value) and any(c.isalpha() for c in value)


def placeholder(value: str, key: bytes) -> str:
    """What stands for this secret: the same for equal values under the same key."""
    digest = hmac.digest(key, value.encode("utf-8", "surrogatepass"), hashlib.sha256)
    return f"[redacted:{digest[:3].hex()}]"


# --- shapes in text ----------------------------------------------------------------------------------------------
# Each pattern starts at a literal and runs forward through one class of characters, possessively where what follows
# may be missing: time stays linear in the text.

_PEM = re.compile(
    r"-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----"
    r"(?P<secret>(?:(?!-----)[\s\S])++)(?:-----END [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----)?"
)
_VENDOR = re.compile(
    r"(?<![A-Za-z0-9])(?P<secret>gh[pousr]_[A-Za-z0-9]{20,}+|github_pat_\w{20,}+|glpat-[\w-]{18,}+|xox[a-z]-[\w-]{10,}+"
    r"|xapp-[\w-]{20,}+|[sr]k_(?:live|test)_\w{10,}+|sk-[\w-]{32,}+|AIza[\w-]{35}|ya29\.[\w-]{20,}+|npm_[A-Za-z0-9]{30,}+"
    r"|pypi-[\w-]{32,}+|SG\.[\w-]{16,}\.[\w-]{16,}+|hv[sb]\.[\w-]{20,}+|dop_v1_[0-9a-f]{32,}+|gl(?:sa|c)_[\w=]{20,}+"
    r"|whsec_[\w+/=]{20,}+|dckr_pat_[\w-]{20,}+|[A-Za-z0-9]{14}\.atlasv1\.[\w-]{40,}+|shpat_[0-9a-f]{32}"
    r"|(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9]))"
)
_JWT = re.compile(r"(?<![\w-])(?P<secret>eyJ[\w-]{8,}+\.[\w-]{8,}+(?:\.[\w-]++)*+)")
_CHAT_HOOK = re.compile(r"(?:hooks\.slack\.com/[a-z]{1,20}|/api/webhooks)/(?P<secret>[\w-]{1,80}/[\w/-]{8,}+)")
_OUR_HOOK = re.compile(r"/hooks/[a-z_]{2,30}/(?P<secret>[\w-]{32})(?![\w-])")
_SIGNATURE = re.compile(r"[?&](?:sig|X-Amz-Signature|X-Goog-Signature)=(?P<secret>[^&\s\"'<>]++)")
_SCHEME = re.compile(
    r"(?i)\bauthorization[\"']?[ \t]{0,9}[:=][ \t]{0,9}[\"']?(?:[a-z]{2,12}[ \t]{1,9})?(?P<secret>[^\s\"',;]{4,}+)"
    r"|\bbearer[ \t]{1,9}(?=[\w.~+/=-]{0,400}\d)(?P<bearer>[\w.~+/=-]{12,}+)"
)
_COOKIE = re.compile(r"(?i)\bcookie[\"']?:[ \t]*+[\"']?(?P<secret>[^\r\n\"'\\]++)")
# Only the password goes; `/` belongs to it only where no port can stand.
_URL = re.compile(
    r"://[^\s/?#:@\"'<>\\]{0,256}(?<!\[redacted):(?P<secret>[^\s/?#\"'<>\\]{1,512})@"
    r"|://[^\s/?#:@\"'<>\\]{1,256}(?<!\[redacted):(?!\d{1,5}[/?#])(?P<odd>[^\s@\"'<>\\]{1,512})@"
    r"|(?<!\[redacted):(?P<dsn>[^\s:@/\"'<>]{1,512})@(?:tcp|unix)\("
)
# A value without quotes: up to white space or a closing character that something else follows.
_BARE = (
    rf"{_PLACEHOLDER}|(?:\$\{{[^{{}}\s]{{0,99}}\}}|\$\([^()\s]{{0,99}}\)|[^\s;&\"'`<>,)\]}}\\]"
    r"|[,)\]}](?=[^\s,;)\]}\"'`\\])(?!\s{0,9}[\w.-]{1,60}[\"']?[=:]))++"
)
# The assignment is optional so that a name is consumed either way: searching again inside it would be quadratic.
# A quote that is never closed ends with its line.
_PAIR = re.compile(
    r"(?P<name>(?:(?i:(?<![a-z])pass|passw|passphrase|pwd|cred|secret|token)|(?<=[a-z])Pass"
    r"|(?i:(?:api|access|private|signing|encryption|account|master|license)(?=[_.-]?key)))[\w.-]*+)"
    r"(?:(?P<sep>(?:\\{0,9}[\"'])?[ \t]{0,9}(?:=>|:=|==?|:)[ \t]*+)"
    r"(?:(?P<escaped>\\{1,9}[\"'])(?P<inner>(?:[^\"'\\\n]|\\++[^\"'\\])*+)"
    r"|\"(?P<double>(?:[^\"\\\n]|\\.)*+)|'(?P<single>[^'\n]*+)"
    rf"|(?P<bare>{_BARE})))?"
)
_FLAG = re.compile(rf"(?<![\w-])--(?P<name>[\w.-]++)(?:[ \t]++[\"']?(?P<bare>(?!-)(?:{_BARE})))?")
_LINE_START = re.compile(r"[ \t-]*[\"']?[\w.-]*")
_STANDS_ALONE = re.compile(r"[\"'\\]{0,9}[ \t]*+(?:$|[,;)\]}\n\r]|[\w.-]{1,60}[\"']?[=:])")


def _hide(key: bytes, match: re.Match[str]) -> str:
    """The match with its last group replaced, unless what that holds is no secret."""
    group = match.lastgroup or "secret"
    if _HARMLESS.fullmatch(match[group]):
        return match[0]
    start, end = match.start(group) - match.start(), match.end(group) - match.start()
    return match[0][:start] + placeholder(match[group], key) + match[0][end:]


def _is_assignment(match: re.Match[str], value: str, strength: int) -> bool:
    """Whether `name: value` assigns, as in YAML or JSON, or is prose ("failed to fetch token: unexpected status")."""
    quoted = match["sep"][0] in "\"'\\" and match["bare"] is None
    if quoted or "=" in match["sep"] or _looks_random(value):
        return True
    alone = _STANDS_ALONE.match(match.string, match.end()) is not None
    line = match.string[max(0, match.start() - 200) : match.start()].rpartition("\n")[2]
    return alone and (strength == 2 or _LINE_START.fullmatch(line) is not None)


def _hide_assigned(key: bytes, match: re.Match[str]) -> str:
    if match.lastgroup == "name":
        return match[0]
    strength, value = _strength(match["name"][-_TAIL:]), match[match.lastgroup or "bare"]
    if not strength or _harmless(value, strength) or not _is_assignment(match, value, strength):
        return match[0]
    return _hide(key, match)


def _hide_flag(key: bytes, match: re.Match[str]) -> str:
    strength = _strength(match["name"][-_TAIL:])
    if match["bare"] is None or not strength or _harmless(match["bare"], strength):
        return match[0]
    return _hide(key, match)


_Hide = Callable[[bytes, re.Match[str]], str]
_STEPS: tuple[tuple[re.Pattern[str], _Hide], ...] = (
    (_PEM, _hide),  # first: it spans lines, of which the others would take a part
    (_SCHEME, _hide),
    (_COOKIE, _hide),
    (_PAIR, _hide_assigned),
    (_FLAG, _hide_flag),
    (_URL, _hide),
    (_JWT, _hide),
    (_VENDOR, _hide),
    (_CHAT_HOOK, _hide),
    (_OUR_HOOK, _hide),
    (_SIGNATURE, _hide),
)
_MOST_PASSES = 5  # a replacement can uncover a match beside it; two passes are the rule

# Without any of these in its lower-case form a text matches no pattern. Substring searches, and patterns that begin with
# a literal, take a third of the time of one large alternation.
_HINTS = (
    *("pass", "pwd", "credential", "authorization", "bearer", "cookie", "eyj", "pat_", "xox", "xapp-", "k_live_"),
    *(
        "k_test_",
        "aiza",
        "ya29.",
        "npm_",
        "pypi-",
        "dop_v1_",
        "whsec_",
        "atlasv1.",
        "hooks.slack.com/",
        "/api/webhooks/",
        "/hooks/",
    ),
)
_CLOSER_HINTS = tuple(
    re.compile(hint)
    for hint in (
        *(r"secret(?!s)", r"token(?!s)", r"gh[pousr]_", r"gl(?:pat-|sa_|c_)", r"hv[sb]\.", r"sig(?:nature)?="),
        *(r"akia[0-9a-z]{16}", r"asia[0-9a-z]{16}", r"sk-(?<![0-9a-z]sk-)", r"sg\.(?<![0-9a-z]sg\.)"),
        r"@(?<![\s\"'<>]@)",  # behind a password, which has none of these; not the `"@level"` of Terraform's messages
        # The ends of api, access, account…; not `groupKey`, `configMapKeyRef`, or the `resource_key` of Terraform's messages.
        r"key(?<=[istegnr_. -]key)(?<!resource_key)",
    )
)


def _may_hold_secret(lower: str) -> bool:
    found = any([hint in lower for hint in _HINTS])  # noqa: C419  # a list takes half the time of a generator here
    return found or any([hint.search(lower) for hint in _CLOSER_HINTS])  # noqa: C419


def _step_through(text: str, key: bytes) -> str:
    for pattern, hide in _STEPS:
        text = pattern.sub(partial(hide, key), text)
    return text


def redact_text(text: str, key: bytes) -> str:
    """The text with each secret replaced by its placeholder; unchanged (the same object) if it holds none.

    Takes out: private keys, JWTs, tokens of known vendors, Authorization and Cookie headers, the password in a URL or
    connection string, signatures of signed URLs, and values assigned to secret-like names. Redacting twice changes
    nothing more.
    """
    if not _may_hold_secret(text.lower()):
        return text
    for _ in range(_MOST_PASSES):
        redacted = _step_through(text, key)
        if redacted == text:
            break
        text = redacted
    return text


def redact_log(text: str, key: bytes) -> str:
    """As `redact_text`, for a long text of lines that stand by themselves, in a fraction of the time.

    Only lines that may hold a secret are looked at closely, each with the one after it; a private key spans more, and a
    text with one is treated as a whole.
    """
    if "-----BEGIN" in text:
        return redact_text(text, key)
    lines = text.splitlines(keepends=True)
    suspect = [number for number, line in enumerate(lines) if _may_hold_secret(line.lower())]
    for first, last in _runs(suspect):
        block = "".join(lines[first : last + 2])
        lines[first : last + 2] = [redact_text(block, key), *[""] * (len(lines[first : last + 2]) - 1)]
    return "".join(lines)


def _runs(numbers: list[int]) -> list[tuple[int, int]]:
    """The first and last of each run of numbers between which at most one is missing."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and number - runs[-1][1] <= 2:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs


# --- structure ---------------------------------------------------------------------------------------------------

# Under a secret-like name a mapping keeps its value here: Terraform's `{"sensitive": true, "value": …}`.
_VALUE_NAMES = frozenset({"value", "values", "data", "content", "default", "before", "after"})
_VALUE_NAMES |= {"stringValue", "intValue", "doubleValue", "bytesValue"}  # OpenTelemetry's
_SHORTEST = len("pwd=abc")
# How Kubernetes objects speak about secrets; whole JSON tokens, so that none can hide an assignment.
_FACTS = re.compile(
    r'"(?:f:)?(?:serviceaccounttoken|automountserviceaccounttoken|secretkeyref|secretref|secret)":(?=[{tf])'
    r'|"(?:f:)?secretname":|"path":"token"|@sha256:'
)
_ESCAPED_LETTER = re.compile(r"\\u00[24-7]")  # JSON may spell a letter or a hyphen so: then look closer


def redact_json(value: Any, key: bytes) -> Any:
    """Decoded JSON, Kubernetes objects among it, with its secrets replaced, as a new value.

    Whole strings go where a secret-like name says so: as its value, as the `value` beside it as `name` or `key`, as the
    item after `--it` in a list. `data` and `stringData` of a Secret keep their keys only. Every other string is treated
    as text, or as JSON where it holds JSON (kubectl's last-applied annotation).
    """
    return _redact(value, key, 0)


def redact_body(raw: bytes, key: bytes) -> bytes:
    """A document, JSON or any text, with its secrets replaced; the same bytes if it holds none."""
    text = raw.decode("utf-8", "surrogateescape")
    if not _body_may_hold_secret(text.lower()):
        return raw
    try:
        value = msgspec.json.decode(raw)
        clean = _redact(value, key, 0)
        return raw if clean == value else msgspec.json.encode(clean)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):  # no JSON, or too deep: it is text all the same
        redacted = redact_text(text, key)
        return raw if redacted == text else redacted.encode("utf-8", "surrogateescape")


def _body_may_hold_secret(lower: str) -> bool:
    if _ESCAPED_LETTER.search(lower):
        return True
    return _may_hold_secret(lower) and _may_hold_secret(_FACTS.sub("", lower))


def _redact(value: Any, key: bytes, strength: int) -> Any:
    """`strength` is that of the name which the value stands under, as `_strength` says it."""
    if isinstance(value, str):
        if strength:
            return value if _harmless(value, strength) else placeholder(value, key)
        return _redact_string(value, key)
    if isinstance(value, dict):
        return _redact_mapping(value, key, strength)
    if isinstance(value, list):
        return _redact_list(value, key, strength)
    if strength == 2 and isinstance(value, int | float) and not isinstance(value, bool):
        return placeholder(str(value), key)
    return value


def _redact_mapping(mapping: dict[str, Any], key: bytes, strength: int) -> dict[str, Any]:
    label = mapping.get("name") or mapping.get("key")
    beside = _strength(label[-_TAIL:]) if isinstance(label, str) and "value" in mapping else 0
    redacted = {}
    for name, item in mapping.items():
        if name == "fieldsV1":  # of managedFields: names of fields, and half of an object
            redacted[name] = item
            continue
        inherited = max(strength, beside) if name in _VALUE_NAMES else 0
        safe = name if len(name) < _TAIL and not _name_may_hold_secret(name) else _redact_string(name, key)
        redacted[safe] = _redact(item, key, inherited or _strength(name[-_TAIL:]))
    if mapping.get("kind") == "Secret":
        for section in ("data", "stringData"):
            if isinstance(mapping.get(section), dict):
                redacted[section] = {name: placeholder(str(item), key) for name, item in mapping[section].items()}
    return redacted


@lru_cache(maxsize=8192)
def _name_may_hold_secret(name: str) -> bool:
    return _may_hold_secret(name.lower())


def _is_pair(item: Any) -> bool:
    return isinstance(item, list) and len(item) == 2 and isinstance(item[0], str)


def _redact_list(items: list[Any], key: bytes, strength: int) -> list[Any]:
    if all(map(_is_pair, items)):  # names and values, as Sentry sends tags and headers
        return [
            [_redact_string(name, key), _redact(value, key, max(strength, _strength(name[-_TAIL:])))]
            for name, value in items
        ]
    redacted = []
    before: Any = None
    for item in items:
        is_flag_value = isinstance(before, str) and before.startswith("--") and not str(item).startswith("-")
        flagged = _strength(before[-_TAIL:]) if is_flag_value else 0
        redacted.append(_redact(item, key, max(strength, flagged)))
        before = item
    return redacted


def _redact_string(value: str, key: bytes) -> str:
    if len(value) < _SHORTEST or not _may_hold_secret(value.lower()):
        return value
    if value[0] in "{[":
        try:
            inner = msgspec.json.decode(value)
        except (msgspec.DecodeError, RecursionError):
            return redact_text(value, key)
        clean = _redact(inner, key, 0)
        return value if clean == inner else msgspec.json.encode(clean).decode()
    return redact_text(value, key)
