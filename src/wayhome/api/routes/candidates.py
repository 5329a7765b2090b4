"""Candidates: which family a child may be of, what readers made of it, its confirmation. Nobody sees another's reading first."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, Path, Query, Router, Schema

from wayhome.api.calls import After, Body, Id, Key, Limit, Number, Page, Receipt, actor, asks, page, reads, write
from wayhome.api.routes.request_duplicates import RequestNumber
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import NotFound
from wayhome.casework.families import queries as families
from wayhome.casework.matching.actions import reading as actions
from wayhome.casework.matching.actions import reporting
from wayhome.casework.matching.actions.ranking import open_ranking
from wayhome.casework.matching.queries import candidates as queries
from wayhome.casework.matching.queries import ranking
from wayhome.casework.matching.report.kin import kin

router = Router()
ReportNumber = Annotated[
    int, Path(title="Report", description="Which of the candidate's reports; the first has 1.", ge=1, le=9999)
]
Language = Annotated[Literal["en", "zh-hans", "vi"], Path(title="Language", description="In which language.")]


class ReadingIn(Body):
    """What one analyst makes of a candidate."""

    conclusion: Literal["supports", "excludes", "insufficient"] = Field(
        description="Of the hypothesis that the child is this family's."
    )
    note: str = Field("", description="Why; wanted unless it supports.", max_length=2000)


class ConfirmationIn(Body):
    """The head of a laboratory confirms."""

    note: str = Field("", description="What else.", max_length=2000)


class EndIn(Body):
    """Why a confirmation was wrong."""

    reason: str = Field(description="Why.", min_length=1, max_length=300)


class ReadingReceipt(Receipt):
    """A reading that was given."""

    conclusion: str = Field(description="As it was given.")


class ReadingOut(Schema):
    """What an analyst made of a candidate."""

    conclusion: str = Field(description="supports, excludes or insufficient.")
    note: str = Field(description="Why.")
    by: str = Field(description="Number of the analyst.", alias="by.number")
    at: datetime = Field(description="When.")


class CheckOut(Schema):
    """Second samples of the child and of the relatives, compared."""

    agrees: bool = Field(description="Whether they say the same as the first ones.")
    at: datetime = Field(description="When.")


class CandidateOut(Schema):
    """A request as the origin of a child, as the caller may know of it."""

    id: int = Field(description="Its number.", alias="candidate.pk")
    child: str = Field(description="Number of the child.", alias="candidate.child.number")
    request: str = Field(description="Number of the tracing request.", alias="candidate.request.number")
    gate: str = Field(description="How sure the search is: report, lead or insufficient.", alias="candidate.gate")
    families: int = Field(description="How many families the child was compared with.", alias="candidate.search.families")
    found_at: datetime = Field(description="When the search proposed it.", alias="candidate.at")
    state: str = Field(
        description="proposed, in_review, supported, excluded, insufficient, confirmed, refuted, withdrawn or superseded;"
        " to an analyst whose reading is wanted always proposed."
    )
    wanted: bool = Field(description="Whether a reading of the caller's is wanted.")
    mine: ReadingOut | None = Field(title="Mine", description="The caller's own reading.")
    readings: list[ReadingOut] = Field(description="All readings; none as long as one of the caller's is wanted.")
    checks: list[CheckOut] = Field(description="Comparisons of second samples.")
    confirmed_at: datetime | None = Field(description="When it was confirmed; null unless the confirmation stands.")
    frozen: bool = Field(description="Whether another confirmation that stands contradicts it.")

    @staticmethod
    def resolve_confirmed_at(row: queries.Seen) -> datetime | None:
        """When."""
        return row.confirmation.at if row.confirmation is not None else None


class FindingOut(Schema):
    """Something known beside DNA, weighed; it names nobody."""

    name: str = Field(description="What it is about.")
    code: str = Field(description="What was found.")
    log10_lr: float = Field(description="Before the cap.")
    log10_lr_capped: float = Field(description="What counts.")
    missing: bool = Field(description="Whether there was nothing to compare.")


class ReportIn(Body):
    """The head of a laboratory writes a report."""

    notes: str = Field("", description="For whoever reads it, printed as they are.", max_length=2000)


class ReportReceipt(Receipt):
    """A report that was made."""

    n: int = Field(description="The first has 1.")


class ReportOut(Schema):
    """A kinship report."""

    n: int = Field(description="The first has 1.", alias="report.n")
    by: str = Field(description="Number of the member of staff who made it.", alias="report.by.number")
    at: datetime = Field(description="When.", alias="report.at")
    older: bool = Field(description="Whether somebody read the candidate, or a second sample was compared, after it.")
    digests: dict[str, str] = Field(description="SHA-256 of the file, by language.", alias="report.digests")


class ReportsOut(Schema):
    """Reports of a candidate."""

    items: list[ReportOut] = Field(description="The last first; none as long as a reading of the caller's is wanted.")


class DetailOut(Schema):
    """What the search found."""

    assessment: dict[str, Any] = Field(
        description="Hypotheses, genotypes and LR by locus, LR by population, prior, stages, posterior, expected adventitious"
        " matches, what was not tested, next steps, provenance; relatives by the number of their record."
    )
    evidence: list[FindingOut] = Field(description="What is known beside DNA.")


class StageOut(Schema):
    """One factor on the way from the prior to the posterior."""

    name: str = Field(description="What it is about; prior for the first.")
    log10_lr: float = Field(description="What it counts.")
    posterior: float = Field(description="Probability with all factors up to it.")


class AskOut(Schema):
    """Somebody whose sample would help."""

    kin: str = Field(description="What they are to the child that is looked for.")
    agreed: bool = Field(description="Whether they agreed to a sample.")


class RankedOut(Schema):
    """A family of whom nobody was typed."""

    request: str = Field(description="Number of the tracing request.")
    posterior: float = Field(description="Probability that the child is this family's, among all that were weighed.")
    stages: list[StageOut] = Field(description="From the prior to the posterior.")
    evidence: list[FindingOut] = Field(description="What is known beside DNA. What is missing weighs nothing.")
    ask: list[AskOut] = Field(description="Whose sample to ask for, the nearest kin first.")


class RankedPageOut(Schema):
    """Families without DNA for a child."""

    weighed: int = Field(description="How many were weighed.")
    items: list[RankedOut] = Field(description="The likeliest ten, the likeliest first.")


class SoughtOut(Schema):
    """How the search for somebody stands, without a word of whom it found."""

    state: str = Field(description="not_typed, waits, nothing, examined, confirmed or frozen.")
    since: datetime | None = Field(description="First search of a request, last search of a child; null before it.")
    typed: int = Field(description="How many relatives are compared.")


@router.get(
    "/candidates", summary="List candidates", **reads("candidates:read", Permission.READ_CANDIDATE, answer=Page[CandidateOut])
)
def list_candidates(
    request: HttpRequest,
    which: Annotated[
        Literal["waiting", "open", "ended"],
        Query(title="Which", description="Those that wait for the caller, all that go on, or those that ended."),
    ] = "open",
    after: After = "",
    limit: Limit = 50,
) -> dict[str, Any]:
    """Candidates of samples of the caller's laboratory, the youngest first."""
    by = actor(request)
    rows = queries.chosen(by, which)
    return page(rows, after=after, limit=limit, newest=True, shown=lambda some: queries.seen(some, by=by))


