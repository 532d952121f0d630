"""An image reference that is none."""

from tests.investigation.worlds import look, pod, scene, waiting
from tocsin.investigation.diagnosis.causes.kubernetes.image_name_invalid import image_name_invalid

TOLD = 'Failed to apply default image tag "shop/Cart:1": couldn\'t parse image name: invalid reference format'
FIRES = scene(pod("cart", waiting("InvalidImageName", TOLD, image="shop/Cart:1")))

QUIET = scene(pod("cart", waiting("ErrImagePull", 'failed to pull "shop/Cart:1": not found', image="shop/Cart:1")))


def test_says_what_is_wrong_with_the_name() -> None:
    [found] = look(image_name_invalid, FIRES)
    assert found.summary.endswith("“shop/Cart:1” is no image name, it has capital letters")


def test_recognises_a_template() -> None:
    [found] = look(image_name_invalid, scene(pod("cart", waiting("InvalidImageName", image="shop/cart:{{ .tag }}"))))
    assert found.summary.endswith("a template that was not filled in")
