import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.deployments.terraform.printed import (
    APPLY,
    DEPRECATED,
    FORMS,
    REFUSED,
    UNKNOWN_KEYS,
    Form,
    Told,
    as_json,
    boxed,
    coloured,
    plain,
)
from tocsin.deployments.terraform.log import parse_log
from tocsin.deployments.terraform.parsed import Diagnostic, Run


def read(text: str) -> Run:
    return parse_log(text.encode())


def without_lines(run: Run) -> list[Diagnostic]:
    return [msgspec.structs.replace(found, first_line=0, last_line=0) for found in run.diagnostics]


# --- diagnostics in every form -----------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
def test_a_diagnostic_is_read_with_all_its_parts(form: Form) -> None:
    (found,) = read(form(REFUSED)).diagnostics
    assert (found.severity, found.summary) == ("error", REFUSED.summary)
    assert found.detail == REFUSED.detail
    assert found.address == 'module.a["k.x"].aws_s3_bucket.logs[0]'
    assert (found.file, found.line, found.context) == ("modules/a/main.tf", 12, 'resource "aws_s3_bucket" "logs"')
    assert found.snippet == '  bucket = "logs"\nvar.name is "logs"'
    assert found.attribute == "bucket"


@pytest.mark.parametrize("form", FORMS)
def test_all_of_several_diagnostics_are_found(form: Form) -> None:
    found = read(form(REFUSED, DEPRECATED, UNKNOWN_KEYS)).diagnostics
    assert [each.summary for each in found] == [REFUSED.summary, DEPRECATED.summary, UNKNOWN_KEYS.summary]
    assert [each.severity for each in found] == ["error", "warning", "error"]


WORDS = st.lists(
    st.sampled_from(["the", "provider", "says", "so", "unreachable,", "503", "https://x.test/a?b"]), min_size=1
)


@given(st.lists(WORDS.map(" ".join), max_size=3).map("\n\n".join), st.sampled_from([REFUSED, UNKNOWN_KEYS, DEPRECATED]))
def test_all_forms_say_the_same(detail: str, told: Told) -> None:
    told = Told(told.summary, detail, told.severity, told.address, told.file, told.line, told.context, told.code)
    first, *others = (without_lines(read(form(told))) for form in FORMS)
    assert all(other == first for other in others)


@pytest.mark.parametrize("form", FORMS)
def test_a_summary_in_several_paragraphs_goes_on_in_the_detail(form: Form) -> None:
    (found,) = read(form(Told("There were problems,\ndescribed below.\n\nThe configuration must be valid."))).errors
    assert (found.summary, found.detail) == (
        "There were problems, described below.",
        "The configuration must be valid.",
    )


@pytest.mark.parametrize("width", [100, 120, 200])
def test_a_wider_terminal_changes_nothing(width: int) -> None:
    assert [found.detail for found in read(boxed(REFUSED, UNKNOWN_KEYS, width=width)).errors] == [
        REFUSED.detail,
        UNKNOWN_KEYS.detail,
    ]


PREFIXES = (
    "2026-01-02T03:04:05.1234567Z ",
    "2026-01-02T03:04:05.123456Z 00O ",
    "[apply] ",
    "[/srv/live/prod] ",
    "03:04:05.123 STDERR [prod/vpc] terraform: ",
    "2026-01-02T03:04:05.1234567Z ##[error]",
    "> ",
)


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("form", FORMS)
def test_prefixes_of_ci_systems_change_nothing(form: Form, prefix: str) -> None:
    lines = form(REFUSED, UNKNOWN_KEYS).split("\n")
    assert read("\n".join(prefix + line for line in lines)).diagnostics == read("\n".join(lines)).diagnostics


def test_a_box_is_found_behind_any_prefix() -> None:
    lines = "".join(f"LOG 17 /srv/shell.go:69: ERR:  {line}\n" for line in boxed(REFUSED).splitlines())
    assert without_lines(read(lines)) == without_lines(read(boxed(REFUSED)))


def test_logger_lines_are_unpacked() -> None:
    lines = "".join(
        f'time=2026-01-02T03:04:05Z level=error msg="{line}"\n'.replace('"logs"', r"\"logs\"")
        for line in ["Error: no such bucket", ""]
    )
    assert [found.summary for found in read(lines).errors] == ["no such bucket"]


