"""Django's settings, from `environment`."""

from __future__ import annotations

from wayhome.config.environment import Environment

environment = Environment.read()

SECRET_KEY = environment.secret
DEBUG = environment.debug
ALLOWED_HOSTS = list(environment.hosts)
USE_TZ = True
TIME_ZONE = "UTC"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": environment.django_database()}
WAYHOME_DB_ROLE = environment.role
WAYHOME_ON_REFUSAL = "wayhome.casework.audit.actions.on_refusal"
AUTH_USER_MODEL = "accounts.User"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "wayhome.casework.core",
    "wayhome.casework.audit",
    "wayhome.casework.accounts",
    "wayhome.casework.operations",
    "wayhome.casework.children",
    "wayhome.casework.custody",
    "wayhome.casework.medical",
]
