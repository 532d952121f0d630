"""Text found in a cluster is data: it never makes a cause, hides one, reaches a command, or breaks a diagnosis."""

import pytest

from tests.investigation.clusters import Cluster, ago, resource, stamped
from tests.investigation.hostile import MARK, PLACES, said_in_events, said_in_logs, short_of_memory, written
from tests.investigation.library import library
from tests.investigation.worlds import NAMESPACE
from tocsin.investigation.diagnosis import Report, diagnose, parse_snapshot

MEDIUM, HIGH = 0.6, 0.85
EACH = pytest.mark.parametrize("place", PLACES)


def report(document: bytes) -> Report:
    snapshot = parse_snapshot(document)
    made = diagnose(snapshot)
    for evidence in (cite for held in made.hypotheses for cite in (*held.evidence, *held.against)):
        snapshot.resolve(evidence.ref)
    assert [gap for gap in made.gaps if " broke: " in gap] == []
    assert Report.from_json(made.to_json()) == made
    return made


def told(made: Report, least: float) -> list[tuple[str, str, float]]:
    return [(held.cause, str(held.subject), held.confidence) for held in made.hypotheses if held.confidence >= least]


@EACH
def test_nothing_is_wrong_because_a_text_says_so(place: str) -> None:
    assert told(report(written(place, ill=False)), MEDIUM) == []


@EACH
def test_the_true_cause_comes_first_whatever_a_text_says(place: str) -> None:
    [first, *_] = report(written(place, ill=True)).hypotheses
    assert (first.category, first.subject.name) == ("memory", "catalog")


@EACH
def test_no_command_carries_a_text(place: str) -> None:
    for held in report(written(place, ill=True)).hypotheses:
        for command in held.commands:
            assert MARK not in str(command)
            assert MARK not in command.purpose


def spoken(made: Cluster) -> Cluster:
    """Let a program in good health say everything that ever gave a cause away."""
    lines = [stamped(ago(seconds=40), line) for line in said_in_logs()]
    made.log(made["reviews"].pod, *lines)
    return made


def test_lines_of_all_failures_in_a_good_programs_log_are_no_reason_to_be_sure() -> None:
    assert told(report(spoken(library()).document()), HIGH) == []


def test_lines_of_all_failures_do_not_hide_a_true_one() -> None:
    made = spoken(library())
    short_of_memory(made)
    assert report(made.document()).hypotheses[0].category == "memory"


def test_messages_of_all_failures_in_a_configmap_are_no_reason() -> None:
    made = library()
    texts = {f"{number}.txt": text for number, (_, text) in enumerate(said_in_events())}
    made.add(resource("ConfigMap", "runbook", data=texts))
    assert told(report(made.document()), MEDIUM) == []


def test_messages_of_all_failures_by_somebodys_controller_are_no_reason() -> None:
    made = library()
    for number, (_, text) in enumerate(said_in_events()):
        made.tell(made["portal"].pods[number % 3], "Noticed", text, ago(minutes=1))
    assert told(report(made.document()), MEDIUM) == []


def test_warnings_of_all_failures_about_pods_that_serve_are_no_reason_to_be_sure() -> None:
    made = library()
    for number, (reason, text) in enumerate(said_in_events()):
        made.tell(made["portal"].pods[number % 3], reason, text, ago(minutes=12))
    assert told(report(made.document()), HIGH) == []


@pytest.mark.parametrize("line", ["error " * 160_000, "x" * 1_000_000, "://" * 300_000, '{"error": ' * 100_000])
def test_a_line_of_a_million_letters_is_read_like_any_other(line: str) -> None:
    made = library()
    made.log(made["portal"].pod, line, stamped(ago(minutes=1), line))
    assert told(report(made.document()), MEDIUM) == []


def test_names_that_sound_like_failures_are_names() -> None:
    made = library()
    app = made["notices"]
    statuses = (pod["status"]["containerStatuses"][0] for pod in app.pods)
    for held in (app.container, *(pod["spec"]["containers"][0] for pod in app.pods), *statuses):
        held["name"] = "oom-killed-error-137"
    for held in (app.container, *(pod["spec"]["containers"][0] for pod in app.pods)):
        held["image"] = "registry.example/oomkilled/crashloopbackoff:failed-error-137"
        held["args"] = ["--on-error=OOMKilled", "--reason", "ImagePullBackOff"]
    made.add(resource("ConfigMap", "evicted", data={}), resource("Secret", "error-connection-refused"))
    assert told(report(made.document()), MEDIUM) == []


def test_a_log_under_the_name_of_another_pod_is_nobodys() -> None:
    made = library()
    made.logs[f"{NAMESPACE}/../etc/passwd"[:20]] = {"current": "panic: out of memory"}
    made.logs[f"{NAMESPACE}/ghost-1/app"] = {"current": "FATAL connection refused", "previous": "OOMKilled"}
    assert told(report(made.document()), MEDIUM) == []


def test_objects_with_names_of_paths_and_quotes_break_nothing() -> None:
    made = library()
    for name in ("../../etc", "a#b", "x y", "'; DROP", "💥", "a" * 300, "-rf"):
        made.add(resource("ConfigMap", name, data={name: name}))
    assert told(report(made.document()), MEDIUM) == []
