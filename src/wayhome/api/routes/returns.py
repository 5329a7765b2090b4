"""Files of returns: what verifies a match, what the parents had to do with the sale, what is best for the child."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema

from wayhome.api.calls import (
    LARGEST,
    After,
    AnyMoment,
    Body,
    Id,
    Key,
    Limit,
    Number,
    Page,
    Receipt,
    actor,
    asks,
    named,
    page,
    reads,
    write,
)
from wayhome.api.routes.request_duplicates import RequestNumber
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.core.actors import Actor
from wayhome.casework.custody import actions as custody
from wayhome.casework.reunification.actions import deciding, files
from wayhome.casework.reunification.queries import cases as queries
from wayhome.casework.reunification.queries import named as rows

router = Router()
Ref = Annotated[int, Field(ge=1, le=LARGEST)]


class FileIn(Body):
    """A file of a return."""

    authority: bool = Field(False, description="To the authority of the child's own country, without a family.")


class EvidenceIn(Body):
    """An interview, a line-up of photos, a document, a visit to the home."""

    kind: Literal["interview", "line_up", "document", "home_study"] = Field(description="What it was.")
    who: str = Field(description="With whom, or of what.", min_length=1, max_length=120)
    held_on: date = Field(description="On which day.")
    outcome: Literal["supports", "contradicts", "unclear"] = Field(description="What it showed.")
    note: str = Field("", description="In words; wanted unless it supports.", max_length=5000)
    corrects: Ref | None = Field(None, description="Number of the row that was wrong; written by somebody else.")


class HeldBackIn(Body):
    """A detail that was never published."""

    question: str = Field(description="What to ask.", min_length=1, max_length=200)
    answer: str = Field(description="The answer, as the police know it.", min_length=1, max_length=300)


class ReplyIn(Body):
    """What the claimant said."""

    said: str = Field(description="In their words.", min_length=1, max_length=300)
    matches: bool = Field(description="Whether it is right. One wrong answer fails the file.")


class EnquiryIn(Body):
    """What was found of the parents' part in the sale."""

    result: Literal["cleared", "involved", "unknown"] = Field(description="What the enquiry says.")
    document: str = Field("", description="Number of the prosecutor's document; wanted for cleared.", max_length=80)
    note: str = Field("", description="In words; wanted unless cleared.", max_length=5000)


class SuitEndIn(Body):
    """What the court said."""

    outcome: Literal["revoked", "kept"] = Field(description="Whether it took the guardianship away.")
    document: str = Field(description="Number of the court's document.", min_length=1, max_length=80)


class DeterminationIn(Body):
    """What would be best for the child."""

    decision: Literal["reunify", "repatriate", "stay"] = Field(description="What the panel is asked to agree to.")
    reasons: str = Field(description="Why.", min_length=1, max_length=10_000)
    until: AnyMoment | None = Field(None, description="How long it holds; 180 days at most, and by default.")


class VoteIn(Body):
    """What a member of the panel says."""

    agrees: bool = Field(description="Whether they agree.")
    dissent: str = Field("", description="Why not; wanted from whoever does not.", max_length=5000)


class ReturnFileOut(Schema):
    """The file of a child's return, in a list."""

    id: int = Field(description="Its number.", alias="pk")
    child: str = Field(description="The child's number.", alias="child.number")
    authority: bool = Field(description="Whether it is to its own country's authority, without a family.")
    by: str = Field(description="Number of the member of staff who opened it.", alias="by.number")
    at: datetime = Field(description="When.")

    @staticmethod
    def resolve_authority(row: Any) -> bool:
        """A file without a match."""
        return row.confirmation_id is None


class ToOpenOut(Schema):
    """Children with a confirmed match, and without a file."""

    items: list[str] = Field(description="Their numbers.")


