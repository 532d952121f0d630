"""Django's entry for this package."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Names the app after its package."""

    name = "tocsin.notifications"
    label = "notifications"
