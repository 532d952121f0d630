"""Django's entry for this package."""

from django.apps import AppConfig


class InvestigationConfig(AppConfig):
    """Names the app after its package."""

    name = "tocsin.investigation"
    label = "investigation"
