"""Tables as kubectl prints them: a line of headings, and columns that begin under them."""

import re
from collections.abc import Iterable, Iterator

Row = dict[str, str]

_HEADING = re.compile(r"\S+(?: \S+)*")
_NOTHING = frozenset({"<none>", "<unset>", "<unknown>", "-"})


def headings(line: str) -> dict[str, int]:
    """Return the headings of a table with the columns at which they begin; two blanks part them."""
    return {found[0]: found.start() for found in _HEADING.finditer(line)}


def rows(header: str, lines: Iterable[str]) -> Iterator[Row]:
    """Yield each line by heading; a cell of `<none>` or `-` is left out."""
    starts = list(headings(header).items())
    ends = [start for _, start in starts[1:]] + [None]
    for line in lines:
        cells = {name: line[start:end].strip() for (name, start), end in zip(starts, ends, strict=True)}
        yield {name: cell for name, cell in cells.items() if cell and cell not in _NOTHING}


def aligned(header: str, line: str) -> bool:
    """Tell whether a line has its cells under the headings: a blank before each column but the first."""
    starts = [start for start in headings(header).values() if 0 < start < len(line)]
    return bool(line[:1].strip()) and all(line[start - 1] == " " for start in starts)
