"""Replicas that run different images under one name."""

from tests.investigation.worlds import Document, container, exited, look, pod, scene
from tocsin.investigation.diagnosis.causes.kubernetes.image_tag_moved import image_tag_moved


def running(digest: str, name: str, *, well: bool) -> Document:
    held = container() if well else exited("Error", 1)
    held[1]["imageID"] = f"registry.example/cart@sha256:{digest}"
    made = pod("cart", held)
    made["metadata"]["name"] = f"cart-7f9c4d-{name}"
    return made


FIRES = scene(running("aaa", "old11", well=True), running("bbb", "new11", well=False))

QUIET = scene(running("aaa", "old11", well=True), running("aaa", "new11", well=False))


def test_pins_the_image_that_is_well() -> None:
    [found] = look(image_tag_moved, FIRES)
    assert found.remedies[0].argv[-1] == "app=registry.example/cart@sha256:aaa"


def test_two_images_that_are_both_well_are_no_trouble() -> None:
    assert look(image_tag_moved, scene(running("aaa", "old11", well=True), running("bbb", "new11", well=True))) == []
