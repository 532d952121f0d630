"""How well logs of Terraform are read: `python -m benchmarks.terraform CASES [--large] [--mutations N]`.

CASES holds `terraform-real/NAME/` with one run in several forms (`human.txt`, `human_colour.txt`, `ui.jsonl`, the same
with `plan_`), and `terraform/*.log`. Prints every disagreement between the forms, and ratios.
"""

from __future__ import annotations

import argparse
import io
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from tocsin.deployments.terraform.log import parse_log
from tocsin.deployments.terraform.parsed import Diagnostic, Run
from tocsin.deployments.terraform.plan import PlanError
from tocsin.deployments.terraform.secrets import redact_log, redact_plan, sensitive_values
from tocsin.investigation.collectors.deployment import load_deployment
from tocsin.investigation.diagnosis import diagnose, parse_snapshot

FORMS = (
    ("human.txt", "human_colour.txt", "ui.jsonl"),
    ("plan_human.txt", "plan_colour.txt", "plan_ui.jsonl"),
    ("refresh_only_human.txt", "refresh_only_human.txt", "refresh_only_ui.jsonl"),
)
STAMP = b"2026-01-02T03:04:05.1234567Z "
PREFIXES: dict[str, Callable[[bytes], bytes]] = {
    "time stamps": lambda line: STAMP + line,
    "GitLab": lambda line: b"2026-01-02T03:04:05.123456Z 00O " + line,
    "stage": lambda line: b"[apply] " + line,
    "old Terragrunt": lambda line: b"[/srv/live/prod/vpc] " + line,
    "Terragrunt": lambda line: b"03:04:05.123 STDERR [prod/vpc] terraform: " + line,
    "Azure": lambda line: STAMP + b"##[error]" + line,
    "quoted": lambda line: b"> " + line,
    "Windows": lambda line: line + b"\r",
    "bare colours": lambda line: line.replace(b"\x1b", b""),
    "a logger": lambda line: b"LOG: 2026/01/02 03:04:05.1 /srv/shell.go:69: ERR:  " + line,
}
BOXES_ONLY = frozenset({"a logger"})
KEY = b"a key of this benchmark"
# A secret-like name with its value, and what a sensitive variable is by default.
SECRET_IN_CONFIGURATION = re.compile(
    r"(?:(?i:password|secret|token|_key|\b(?:tok|pw))\s*=\s*\"?|sensitive\s*=\s*true\s+default\s*=\s*\")(?!var\.)([^\"\s;${}]{4,})"
)
LARGE = 100 * 1024 * 1024


def comparable(found: Diagnostic) -> tuple[object, ...]:
    """What has to be the same in every form. Runs differ in ids and in the order of what they did at once."""
    words = " ".join(f"{found.summary} {found.detail}".split())
    words = re.sub(
        r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|127\.0\.0\.1:\d{5}|->\S+|\d+(\.\d+)?(s|ms)\b|PID \d+", "…", words
    )
    if found.summary.startswith("Cycle: "):
        words = " ".join(sorted(words.replace(",", "").split()))
    snippet = re.sub(r"[0-9a-f-]{36}", "…", found.snippet)
    return (
        found.severity,
        words,
        found.address,
        found.file,
        found.line,
        found.context,
        snippet,
        found.cascade,
        found.provisioner,
    )


def result(run: Run) -> dict[str, object]:
    """The parts of a run that every form tells."""
    return {
        "diagnostics": Counter(comparable(found) for found in run.diagnostics),
        "events": Counter((e.address, e.action, e.state) for e in run.events if e.action not in ("refresh", "read")),
        "counts": run.counts,
        "command": run.command,
        "finished": run.finished,
        "interrupted": run.interrupted,
        "not saved": run.state_not_saved,
        "lock": run.lock is not None,
        "drift": sorted(run.drift),
    }


