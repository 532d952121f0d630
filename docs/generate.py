"""Makes the pages of docs/reference from the code that they describe.

    python -m docs.generate

A test fails when a page is not what this would write.
"""

from __future__ import annotations

import inspect
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import click

from tocsin.cli import main as tocsin
from tocsin.investigation.diagnosis.cause import Cause, catalogue
from tocsin.server.config import SETTINGS, Setting

FOLDER = Path(__file__).parent / "reference"
NOTE = "<!-- Made by `make docs` from {}. Change that, not this page. -->"
# Help texts are laid out for this many columns, whatever terminal they are made in.
COLUMNS = 88


def pages() -> dict[Path, str]:
    """The generated pages: path to text."""
    return {
        FOLDER / "settings.md": settings_page(),
        FOLDER / "commands.md": commands_page(),
        FOLDER / "causes.md": causes_page(),
    }


def settings_page() -> str:
    """Every setting with its default, in the order of SETTINGS."""
    return _page(
        "Settings",
        "tocsin.server.config",
        "Tocsin reads its settings from environment variables. A value may also come from a file: set the variable's name\n"
        "with `_FILE` after it to the path. A name that begins with `TOCSIN_` and is not on this page is an error.",
        ["\n\n".join([f"## {setting.variable}", *_default(setting), setting.says]) for setting in SETTINGS],
    )


def _default(setting: Setting) -> list[str]:
    value = setting.default
    if value is None:  # worked out when it runs; its text says how
        return []
    if isinstance(value, tuple):
        value = ",".join(value)
    shown = str(value).lower() if isinstance(value, bool) else value
    return [f"Default: `{shown}`." if value != "" else "Default: empty."]


def commands_page() -> str:
    """The help of every command, as `--help` prints it."""
    return _page(
        "Commands",
        "tocsin.cli",
        "What `--help` says of each command. `-h` is the same.",
        [f"## {context.command_path}\n\n```text\n{context.get_help()}\n```" for context in commands()],
    )


def commands() -> Iterator[click.Context]:
    """The context of every command, `tocsin` itself first, each group before its commands."""
    yield from _commands(tocsin, "tocsin", None)


def _commands(command: click.Command, name: str, parent: click.Context | None) -> Iterator[click.Context]:
    context = click.Context(command, info_name=name, parent=parent, terminal_width=COLUMNS, **command.context_settings)
    yield context
    if isinstance(command, click.Group):
        for below in command.list_commands(context):
            found = command.get_command(context, below)
            assert found is not None
            if not found.hidden:
                yield from _commands(found, below, context)


def causes_page() -> str:
    """Every cause by category: what it is, what it needs to see, and when it is wrong."""
    by_category: dict[str, list[Cause]] = defaultdict(list)
    for cause in catalogue("kubernetes"):
        by_category[cause.category].append(cause)
    sections = [_index(by_category)]
    for _, causes in sorted(by_category.items()):
        sections += [_cause(cause) for cause in causes]
    return _page(
        "Causes",
        "the docstrings of tocsin.investigation.diagnosis.causes",
        "The ways things break that Tocsin knows for Kubernetes. A cause that could not see what it needs says so; that is a\n"
        "gap in the report and never counts as “nothing wrong”.",
        sections,
    )


def _index(by_category: dict[str, list[Cause]]) -> str:
    rows = [
        f"| {category} | {', '.join(f'[{cause.name}](#{cause.name})' for cause in causes)} |"
        for category, causes in sorted(by_category.items())
    ]
    return "\n".join(["| category | causes |", "|---|---|", *rows])


def _cause(cause: Cause) -> str:
    needs = ", ".join(f"`{need}`" for need in cause.needs) or "nothing in particular"
    about = f"Category: {cause.category}. Needs to see: {needs}."
    what = inspect.cleandoc(cause.look.__doc__ or "").replace("When it is wrong:", "**When it is wrong:**")
    return "\n\n".join([f"## {cause.name}", about, what])


def _page(title: str, source: str, opening: str, sections: list[str]) -> str:
    return "\n\n".join([NOTE.format(source), f"# {title}", opening, *sections]) + "\n"


def main() -> None:
    """Writes the pages."""
    FOLDER.mkdir(exist_ok=True)
    for path, text in pages().items():
        path.write_text(text)


if __name__ == "__main__":
    main()
