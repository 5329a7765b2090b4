"""The desk of whoever writes to partners: what waits for us and for them, what was said, asked and told, and returns abroad."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from wayhome.casework.accounts.rules import Permission, may
from wayhome.casework.core import numbers
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import Invalid, NotFound
from wayhome.casework.custody.queries import visible_child
from wayhome.casework.exchange.actions import dna_asked, dna_asking, files, messages, nodes
from wayhome.casework.exchange.queries import corrections as corrected
from wayhome.casework.exchange.queries import desk as queries
from wayhome.casework.exchange.queries import dna, over, renewing
from wayhome.casework.exchange.queries import files as file_queries
from wayhome.casework.exchange.queries import messages as told
from wayhome.casework.exchange.rules.ending import kept_until
from wayhome.casework.exchange.rules.ending import known as left_open
from wayhome.casework.exchange.rules.packages import FIELDS, known
from wayhome.casework.exchange.rules.waiting import HOME, zone_of
from wayhome.web import desk
from wayhome.web.forms import partners as forms
from wayhome.web.pages import done, number_of, page
from wayhome.web.writing import carried_out, sent

MOST = 200
WRITE, APPROVE = Permission.WRITE_PARTNERS, Permission.APPROVE_DISCLOSURE
LANGUAGES = (("zh-hans", "中文"), ("vi", "Tiếng Việt"))
OPENS = {
    "question": "answer_partner",
    "dna_look": "look_before_answer",
    "dna_approval": "approve_question",
    "package_approval": "package",
    "reopening": "approve_reopening",
    "key_untold": "tell_key",
}
"""Where what waits for us is done."""


def partners(request: HttpRequest) -> HttpResponse:
    """What waits for us and for them, since when on both sides' clocks, the cases, and returns with their days."""
    by, at = desk.needs(request, WRITE), desk.moment(request)
    cases = list(queries.cases_of(by).order_by("-pk")[:MOST])
    waits = [(one, _both(one.since, one.case), _opens(one)) for one in queries.waits(cases)]
    ties = queries.ties_in(cases)
    return page(
        request,
        "partners",
        cases=cases,
        us=[row for row in waits if row[0].who == "us"],
        them=[row for row in waits if row[0].who == "them"],
        returns=file_queries.files(at=at, of=[one.pk for one in ties])[:MOST],
    )


def share_case(request: HttpRequest) -> HttpResponse:
    """From now on both sides may write to each other of it."""
    by, at = desk.needs(request, WRITE), desk.moment(request)
    offered = [(one.code, f"{one.code} · {one.agency.name}") for one in told.nodes()]
    form = forms.ShareCaseForm(sent(request), nodes=offered)

    def work(data: dict[str, Any]) -> Any:
        return nodes.share_case(node=told.node_of(data["node"]), number=data["number"], by=by, at=at)

    if answer := carried_out(request, form, by, "share_case", work):
        return done(request, _("The case is shared."), "shared_case", case_id=answer["id"])
    return page(request, "act", form, title=_("Share a case"), back=reverse("partners"))


def shared_case(request: HttpRequest, case_id: int) -> HttpResponse:
    """What was said on both sides, and whom it is about."""
    by = desk.needs(request, WRITE)
    case = queries.case_of(by, case_id)
    said = [(one, _shown(one), _both(one.at, case)) for one in queries.thread(case)[-MOST:]]
    end = over.end_of(case)
    answered = {one.answers_id for one, content, _clock in said if content.ours and one.answers_id}
    return page(
        request,
        "shared_case",
        case=case,
        said=said,
        answered=answered,
        missing=told.missing(case),
        ties=list(queries.children_of(case)),
        may_tie=may(by.role, Permission.READ_CHILD),
        end=end,
        kept_until=None if end is None else timezone.localtime(kept_until(end.at, end.keep_days)).date(),
        erased=end is not None and hasattr(end, "erased"),
        reopening=None if end is None else getattr(end, "reopening", None),
        ended_there=over.ended_there(case),
        may_end=may(by.role, APPROVE),
        later_key=not over.is_over(case) and not renewing.is_told(case.node),
        mine=by.staff_id,
    )


def write_to_partner(request: HttpRequest, case_id: int) -> HttpResponse:
    """A notice or a question."""
    by, at = desk.needs(request, WRITE), desk.moment(request)
    case = queries.case_of(by, case_id)
    form = forms.WriteForm(sent(request))
    if carried_out(request, form, by, "write_to_partner", lambda data: messages.write(case=case, by=by, at=at, **data)):
        return done(request, _("It goes out until the partner has it."), "shared_case", case_id=case.pk)
    return page(request, "act", form, title=_("Write to the partner"), lead=_lead(case), back=_to(case))


