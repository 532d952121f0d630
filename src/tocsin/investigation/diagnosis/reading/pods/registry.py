"""What a registry, or the way to it, answered to a pull; what an image reference names, and which images are known here."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from tocsin.investigation.diagnosis.evidence import Citation
from tocsin.investigation.diagnosis.inventory import Inventory
from tocsin.investigation.diagnosis.reading.workloads.revisions import former_image
from tocsin.investigation.diagnosis.resources import Container
from tocsin.investigation.diagnosis.signals import Saying, unpulled
from tocsin.investigation.diagnosis.world import World

# As containerd, CRI-O, Docker and the registries' HTTP API word it. Of two that end at the same place the first counts.
_ANSWERS: Mapping[str, re.Pattern[str]] = {
    name: re.compile(pattern, re.I)
    for name, pattern in {
        "broken": r"no space left on device|failed to (?:extract|register) layer|unexpected EOF|input/output error"
        r"|unexpected commit digest|content digest \S+ not found|archive/tar: invalid|invalid checksum",
        "platform": r"no match for platform[\w ]*(?:: not found)?|no matching manifest for"
        r"|no image found in [\w ]+ for architecture",
        "limited": r"toomanyrequests|pull rate limit|429 too many requests",
        "absent": r"\bnot found\b|manifest unknown|name unknown|does not exist in the registry|\b404\b",
        "refused": r"unauthorized|authorization failed|authentication required|access (?:denied|forbidden)|forbidden"
        r"|no basic auth credentials|denied: |\bdenied on resource\b|insufficient_scope|\b40[13] ",
        "unreachable": r"no such host|i/o timeout|connection (?:refused|reset)|TLS handshake|x509: [\w ]+|server misbehaving"
        r"|no route to host|network is unreachable|context deadline exceeded|request canceled|\b50[0234] |dial tcp|: EOF"
        r"|server gave HTTP response to HTTPS client|first record does not look like a TLS",
    }.items()
}
KINDS = tuple(_ANSWERS)
_QUOTED = re.compile(r'image:? "([^"]+)"')
_MIRRORED = re.compile(r"https?://([^/\s]+)/\S*[?&]ns=([^&\s\":]+)")
# Registries and repositories from which anybody may pull.
_PUBLIC = ("docker.io/library/", "registry.k8s.io/", "public.ecr.aws/", "mcr.microsoft.com/")
_DIGITS = re.compile(r"\d")


class Image(NamedTuple):
    """A reference with what Docker leaves out: "redis:7" is docker.io/library/redis at tag 7."""

    host: str
    repository: str
    tag: str

    @property
    def owner(self) -> str:
        """The registry with the part of the repository before its last name."""
        return f"{self.host}/{self.repository.rpartition('/')[0]}"

    @property
    def public(self) -> bool:
        """Whether no credentials are needed, so that a refusal cannot be about them."""
        return f"{self.host}/{self.repository}".startswith(_PUBLIC)


class Pull(NamedTuple):
    """One failed attempt: who said what of which container's image, and which kind of answer it is ("" is none)."""

    saying: Saying
    container: Container
    answer: str

    @property
    def image(self) -> Image:
        """What was asked for."""
        return parse_image(self.container.image)


class Doubt(NamedTuple):
    """Why a refused image is rather absent: in words, which image was meant, and where the reason is stored."""

    why: str
    meant: str = ""
    cite: Citation | None = None


@lru_cache(maxsize=4096)
def parse_image(text: str) -> Image:
    """Split an image reference; the tag is "latest" where none is given, and a digest where one is."""
    named, _, digest = text.partition("@")
    head, _, last = named.rpartition("/")
    name, _, tag = last.partition(":")
    parts = [*head.split("/"), name] if head else [name]
    host = parts.pop(0) if len(parts) > 1 and ("." in parts[0] or ":" in parts[0] or parts[0] == "localhost") else ""
    if not host and len(parts) == 1:
        parts.insert(0, "library")
    return Image(host or "docker.io", "/".join(parts), digest or tag or "latest")


def answer(text: str) -> str:
    """Return what kind of answer a message ends in: of a chain of mirrors, and of wrapped errors, the last one counts.

    The kinds: "absent", "refused", "unreachable", "limited", "platform", "broken"; "" for none of them.
    """
    last, found = 0, ""
    for name, pattern in _ANSWERS.items():
        end = max((match.end() for match in pattern.finditer(text)), default=0)
        if end > last:
            last, found = end, name
    return found


def mirror(text: str) -> str:
    """Return the host that answered in place of the registry itself; empty when the registry did, or nobody tells."""
    found = _MIRRORED.search(text)
    return found[1] if found and not found[1].endswith(found[2]) else ""


def pulls(world: World, *kinds: str) -> Iterator[Pull]:
    """Yield the failed pulls with an answer of these kinds: of `KINDS`, "" for none of them.

    What is said of another image than the present one is stale.
    """
    for saying in unpulled(world):
        waits = [held for held in (saying.pod.containers if saying.pod else ()) if held.waiting]
        quoted = _QUOTED.search(saying.text)
        asked = [held for held in waits if not quoted or _same(held.image, quoted[1])]
        kind = answer(saying.text)
        if asked and kind in kinds:
            yield Pull(saying, asked[0], kind)


def doubt(world: World, pull: Pull) -> Doubt | None:
    """Return why a refusal is about the name of an image, and not about credentials; None where nothing says so.

    The name differs by a slip of letters from one that was pulled here before. Or no credentials are shown, and none
    are needed: for public registries, or for images of the same owner that were pulled here.
    """
    former = former_image(world.inventory, pull.saying.controller, pull.container.name, pull.container.image)
    if former and mistyped(pull.container.image, former):
        return Doubt(f"{former} ran before", former)
    known = world.inventory.once(_pulled)
    for name, cite in known.items():
        if mistyped(pull.container.image, name):
            return Doubt(f"{name} was pulled before", name, cite)
    if pull.saying.pod is None or pull.saying.pod.get("spec/imagePullSecrets"):
        return None
    if pull.image.public:
        return Doubt("nobody needs credentials there")
    images = ((name, parse_image(name), cite) for name, cite in known.items())
    beside = ((name, cite) for name, held, cite in images if held != pull.image and held.owner == pull.image.owner)
    return next((Doubt(f"{name} was pulled without credentials", "", cite) for name, cite in beside), None)


def mistyped(text: str, other: str) -> bool:
    """Tell whether two references differ by one or two letters, and not in their numbers."""
    one, two = ("{}/{}:{}".format(*parse_image(name)) for name in (text, other))
    if one == two or abs(len(one) - len(two)) > 2 or _DIGITS.findall(one) != _DIGITS.findall(two):
        return False
    start = next((at for at, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), min(len(one), len(two)))
    one, two = one[start:], two[start:]
    while one and two and one[-1] == two[-1]:
        one, two = one[:-1], two[:-1]
    return max(len(one), len(two)) <= 2


def _pulled(inventory: Inventory) -> Mapping[str, Citation]:
    """Return the images that containers run, or that nodes keep, each with one place that shows it."""
    known: dict[str, Citation] = {}
    for pod in inventory.pods:
        for container in pod.containers:
            if container.image not in known and container.status and container.status.text("imageID"):
                known[container.image] = container.status.cite("imageID")
    for node in inventory.of("Node"):
        for held in node.parts("status/images"):
            for name in held.words("names"):
                if name not in known:
                    known[name] = held.cite("names")
    return known


def _same(image: str, quoted: str) -> bool:
    return image == quoted or parse_image(image) == parse_image(quoted)
