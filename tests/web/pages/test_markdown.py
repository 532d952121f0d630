"""Notes as HTML."""

import pytest

from tocsin.web.pages.markdown import rendered


def test_code_and_lists_are_rendered() -> None:
    html = rendered("- `kubectl`\n\n```\nls\n```")
    assert "<li><code>kubectl</code>" in html
    assert "<pre><code>ls" in html


def test_single_line_breaks_are_kept() -> None:
    assert "<br>" in rendered("one\ntwo")


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[click](javascript:alert(1))",
        "![pixel](https://tracker.example.com/x.png)",
        '<a href="https://example.com" onclick="alert(1)" style="color:red">x</a>',
        "[click](data:text/html;base64,PHNjcmlwdD4=)",
    ],
)
def test_nothing_that_acts_or_loads_survives(hostile: str) -> None:
    html = rendered(hostile)
    for tag in ("<script", "<img", 'href="javascript', 'href="data', '<a href="https://example.com" onclick'):
        assert tag not in html


def test_links_tell_the_other_side_nothing() -> None:
    assert 'rel="noopener noreferrer nofollow"' in rendered("[runbook](https://example.com)")