class EvidenceOut(Schema):
    """A row that stands."""

    id: int = Field(description="Its number.")
    kind: str = Field(description="What it was.")
    who: str = Field(description="With whom, or of what.")
    held_on: date = Field(description="On which day.")
    outcome: str = Field(description="What it showed.")
    note: str = Field(description="In words.")
    corrects: int | None = Field(description="Number of the row in whose place it stands.", alias="corrects_id")
    by: str = Field(description="Number of the member of staff who wrote it.", alias="by.number")
    at: datetime = Field(description="When.")


class HeldOut(Schema):
    """A detail held back."""

    id: int = Field(description="Its number.", alias="question.pk")
    question: str = Field(description="What to ask.", alias="question.question")
    answer: str = Field(description="The police's answer; empty to all others until the claimant was asked.")
    said: str = Field(description="What the claimant said; empty until asked.")
    matches: bool | None = Field(description="Whether it was right; null until asked.")

    @staticmethod
    def resolve_said(row: queries.Held) -> str:
        """Once asked."""
        return row.reply.said if row.reply is not None else ""

    @staticmethod
    def resolve_matches(row: queries.Held) -> bool | None:
        """Once asked."""
        return row.reply.matches if row.reply is not None else None


class EnquiryOut(Schema):
    """The last word on the parents' part in the sale."""

    id: int = Field(description="Its number.")
    n: int = Field(description="The first has 1; the last counts.")
    result: str = Field(description="cleared, involved or unknown.")
    document: str = Field(description="Number of the prosecutor's document.")
    note: str = Field(description="In words.")
    at: datetime = Field(description="When.")
    countersigned: bool = Field(description="Whether a supervisor signed it.")

    @staticmethod
    def resolve_countersigned(row: Any) -> bool:
        """There is a row that says so."""
        return hasattr(row, "countersignature")


class SuitOut(Schema):
    """Civil affairs sues to take the guardianship away."""

    id: int = Field(description="Its number.")
    since: datetime = Field(description="Since when.", alias="at")
    outcome: str = Field(description="What the court said: revoked or kept; empty while it goes on.")

    @staticmethod
    def resolve_outcome(row: Any) -> str:
        """Once it ended."""
        return row.end.outcome if hasattr(row, "end") else ""


class VoteOut(Schema):
    """What a member of the panel said."""

    discipline: str = Field(description="welfare, health, law or police, which advises.")
    agrees: bool = Field(description="Whether they agree.")
    dissent: str = Field(description="Why not.")
    agency: str = Field(description="Code of their agency.", alias="by.agency.code")
    at: datetime = Field(description="When.")


class DeterminationOut(Schema):
    """What would be best for the child, as last proposed."""

    id: int = Field(description="Its number.")
    n: int = Field(description="The first has 1; the last counts.")
    decision: str = Field(description="reunify, repatriate or stay.")
    reasons: str = Field(description="Why.")
    valid_until: datetime = Field(description="How long it holds.")


class FileReleaseOut(Schema):
    """A release that was asked for."""

    id: int = Field(description="Its number.")
    kind: str = Field(description="family or authority.")
    state: str = Field(description="open, revoked or carried_out.")
    at: datetime = Field(description="When it was asked for.")

    @staticmethod
    def resolve_state(row: Any) -> str:
        """By the rows that end it."""
        return "carried_out" if hasattr(row, "execution") else "revoked" if hasattr(row, "revocation") else "open"


class WholeFileOut(Schema):
    """Everything in a file, as the caller may see it."""

    file: ReturnFileOut = Field(description="Which.")
    evidence: list[EvidenceOut] = Field(description="Rows that stand, the first first.")
    held_back: list[HeldOut] = Field(description="Details that only the family can know.")
    verified: bool = Field(description="Whether the verification is complete.")
    enquiry: EnquiryOut | None = Field(title="Enquiry", description="The last one.")
    cleared: bool = Field(description="Whether the parents are cleared, and that is countersigned.")
    stopped: bool = Field(description="Whether a parent is said to have taken part, and no court said otherwise.")
    suits: list[SuitOut] = Field(description="For the guardianship, the first first.")
    determination: DeterminationOut | None = Field(title="Determination", description="The last one.")
    votes: list[VoteOut] = Field(description="What its panel said.")
    decided: bool | None = Field(description="What the panel decided; null while somebody has to speak.")
    recipients: list[int] = Field(description="Numbers of the relatives to whom the child may go, once it may.")
    releases: list[FileReleaseOut] = Field(description="Releases, the first first.")