@router.get(
    "/candidates/{id}", summary="Read a candidate", **reads("candidates:read", Permission.READ_CANDIDATE, answer=CandidateOut)
)
def read_candidate(request: HttpRequest, id: Id) -> queries.Seen:  # noqa: A002
    """A candidate, and how it stands for the caller."""
    by = actor(request)
    return queries.seen([queries.candidate_of(by, id)], by=by)[0]


@router.get(
    "/candidates/{id}/detail",
    summary="Read what a search found",
    **reads("candidates:read", Permission.READ_CANDIDATE, answer=DetailOut),
)
def read_detail(request: HttpRequest, id: Id) -> dict[str, Any]:  # noqa: A002
    """Everything with its numbers; the look is an event. Nothing is there once a relative withdrew."""
    by = actor(request)
    found = actions.open_detail(candidate=queries.candidate_of(by, id), by=by, at=timezone.now())
    return {"assessment": found.assessment.to_json(), "evidence": list(found.evidence.findings)}


@router.post(
    "/candidates/{id}/readings",
    summary="Give one's reading",
    **asks("candidates:write", Permission.JUDGE_CANDIDATE, answer=ReadingReceipt),
)
def give_reading(request: HttpRequest, id: Id, body: ReadingIn, key: Key = "") -> Any:  # noqa: A002
    """What the caller makes of a candidate, once, without knowing what anybody else made of it."""

    def work(by: Actor, at: datetime) -> Schema:
        made = actions.read(candidate=queries.candidate_of(by, id), by=by, at=at, **body.model_dump())
        return ReadingReceipt(id=made.pk, conclusion=made.conclusion)

    return write(request, key, body, work)


