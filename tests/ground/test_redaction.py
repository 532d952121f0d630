import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.ground.redaction import placeholder, redact_body, redact_json, redact_log, redact_text

KEY = b"a key of these tests"

SECRETS_IN_TEXT = [
    ("Authorization: Bearer abcdef123456789", "abcdef123456789"),
    ("curl -H 'Authorization: Basic dXNlcjpwYXNz'", "dXNlcjpwYXNz"),
    ("sent bearer 0123456789abcdef0123 upstream", "0123456789abcdef0123"),
    ("Cookie: session=abc; theme=dark", "session=abc; theme=dark"),
    ("password=hunter", "hunter"),
    ("DB_PASSWORD='hunter two'", "hunter two"),
    ("  db_password: hunter", "hunter"),
    ("dbPass=hunter", "hunter"),
    ("api-key: k-12345678", "k-12345678"),
    ("client_secret => zebra", "zebra"),
    ("AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
    ('{"password":"hunter","x":1}', "hunter"),
    (r'msg="{\"password\":\"hunter\",\"x\":1}"', "hunter"),
    ("run --password hunter --host db", "hunter"),
    ("{password=hunter, user=app}", "hunter"),
    ("Server=db;User Id=sa;Password=a,b!c;Database=shop", "a,b!c"),
    ("postgres://app:s3cr/et@db:5432/shop", "s3cr/et"),
    ("amqp://app:p@ss@mq:5672/", "p@ss"),
    ("root:hunter@tcp(db:3306)/shop", "hunter"),
    ("jdbc:mysql://db/shop?user=app&password=hunter#x", "hunter#x"),
    ("DefaultEndpointsProtocol=https;AccountKey=abc+/==;", "abc+/=="),
    ("https://x.blob.example/c?sv=1&sig=abc%2Fdef", "abc%2Fdef"),
    ("https://hooks.slack.com/services/T0/B0/abcdefgh1234", "T0/B0/abcdefgh1234"),
    (f'Post "https://tocsin.example/hooks/generic/{"a-B_" * 8}": 503', "a-B_" * 8),
    ("found AKIAIOSFODNN7EXAMPLE in it", "AKIAIOSFODNN7EXAMPLE"),
    ("found ghp_" + "a1" * 18, "ghp_" + "a1" * 18),
    ("found glpat-" + "a1" * 10, "glpat-" + "a1" * 10),
    ("found xoxb-1234567890-abcdef", "xoxb-1234567890-abcdef"),
    ("found sk_live_" + "a1" * 12, "sk_live_" + "a1" * 12),
    ("got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc-_def", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc-_def"),
]
FACTS = [
    "request 6f1c1d5e-98a3-4d33-8a3e-6a0d6a2c1b11 done",
    "commit 9fceb02d0ae598e95dc970b74767f19372d61af8",
    "docker-pullable://reg.example:5000/app@sha256:" + "0123456789abcdef" * 4,
    "pod payment-7d9c6b5f4-abcde is ready",
    'secret "db-password" not found',
    'MountVolume.SetUp failed for volume "db-secret" : secret "db" not found',
    "couldn't find key password in Secret shop/db",
    "failed to fetch oauth token: unexpected status 401 Unauthorized",
    "Access denied for user 'root'@'10.0.0.1' (using password: YES)",
    "bearer authentication failed",
    "incorrect username or password: unauthorized access",
    "open /var/run/secrets/kubernetes.io/serviceaccount/token: no such file",
    "max_tokens=4096 prompt_tokens: 17",
    "tokenExpirationSeconds: 3607",
    "automountServiceAccountToken: false",
    "secretName: web-tls",
    "imagePullSecrets: [{name: regcred}]",
    "password=$(DB_PASSWORD) other=${DB_PASSWORD}",
    "helm: password: {{ .Values.password }}",
    'curl -H "Authorization: Bearer $(cat /var/run/token)"',
    "  + password = (sensitive value)",
    "  + auth_token = (known after apply)",
    "http://cart:8080/a@b",
    "compass: north",
]


@pytest.mark.parametrize(("text", "secret"), SECRETS_IN_TEXT)
def test_a_secret_in_text_is_replaced_and_its_surroundings_stay(text: str, secret: str) -> None:
    assert redact_text(text, KEY) == text.replace(secret, placeholder(secret, KEY))


@pytest.mark.parametrize("text", FACTS)
def test_what_only_looks_like_a_secret_stays(text: str) -> None:
    assert redact_text(text, KEY) == text


def test_a_private_key_goes_from_its_first_line_to_its_last() -> None:
    text = "a\n-----BEGIN RSA PRIVATE KEY-----\nMIIabc\ndef\n-----END RSA PRIVATE KEY-----\nb"
    assert "MII" not in redact_text(text, KEY)
    assert redact_text(text, KEY).startswith("a\n-----BEGIN")
    assert redact_text(text, KEY).endswith("-----\nb")


def test_a_private_key_that_is_cut_off_goes_too() -> None:
    assert "MIIabc" not in redact_text("key=-----BEGIN PRIVATE KEY-----\nMIIabc\nde", KEY)


def test_a_quote_that_is_never_closed_takes_its_line_and_no_more() -> None:
    assert redact_text('password="plain\nnext "line"', KEY) == f'password="{placeholder("plain", KEY)}\nnext "line"'


def test_equal_secrets_look_equal_and_only_under_one_key() -> None:
    assert placeholder("a", KEY) == placeholder("a", KEY) != placeholder("b", KEY)
    assert placeholder("a", KEY) != placeholder("a", b"another")


_PIECES = st.sampled_from(
    [
        *(text for text, _ in SECRETS_IN_TEXT),
        *FACTS,
        *(
            "password",
            "token",
            "secret",
            "=",
            ": ",
            ":",
            "@",
            "://",
            '"',
            "'",
            "\\",
            ",",
            ")",
            "}",
            "\n",
            " ",
            "a",
            "B7",
        ),
        *("[redacted:a1b2c3]", "[redacted", "-----BEGIN PRIVATE KEY-----", "--"),
    ]
)


@given(st.lists(_PIECES, max_size=12).map("".join))
def test_redacting_twice_changes_nothing_more(text: str) -> None:
    once = redact_text(text, KEY)
    assert redact_text(once, KEY) == once


@given(st.lists(_PIECES, max_size=6).map("".join), st.sampled_from(["sk_live_" + "Zz9" * 9, "AKIAQQQQQQQQQQQQQQQQ"]))
def test_a_token_never_survives_whatever_surrounds_it(around: str, token: str) -> None:
    assert token not in redact_text(f"{around} {token} {around}", KEY)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | _PIECES, lambda s: st.lists(s) | st.dictionaries(_PIECES, s)
    )
)
def test_redacting_json_twice_changes_nothing_more(value: Any) -> None:
    once = redact_json(value, KEY)
    assert redact_json(once, KEY) == once


