"""What mails to subscribers say is sealed until they are sent: there are links in it."""

import msgspec
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from tocsin.ground.secrets import seal


def seal_them(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Seals the mails that wait."""
    for row in apps.get_model("incidents", "Mail").objects.filter(sent_at=None).iterator():
        row.words = seal(settings.SECRET_KEY, msgspec.json.encode({"text": row.text, "headers": row.headers}))
        row.save(update_fields=["words"])


class Migration(migrations.Migration):
    dependencies = [("incidents", "0015_maintenance_mail")]
    operations = [
        migrations.AddField(
            model_name="mail",
            name="words",
            field=models.BinaryField(
                help_text="its text and headers, with the links in them, sealed; empty once it is sent", null=True
            ),
        ),
        migrations.RunPython(seal_them, migrations.RunPython.noop),
        migrations.RemoveField(model_name="mail", name="text"),
        migrations.RemoveField(model_name="mail", name="headers"),
    ]
