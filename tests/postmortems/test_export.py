"""Complete postmortems in a folder."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from django.conf import settings

from tests.factories import NOW
from tests.postmortems.test_changes import ended, written
from tocsin.postmortems import changes
from tocsin.postmortems.export import export, exported
from tocsin.postmortems.models import Postmortem
from tocsin.postmortems.states import State
from tocsin.workflows.timers import sweep

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of postmortems, which is not there yet."""
    config = dataclasses.replace(settings.CONFIG, postmortem_dir=tmp_path / "postmortems")
    monkeypatch.setattr(settings, "CONFIG", config)
    return tmp_path / "postmortems"


def test_what_is_complete_is_written_into_the_folder(folder: Path) -> None:
    incident = ended(title="Checkout is down")
    written(incident)
    export(incident.pk, NOW)
    assert not folder.exists()
    changes.move(incident.pk, State.COMPLETE, actor="bob", now=NOW)
    sweep(NOW)
    [file] = folder.iterdir()
    assert file.name == f"2026-03-01-checkout-is-down-inc-{incident.pk:03d}.md"
    assert "completed_by: bob" in file.read_text()
    assert Postmortem.objects.get().exported_at == NOW


def test_a_folder_that_can_not_be_written_is_tried_again(folder: Path) -> None:
    folder.write_text("a file where the folder should be")
    incident = ended()
    written(incident)
    changes.move(incident.pk, State.COMPLETE, actor="bob", now=NOW)
    sweep(NOW)
    assert Postmortem.objects.get().exported_at is None
    folder.unlink()
    sweep(NOW.replace(hour=4))
    assert len(list(folder.iterdir())) == 1


def test_the_document_names_the_incident_and_its_actions() -> None:
    incident = ended(title="Checkout is down")
    _, text = exported(changes.postmortem_of(incident.pk))
    assert f"id: {incident.name}\n" in text
    assert "actions: []\n" in text
    assert f"# Postmortem of {incident.name}: Checkout is down\n" in text