def answer_partner(request: HttpRequest, message_id: int) -> HttpResponse:
    """An answer to their question."""
    by, at = desk.needs(request, WRITE), desk.moment(request)
    question = queries.question_to_us(by, message_id)
    form = forms.AnswerForm(sent(request))

    def work(data: dict[str, Any]) -> Any:
        return messages.write(case=question.case, kind="answer", text=data["text"], answers=question, by=by, at=at)

    if carried_out(request, form, by, "answer_partner", work):
        return done(request, _("It goes out until the partner has it."), "shared_case", case_id=question.case_id)
    asked = told.told(question).text
    return page(request, "act", form, title=_("Answer the partner"), lead=asked, back=_to(question.case))


def tie_child(request: HttpRequest, case_id: int) -> HttpResponse:
    """From now on the case is about this child too."""
    desk.needs(request, WRITE)
    by, at = desk.needs(request, Permission.READ_CHILD), desk.moment(request)
    case = queries.case_of(by, case_id)
    form = forms.TieForm(sent(request))

    def work(data: dict[str, Any]) -> Any:
        try:
            child = visible_child(number_of(numbers.plain_number(data["child"])), by=by, at=at)
        except NotFound:
            raise Invalid({"child": "unknown"}) from None
        return dna_asking.tie_child(case=case, child=child, by=by, at=at)

    if answer := carried_out(request, form, by, "tie_child", work):
        return done(request, _("The case is about this child too."), "return_abroad", tie_id=answer["id"])
    return page(request, "act", form, title=_("Tie a child to the case"), lead=_lead(case), back=_to(case))


def return_abroad(request: HttpRequest, tie_id: int) -> HttpResponse:
    """A child's way to its country: every day of somebody, what was asked and what was told."""
    by, at = desk.needs(request, WRITE), desk.moment(request)
    tie = queries.tied_of(by, tie_id)
    (file,) = file_queries.files(at=at, of=[tie.pk])
    return page(
        request,
        "return_abroad",
        tie=tie,
        case=tie.case,
        told=file.elapsed,
        by_who=list(file.elapsed.by_who.items()),
        steps=[(one, _both(one.step.since, tie.case)) for one in file.elapsed.steps],
        taken_back=[(one, _both(one.step.since, tie.case)) for one in corrected.taken_back(tie)],
        wrong=corrected.why_wrong(tie),
        may_tie=may(by.role, Permission.READ_CHILD),
        questions=dna.questions_of(tie),
        packages=file_queries.packages_of(tie),
        mine=by.staff_id,
    )


def wait_for(request: HttpRequest, tie_id: int) -> HttpResponse:
    """Whom it waits for from now on."""
    by, at = desk.needs(request, WRITE), desk.moment(request)
    tie = queries.tied_of(by, tie_id)
    form = forms.WaitForm(sent(request), initial={"since": at})
    if carried_out(request, form, by, "wait_for", lambda data: files.wait_for(of=tie, by=by, at=at, **data)):
        return done(request, _("Kept: whom it waits for now."), "return_abroad", tie_id=tie.pk)
    return page(request, "act", form, title=_("Whom does it wait for?"), lead=_lead(tie.case), back=_of(tie))


def ask_abroad(request: HttpRequest, tie_id: int) -> HttpResponse:
    """A question by DNA."""
    by, at = desk.needs(request, WRITE), desk.moment(request)
    tie = queries.tied_of(by, tie_id)
    form = forms.AskForm(sent(request))
    if carried_out(request, form, by, "ask_abroad", lambda data: dna_asking.ask(of=tie, basis=data["basis"], by=by, at=at)):
        return done(request, _("It goes out when a second person agrees."), "return_abroad", tie_id=tie.pk)
    lead = _(
        "The child's sample is sealed for the partner's search, which compares it for one night and forgets it. What comes back"
        " is one word. A sample is asked by once."
    )
    return page(request, "act", form, title=_("Ask whether its family is known there"), lead=lead, back=_of(tie))


def approve_question(request: HttpRequest, question_id: int) -> HttpResponse:
    """A second person lets it go out."""
    by, at = desk.needs(request, APPROVE), desk.moment(request)
    question = queries.question_of(by, question_id)
    form = forms.AgreeForm(sent(request))
    if carried_out(request, form, by, "approve_question", lambda _data: dna_asking.approve(question=question, by=by, at=at)):
        return done(request, _("It goes out."), "return_abroad", tie_id=question.of_id)
    lead = _(
        "%(who)s wants the partner asked by the sample of child %(number)s. The child's profile leaves the house, sealed."
    ) % {
        "who": question.by.name,
        "number": numbers.grouped(question.of.child.number).replace(" ", "\u00a0"),
    }
    return page(request, "act", form, title=_("Let a question by DNA go out"), lead=lead, warned=True, back=_of(question.of))


