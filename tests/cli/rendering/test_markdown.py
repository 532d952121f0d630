"""Markdown for an issue or a chat: readable, and nothing from the cluster takes effect in it."""

from __future__ import annotations

import pytest
from markdown_it import MarkdownIt

from tests.cli.reports import LOOK, RAISE, hypothesis, report
from tocsin.cli.rendering.markdown import render_markdown
from tocsin.investigation.diagnosis.report import Evidence


def rendered(text: str) -> str:
    return str(MarkdownIt("commonmark").render(text))


def test_commands_stand_in_blocks_that_can_be_copied() -> None:
    tokens = MarkdownIt("commonmark").parse(render_markdown(report(hypothesis(commands=(RAISE, LOOK)))))
    blocks = [token.content.strip() for token in tokens if token.type == "fence"]
    assert blocks[0] == "kubectl -n shop set resources deployment/cart --limits=memory=768Mi"
    assert len(blocks) == 4


def test_evidence_stays_whole_however_hostile() -> None:
    evil = Evidence("e1", "Pod/shop/cart#/x", "``` \n# gone <b>", 1.0)
    assert "<h1>" not in rendered(render_markdown(report(hypothesis(evidence=(evil,)))))


@pytest.mark.parametrize(("outcome", "title"), [("healthy", "### Healthy"), ("inconclusive", "### Inconclusive")])
def test_the_title_says_the_outcome(outcome: str, title: str) -> None:
    assert render_markdown(report(outcome=outcome)).startswith(title)
