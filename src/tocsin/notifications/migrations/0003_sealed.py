"""Codes and links of messages that have not ended are sealed; those of others are forgotten."""

from typing import Any

import msgspec
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from tocsin.ground.secrets import seal

HIDDEN = "•••"
ENDED = ("sent", "failed", "given up", "suppressed")


def seal_them(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Moves what only the reader may see out of what everybody may read."""
    message = apps.get_model("notifications", "Message")
    for row in message.objects.exclude(notice__hidden=[]).filter(notice__has_key="hidden").iterator():
        if row.state not in ENDED:
            row.sealed = seal(settings.SECRET_KEY, msgspec.json.encode(row.notice))
        row.notice = _known(row.notice)
        row.save(update_fields=["notice", "sealed"])


def _known(notice: dict[str, Any]) -> dict[str, Any]:
    secrets = sorted(filter(None, notice["hidden"]), key=len, reverse=True)

    def without(text: str) -> str:
        for secret in secrets:
            text = text.replace(secret, HIDDEN)
        return text

    more = [without(each) for each in notice.get("more", [])]
    return notice | {"text": without(notice["text"]), "answer_url": "", "more": more, "hidden": []}


class Migration(migrations.Migration):
    dependencies = [("notifications", "0002_heard_at_once")]
    operations = [
        migrations.AddField(
            model_name="message",
            name="sealed",
            field=models.BinaryField(
                help_text="all of it, where that is more; nothing is kept once it ended", null=True
            ),
        ),
        migrations.AlterField(
            model_name="message",
            name="notice",
            field=models.JSONField(help_text="see notifications.notice; without what only its reader may see"),
        ),
        migrations.RunPython(seal_them, migrations.RunPython.noop),
    ]
