"""Django's entry for this package."""

from django.apps import AppConfig


class WorkflowsConfig(AppConfig):
    """Names the app after its package."""

    name = "tocsin.workflows"
    label = "workflows"
