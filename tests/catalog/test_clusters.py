import pytest

from tocsin.catalog.clusters import NoCluster, choose


@pytest.mark.parametrize(
    ("names", "labels", "chosen"),
    [
        (["eu", "us"], {"cluster": "us"}, "us"),
        (["production"], {}, "production"),
        (["production"], {"cluster": "as somebody else calls it"}, "production"),
    ],
)
def test_the_cluster_that_is_named_or_the_only_one_is_meant(
    names: list[str], labels: dict[str, str], chosen: str
) -> None:
    assert choose(names, labels) == chosen


@pytest.mark.parametrize(
    ("names", "labels", "why"),
    [
        ([], {"cluster": "eu"}, "no cluster is set"),
        (["us", "eu"], {}, "no label `cluster`, and this environment has eu, us"),
        (["us", "eu"], {"cluster": "asia"}, "of cluster “asia”"),
    ],
)
def test_where_nobody_can_say_it_is_not_guessed(names: list[str], labels: dict[str, str], why: str) -> None:
    with pytest.raises(NoCluster, match=why):
        choose(names, labels)
