"""An image that the registry does not have."""

from tests.investigation.worlds import NAMESPACE, container, event, look, pod, replicaset, scene, waiting
from tocsin.investigation.diagnosis.causes.kubernetes.image_not_found import image_not_found

NOT_FOUND = 'Failed to pull image "registry.example/cart:1": rpc error: code = NotFound desc = not found'
WAITS = pod("cart", waiting("ImagePullBackOff"))
FIRES = scene(
    WAITS,
    event(WAITS, "Failed", NOT_FOUND),
)

QUIET = scene(
    WAITS,
    event(
        WAITS,
        "Failed",
        'Failed to pull image "registry.example/cart:1": dial tcp: lookup registry.example: no such host',
    ),
)


def refused(image: str, running: str = "redis:alpine") -> bytes:
    """Return a world in which a mirror refuses an image, and another pod runs one that was pulled."""
    waits, runs = pod("cart", waiting("ErrImagePull", image=image)), container(image=running)
    runs[1]["imageID"] = "registry.example/any@sha256:1"
    said = f'Failed to pull image "{image}": unexpected status from HEAD request to https://mirror.example/x: 403 Forbidden'
    return scene(waits, event(waits, "Failed", said), pod("cache", runs))


def test_names_the_image() -> None:
    [found, *_] = look(image_not_found, FIRES)
    assert found.summary == "cart-7f9c4d-x2x1q cannot start: the registry has no registry.example/cart:1"


def test_goes_back_to_the_revision_before() -> None:
    [found] = look(image_not_found, FIRES)
    assert found.remedies[0].argv == ("kubectl", "-n", NAMESPACE, "rollout", "undo", "deployment/cart")


def test_puts_the_former_image_back_where_it_is_known() -> None:
    former = replicaset(revision=1, containers=[{"name": "app", "image": "registry.example/cart:0"}])
    [found] = look(image_not_found, scene(WAITS, event(WAITS, "Failed", NOT_FOUND), former))
    assert found.remedies[0].argv[-1] == "app=registry.example/cart:0"


def test_a_refusal_of_a_public_image_is_about_its_name() -> None:
    [found] = look(image_not_found, refused("redis:alpin"))
    assert found.summary.endswith("the registry refuses redis:alpin; redis:alpine was pulled before")
    assert found.remedies[0].argv[-1] == "app=redis:alpine"


def test_a_refusal_beside_what_was_pulled_without_credentials_is_too() -> None:
    [found] = look(image_not_found, refused("registry.example/team/cart:2-new", "registry.example/team/cache:1"))
    assert found.summary.endswith("; registry.example/team/cache:1 was pulled without credentials")


def test_a_refusal_of_a_private_image_is_not() -> None:
    assert look(image_not_found, refused("registry.example/team/cart:2")) == []


def test_what_was_said_of_an_image_that_is_not_asked_for_any_more_is_stale() -> None:
    earlier = event(WAITS, "Failed", 'Failed to pull image "registry.example/cart:0": not found')
    assert look(image_not_found, scene(WAITS, earlier)) == []


def test_that_others_of_the_owner_need_no_credentials_is_weaker_than_a_slip_of_the_pen() -> None:
    beside = refused("registry.example/team/cart:1", "registry.example/team/cache:1")
    slip = refused("registry.example/team/cachee:1", "registry.example/team/cache:1")
    [one], [other] = (look(image_not_found, document) for document in (beside, slip))
    assert sum(cite.weight for cite in one.cites) < sum(cite.weight for cite in other.cites)
