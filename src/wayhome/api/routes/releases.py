"""Releases: asked for by one organisation, approved by two others, carried out once; and what comes after, or instead."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, Path, Router, Schema

from wayhome.api.calls import Body, Id, Key, Number, Receipt, actor, asks, named, reads, write
from wayhome.api.routes.candidates import Language
from wayhome.api.routes.returns import Ref
from wayhome.casework.accounts import queries as registers
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import Invalid
from wayhome.casework.custody import actions as custody
from wayhome.casework.custody.queries import visible_child
from wayhome.casework.operations import queries as operations
from wayhome.casework.reunification.actions import afterwards, papers, releasing
from wayhome.casework.reunification.queries import cases
from wayhome.casework.reunification.queries import named as rows
from wayhome.casework.reunification.queries import releases as queries

router = Router()
PaperKind = Annotated[
    Literal["one_month", "twelve_months", "notice"], Path(title="Paper", description="Which certificate, or the notice.")
]


class ReleaseIn(Body):
    """Where the child shall go."""

    recipients: list[Ref] = Field(
        [], description="Numbers of relatives whom the match names: it goes to one of them.", max_length=20
    )
    household: list[Ref] = Field([], description="Numbers of the adults who live there beside them.", max_length=50)
    address: str = Field("", description="Address of the home.", max_length=200)
    to: str = Field("", description="Code of the authority of another country, in place of a family.", max_length=30)


class SignatureIn(Body):
    """A signature under what was read."""

    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] = Field(description="Digest of the release as it was read.")


class RevocationIn(Body):
    """Why a release is taken back."""

    note: str = Field(description="Why.", min_length=1, max_length=300)


class ReturnOfferIn(Body):
    """The first signature, at the door."""

    recipient: Ref | None = Field(None, description="Number of the person who takes the child; null for an authority.")
    wristband: str = Field(description="Code of the child's wristband, as scanned.", min_length=1, max_length=14)
    place: str = Field(description="Where the child is handed over.", min_length=1, max_length=200)
    condition: str = Field(description="How the child is.", min_length=1, max_length=200)
    items: str = Field("", description="What goes with it.", max_length=300)


class CompletionIn(Body):
    """The second signature."""

    wristband: str = Field(description="Code of the child's wristband, as scanned.", min_length=1, max_length=14)
    condition: str = Field("", description="How the child is.", max_length=200)


class VisitIn(Body):
    """The family was visited."""

    day: Literal[7, 30, 90, 180, 365] = Field(description="For which of the days after the return.")
    visited_on: date = Field(description="When.")
    found: Literal["well", "worried", "not_met"] = Field(description="How the child was; all but well alarms.")
    note: str = Field("", description="In words; wanted unless well.", max_length=5000)


class NoticeIn(Body):
    """A public notice asks for the child's parents."""

    published_on: date = Field(description="When.")
    published_in: str = Field(description="Where.", min_length=1, max_length=200)


class CertificateIn(Body):
    """No parents were found yet."""

    kind: Literal["one_month", "twelve_months"] = Field(description="Which.")
    document: str = Field(description="Number of the paper.", min_length=1, max_length=80)


class MemberOut(Schema):
    """Somebody of the household."""

    person: int = Field(description="Number of the person.")
    relative: int | None = Field(description="Number of the relative; null for whoever only lives there.")
    receives: bool = Field(description="Whether the child may go to them.")
    samples_agree: bool = Field(description="Whether samples taken for the handover are fresh, and say who was matched.")


class ApprovedOut(Schema):
    """A signature."""

    agency: str = Field(description="Code of the agency.", alias="by.agency.code")
    digest: str = Field(description="What was signed.")
    at: datetime = Field(description="When.")


class RevokedOut(Schema):
    """Why a release is none any more."""

    reason: str = Field(description="What changed.")
    note: str = Field(description="In words.")
    at: datetime = Field(description="When.")


