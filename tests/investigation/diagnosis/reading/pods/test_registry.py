"""What registries answer."""

import pytest

from tocsin.investigation.diagnosis.reading.pods.registry import answer, mirror, mistyped, parse_image


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('failed to resolve reference "r.example/cart:9": r.example/cart:9: not found', "absent"),
        (
            "(Mirrors also failed: [m.example: unauthorized]): reading manifest 9 in r.example/cart: manifest unknown",
            "absent",
        ),
        ("pull access denied, repository does not exist or may require authorization: insufficient_scope", "refused"),
        (
            "failed to fetch anonymous token: Get https://a.example: dial tcp: lookup a.example: no such host",
            "unreachable",
        ),
        ("unexpected status from HEAD request to https://r.example/v2/: 503 Service Unavailable", "unreachable"),
        ('denied: Permission "downloadArtifacts" denied on resource "r" (or it may not exist)', "refused"),
        ("no match for platform in manifest: not found", "platform"),
        ("failed to extract layer sha256:1: write /lib: no space left on device", "broken"),
        ("toomanyrequests: You have reached your pull rate limit", "limited"),
        ("Back-off pulling image", ""),
    ],
)
def test_the_last_answer_counts(text: str, kind: str) -> None:
    assert answer(text) == kind


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("redis", ("docker.io", "library/redis", "latest")),
        ("team/cart:2", ("docker.io", "team/cart", "2")),
        ("localhost:5000/cart", ("localhost:5000", "cart", "latest")),
        ("r.example/a/b:1@sha256:f", ("r.example", "a/b", "sha256:f")),
    ],
)
def test_reads_what_a_reference_leaves_out(text: str, parts: tuple[str, str, str]) -> None:
    assert parse_image(text) == parts


@pytest.mark.parametrize(
    ("one", "other", "slip"),
    [
        ("redis:alpinee", "docker.io/library/redis:alpine", True),
        ("cart:1.2", "cart:1.3", False),
        ("cart:a", "cart:a", False),
    ],
)
def test_a_slip_is_a_letter_and_no_number(one: str, other: str, slip: bool) -> None:
    assert mistyped(one, other) is slip


def test_a_mirror_is_another_host_than_the_one_asked_for() -> None:
    assert mirror("HEAD request to https://mirror.example/x?ns=docker.io: 403") == "mirror.example"
    assert mirror("HEAD request to https://registry-1.docker.io/v2/x?ns=docker.io: 403") == ""
