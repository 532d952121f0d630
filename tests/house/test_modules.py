"""What every module owes its reader."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.house.code import MODULES, PACKAGE, name, parsed

LONGEST_FILE = 400
LONGEST_FUNCTION = 40
# Where everything may be caught, and why.
CATCHES_ALL = {
    "investigation/diagnosis/engine.py _ask": "a cause that raises must not cost the others their say",
    "server/jobs.py _every": "outermost loop of the worker's periodic tasks",
    "server/postgres/server.py serve": "a half-started PostgreSQL is stopped whatever happened; then it is raised again",
    "web/group_commit.py _settle": "outermost loop of the writer: whoever waits is told",
    "web/live.py run": "outermost loop of the live updates: pages must not stay silent for ever after",
    "web/status/serving.py run": "outermost loop of the public pages: they must not stay as they are for ever after",
    "web/pages/watching.py _found": "outermost loop of what pages warn of: they say that nobody can see, and are served on",
    "web/hooks/intake.py keep": "whatever is wrong with one signal, it is kept as rejected and the sender is told",
    "workflows/delivering.py _deliver": "outermost loop of a message: its claim lapses, and it is tried again",
    "workflows/delivering.py _sent": "outermost loop of a try: whatever broke, it counts as one, so that its message ends",
    "workflows/delivering.py run": "outermost loop of whoever delivers: one bad round must not end the next ones",
    "workflows/respond.py investigate": "outermost loop of an investigation: written down, then raised for the retry",
    "workflows/timers.py _carry_out": "outermost loop of a timer: those behind it are not held up",
}
# Names that say nothing about what is named.
EMPTY_NAMES = {"handler", "manager", "helper", "helpers", "util", "utils", "processor", "dto", "bl", "misc", "common"}
Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(tree: ast.AST) -> Iterator[Function]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def lines(function: Function) -> int:
    return (function.end_lineno or 0) - function.lineno + 1


def catches_all(handler: ast.ExceptHandler) -> bool:
    caught = {node.id for node in ast.walk(handler.type) if isinstance(node, ast.Name)} if handler.type else set()
    return handler.type is None or bool(caught & {"Exception", "BaseException"})


def words(name: str) -> set[str]:
    """The words of a name in either style; the controller manager of Kubernetes is called so."""
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z]+", name.replace("controller_manager", "controllers"))}


def broad_functions() -> Iterator[str]:
    for path in MODULES:
        for function in functions(parsed(path)):
            if any(isinstance(node, ast.ExceptHandler) and catches_all(node) for node in ast.walk(function)):
                yield f"{name(path)} {function.name}"


def test_there_is_something_to_check() -> None:
    assert PACKAGE / "server" / "config.py" in MODULES


def test_a_module_begins_by_saying_what_it_is_for() -> None:
    assert [name(path) for path in MODULES if not ast.get_docstring(parsed(path))] == []


def test_a_file_is_short() -> None:
    assert [name(path) for path in MODULES if len(path.read_text().splitlines()) > LONGEST_FILE] == []


def test_a_function_is_short() -> None:
    all_functions = [(name(path), function) for path in MODULES for function in functions(parsed(path))]
    assert [(file, f.name) for file, f in all_functions if lines(f) > LONGEST_FUNCTION] == []


def test_lines_are_counted_from_the_first_to_the_last() -> None:
    [function] = functions(ast.parse("@decorated\ndef f(\n    x\n):\n    return x\n"))
    assert lines(function) == 4


def test_nothing_is_left_for_later() -> None:
    assert [name(path) for path in MODULES if re.search(r"\b(?:TODO|FIXME|XXX|HACK)\b", path.read_text())] == []


def test_names_say_what_is_named() -> None:
    definitions = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    named = {node.name for path in MODULES for node in ast.walk(parsed(path)) if isinstance(node, definitions)}
    named |= {part for path in MODULES for part in path.relative_to(PACKAGE).with_suffix("").parts}
    assert [name for name in sorted(named) if EMPTY_NAMES & words(name)] == []


def test_names_are_taken_apart_into_words() -> None:
    assert words("SignalHandler") == words("signal_handler") == {"signal", "handler"}


def test_everything_is_caught_only_where_that_is_explained() -> None:
    assert set(broad_functions()) == set(CATCHES_ALL)
