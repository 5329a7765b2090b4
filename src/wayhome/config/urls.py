"""Every address of the house."""

from __future__ import annotations

from django.urls import include, path

from wayhome.api.app import api

urlpatterns = [path("api/v1/", api.urls), path("", include("wayhome.web.urls"))]
handler400 = "wayhome.web.views.errors.bad_request"
handler403 = "wayhome.web.views.errors.forbidden"
handler404 = "wayhome.web.views.errors.not_found"
handler500 = "wayhome.web.views.errors.server_error"
