"""The page on the investigation says the figures that the code reckons with."""

from __future__ import annotations

import math
import re

import pytest

from tests.docs.markdown import ROOT
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE, STRONG, WEAK
from tocsin.investigation.diagnosis.reference import parse_reference
from tocsin.investigation.diagnosis.report import label

PAGE = (ROOT / "docs" / "diagnosis.md").read_text()


@pytest.mark.parametrize(
    ("name", "weight", "times"),
    [("weak", WEAK, 2), ("moderate", MODERATE, 5), ("strong", STRONG, 20), ("conclusive", CONCLUSIVE, 100)],
)
def test_a_weight_is_the_logarithm_of_how_much_likelier(name: str, weight: float, times: int) -> None:
    assert f"| {name} | {weight} | {times} |" in PAGE
    assert weight == round(math.log(times), 1)


def test_the_labels_begin_where_the_page_says() -> None:
    assert "From 85 % on a confidence is called high, from 60 % on medium" in PAGE
    assert [label(c) for c in (0.85, 0.849, 0.6, 0.599)] == ["high", "medium", "medium", "low"]


def test_the_references_on_the_page_can_be_read() -> None:
    shown = re.findall(r"^\| `(\S+#\S+)` \|", PAGE, re.MULTILINE)
    assert len(shown) == 5
    for reference in shown:
        parse_reference(reference)
