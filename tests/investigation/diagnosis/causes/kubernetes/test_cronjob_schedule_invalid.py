"""A CronJob whose schedule cannot be understood."""

from tests.investigation.worlds import cronjob, event, look, scene
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.cronjob_schedule_invalid import cronjob_schedule_invalid

ZONED = cronjob("report", timeZone="Europe/Atlantis")
UNKNOWN = event(ZONED, "UnknownTimeZone", 'invalid timeZone: "Europe/Atlantis"')
FIRES = scene(ZONED, UNKNOWN)

STARTS = cronjob("report", timeZone="Europe/Athens")
STARTS["status"]["lastScheduleTime"] = "2026-03-01T12:00:00Z"
QUIET = scene(STARTS, UNKNOWN)


def test_quotes_the_schedule() -> None:
    odd = cronjob("report", schedule="0 25 * * *")
    [found] = look(
        cronjob_schedule_invalid, scene(odd, event(odd, "UnparseableSchedule", "end of range (25) above 23"))
    )
    told = "CronJob report never starts: “0 25 * * *” is not understood: end of range (25) above 23"
    assert found.summary == told


def test_is_sure_of_it() -> None:
    first = diagnose(parse_snapshot(FIRES)).hypotheses[0]
    assert (first.cause, first.confidence_label) == ("cronjob-schedule-invalid", "high")
