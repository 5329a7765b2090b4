"""The pages as a Django app: templates, static files, tags."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    """No models."""

    name = "wayhome.web"
    label = "web"
