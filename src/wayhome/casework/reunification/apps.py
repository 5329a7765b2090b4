"""The app as Django wants it."""

from __future__ import annotations

from django.apps import AppConfig


class ReunificationConfig(AppConfig):
    """Declares its guards, and hears of whatever stops a return."""

    name = "wayhome.casework.reunification"
    label = "reunification"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.db.models.signals import post_save

        from wayhome.casework.core.guards import registry
        from wayhome.casework.custody.actions.exclusions import LOOKERS
        from wayhome.casework.families.models import ConsentWithdrawal, RequestEnd
        from wayhome.casework.matching.models import CandidateEnd, ConfirmationEnd, Freeze
        from wayhome.casework.operations.models import PersonRole
        from wayhome.casework.reunification.actions import stopping
        from wayhome.casework.reunification.guards import declare

        declare(registry)
        # First of all: it waits for releases, and must not have written an event by then.
        LOOKERS.insert(0, stopping.look_at_households)
        # Whoever writes the row, the release is revoked with it: a signal of its own could be forgotten to be sent.
        for model, heard in (
            (CandidateEnd, stopping.on_candidate_end),
            (ConfirmationEnd, stopping.on_confirmation_end),
            (Freeze, stopping.on_freeze),
            (ConsentWithdrawal, stopping.on_withdrawal),
            (RequestEnd, stopping.on_request_end),
            (PersonRole, stopping.on_role),
        ):
            post_save.connect(heard, sender=model, dispatch_uid=f"wayhome.reunification.{model.__name__}")