def test_values_under_secret_names_go_whatever_they_look_like() -> None:
    clean = redact_json({"db": {"password": "plain", "pin_token": ["one"], "user": "app", "port": 5432}}, KEY)
    assert clean == {
        "db": {
            "password": placeholder("plain", KEY),
            "pin_token": [placeholder("one", KEY)],
            "user": "app",
            "port": 5432,
        }
    }


def test_a_value_beside_a_secret_name_goes() -> None:
    env = [{"name": "DB_PASSWORD", "value": "plain"}, {"name": "DB_HOST", "value": "db"}]
    assert redact_json(env, KEY) == [{"name": "DB_PASSWORD", "value": placeholder("plain", KEY)}, env[1]]


def test_a_value_wrapped_under_a_secret_name_goes() -> None:
    output = {"password": {"sensitive": True, "value": "plain"}}
    assert redact_json(output, KEY)["password"] == {"sensitive": True, "value": placeholder("plain", KEY)}


def test_the_item_after_a_secret_flag_goes() -> None:
    assert redact_json(["--password", "plain", "--user", "app"], KEY) == [
        "--password",
        placeholder("plain", KEY),
        "--user",
        "app",
    ]


def test_a_secret_keeps_its_keys_and_never_its_values() -> None:
    secret = {"kind": "Secret", "metadata": {"name": "db"}, "data": {"user": "YXBw"}, "stringData": {"x": "plain"}}
    clean = redact_json(secret, KEY)
    assert clean["data"] == {"user": placeholder("YXBw", KEY)}
    assert clean["stringData"] == {"x": placeholder("plain", KEY)}
    assert clean["metadata"] == {"name": "db"}


