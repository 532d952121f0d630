"""Whether any body makes a source fail: `python -m benchmarks.fuzz_sources [--bodies N] [--seed N] [--http] [SOURCE …]`.

Each source reads N bodies made of its example (parts dropped, replaced, moved, repeated, deepened; bytes damaged) and of
random JSON, redacted first as they are on arrival. A source may refuse a body with its one error. Prints how many were
understood and refused, and everything else that happened. With --http they are sent to a server of its own instead, which
is started in a temporary folder; an answer of 500 or above is a failure. What must be signed by SNS is left out there.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
from tests.alerts.sources.bodies import at, dropped, paths, replaced
from tests.alerts.sources.test_every_source import owes
from tests.stories.running import Tocsin, tocsin

from benchmarks import load
from tocsin.alerts.arrival import Arrival
from tocsin.alerts.parsed import BadPayload
from tocsin.alerts.sources import Source, load_sources
from tocsin.ground.redaction import redact_body

KEY = b"a key of this benchmark"
ODD: list[Any] = [
    None, True, False, 0, -1, 10**18, 10**40, 1e300, -0.0, "", " ", "\x00", "a\x00b", "\u202e", "9" * 400, "x" * 5000,
    "resolved", "firing", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2026-03-01T02:58:11", "javascript:alert(1)",
    "http://", "${jndi:x}", "[Triggered on {", "password=hunter22", [], {}, [[]], [None], {"": ""}, {"\x00": "\x00"},
]  # fmt: skip
PATHS = ("", "v2/enqueue", "v2/change/enqueue", "v2/alerts", "v2/alerts/a%2Fb/close", "v2/alerts/%ff")
DEEPEST = 2000
CONNECTIONS = 16


def anything(rng: random.Random, depth: int = 3) -> Any:
    """A random JSON value."""
    if depth == 0 or rng.random() < 0.4:
        return rng.choice(ODD)
    if rng.random() < 0.5:
        return [anything(rng, depth - 1) for _ in range(rng.randrange(4))]
    return {
        str(rng.choice(["a", "id", "status", "labels", "data", "\u00e9"])): anything(rng, depth - 1) for _ in range(3)
    }


def mutated(example: Any, rng: random.Random) -> Any:
    """The example with up to four parts changed."""
    value = example
    for _ in range(rng.randint(1, 4)):
        places = list(paths(value))[1:]
        if not places:
            return value
        place = rng.choice(places)
        what = rng.randrange(5)
        if what == 0:
            value = dropped(value, place)
        elif what == 1:
            value = replaced(value, place, rng.choice(ODD))
        elif what == 2:
            value = replaced(value, place, anything(rng))
        elif what == 3:
            value = replaced(value, place, at(value, rng.choice(places)))
        else:
            value = replaced(value, place, [at(value, place)] * 3)
    return value


def damaged(body: bytes, rng: random.Random) -> bytes:
    """The body with a few bytes lost or added, or with a part nested very deeply."""
    if rng.random() < 0.1:
        depth = rng.randint(1, DEEPEST)
        where = body.rfind(b"}")
        return body[:where] + b',"deep":' + b'{"a":' * depth + b"1" + b"}" * depth + body[where:]
    cut = rng.randrange(len(body) + 1)
    return body[:cut] + rng.randbytes(rng.randrange(4)) + body[cut + rng.randrange(4) :]


def bodies(source: Source, count: int, rng: random.Random) -> Iterator[bytes]:
    """What a source is made to read."""
    example = msgspec.json.decode(source.EXAMPLE)
    for number in range(count):
        match number % 10:
            case 0:
                yield msgspec.json.encode(anything(rng))
            case 1:
                yield damaged(source.EXAMPLE, rng)
            case _:
                yield msgspec.json.encode(mutated(example, rng))


def outcome(source: Source, body: bytes, rng: random.Random) -> str:
    """What happens to a body: understood, refused, or what should not happen."""
    enveloped: Callable[[Arrival], bytes] | None = getattr(source, "enveloped", None)
    headers = {"ce-specversion": "1.0", "ce-type": "a.b", "ce-source": "\u00e9"} if rng.random() < 0.3 else {}
    try:
        sent = enveloped(Arrival(headers, rng.choice(PATHS), {}, body)) if enveloped else body
        owes(source.parse(redact_body(sent, KEY)))
    except BadPayload:
        return "refused"
    except Exception as error:  # noqa: BLE001  # it is what is looked for
        return f"{type(error).__name__}: {error} of {body[:500]!r}"
    return "understood"


def read(name: str, source: Source, options: argparse.Namespace) -> int:
    """Lets a source read its bodies in this process, prints what happened, and returns how often it failed."""
    rng, began = random.Random(f"{options.seed} {name}"), time.monotonic()
    found = Counter(outcome(source, body, rng) for body in bodies(source, options.bodies, rng))
    good, refused, failed = found.pop("understood", 0), found.pop("refused", 0), found.total()
    print(f"{name:17} understood {good:6}  refused {refused:6}  failed {failed}  {time.monotonic() - began:.1f} s")
    for failure, count in found.most_common(5):
        print(f"    {count} × {failure}")
    return failed


def send(server: Tocsin, name: str, source: Source, options: argparse.Namespace) -> int:
    """Sends a source's bodies to a server, prints how it answered, and returns how often it failed."""
    parts, path = urlsplit(server.address), server.source(name)
    made = bodies(source, options.bodies, random.Random(f"{options.seed} {name}"))
    requests = (load.request(parts.netloc, path, body) for body in made)
    answered = load.run(parts.hostname or "", parts.port or 80, requests, CONNECTIONS)
    print(f"{name:17} {dict(sorted(answered.statuses.items()))}  {answered.seconds:.1f} s", flush=True)
    return sum(count for status, count in answered.statuses.items() if status >= 500)


def main() -> int:
    """Prints a line for each source; the status says whether anything failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bodies", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--http", action="store_true")
    parser.add_argument("sources", nargs="*", metavar="SOURCE")
    options = parser.parse_args()
    asked = {name: source for name, source in load_sources().items() if name in options.sources or not options.sources}
    if options.http:
        asked = {name: source for name, source in asked.items() if not getattr(source, "IS_SNS", False)}
        with tempfile.TemporaryDirectory(prefix="tocsin-fuzz-") as folder, tocsin(Path(folder)) as server:
            failures = sum(send(server, name, source, options) for name, source in asked.items())
    else:
        failures = sum(read(name, source, options) for name, source in asked.items())
    print(f"{failures} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