def look_before_answer(request: HttpRequest, found_id: int) -> HttpResponse:
    """Somebody looks at what the search found, before the partner hears it."""
    by, at = desk.needs(request, APPROVE), desk.moment(request)
    found = queries.found_of(by, found_id)
    form = forms.LookForm(sent(request))
    if carried_out(request, form, by, "look_before_answer", lambda data: dna_asked.look(found=found, by=by, at=at, **data)):
        return done(request, _("The answer goes out with others, at its hour."), "partners")
    return page(request, "look_before_answer", form, found=found, case=found.asked.message.case)


def tell_abroad(request: HttpRequest, tie_id: int) -> HttpResponse:
    """Choose what a partner is told of a child."""
    by, at = desk.needs(request, WRITE), desk.moment(request)
    tie = queries.tied_of(by, tie_id)
    form = forms.TellForm(sent(request))
    if answer := carried_out(
        request, form, by, "tell_abroad", lambda _data: files.propose(of=tie, fields=form.chosen(), by=by, at=at)
    ):
        return done(request, _("It goes out when a second person agrees."), "package", package_id=answer["id"])
    lead = _("Choose what the partner needs, and for each what lets it be told. What is left blank is not told.")
    return page(request, "act", form, title=_("Tell the partner of the child"), lead=lead, back=_of(tie))


def package(request: HttpRequest, package_id: int) -> HttpResponse:
    """What is, or was, to be told, in both languages side by side, to be printed."""
    by = desk.needs(request, WRITE)
    return _package(request, by, package_id)


def approve_package(request: HttpRequest, package_id: int) -> HttpResponse:
    """A second person signs what they read here."""
    by, at = desk.needs(request, APPROVE), desk.moment(request)
    found = queries.package_of(by, package_id)
    form = forms.AgreeForm(sent(request))
    if carried_out(request, form, by, "approve_package", lambda _data: files.approve(package=found, by=by, at=at)):
        return done(request, _("It goes out."), "package", package_id=found.pk)
    return _package(request, by, package_id, form)


def told_to_us(request: HttpRequest, message_id: int) -> HttpResponse:
    """What a partner told us of a child."""
    by = desk.needs(request, WRITE)
    message = queries.package_to_us(by, message_id)
    content = told.told(message).content
    bases = content.get("bases")
    return page(
        request,
        "package",
        rows=_rows(known(content.get("fields")), bases if isinstance(bases, dict) else {}),
        columns=LANGUAGES,
        case=message.case,
        at=message.at,
        theirs=True,
        sent=True,
    )


def _package(request: HttpRequest, by: Actor, package_id: int, form: Any = None) -> HttpResponse:
    found = queries.package_of(by, package_id)
    return page(
        request,
        "package",
        form,
        one=found,
        rows=_rows(file_queries.told(found), file_queries.chosen(found)),
        columns=LANGUAGES,
        case=found.of.case,
        tie=found.of,
        at=found.at,
        sent=file_queries.is_sent(found),
        mine=found.by_id == by.staff_id,
    )


def _rows(values: Mapping[str, Any], bases: Mapping[str, Any]) -> list[tuple[str, Any, str]]:
    """Field, what it says, and what lets it be told; in the order of the table."""
    return [(name, values[name], str(bases.get(name, ""))) for name in FIELDS if name in values]


def _shown(one: Any) -> told.Told:
    """A message as it is shown; of an end what waited, as far as it is of its form."""
    found = told.told(one)
    return replace(found, content=left_open(found.content)) if one.kind == "ended" else found


def _both(moment: datetime, case: Any) -> list[tuple[str, str]]:
    """A moment on our clock and on the partner's: which clock, and what it shows."""
    country = case.node.agency.jurisdiction.path.strip("/").split("/")[0]
    zones = {"CN": HOME} | {country: zone_of(country)}
    return [(code, moment.astimezone(zone).strftime("%Y-%m-%d %H:%M")) for code, zone in zones.items()]


def _opens(one: queries.Waits) -> str:
    if one.who == "us" and one.what in OPENS:
        return reverse(OPENS[one.what], args=[one.of])
    return _to(one.case)


def _lead(case: Any) -> str:
    return f"{case.node.code} · {case.number}"


def _to(case: Any) -> str:
    return reverse("shared_case", args=[case.pk])


def _of(tie: Any) -> str:
    return reverse("return_abroad", args=[tie.pk])