def test_a_container_runtimes_json_is_unpacked() -> None:
    run = read('{"log":"Error: no such bucket\\n","stream":"stderr","time":"2026-01-02T03:04:05Z"}\n')
    assert [found.summary for found in run.errors] == ["no such bucket"]


def test_gitlabs_folding_is_left_out() -> None:
    (found,) = read("section_start:1700000000:apply\r\x1b[0KError: no such bucket\n").errors
    assert found.summary == "no such bucket"


def test_a_comments_fences_are_left_out() -> None:
    (found,) = read("```diff\n" + boxed(UNKNOWN_KEYS) + "```\n</details>\n").diagnostics
    assert found.detail == UNKNOWN_KEYS.detail


def test_lines_point_into_the_log() -> None:
    (found,) = read("Initializing the backend...\n" + boxed(UNKNOWN_KEYS)).diagnostics
    assert (found.first_line, found.last_line) == (3, 9)


def test_a_box_that_lost_its_edges_is_read() -> None:
    lines = boxed(REFUSED).splitlines()[1:-4]
    assert read("\n".join(lines)).errors[0].address == REFUSED.address


def test_json_is_read_between_lines_of_others() -> None:
    run = read("yarn run v1\n" + as_json(REFUSED) + "npm ERR! code 1\n")
    assert (len(run.errors), run.form) == (1, "json")


def test_the_document_of_validate_is_read() -> None:
    document = '{\n  "format_version": "1.0",\n  "diagnostics": [{"severity": "error", "summary": "Cycle: a, b"}]\n}\n'
    assert [found.summary for found in read(document).errors] == ["Cycle: a, b"]


def test_unknown_messages_are_left_alone() -> None:
    run = read('{"@level":"info","@message":"?","type":"ephemeral_op_start","hook":{"action":"open"}}\n[1]\n')
    assert run == Run(form="json", lines=2)


# --- what is no diagnostic, and what only follows ------------------------------------------------------------------


def test_what_a_provisioner_prints_is_no_diagnostic() -> None:
    run = read("terraform_data.a (local-exec): Error: AccessDenied\nterraform_data.a (local-exec): │ Error: no\n")
    assert run.diagnostics == ()


def test_what_a_provisioner_printed_stays_in_its_detail() -> None:
    failed = Told(
        "local-exec provisioner error",
        "Error running command 'x': exit status 1. Output:\n\nError: no disk",
        address="a_b.c",
    )
    (found,) = read(plain(failed)).diagnostics
    assert (found.provisioner, found.detail.endswith("Error: no disk")) == (True, True)


def test_wrappers_that_repeat_the_exit_code_are_no_diagnostics() -> None:
    run = read("Error: Terraform exited with code 1.\n##[error]Process completed with exit code 1.\n")
    assert run.diagnostics == ()


@pytest.mark.parametrize(
    "end", ["##[error]Process completed with exit code 1.", "ERROR: Job failed: exit code 1", "Post job cleanup."]
)
def test_what_follows_the_command_is_no_detail(end: str) -> None:
    (found,) = read(plain(UNKNOWN_KEYS) + end + "\ncleaning\n").errors
    assert found.detail == UNKNOWN_KEYS.detail


def test_a_value_that_is_cut_off_hides_no_error() -> None:
    assert len(read("  + motd = <<-EOT\n    hello\n" + boxed(REFUSED)).errors) == 1
    assert len(read("+ cat <<EOF\n" + plain(REFUSED)).errors) == 1


def test_a_heredoc_in_a_plan_holds_no_diagnostic() -> None:
    assert (
        read(
            "motd = <<-EOT\nError: all is lost\nEOT\nApply complete! Resources: 0 added, 0 changed, 0 destroyed.\n"
        ).errors
        == ()
    )


@pytest.mark.parametrize("summary", ["Cannot apply incomplete plan", "Failed to write plan file", "execution halted"])
def test_cascades_come_after_their_root(summary: str) -> None:
    errors = read(plain(Told(summary, "Because of the above."), UNKNOWN_KEYS)).errors
    assert [(found.summary, found.cascade) for found in errors] == [(UNKNOWN_KEYS.summary, False), (summary, True)]


def test_a_state_that_was_not_saved_is_told() -> None:
    told = (
        Told("Failed to save state", "Error saving state: AccessDenied"),
        Told("Failed to persist state to backend", "See errored.tfstate."),
    )
    assert read(boxed(*told)).state_not_saved
    assert not read(boxed(UNKNOWN_KEYS)).state_not_saved


# --- old versions, crashes and fragments ---------------------------------------------------------------------------