def compare(cases: Path) -> None:
    """Prints where forms of one run disagree."""
    tally: Counter[str] = Counter()
    for folder in sorted(path for path in (cases / "terraform-real").iterdir() if path.is_dir()):
        for names in FORMS:
            present = [folder / name for name in dict.fromkeys(names) if (folder / name).exists()]
            runs = {path.name: result(parse_log(path.read_bytes())) for path in present}
            for first, second in zip(list(runs), list(runs)[1:], strict=False):
                tell(tally, folder.name, first, second, runs[first], runs[second])
        for path, name, data in prefixed(folder):
            tell(tally, folder.name, path.name, name, result(parse_log(path.read_bytes())), result(parse_log(data)))
    for part in ("all", *sorted({key.split("/")[0] for key in tally} - {"all"})):
        print(f"{part}: same {tally[part + '/same']} of {tally[part + '/seen']}")


def prefixed(folder: Path) -> Iterator[tuple[Path, str, bytes]]:
    """The forms of a run as CI systems and wrappers would have kept them."""
    for path in sorted(folder.glob("*human*.txt")) + sorted(folder.glob("*ui.jsonl")):
        lines = path.read_bytes().split(b"\n")
        for name, prefix in PREFIXES.items():
            if name not in BOXES_ONLY or "colour" in path.name:
                yield path, name, b"\n".join(prefix(line) for line in lines)


def tell(tally: Counter[str], case: str, a: str, b: str, first: dict[str, object], second: dict[str, object]) -> None:
    """Counts one comparison, and prints what differs."""
    parts = ["diagnostics"] if b in BOXES_ONLY else list(first)
    differing = [part for part in parts if first[part] != second[part]]
    for part in parts:
        tally[f"{part}/seen"] += 1
        tally[f"{part}/same"] += part not in differing
    tally["all/seen"] += 1
    tally["all/same"] += not differing
    for part in differing:
        one, other = first[part], second[part]
        both = (
            (list(one - other), list(other - one))
            if isinstance(one, Counter) and isinstance(other, Counter)
            else (one, other)
        )
        print(f"{case}: {a} and {b} differ in {part}:\n  {both[0]}\n  {both[1]}")


def fragments(cases: Path) -> None:
    """Counts the recorded errors in which no diagnostic is found."""
    logs = sorted((cases / "terraform").glob("*.log"))
    silent = [path.stem for path in logs if not parse_log(path.read_bytes()).errors]
    print(f"errors found in {len(logs) - len(silent)} of {len(logs)} fragments; none in {silent}")


def survivors(cases: Path) -> None:
    """Counts the secrets of the configurations that are still in a form of their run after redaction, with a plan and without."""
    planted, left = 0, []
    for folder in sorted(path for path in (cases / "terraform-real").iterdir() if path.is_dir()):
        secrets = {
            found for path in folder.glob("config/*.tf") for found in SECRET_IN_CONFIGURATION.findall(path.read_text())
        }
        documents = [path for path in folder.glob("*.json") if path.name.startswith(("plan", "state"))]
        known = {secret for path in documents for secret in _sensitive(path)}
        for path in folder.iterdir():
            if path.is_file() and any(secret in path.read_text() for secret in secrets):
                planted += 1
                for given in (known, set()):
                    if path in documents:
                        clean = redact_plan(path.read_bytes(), given, KEY).decode()
                    else:
                        clean = redact_log(path.read_text(), given, KEY)
                    left += [(folder.name, path.name, secret) for secret in secrets if secret in clean]
    print(f"files with a planted secret: {planted}; secrets that survive redaction: {len(left)} {left}")


def _sensitive(path: Path) -> frozenset[str]:
    try:
        return sensitive_values(path.read_bytes())
    except PlanError:
        return frozenset()


def mutate(cases: Path, times: int) -> None:
    """Diagnoses logs that were cut, shuffled, doubled and corrupted. An exception ends the benchmark."""
    logs = [path.read_bytes() for path in (cases / "terraform").glob("*.log")]
    logs += [path.read_bytes() for path in (cases / "terraform-real").glob("*/*human*.txt")]
    logs += [path.read_bytes() for path in (cases / "terraform-real").glob("*/*ui.jsonl")]
    chance, broken = random.Random(7), 0
    for _ in range(times):
        data = bytearray(chance.choice(logs))
        for _ in range(chance.randint(1, 12)):
            at, size = chance.randrange(len(data) + 1), chance.randint(0, 80)
            other = chance.choice(logs)
            start = chance.randrange(len(other) + 1)
            inserted = chance.choice(
                (b"", chance.randbytes(size), other[start : start + size * 9], data[at : at + size], b"\n")
            )
            data[at : at + chance.choice((0, size, size * 20))] = inserted
        snapshot = load_deployment(io.BytesIO(data), plan=None, policies=[], exit_code=1, key=KEY)
        broken += any(" broke: " in gap for gap in diagnose(parse_snapshot(snapshot)).gaps)
    print(f"{times} mutated logs read and diagnosed without an exception; causes that broke: {broken}")


