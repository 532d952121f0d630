"""Django's settings, derived from Tocsin's own (see config.py); nothing here is meant to be edited by users."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from psycopg.conninfo import conninfo_to_dict

from tocsin.server.config import read_config
from tocsin.server.keys import secret_key

CONFIG = read_config()

SECRET_KEY = secret_key(CONFIG)
DEBUG = CONFIG.debug
PUBLIC_URL = CONFIG.public_url
ALLOWED_HOSTS = [*CONFIG.allowed_hosts]
if PUBLIC_URL:
    ALLOWED_HOSTS.append(urlsplit(PUBLIC_URL).hostname or "")
    CSRF_TRUSTED_ORIGINS = [PUBLIC_URL.rstrip("/")]
HTTPS = PUBLIC_URL.startswith("https://")

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "procrastinate.contrib.django",
    "django_htmx",
    "csp",
    "axes",
    "tocsin.ground",
    "tocsin.accounts",
    "tocsin.catalog",
    "tocsin.alerts",
    "tocsin.deployments",
    "tocsin.incidents",
    "tocsin.investigation",
    "tocsin.notifications",
    "tocsin.oncall",
    "tocsin.postmortems",
    "tocsin.workflows",
    "tocsin.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tocsin.web.sessions.LoginRequired",
    "tocsin.web.sessions.Idle",
    "tocsin.web.scope.Scope",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "tocsin.web.api.idempotency.idempotency",
    "tocsin.web.api.answers.in_problem_details",
    "axes.middleware.AxesMiddleware",
]

# No larger body reaches Django (see server.asgi): a screenshot of 5 MB, in a form.
DATA_UPLOAD_MAX_MEMORY_SIZE = 6 * 2**20

ROOT_URLCONF = "tocsin.web.urls"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "tocsin.web.pages.triage.severity_scale",
                "tocsin.web.pages.watching.warned",
            ],
        },
    }
]


# In a process: the worker's jobs each hold one while they look, and timers and pages need some beside.
CONNECTIONS = CONFIG.worker_concurrency + 12


def _database() -> dict[str, Any]:
    """Django's form of the one address that psycopg and the child processes get too."""
    parts: dict[str, Any] = conninfo_to_dict(os.environ.get("TOCSIN_DATABASE_URL") or CONFIG.database_url)
    named = {
        "NAME": parts.pop("dbname", "tocsin"),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
    }
    place = {"HOST": parts.pop("host", ""), "PORT": str(parts.pop("port", ""))}
    return {
        "ENGINE": "django.db.backends.postgresql",
        **named,
        **place,
        # Under ASGI each request has a thread of its own: connections that live on in threads would never be used again.
        "OPTIONS": parts | {"pool": {"min_size": 1, "max_size": CONNECTIONS, "num_workers": 1, "timeout": 10}},
        "CONN_HEALTH_CHECKS": True,
    }


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
# Guesses from one address at one person's password are stopped; from elsewhere that person can still come in, so that
# nobody can shut out whoever is on call.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "429.html"
AXES_ENABLE_ADMIN = AXES_VERBOSE = False
AXES_DISABLE_ACCESS_LOG = True
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "incidents"
LOGOUT_REDIRECT_URL = "login"

SESSION_COOKIE_AGE = CONFIG.session_days * 24 * 3600
SESSION_IDLE_AGE = CONFIG.session_idle_hours * 3600
if (
    HTTPS
):  # a browser takes these names only from this very host, over TLS and for all of it: no neighbour can plant one
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

LANGUAGE_CODE = "en"
USE_I18N = False
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "/static/"  # answered in front of Django, from the installed packages: no collecting step

PROCRASTINATE_ON_APP_READY = "tocsin.workflows.jobs.on_app_ready"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "filters": {"outage": {"()": "tocsin.server.outage.Outage"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["outage"]}},
    "root": {"handlers": ["stderr"], "level": CONFIG.log_level.upper()},
    # procrastinate logs each job twice at info level
    "loggers": {
        "procrastinate": {"level": "WARNING"},
        "axes": {"level": "WARNING"},
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"handlers": [], "propagate": False},
    },
}
