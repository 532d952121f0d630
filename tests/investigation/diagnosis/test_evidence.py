"""What a cited value looks like."""

from tocsin.investigation.diagnosis.evidence import Part
from tocsin.investigation.diagnosis.reference import Subject

POD = Subject("Pod", "shop", "cart")


def test_a_long_value_shows_that_it_was_cut() -> None:
    cited = Part(POD, "", {"message": "x" * 500}).cite("message")
    assert cited.value == "x" * 239 + "…"


def test_a_short_value_stands_as_it_is() -> None:
    assert Part(POD, "", {"message": "killed"}).cite("message").value == "killed"
