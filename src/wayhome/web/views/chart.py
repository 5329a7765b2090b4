"""The observation chart of a child in hospital, and the doctor's word."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wayhome.casework.accounts.rules import Permission
from wayhome.casework.core.actors import Actor
from wayhome.casework.custody import actions as custody_actions
from wayhome.casework.custody import queries as custody
from wayhome.casework.medical import actions as medical_actions
from wayhome.casework.medical import queries as medical
from wayhome.web import desk
from wayhome.web.band import band, child_page
from wayhome.web.forms import chart as forms
from wayhome.web.forms.base import DeskForm
from wayhome.web.pages import done, existing, number_of, page
from wayhome.web.writing import carried_out, sent

Text = str | Promise
WIDTH, HEIGHT = 320, 72
_LINES: tuple[tuple[str, Text, float, float], ...] = (
    ("heart_rate", _("Heart rate (per minute)"), 60, 220),
    ("breaths", _("Breaths (per minute)"), 10, 80),
    ("temperature_c", _("Temperature (°C)"), 34, 41),
    ("oxygen_percent", _("Oxygen (%)"), 80, 100),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One vital sign as a line of an SVG."""

    label: Text
    points: str
    dots: list[tuple[float, float, Any]]
    last: Any
    low: float
    high: float


def lines(observations: list[Any]) -> list[Line]:
    """The vital signs over time. A value not taken leaves a gap in the dots, and no zero."""
    if not observations:
        return []
    first, last = observations[0].taken_at, observations[-1].taken_at
    span = (last - first).total_seconds() or 1.0
    drawn = []
    for name, label, low, high in _LINES:
        taken = [(one.taken_at, getattr(one, name)) for one in observations if getattr(one, name) is not None]
        if not taken:
            continue
        low, high = min(low, *(float(v) for _t, v in taken)), max(high, *(float(v) for _t, v in taken))
        dots = [
            (
                round(8 + (WIDTH - 16) * (t - first).total_seconds() / span, 1),
                round(HEIGHT - 6 - (HEIGHT - 12) * (float(v) - low) / (high - low), 1),
                v,
            )
            for t, v in taken
        ]
        drawn.append(Line(label, " ".join(f"{x},{y}" for x, y, _v in dots), dots, taken[-1][1], low, high))
    return drawn


def chart(request: HttpRequest, number: str) -> HttpResponse:
    """Look at the chart, and enter one more observation."""
    by, at = desk.needs(request, Permission.READ_CHILD), desk.moment(request)
    child_id = number_of(number)
    child = (
        custody.visible_child(child_id, by=by, at=at)
        if request.method == "POST"
        else custody_actions.read_file(child_id=child_id, by=by, at=at)
    )
    form = forms.ObservationForm(sent(request), initial={"taken_at": at})
    if request.method == "POST":
        desk.needs(request, Permission.OBSERVE)
        if carried_out(request, form, by, "observe", lambda data: medical_actions.observe(child=child, by=by, at=at, **data)):
            return done(request, _("The observation is saved."), "chart", number=child.number)
    observations = list(medical.chart(child))
    over = band(child, by=by, at=at)
    return page(
        request,
        "chart",
        form,
        band=over,
        child=child,
        at=at,
        lines=lines(observations),
        observations=observations[::-1],
        next_due=medical.next_due(child),
        samples=medical.samples(child),
        measures=medical.measures(child),
        here=over.mine and over.episode.kind == "hospital",
        width=WIDTH,
        height=HEIGHT,
    )


def correct(request: HttpRequest, number: str, observation_id: int) -> HttpResponse:
    """A mistake in an observation: the new one takes its place, and the old one stays on record."""
    by, at = desk.needs(request, Permission.OBSERVE), desk.moment(request)
    found = medical.observation(custody.visible_child(number_of(number), by=by, at=at), observation_id)
    names = [name for name in forms.ObservationForm.base_fields if name != "taken_at"]
    initial = {name: getattr(found, name) for name in names} | {"taken_at": found.taken_at}
    return _entered(
        request,
        number,
        forms.CorrectionForm(sent(request), initial=initial),
        Permission.OBSERVE,
        "correct_observation",
        lambda child, data, by, at: medical_actions.observe(child=child, supersedes=found, by=by, at=at, **data),
        title=_("Correct an observation"),
        said=_("The correction is saved. What stood there before stays on record."),
        lead=_("Change what was wrong and save: it takes the place of the old one in the chart."),
    )


