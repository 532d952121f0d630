"""Makes the pages of docs/reference from the code that they describe.

    python -m docs.generate

A test fails when a page is not what this would write.
"""

from __future__ import annotations

import inspect
import shlex
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import click
from tests.investigation.suite import fires
from tests.investigation.worlds import look

from docs import channels
from tocsin.cli import main as tocsin
from tocsin.investigation.diagnosis.cause import Cause, catalogue
from tocsin.notifications.channels import channels as kinds_of_channels
from tocsin.server.config import SETTINGS, Setting

FOLDER = Path(__file__).parent / "reference"
NOTE = "<!-- Made by `make docs` from {}. Change that, not this page. -->"
# Help texts are laid out for this many columns, whatever terminal they are made in.
COLUMNS = 88
TITLES = {"kubernetes": "Kubernetes", "terraform": "Terraform and OpenTofu"}
# What the first part of a mode's name stands for.
FAMILIES = {
    "admit": "admission and quota",
    "app": "applications and what they need",
    "config": "container configuration",
    "cpu": "CPU",
    "crash": "runtime and crash",
    "cron": "CronJobs",
    "ctrl": "control plane",
    "dns": "DNS",
    "gw": "Gateway API",
    "hpa": "autoscaling",
    "image": "images",
    "ing": "Ingress",
    "job": "Jobs",
    "meta": "looking itself",
    "net": "Services and network",
    "node": "nodes",
    "obs": "monitoring",
    "pod": "pods",
    "probe": "probes",
    "rollout": "rollouts",
    "sched": "scheduling",
    "sec": "identity and certificates",
    "storage": "storage",
}
LEFT_OUT = {
    "app.time_window": "the times of several occurrences: one coincidence with a schedule proves nothing",
    "dns.ndots": "the number of queries a lookup costs, which no object, event or log tells",
    "meta.events_expired": "nothing: it is said as a gap, with what it hides",
    "meta.no_access": "nothing: it is said as a gap, with the answer of the API server",
    "net.mtu": "the sizes of packets that arrive and of those that do not",
}


def pages() -> dict[Path, str]:
    """The generated pages: path to text."""
    return {
        FOLDER / "settings.md": settings_page(),
        FOLDER / "commands.md": commands_page(),
        FOLDER / "causes.md": causes_page(),
        FOLDER / "modes.md": modes_page(),
        FOLDER / "channels.md": channels_page(),
        **category_pages(),
        **channel_pages(),
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
    """All causes by family and category, with links to their pages."""
    return _page(
        "Causes",
        "the docstrings of tocsin.investigation.diagnosis.causes",
        "The ways things break that Tocsin knows. A cause that could not see what it needs says so; that is a gap in the\n"
        "report and never counts as “nothing wrong”. Those of Kubernetes are listed [by failure mode](modes.md), too.",
        [f"## {title}\n\n{len(catalogue(family))} causes.\n\n{_index(family)}" for family, title in TITLES.items()],
    )


def _index(family: str) -> str:
    rows = [
        f"| [{category}]({_page_of(causes[0])}) | "
        + ", ".join(f"[{cause.name}]({_place(cause)})" for cause in causes)
        + " |"
        for category, causes in _by_category(family).items()
    ]
    return "\n".join(["| category | causes |", "|---|---|", *rows])


def category_pages() -> dict[Path, str]:
    """A page for each category: of each cause what it is, what it needs to see, when it is wrong, and an example."""
    return {
        FOLDER / _page_of(causes[0]): _page(
            f"Causes: {category}",
            "the docstrings of tocsin.investigation.diagnosis.causes",
            f"Of {title}. [All causes](../causes.md)",
            [_cause(cause) for cause in causes],
        )
        for family, title in TITLES.items()
        for category, causes in _by_category(family).items()
    }


def modes_page() -> str:
    """Every failure mode with the cause that tells it, then those that none tells, with what that would take."""
    told = {mode: cause for cause in catalogue() for mode in cause.modes}
    families: dict[str, list[str]] = defaultdict(list)
    for mode in sorted(told):
        families[mode.partition(".")[0]].append(mode)
    rows = [
        f"| {FAMILIES[family]} | " + ", ".join(f"[{mode}]({_place(told[mode])})" for mode in modes) + " |"
        for family, modes in families.items()
    ]
    rest = [f"| {mode} | {why} |" for mode, why in LEFT_OUT.items() if mode not in told]
    return _page(
        "Failure modes",
        "the modes of tocsin.investigation.diagnosis.causes",
        f"The {len(told)} ways in which Kubernetes is known to break that a cause tells by evidence of its own. Each has a\n"
        "world in which its cause fires and ranks first, and a near miss in which it is quiet; both are in the tests.",
        [
            "\n".join(["| family | modes, each linked to its cause |", "|---|---|", *rows]),
            "## Not told",
            "\n".join(["| mode | what it would take |", "|---|---|", *rest]),
        ],
    )


def channels_page() -> str:
    """All kinds of channels, with what each hears."""
    return _page(
        "Channels",
        "tocsin.notifications.channels",
        "The ways out to people and programs; [Telling people](../notifications.md) says how they are used.",
        [channels.index()],
    )


def channel_pages() -> dict[Path, str]:
    """A page for each kind of channel."""
    opening = "[All channels](../channels.md)"
    return {
        FOLDER / "channels" / f"{kind}.md": _page(
            kinds_of_channels()[kind].ABOUT.title,
            f"tocsin.notifications.channels.{kind}",
            opening,
            channels.sections(kind),
        )
        for kind in channels.names()
    }


def _by_category(family: str) -> dict[str, list[Cause]]:
    by_category: dict[str, list[Cause]] = defaultdict(list)
    for cause in catalogue(family):
        by_category[cause.category].append(cause)
    return dict(sorted(by_category.items()))


def _page_of(cause: Cause) -> str:
    family = "" if cause in catalogue("kubernetes") else "terraform-"
    return f"causes/{family}{cause.category}.md"


def _place(cause: Cause) -> str:
    return f"{_page_of(cause)}#{cause.name}"


def _cause(cause: Cause) -> str:
    needs = ", ".join(f"`{need}`" for need in cause.needs) or "nothing in particular"
    modes = f" Modes: {', '.join(f'`{mode}`' for mode in cause.modes)}." if cause.modes else ""
    what = inspect.cleandoc(cause.look.__doc__ or "").replace("When it is wrong:", "**When it is wrong:**")
    return "\n\n".join([f"## {cause.name}", f"Needs to see: {needs}.{modes}", what, *_example(cause)])


def _example(cause: Cause) -> list[str]:
    """What it says in the world of its own test, and what it would have one type."""
    document = next(iter(fires(cause).values()))
    found = next(one for one in look(cause, document) if not one.against)
    typed = "\n".join(f"{command.argv and shlex.join(command.argv)}  # {command.tier}" for command in found.remedies)
    return [f"For example: {_quoted(found.summary)}", *([f"```text\n{typed}\n```"] if typed else [])]


def _quoted(text: str) -> str:
    return f"*{text.replace('*', '')}*".replace("<", "&lt;").replace("|", "\\|")


def _page(title: str, source: str, opening: str, sections: list[str]) -> str:
    return "\n\n".join([NOTE.format(source), f"# {title}", opening, *sections]) + "\n"


def main() -> None:
    """Writes the pages."""
    written = pages()
    for path, text in written.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    for path in {*(FOLDER / "causes").glob("*.md"), *(FOLDER / "channels").glob("*.md")} - set(written):
        path.unlink()


if __name__ == "__main__":
    main()