@router.post(
    "/candidates/{id}/confirmation",
    summary="Confirm a match",
    **asks("candidates:write", Permission.CONFIRM_MATCH),
)
def confirm_match(request: HttpRequest, id: Id, body: ConfirmationIn, key: Key = "") -> Any:  # noqa: A002
    """By DNA the child is this family's: after two readings and second samples. It is no release."""

    def work(by: Actor, at: datetime) -> Schema:
        return Receipt(id=actions.confirm(candidate=queries.candidate_of(by, id), by=by, at=at, **body.model_dump()).pk)

    return write(request, key, body, work)


@router.post(
    "/candidates/{id}/confirmation/end",
    summary="Take a confirmation back",
    **asks("candidates:write", Permission.CONFIRM_MATCH),
)
def take_back_match(request: HttpRequest, id: Id, body: EndIn, key: Key = "") -> Any:  # noqa: A002
    """A confirmation was wrong: nothing that rests on it goes on."""

    def work(by: Actor, at: datetime) -> Schema:
        confirmation = getattr(queries.candidate_of(by, id), "confirmation", None)
        if confirmation is None:
            raise NotFound(candidate=id)
        return Receipt(id=actions.take_back(confirmation=confirmation, reason=body.reason, by=by, at=at).pk)

    return write(request, key, body, work)


@router.get(
    "/candidates/{id}/reports",
    summary="List kinship reports",
    **reads("candidates:read", Permission.READ_CANDIDATE, answer=ReportsOut),
)
def list_reports(request: HttpRequest, id: Id) -> dict[str, Any]:  # noqa: A002
    """Reports of a candidate, which print what everybody read."""
    by = actor(request)
    return {"items": queries.reports_of(queries.seen([queries.candidate_of(by, id)], by=by)[0])}


@router.post(
    "/candidates/{id}/reports",
    summary="Make a kinship report",
    **asks("candidates:write", Permission.CONFIRM_MATCH, answer=ReportReceipt),
)
def make_report(request: HttpRequest, id: Id, body: ReportIn, key: Key = "") -> Any:  # noqa: A002
    """Write the report of a candidate that two analysts have read; it is set in every language, which takes some seconds."""

    def work(by: Actor, at: datetime) -> Schema:
        made = reporting.make_report(candidate=queries.candidate_of(by, id), notes=body.notes, by=by, at=at)
        return ReportReceipt(id=made.pk, n=made.n)

    return write(request, key, body, work)


@router.get(
    "/candidates/{id}/reports/{n}/{language}",
    summary="Take a kinship report",
    **reads("candidates:read", Permission.READ_CANDIDATE, answer=Any),
)
def take_report(request: HttpRequest, id: Id, n: ReportNumber, language: Language) -> HttpResponse:  # noqa: A002
    """A report as PDF, the same bytes each time. That it was taken is an event."""
    by = actor(request)
    found = queries.candidate_of(by, id)
    pdf = reporting.read_report(candidate=found, n=n, language=language, by=by, at=timezone.now())
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = "attachment"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@router.get(
    "/children/{number}/families-without-dna",
    summary="Rank families without DNA",
    **reads("candidates:read", Permission.READ_CANDIDATE, answer=RankedPageOut),
)
def rank_families(request: HttpRequest, number: Number) -> dict[str, Any]:
    """Families of whom nobody was typed, ranked on what is known beside DNA; it excludes and confirms nobody. An event."""
    by, at = actor(request), timezone.now()
    found = open_ranking(child_id=int(number), by=by, at=at)
    asked = ranking.to_ask([one.request.pk for one in found], at=at)
    return {
        "weighed": found[0].weighed if found else 0,
        "items": [
            {
                "request": one.request.number,
                "posterior": one.posterior,
                "stages": list(one.stages),
                "evidence": list(one.evidence.findings),
                "ask": _ask(asked.get(one.request.pk)),
            }
            for one in found
        ],
    }


def _ask(told: ranking.ToAsk | None) -> list[dict[str, Any]]:
    if told is None:
        return []
    codes = kin(told.pedigree, told.missing)
    return [{"kin": codes[one], "agreed": one in told.agreed} for one in told.members]


@router.get(
    "/tracing-requests/{number}/search",
    summary="Read how a family's search stands",
    **reads("families:read", Permission.READ_REQUEST, answer=SoughtOut),
)
def read_search(request: HttpRequest, number: RequestNumber) -> queries.Sought:
    """How a request stands; never which child, nor where one is."""
    return queries.sought_by(families.request_of(actor(request), int(number)))
