"""Whether the parents took part in the sale, what a court says of it, and what a panel finds best for the child."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from wayhome.casework.accounts.rules import Permission
from wayhome.casework.reunification.actions import deciding as actions
from wayhome.casework.reunification.queries import cases
from wayhome.casework.reunification.rules import DISCIPLINES
from wayhome.web import desk
from wayhome.web.forms.returns import CountersignForm, CourtForm, DeterminationForm, EnquiryForm, PanelVoteForm
from wayhome.web.pages import existing
from wayhome.web.views.returns import in_file
from wayhome.web.writing import sent


def enquire(request: HttpRequest, case_id: int) -> HttpResponse:
    """What an investigator found of the parents' part in the sale."""
    by, at = desk.needs(request, Permission.ENQUIRE), desk.moment(request)
    case = cases.case_of(by, case_id, at=at)
    own = cases.recorded_by(case) == by.agency_id
    form = EnquiryForm(sent(request), own=own)
    lead = _(
        "Many trafficked children were sold by their own parents. If one took part, everything stops at once, the supervisor is"
        " alarmed, and a suit to take the guardianship away begins."
    )
    if own:
        heard = _("Your agency took up the family's request: you can say that a parent took part, and cannot clear them.")
        lead = f"{heard} {lead}"
    return in_file(
        request,
        case,
        form,
        by=by,
        action="enquire",
        work=lambda data: actions.enquire(case=case, by=by, at=at, **data),
        said=_("The result is in the file. A supervisor countersigns it."),
        title=_("Did the parents take part in the sale?"),
        lead=lead,
        warned=True,
    )


def countersign(request: HttpRequest, enquiry_id: int) -> HttpResponse:
    """A supervisor signs what the investigator found; who they are is asked once more."""
    by, at = desk.needs(request, Permission.COUNTERSIGN_ENQUIRY), desk.moment(request)
    enquiry = actions.enquiry_of(by, enquiry_id, at=at)
    case = cases.case_of(by, enquiry.case_id, at=at)
    form = CountersignForm(sent(request))
    file = cases.file_of(case, by=by)
    return in_file(
        request,
        case,
        form,
        by=by,
        action="countersign_enquiry",
        work=lambda _nothing: actions.countersign(enquiry=enquiry, by=by, at=at),
        said=_("Countersigned."),
        title=_("Countersign an enquiry"),
        template="countersign_enquiry",
        enquiry=next(one for one in file.enquiries if one == enquiry),
        last=file.enquiry == enquiry,
    )


def end_guardianship(request: HttpRequest, enquiry_id: int) -> HttpResponse:
    """What a court said in the suit that an enquiry began."""
    by, at = desk.needs(request, Permission.COUNTERSIGN_ENQUIRY), desk.moment(request)
    enquiry = actions.enquiry_of(by, enquiry_id, at=at)
    guardianship = existing(getattr(enquiry, "guardianship", None), guardianship=enquiry_id)
    case = cases.case_of(by, enquiry.case_id, at=at)
    form = CourtForm(sent(request))
    return in_file(
        request,
        case,
        form,
        by=by,
        action="end_guardianship",
        work=lambda data: actions.end_guardianship(guardianship=guardianship, by=by, at=at, **data),
        said=_("What the court said is in the file."),
        title=_("What did the court say?"),
        lead=_(
            "If the guardianship is taken away, the child never goes to these parents. If it is left with them, another enquiry"
            " is wanted before anything goes on. Nothing takes this entry back."
        ),
        warned=True,
    )


def propose_determination(request: HttpRequest, case_id: int) -> HttpResponse:
    """What would be best for the child, for a panel to decide."""
    by, at = desk.needs(request, Permission.PROPOSE_DETERMINATION), desk.moment(request)
    case = cases.case_of(by, case_id, at=at)
    form = DeterminationForm(sent(request))

    def work(data: dict[str, Any]) -> Any:
        data["until"] = form.holds(data["until"], at=at)
        return actions.propose_determination(case=case, by=by, at=at, **data)

    return in_file(
        request,
        case,
        form,
        by=by,
        action="propose_determination",
        work=work,
        said=_("Put to the panel: welfare, health and law speak on it, and police advise."),
        title=_("What is best for the child?"),
        lead=_("The last proposal counts. A release that was asked for on an earlier one is revoked, and the panel begins anew."),
    )


def determination(request: HttpRequest, determination_id: int) -> HttpResponse:
    """A proposal with its votes, and the reader's own."""
    by, at = desk.needs(request, Permission.DETERMINE), desk.moment(request)
    proposed = actions.determination_of(by, determination_id, at=at)
    case = cases.case_of(by, proposed.case_id, at=at)
    form = PanelVoteForm(sent(request))
    file = cases.file_of(case, by=by)
    one = next(found for found in file.determinations if found == proposed)
    return in_file(
        request,
        case,
        form,
        by=by,
        action="vote_determination",
        work=lambda data: actions.vote(determination=proposed, by=by, at=at, **data),
        said=_("Your vote is signed."),
        title=_("What is best for the child?"),
        template="determination",
        asked=one,
        votes=list(one.votes.all()),
        voted=any(vote.by_id == by.staff_id for vote in one.votes.all()),
        last=file.determination == proposed,
        closed=any(release.determination_id == proposed.pk for release in file.releases),
        over=proposed.valid_until < at,
        discipline=DISCIPLINES.get(by.role, ""),
        file=file,
    )
