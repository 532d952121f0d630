"""YAML that nobody should compose."""

import pytest
import yaml

from tocsin.ground.nesting import check_depth

DEEP = 200_000


@pytest.mark.parametrize(
    "text",
    [
        "[" * DEEP,
        "{a: " * DEEP,
        "x: [], " + "[[], " * DEEP,
        "- " * DEEP + "x",
        "? " * DEEP + "x",
        "\n".join(" " * i + "a:" for i in range(1000)),
    ],
)
def test_what_is_nested_too_deeply_is_refused(text: str) -> None:
    with pytest.raises(yaml.YAMLError):
        check_depth(text)


@pytest.mark.parametrize("text", ["a: [1, {b: c}]", "", "a: |\n" + " " * 300 + "x", "[" + "[], " * 5000 + "]"])
def test_what_is_not_passes(text: str) -> None:
    check_depth(text)
