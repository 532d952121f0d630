import json

from tests.investigation.collectors.conftest import KEY
from tocsin.investigation.collectors.reading import Reading


def test_what_was_never_listed_is_left_out() -> None:
    document = json.loads(Reading(KEY).document(alert=None, captured_at=None))
    assert not {"objects", "events", "logs"} & set(document)


def test_an_empty_list_is_a_section() -> None:
    reading = Reading(KEY, collected={"Pod", "Event"})
    document = json.loads(reading.document(alert=None, captured_at=None))
    assert (document["objects"], document["events"], document["collected"]) == ([], [], ["Pod"])


def test_nothing_enters_without_redaction() -> None:
    reading = Reading(KEY)
    reading.add(b'{"kind":"ConfigMap","data":{"password":"plain"}}')
    reading.add_log("a/b/c", "current", "password=plain")
    reading.add_gap("pods", "password=plain")
    assert b"plain" not in reading.document(alert={"title": "password=plain"}, captured_at=None)
