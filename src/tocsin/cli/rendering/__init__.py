"""How a report reads: as text on a terminal, as Markdown in an issue. Pure functions of the report."""
