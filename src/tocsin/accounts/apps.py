"""Django's entry for this package."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Names the app after its package."""

    name = "tocsin.accounts"
    label = "accounts"