def test_what_kubectl_applied_last_is_redacted_inside() -> None:
    applied = json.dumps({"kind": "Secret", "data": {"user": "YXBw"}})
    annotations = {"kubectl.kubernetes.io/last-applied-configuration": applied}
    clean = redact_json({"kind": "Secret", "metadata": {"annotations": annotations}}, KEY)
    assert "YXBw" not in json.dumps(clean)
    assert json.loads(clean["metadata"]["annotations"].popitem()[1])["kind"] == "Secret"


def test_a_configuration_file_inside_a_configmap_loses_its_passwords() -> None:
    data = {"app.yaml": "host: db\npassword: plain\n", "url": "redis://:plain@cache:6379/0"}
    clean = redact_json({"kind": "ConfigMap", "data": data}, KEY)
    hidden = placeholder("plain", KEY)
    assert clean["data"] == {"app.yaml": f"host: db\npassword: {hidden}\n", "url": f"redis://:{hidden}@cache:6379/0"}


def test_references_to_secrets_stay_as_they_are() -> None:
    pod = {
        "kind": "Pod",
        "spec": {
            "automountServiceAccountToken": False,
            "imagePullSecrets": [{"name": "regcred"}],
            "volumes": [
                {"secret": {"secretName": "db-secret"}},
                {"projected": {"sources": [{"serviceAccountToken": {"path": "token"}}]}},
            ],
            "containers": [
                {"env": [{"name": "DB_PASSWORD", "valueFrom": {"secretKeyRef": {"name": "db", "key": "password"}}}]}
            ],
        },
    }
    assert redact_json(pod, KEY) == pod


def test_a_body_without_secrets_keeps_its_bytes() -> None:
    raw = b'{"groupKey": "{}:{alertname=\\"X\\"}",  "alerts": [{"labels": {"pod": "cart-1"}}]}'
    assert redact_body(raw, KEY) is raw


def test_a_body_that_spells_letters_as_escapes_is_looked_through() -> None:
    raw = rb'{"pass\u0077ord": "plain"}'
    assert b"plain" not in redact_body(raw, KEY)


@pytest.mark.parametrize(
    "raw",
    [b"password=plain&x=1", b"\xff\xfe password=plain", b'{"password": "plain', b'{"\xff": "", "password": "plain"}'],
)
def test_a_body_that_is_not_json_is_redacted_as_text(raw: bytes) -> None:
    assert b"plain" not in redact_body(raw, KEY)


@pytest.mark.parametrize(
    "said",
    [
        {"tags": [["level", "error"], ["db_password", "hunter2seven"]]},
        {"attributes": [{"key": "db.password", "value": {"stringValue": "hunter2seven"}}]},
    ],
)
def test_a_name_and_its_value_side_by_side_are_seen_together(said: dict[str, object]) -> None:
    assert b"hunter2seven" not in redact_body(json.dumps(said).encode(), KEY)


@pytest.mark.parametrize("pairs", [[["level", "error"]], [["--name", "x"], ["a", 1]], [[]], [["verbs", "secrets"]]])
def test_pairs_without_a_secret_stay_as_they_are(pairs: list[list[object]]) -> None:
    assert redact_json({"password_hint": 1, "tags": pairs}, KEY)["tags"] == pairs


@pytest.mark.parametrize("depth", [500, 900, 100_000])
def test_a_body_nested_beyond_reason_is_still_redacted(depth: int) -> None:
    raw = b'{"a":' * depth + b'"password=plain"' + b"}" * depth
    assert b"plain" not in redact_body(raw, KEY)


LINES = st.sampled_from(
    [
        "ok",
        "",
        "password=hunter2seven",
        "token:",
        "  abc12345xyz",
        "DB_PASSWORD=",
        "Authorization: Bearer abc.def.ghi12345",
        "\r",
    ]
)


@given(st.lists(LINES, max_size=8), st.sampled_from(["\n", "\r\n"]))
def test_a_log_loses_line_by_line_what_it_loses_as_a_whole(lines: list[str], end: str) -> None:
    text = end.join(lines)
    assert redact_log(text, KEY) == redact_text(text, KEY)


def test_a_private_key_goes_from_a_log_though_it_spans_lines() -> None:
    text = "a\n-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\n-----END PRIVATE KEY-----\nb\n"
    assert "MIIEvQ" not in redact_log(text, KEY)