class ReleaseOut(Schema):
    """A release: what is signed, and what stands against it at this moment."""

    id: int = Field(description="Its number.")
    file: int = Field(description="Number of the file.")
    kind: str = Field(description="family or authority.")
    child: str = Field(description="The child's number.")
    institution: str = Field(description="Code of the institution that asks.")
    to: str = Field(description="Code of the authority; empty for a family.")
    address: str = Field(description="Address of the home.")
    people: list[MemberOut] = Field(description="The household.")
    enquiry: int | None = Field(description="Number of the enquiry that it rests on.")
    determination: int = Field(description="Number of the determination that it rests on.")
    digest: str = Field(description="SHA-256 of all this: an approval names it.")
    unchanged: bool = Field(description="Whether its rows still say what was asked for.")
    valid_until: datetime = Field(description="Until when it holds.")
    by: str = Field(description="Number of the member of staff who asked.")
    at: datetime = Field(description="When.")
    against: list[str] = Field(description="Codes of everything that stands against it; samples are looked at besides.")
    approvals: list[ApprovedOut] = Field(description="Who signed.")
    revoked: RevokedOut | None = Field(title="Revoked", description="Why it is none any more.")
    carried_out: datetime | None = Field(description="When the child went.")


class GateOut(Schema):
    """Whether another family may be looked for."""

    open: bool = Field(description="Whether it may.")
    missing: list[str] = Field(description="Codes of what is missing.")


@router.post(
    "/return-files/{id}/releases", summary="Ask for a release", **asks("reunification:write", Permission.REQUEST_RELEASE)
)
def ask_release(request: HttpRequest, id: Id, body: ReleaseIn, key: Key = "") -> Any:  # noqa: A002
    """The institution that has the child asks to let it go home. What is asked is frozen from here on."""

    def work(by: Actor, at: datetime) -> Schema:
        case = cases.case_of(by, id, at=at)
        known = rows.recipients_of(case)
        if not known.keys() >= set(body.recipients):
            raise Invalid({"recipients": "unknown"})
        with named("household"):
            household = [operations.person_of(by, one) for one in body.household]
        with named("to"):
            to = registers.facility(body.to) if body.to else None
        asked = releasing.request_release(
            case=case,
            recipients=[known[one] for one in dict.fromkeys(body.recipients)],
            household=household,
            address=body.address,
            to=to,
            by=by,
            at=at,
        )
        return Receipt(id=asked.pk)

    return write(request, key, body, work)


@router.get("/releases/{id}", summary="Read a release", **reads("reunification:read", Permission.READ_CASE, answer=ReleaseOut))
def read_release(request: HttpRequest, id: Id) -> dict[str, Any]:  # noqa: A002
    """What was asked, with the digest that an approval must name. The look is an event of the child's file."""
    by, at = actor(request), timezone.now()
    found = queries.release_of(by, id, at=at)
    custody.read_file(child_id=found.child_id, by=by, at=at)
    execution = getattr(found, "execution", None)
    return {
        "id": found.pk,
        "file": found.case_id,
        "kind": found.kind,
        "child": found.child.number,
        "institution": found.institution.code,
        "to": found.to.code if found.to is not None else "",
        "address": found.address,
        "people": [
            {
                "person": one.person_id,
                "relative": one.relative_id,
                "receives": one.receives,
                "samples_agree": one.receives and queries.fresh_check(found, one.person_id, at=at) is not None,
            }
            for one in found.people.order_by("pk")
        ],
        "enquiry": found.enquiry_id,
        "determination": found.determination_id,
        "digest": found.digest,
        "unchanged": queries.digest_of(found) == found.digest,
        "valid_until": found.valid_until,
        "by": found.by.number,
        "at": found.at,
        "against": queries.against(found, at=at),
        "approvals": list(found.approvals.select_related("by__agency").order_by("pk")),
        "revoked": getattr(found, "revocation", None),
        "carried_out": execution.at if execution is not None else None,
    }


@router.post("/releases/{id}/approvals", summary="Approve a release", **asks("reunification:write", Permission.APPROVE_RELEASE))
def approve_release(request: HttpRequest, id: Id, body: SignatureIn, key: Key = "") -> Any:  # noqa: A002
    """Agree as another organisation to what was read; the digest says what that was. Wants a step-up."""

    def work(by: Actor, at: datetime) -> Schema:
        asked = queries.release_of(by, id, at=at)
        return Receipt(id=releasing.approve_release(release=asked, digest=body.digest, by=by, at=at).pk)

    return write(request, key, body, work)


@router.post(
    "/releases/{id}/revocation",
    summary="Take a release back",
    **asks("reunification:write", Permission.REQUEST_RELEASE, Permission.APPROVE_RELEASE),
)
def revoke_release(request: HttpRequest, id: Id, body: RevocationIn, key: Key = "") -> Any:  # noqa: A002
    """The child goes nowhere on its strength any more."""

    def work(by: Actor, at: datetime) -> Schema:
        asked = queries.release_of(by, id, at=at)
        return Receipt(id=releasing.revoke_release(release=asked, note=body.note, by=by, at=at).pk)

    return write(request, key, body, work)