def large(form: str) -> None:
    """Seconds and megabytes for a log of 100 MB: read, and diagnosed as the command line does, in processes of their own."""
    for measured in ("read_large", "diagnose_large"):
        code = f"import benchmarks.terraform as b; b.{measured}({form!r})"
        subprocess.run([sys.executable, "-c", code], check=True)


def read_large(form: str) -> None:
    """Reads one such log and prints what it took, with the making of the log."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start, busy = time.perf_counter(), time.process_time()
    run = parse_log(LARGE_LOGS[form]())
    seconds, busy = time.perf_counter() - start, time.process_time() - busy
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        f"100 MB {form}: {seconds:.1f} s ({busy:.1f} s of a processor), {peak / 1024:.0f} MB at most "
        f"({before / 1024:.0f} before), {run.lines} lines, "
        f"{len(run.diagnostics)} diagnostics, {len(run.events)} events, {run.omitted} omitted"
    )


def diagnose_large(form: str) -> None:
    """Diagnoses one such log by the command line and prints what that took; it keeps the beginning and the end."""
    with tempfile.NamedTemporaryFile(suffix=".log") as log:
        log.writelines(LARGE_LOGS[form]())
        log.flush()
        start = time.perf_counter()
        command = [sys.executable, "-m", "tocsin", "diagnose", "terraform", log.name, "--output", "json"]
        subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
        seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(f"100 MB {form}, tocsin diagnose terraform: {seconds:.1f} s, {peak / 1024:.0f} MB at most")


def _human() -> Iterator[bytes]:
    size = number = 0
    while size < LARGE:
        address = f'module.fleet["eu-{number % 9}"].aws_instance.web[{number}]'
        text = f"{address}: Creating...\n" + "".join(
            f"{address}: Still creating... [{n}0s elapsed]\n" for n in range(1, 7)
        )
        text += f"{address} (local-exec): Error: this is only what a script printed, line {number}\n" * 3
        text += f"{address}: Creation complete after 1m2s [id=i-{number:017x}]\n"
        yield text.encode()
        size, number = size + len(text), number + 1
    yield "╷\n│ Error: creating EC2 Instance: api error\n│ \n│   with aws_instance.web[0],\n│ \n╵\n".encode()


def _coloured() -> Iterator[bytes]:
    for piece in _human():
        yield piece.replace(b"\nmod", b"\x1b[0m\n\x1b[0m\x1b[1mmod")


def _json() -> Iterator[bytes]:
    size = number = 0
    while size < LARGE:
        hook = (
            f'"hook":{{"resource":{{"addr":"aws_instance.web[{number}]","module":"","resource":"aws_instance.web[{number}]",'
            f'"implied_provider":"aws","resource_type":"aws_instance","resource_name":"web","resource_key":{number}}},'
        )
        lead = f'{{"@level":"info","@message":"aws_instance.web[{number}]: …","@module":"terraform.ui",'
        stamp = '"@timestamp":"2026-11-21T00:00:16.853958Z",'
        text = "".join(
            f'{lead}{stamp}{hook}"action":"create","elapsed_seconds":{n}}},"type":"{kind}"}}\n'
            for n, kind in enumerate(("apply_start", "apply_progress", "apply_progress", "apply_complete"))
        )
        yield text.encode()
        size, number = size + len(text), number + 1


LARGE_LOGS: dict[str, Callable[[], Iterator[bytes]]] = {"human": _human, "coloured": _coloured, "json": _json}


def main() -> None:
    """Runs what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", type=Path)
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--mutations", type=int, default=0)
    asked = parser.parse_args()
    compare(asked.cases)
    fragments(asked.cases)
    survivors(asked.cases)
    mutate(asked.cases, asked.mutations)
    for form in LARGE_LOGS if asked.large else ():
        large(form)


if __name__ == "__main__":
    main()
