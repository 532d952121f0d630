"""Django's entry for this package."""

from django.apps import AppConfig


class AlertsConfig(AppConfig):
    """Names the app after its package."""

    name = "tocsin.alerts"
    label = "alerts"