STAR_LIST = """Error: Error applying plan:

2 error(s) occurred:

* module.web.aws_instance.a[2]: 1 error(s) occurred:

* aws_instance.a.2: Error launching source instance: InvalidAMIID.NotFound
\tstatus code: 400
* provider.aws: no credentials

Terraform does not automatically rollback in the face of errors.
"""


def test_star_lists_are_taken_apart() -> None:
    first, second = read(STAR_LIST).errors
    assert first.address == "module.web.aws_instance.a[2]"
    assert first.summary == "Error launching source instance: InvalidAMIID.NotFound status code: 400"
    assert (second.summary, second.first_line) == ("no credentials", 9)


def test_stars_inside_a_newer_diagnostic_are_its_own() -> None:
    (found,) = read("Error: Error locking state: 2 errors occurred:\n\t* no lease\n\t* no id\n").errors
    assert found.summary == "Error locking state: 2 errors occurred: * no lease * no id"


def test_places_of_012_are_read() -> None:
    (found,) = read(
        'Error: no\n\n  on a.tf line 7, in data "x_y" "z":\n   7: data "x_y" "z" {\n    |----\n    | each.key is "b"\n'
    ).errors
    assert (found.file, found.line, found.resource) == ("a.tf", 7, "data.x_y.z")
    assert found.snippet.endswith('each.key is "b"')


def test_a_crash_of_which_only_the_banner_is_left_is_an_error() -> None:
    (found,) = parse_log(b"...\n!!!!!!!!!!!! TERRAFORM CRASH !!!!!!!!!!!!\n").errors
    assert (found.summary, found.first_line) == ("TERRAFORM CRASH", 2)


def test_a_crash_is_an_error_with_its_stack() -> None:
    run = read("Stack trace from the terraform-provider-x plugin:\n\npanic: nil pointer\n\ngoroutine 1\nmain.go:7\n")
    assert run.errors[0].summary == "panic: nil pointer"
    assert "terraform-provider-x" in run.errors[0].detail
    assert "main.go:7" in run.errors[0].detail


@pytest.mark.parametrize(
    ("fragment", "address", "summary"),
    [
        ("* aws_s3_bucket.b: AccessDenied", "aws_s3_bucket.b", "AccessDenied"),
        ("    Error: over quota\n", "", "over quota"),
        ("aws_s3_bucket.b: Error creating: Conflict", "aws_s3_bucket.b", "Error creating: Conflict"),
        ('"RequestLimitExceeded: slow down"', "", "RequestLimitExceeded: slow down"),
    ],
)
def test_fragments_are_read_by_their_words(fragment: str, address: str, summary: str) -> None:
    (found,) = read(fragment).errors
    assert (found.address, found.summary) == (address, summary)


def test_nothing_is_made_of_an_ordinary_log() -> None:
    assert read('$ make plan\n  + name = "error-page"\nNo changes. Your infrastructure matches.\n').diagnostics == ()


# --- robustness ----------------------------------------------------------------------------------------------------


@given(st.binary(max_size=300))
def test_no_bytes_raise(data: bytes) -> None:
    parse_log(data)


PIECES = [form(told) for form in FORMS for told in (REFUSED, DEPRECATED)] + [
    STAR_LIST,
    APPLY,
    "{\n",
    "EOT",
    "╷\n│",
    "\x1b[",
    '{"@',
]


@settings(max_examples=300)
@given(st.lists(st.tuples(st.sampled_from(PIECES), st.integers(0, 300), st.integers(0, 300)), max_size=6))
def test_no_cut_and_shuffled_log_raises(cuts: list[tuple[str, int, int]]) -> None:
    parse_log("".join(piece[start : start + size] for piece, start, size in cuts).encode())


@given(st.integers(1, 60))
def test_the_size_of_the_pieces_changes_nothing(size: int) -> None:
    data = (APPLY + coloured(REFUSED, UNKNOWN_KEYS)).encode()
    assert parse_log(data[at : at + size] for at in range(0, len(data), size)) == parse_log(data)


def test_a_line_without_end_is_cut() -> None:
    run = parse_log(b"x" * 300_000 for _ in range(20))
    assert run.lines == 1


@pytest.mark.parametrize("words", [b'"Error: ', b'"Error: "', b'x\n"Error: \n\n'])
def test_an_error_without_a_word_is_one_all_the_same(words: bytes) -> None:
    assert len(parse_log(words).errors) == 1
