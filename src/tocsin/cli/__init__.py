"""The tocsin command. Commands are imported only when called, so that start-up stays short."""

from __future__ import annotations

import importlib
import keyword

import click

import tocsin

# name -> (module, one line for --help). Kept here so that `tocsin --help` imports no command.
COMMANDS: dict[str, tuple[str, str]] = {
    "serve": ("tocsin.cli.serve", "Run everything: database, web and worker."),
    "web": ("tocsin.cli.serve", "Run the web process alone."),
    "worker": ("tocsin.cli.serve", "Run one worker process alone."),
    "migrate": ("tocsin.cli.serve", "Bring the database to this version."),
    "demo": ("tocsin.cli.demo", "Run the server, filled by realistic failing systems."),
    "diagnose": ("tocsin.cli.diagnose", "Find the cause of a failure, here and now, without a server."),
    "login": ("tocsin.cli.login", "Say which server the command line works with, and as whom."),
    "incident": ("tocsin.cli.incident", "List, declare and work on incidents."),
    "action": ("tocsin.cli.action", "List, open and complete what is to be done after incidents."),
    "postmortem": ("tocsin.cli.postmortem", "List, read and export postmortems."),
    "oncall": ("tocsin.cli.oncall", "Say who carries the pager, and change it for a while."),
    "channel": ("tocsin.cli.channel", "Say who is told what through which channel, and try it."),
    "message": ("tocsin.cli.message", "Look at what was said to whom, and what came of it."),
    "health": ("tocsin.cli.health", "Say how each part of the server does."),
    "import": ("tocsin.cli.importing", "Bring schedules, policies, people and services from another product."),
    "escalation": ("tocsin.cli.escalation", "Say who would be told of an incident, and who was."),
    "status-page": ("tocsin.cli.status_page", "Set up what outsiders read."),
    "run": ("tocsin.cli.run", "Run an infrastructure tool and record what came of it."),
    "drift": ("tocsin.cli.run", "Look for what was changed outside, and record it."),
    "case": ("tocsin.cli.case", "Export incidents as cases, and score the diagnosis over a suite of them."),
    "agent": ("tocsin.cli.agent", "Look at the cluster this runs in whenever the server asks."),
    "user": ("tocsin.cli.user", "Say who may do what, and set passwords."),
    "source": ("tocsin.cli.source", "Add sources of signals, and see whether signals come."),
    "silence": ("tocsin.cli.silence", "Silence alerts for a while, or again and again."),
    "severity": ("tocsin.cli.severity", "Say what each severity calls for."),
    "noise": ("tocsin.cli.noise", "Say which drift means nothing."),
    "cluster": ("tocsin.cli.cluster", "Say where an environment's cluster is."),
    "catalog": ("tocsin.cli.catalog", "Say which services there are, who owns them and what they need."),
    "service": ("tocsin.cli.service", "Show services, and take care of what was discovered."),
    "project": ("tocsin.cli.service", "Show projects, and say which labels of alerts name their services."),
}


class LateGroup(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All command names, in the order of COMMANDS."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now; None where there is none."""
        if cmd_name not in COMMANDS:
            return None
        reserved = "_" if keyword.iskeyword(cmd_name) else ""
        command = getattr(importlib.import_module(COMMANDS[cmd_name][0]), cmd_name.replace("-", "_") + reserved)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the command list without importing any of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.command(cls=LateGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(tocsin.__version__, prog_name="tocsin")
def main() -> None:
    """Tocsin: incident response that investigates by itself."""
