"""The noise list begins with what cloud services move by themselves; people change it as they like."""

from django.db import migrations

USUAL = [
    ("*", "etag", "changes with every write"),
    ("*", "last_modified*", "changes with every write"),
    ("*", "metadata[0].resource_version", "changes with every write"),
    ("*", "metadata[0].generation", "changes with every write"),
    ("aws_autoscaling_group.*", "desired_capacity", "autoscaling moves it"),
    ("aws_ecs_service.*", "desired_count", "autoscaling moves it"),
    ("google_container_node_pool.*", "node_count", "autoscaling moves it"),
    ("azurerm_kubernetes_cluster*", "default_node_pool[0].node_count", "autoscaling moves it"),
]


def begin(apps, schema_editor):
    noise = apps.get_model("deployments", "DriftNoise")
    noise.objects.bulk_create(noise(address=a, attribute=b, why=why) for a, b, why in USUAL)


class Migration(migrations.Migration):
    dependencies = [("deployments", "0001_initial")]
    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
