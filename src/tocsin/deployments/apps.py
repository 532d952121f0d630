"""Django's entry for this package."""

from django.apps import AppConfig


class DeploymentsConfig(AppConfig):
    """Names the app after its package."""

    name = "tocsin.deployments"
    label = "deployments"