class KnownOut(Schema):
    """What a family may know of how its request stands: never a child's number, place or custodian."""

    stage: str = Field(description="searching, checking, agreed or home.")
    visits: list[date] = Field(description="When it will be visited, once the child is home.")


@router.get(
    "/return-files", summary="List files", **reads("reunification:read", Permission.READ_CASE, answer=Page[ReturnFileOut])
)
def list_files(request: HttpRequest, after: After = "", limit: Limit = 50) -> dict[str, Any]:
    """Files of children whom the caller may know of, the youngest first."""
    found = queries.cases_of(actor(request), at=timezone.now()).select_related("by")
    return page(found, after=after, limit=limit, newest=True)


@router.get(
    "/return-files-to-open",
    summary="List files to open",
    **reads("reunification:read", Permission.VERIFY_CASE, answer=ToOpenOut),
)
def list_to_open(request: HttpRequest) -> dict[str, Any]:
    """Children with a confirmed match for which nobody opened a file."""
    found = queries.to_open(actor(request), at=timezone.now())
    return {"items": [f"{number:09d}" for number in found]}


@router.post("/children/{number}/return-files", summary="Open a file", **asks("reunification:write", Permission.VERIFY_CASE))
def open_file(request: HttpRequest, number: Number, body: FileIn, key: Key = "") -> Any:
    """Open the file of a child's return, by the institution that has it."""

    def work(by: Actor, at: datetime) -> Schema:
        return Receipt(id=files.open_case(child_id=int(number), authority=body.authority, by=by, at=at).pk)

    return write(request, key, body, work)


@router.get("/return-files/{id}", summary="Read a file", **reads("reunification:read", Permission.READ_CASE, answer=WholeFileOut))
def read_file(request: HttpRequest, id: Id) -> dict[str, Any]:  # noqa: A002
    """Everything in a file. The look is an event of the child's file."""
    by, at = actor(request), timezone.now()
    case = queries.case_of(by, id, at=at)
    custody.read_file(child_id=case.child_id, by=by, at=at)
    found = queries.file_of(case, by=by)
    shown = {name: getattr(found, name) for name in WholeFileOut.model_fields if hasattr(found, name)}
    return shown | {"file": case, "suits": rows.suits_of(case), "recipients": sorted(rows.recipients_of(case))}


@router.post("/return-files/{id}/evidence", summary="Add evidence", **asks("reunification:write", Permission.VERIFY_CASE))
def add_evidence(request: HttpRequest, id: Id, body: EvidenceIn, key: Key = "") -> Any:  # noqa: A002
    """What was done to verify a match, and what it showed. What contradicts it revokes a release that waits."""

    def work(by: Actor, at: datetime) -> Schema:
        case = queries.case_of(by, id, at=at)
        with named("corrects"):
            corrects = rows.evidence_of(case, body.corrects) if body.corrects else None
        said = body.model_dump(exclude={"corrects"})
        return Receipt(id=files.add_evidence(case=case, corrects=corrects, by=by, at=at, **said).pk)

    return write(request, key, body, work)


@router.post("/return-files/{id}/held-back", summary="Hold a detail back", **asks("reunification:write", Permission.HOLD_BACK))
def hold_back(request: HttpRequest, id: Id, body: HeldBackIn, key: Key = "") -> Any:  # noqa: A002
    """A detail that was never published, with the answer that only the family can know."""

    def work(by: Actor, at: datetime) -> Schema:
        return Receipt(id=files.hold_back(case=queries.case_of(by, id, at=at), by=by, at=at, **body.model_dump()).pk)

    return write(request, key, body, work)


