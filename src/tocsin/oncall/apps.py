"""Django's entry for this package."""

from django.apps import AppConfig


class OncallConfig(AppConfig):
    """Names the app after its package."""

    name = "tocsin.oncall"
    label = "oncall"