def plan(request: HttpRequest, number: str) -> HttpResponse:
    """How often it is looked at."""
    return _entered(
        request,
        number,
        forms.PlanForm(sent(request)),
        Permission.OBSERVE,
        "plan_observation",
        lambda child, data, by, at: medical_actions.plan_observation(child=child, by=by, at=at, **data),
        title=_("How often is the child looked at?"),
        said=_("The plan is saved."),
        lead=_("An observation that is late by 15, 30 and 60 minutes raises an alarm."),
    )


def measure(request: HttpRequest, number: str) -> HttpResponse:
    """Length, weight, head: they also say how old it may be."""
    form = forms.MeasureForm(sent(request), initial={"taken_at": desk.moment(request)})
    return _entered(
        request,
        number,
        form,
        Permission.OBSERVE,
        "measure",
        lambda child, data, by, at: medical_actions.measure(child=child, by=by, at=at, **data),
        title=_("Measure the child"),
        said=_("The measures are saved."),
        lead=_("From these the house estimates the age by growth, as an interval of days."),
    )


def sample(request: HttpRequest, number: str) -> HttpResponse:
    """A sample, to learn what it was sedated with."""
    form = forms.SampleForm(sent(request), initial={"taken_at": desk.moment(request)})
    return _entered(
        request,
        number,
        form,
        Permission.OBSERVE,
        "take_tox_sample",
        lambda child, data, by, at: medical_actions.take_tox_sample(child=child, by=by, at=at, **data),
        title=_("Take a toxicology sample"),
        said=_("The sample is saved."),
        lead=_("Urine first, as early as possible."),
    )


def result(request: HttpRequest, number: str, sample_id: int) -> HttpResponse:
    """What the laboratory found in a sample."""

    def work(child: Any, data: dict[str, Any], by: Actor, at: datetime) -> Any:
        taken = existing(next((one for one in medical.samples(child) if one.pk == sample_id), None), sample=sample_id)
        return medical_actions.record_tox_result(sample=taken, by=by, at=at, **data)

    return _entered(
        request,
        number,
        forms.ResultForm(sent(request)),
        Permission.OBSERVE,
        "record_tox_result",
        work,
        title=_("Result of the sample"),
        said=_("The result is saved."),
    )


def clearance(request: HttpRequest, number: str) -> HttpResponse:
    """The doctor's word."""
    return _entered(
        request,
        number,
        forms.ClearanceForm(sent(request)),
        Permission.CLEAR,
        "clear",
        lambda child, data, by, at: custody_actions.clear(child=child, by=by, at=at, **data),
        title=_("Clearance by a doctor"),
        said=_("Your word is recorded. The last word of a doctor counts."),
        to="child",
        lead=_("You sign alone. It holds for this stay in hospital, until a doctor says otherwise."),
        beside="web/observed.html",
    )


def death(request: HttpRequest, number: str) -> HttpResponse:
    """The end of a chain."""
    return _entered(
        request,
        number,
        forms.DeathForm(sent(request)),
        Permission.CLEAR,
        "record_death",
        lambda child, data, by, at: custody_actions.record_death(child=child, by=by, at=at, **data),
        title=_("Record the death of the child"),
        said=_("The death is recorded."),
        to="child",
        lead=_("The chain of custody ends here. This cannot be undone."),
        danger=True,
    )


def _entered(
    request: HttpRequest,
    number: str,
    form: DeskForm,
    permission: Permission,
    action: str,
    work: Callable[[Any, dict[str, Any], Actor, datetime], Any],
    *,
    title: Text,
    said: Text,
    lead: Text = "",
    to: str = "chart",
    danger: bool = False,
    beside: str = "",
) -> HttpResponse:
    by, at = desk.needs(request, permission), desk.moment(request)
    # What stands beside the form is read, and that is noted.
    opens = custody_actions.read_file if beside and request.method != "POST" else custody.visible_child
    child = opens(child_id=number_of(number), by=by, at=at)
    if carried_out(request, form, by, action, lambda data: work(child, data, by, at)):
        return done(request, said, to, number=child.number)
    seen: dict[str, Any] = {"chart": medical.latest(child), "next_due": medical.next_due(child)} if beside else {}
    return child_page(request, "act", form, child, by, title=title, lead=lead, danger=danger, beside=beside, **seen)