@router.post("/releases/{id}/offer", summary="Hand the child over", **asks("reunification:write", Permission.REQUEST_RELEASE))
def offer_return(request: HttpRequest, id: Id, body: ReturnOfferIn, key: Key = "") -> Any:  # noqa: A002
    """The institution's first signature: the child, whoever takes it, and a colleague who signs are at the door."""

    def work(by: Actor, at: datetime) -> Schema:
        release = queries.release_of(by, id, at=at)
        with named("recipient"):
            recipient = rows.receiver_of(release, body.recipient) if body.recipient else None
        signed = body.model_dump(exclude={"recipient"})
        return Receipt(id=releasing.offer_return(release=release, recipient=recipient, by=by, at=at, **signed).pk)

    return write(request, key, body, work)


@router.post(
    "/releases/{id}/completion", summary="Complete the return", **asks("reunification:write", Permission.ACCEPT_HANDOVER)
)
def complete_return(request: HttpRequest, id: Id, body: CompletionIn, key: Key = "") -> Any:  # noqa: A002
    """The second signature, of a colleague or of the authority: the release is carried out, once."""

    def work(by: Actor, at: datetime) -> Schema:
        release = queries.release_to_receive(by, id, at=at)
        return Receipt(id=releasing.complete_return(release=release, by=by, at=at, **body.model_dump()).pk)

    return write(request, key, body, work)


@router.post("/releases/{id}/visits", summary="Tell of a visit", **asks("reunification:write", Permission.VERIFY_CASE))
def visit(request: HttpRequest, id: Id, body: VisitIn, key: Key = "") -> Any:  # noqa: A002
    """The family of a child that went home was visited. Whoever is worried about the child alarms others."""

    def work(by: Actor, at: datetime) -> Schema:
        execution = rows.carried_out(queries.release_of(by, id, at=at))
        return Receipt(id=afterwards.visit(execution=execution, by=by, at=at, **body.model_dump()).pk)

    return write(request, key, body, work)


@router.post("/children/{number}/notices", summary="Tell of a notice", **asks("reunification:write", Permission.VERIFY_CASE))
def publish_notice(request: HttpRequest, number: Number, body: NoticeIn, key: Key = "") -> Any:
    """A public notice asks for the child's parents."""

    def work(by: Actor, at: datetime) -> Schema:
        child = visible_child(int(number), by=by, at=at)
        return Receipt(id=afterwards.publish_notice(child=child, by=by, at=at, **body.model_dump()).pk)

    return write(request, key, body, work)


@router.post("/children/{number}/certificates", summary="Certify", **asks("reunification:write", Permission.CERTIFY_NOT_FOUND))
def certify(request: HttpRequest, number: Number, body: CertificateIn, key: Key = "") -> Any:
    """Police certify that no parents were found yet. The search goes on."""

    def work(by: Actor, at: datetime) -> Schema:
        child = visible_child(int(number), by=by, at=at)
        return Receipt(id=afterwards.certify(child=child, by=by, at=at, **body.model_dump()).pk)

    return write(request, key, body, work)


@router.get(
    "/children/{number}/papers/{kind}/{language}",
    summary="Take a certificate or a notice",
    **reads("reunification:read", Permission.READ_CASE, answer=Any),
)
def take_paper(request: HttpRequest, number: Number, kind: PaperKind, language: Language) -> HttpResponse:
    """A certificate as signed, or as drafted once its day has come; or the notice, as PDF. That it was taken is an event."""
    by, at = actor(request), timezone.now()
    child = visible_child(int(number), by=by, at=at)
    answer = HttpResponse(
        papers.take_paper(child=child, kind=kind, language=language, by=by, at=at), content_type="application/pdf"
    )
    answer["Content-Disposition"] = "attachment"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@router.get(
    "/children/{number}/adoption-gate",
    summary="Read the adoption gate",
    **reads("reunification:read", Permission.READ_CASE, answer=GateOut),
)
def read_adoption_gate(request: HttpRequest, number: Number) -> cases.AdoptionGate:
    """Whether another family may be looked for, and what is missing; asked anew each time."""
    by, at = actor(request), timezone.now()
    return cases.adoption_gate(visible_child(int(number), by=by, at=at).pk, at=at)