@router.post("/held-back/{id}/reply", summary="Keep a reply", **asks("reunification:write", Permission.VERIFY_CASE))
def keep_reply(request: HttpRequest, id: Id, body: ReplyIn, key: Key = "") -> Any:  # noqa: A002
    """What the claimant said, once, judged by somebody else than who knew the answer from the start."""

    def work(by: Actor, at: datetime) -> Schema:
        return Receipt(id=files.reply(question=files.held_back_of(by, id, at=at), by=by, at=at, **body.model_dump()).pk)

    return write(request, key, body, work)


@router.post("/return-files/{id}/enquiries", summary="Tell of the enquiry", **asks("reunification:write", Permission.ENQUIRE))
def enquire(request: HttpRequest, id: Id, body: EnquiryIn, key: Key = "") -> Any:  # noqa: A002
    """What an investigator found of the parents' part in the sale. The last word counts."""

    def work(by: Actor, at: datetime) -> Schema:
        return Receipt(id=deciding.enquire(case=queries.case_of(by, id, at=at), by=by, at=at, **body.model_dump()).pk)

    return write(request, key, body, work)


@router.post(
    "/enquiries/{id}/countersignature",
    summary="Countersign an enquiry",
    **asks("reunification:write", Permission.COUNTERSIGN_ENQUIRY),
)
def countersign(request: HttpRequest, id: Id, key: Key = "") -> Any:  # noqa: A002
    """A supervisor signs what an investigator found. Wants a step-up."""

    def work(by: Actor, at: datetime) -> Schema:
        return Receipt(id=deciding.countersign(enquiry=deciding.enquiry_of(by, id, at=at), by=by, at=at).pk)

    return write(request, key, {}, work)


@router.post("/guardianships/{id}/end", summary="End a suit", **asks("reunification:write", Permission.COUNTERSIGN_ENQUIRY))
def end_suit(request: HttpRequest, id: Id, body: SuitEndIn, key: Key = "") -> Any:  # noqa: A002
    """What the court said of the guardianship. Wants a step-up."""

    def work(by: Actor, at: datetime) -> Schema:
        suit = rows.guardianship_of(by, id, at=at)
        return Receipt(id=deciding.end_guardianship(guardianship=suit, by=by, at=at, **body.model_dump()).pk)

    return write(request, key, body, work)


@router.post(
    "/return-files/{id}/determinations",
    summary="Propose a determination",
    **asks("reunification:write", Permission.PROPOSE_DETERMINATION),
)
def propose(request: HttpRequest, id: Id, body: DeterminationIn, key: Key = "") -> Any:  # noqa: A002
    """What would be best for the child, for a panel to decide. The last one counts."""

    def work(by: Actor, at: datetime) -> Schema:
        case = queries.case_of(by, id, at=at)
        return Receipt(id=deciding.propose_determination(case=case, by=by, at=at, **body.model_dump()).pk)

    return write(request, key, body, work)


@router.post("/determinations/{id}/votes", summary="Speak on a panel", **asks("reunification:write", Permission.DETERMINE))
def vote(request: HttpRequest, id: Id, body: VoteIn, key: Key = "") -> Any:  # noqa: A002
    """Agree, or say why not, for one's discipline. Wants a step-up."""

    def work(by: Actor, at: datetime) -> Schema:
        proposed = deciding.determination_of(by, id, at=at)
        return Receipt(id=deciding.vote(determination=proposed, by=by, at=at, **body.model_dump()).pk)

    return write(request, key, body, work)


@router.get(
    "/tracing-requests/{number}/return",
    summary="Read what a family may know",
    **reads("families:read", Permission.READ_REQUEST, answer=KnownOut),
)
def read_what_a_family_may_know(request: HttpRequest, number: RequestNumber) -> queries.Known:
    """How a request stands, in the words that may be passed on to the family; never which child, nor where."""
    return queries.what_family_may_know(int(number), by=actor(request))
