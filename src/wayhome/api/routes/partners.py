"""Partners' houses: shared cases, messages, questions by DNA, what is told of a child, and whom its return waits for."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema

from wayhome.api.calls import AnyMoment, Body, Id, Key, Receipt, Text, actor, asks, named, reads, write
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.core.actors import Actor
from wayhome.casework.custody.queries import visible_child
from wayhome.casework.exchange.actions import dna_asked, dna_asking, files, messages, nodes
from wayhome.casework.exchange.queries import corrections as correction_queries
from wayhome.casework.exchange.queries import desk, over
from wayhome.casework.exchange.queries import dna as dna_queries
from wayhome.casework.exchange.queries import files as file_queries
from wayhome.casework.exchange.queries import messages as message_queries

router = Router()
WRITE, APPROVE = Permission.WRITE_PARTNERS, Permission.APPROVE_DISCLOSURE
MOST = 200


class SharedCaseIn(Body):
    """A case that both sides agreed upon by letter."""

    node: str = Field(description="Code of the partner's node.", max_length=12)
    number: str = Field(description="The number that both use.", max_length=40)


class SharedCaseOut(Schema):
    """A shared case."""

    id: int = Field(description="Number of the record.")
    node: str = Field(description="Code of the partner's node.")
    number: str = Field(description="The number that both use.")


class SharedCasesOut(Schema):
    """Shared cases."""

    items: list[SharedCaseOut] = Field(description="Those that the caller may know of.")


class WaitsOut(Schema):
    """Something that waits."""

    who: str = Field(description='"us" or "them".')
    what: str = Field(description="What is waited for.")
    case: int = Field(description="The shared case.")
    of: int = Field(description="Number of the record that it is about; of a gap, of the message.")
    since: datetime = Field(description="Since when.")


class DeskOut(Schema):
    """What waits, the longest first."""

    items: list[WaitsOut] = Field(description="In the cases that the caller may know of.")


class MessageOut(Schema):
    """A message."""

    id: int = Field(description="Number of the record.")
    ours: bool = Field(description="Whether this side wrote it.")
    kind: str = Field(description="What kind it is.")
    sequence: int = Field(description="Place among its writer's messages of the case.")
    text: str = Field(description='What it says; "" where it is no text.')
    answers: int | None = Field(description="Number of the message that it answers.")
    at: datetime = Field(description="When it was written, or came.")
    delivered: bool = Field(description="Whether the other side has it.")
    erased: bool = Field(description="Whether what it told is gone.")


class CaseOut(SharedCaseOut):
    """A shared case with what was said and whom it is about."""

    ended: str = Field(description='How this side has ended it: closed or withdrawn; "" where it is open.')
    ended_there: bool = Field(description="Whether the partner has ended it.")

    missing: list[int] = Field(description="Numbers of the partner's messages that did not come, while later ones did.")
    children: list[int] = Field(description="Records of children in this case.")
    messages: list[MessageOut] = Field(description="In the order in which they were written or came.")


class MessageIn(Body):
    """What is said."""

    kind: str = Field(description="notice, question or answer.", max_length=12)
    text: Text = Field(description="What it says.", max_length=40_000)
    answers: int | None = Field(None, description="Number of the partner's question that it answers.", ge=1, le=2**31)


class TieIn(Body):
    """A child."""

    child: str = Field(description="The child's number.", pattern=r"^[0-9]{9}$")


class StepOut(Schema):
    """A step of waiting."""

    n: int = Field(description="Which.")
    who: str = Field(description="For whom: ours, theirs, court, documents.")
    what: str = Field(description="For what.")
    since: datetime = Field(description="From when.")
    days: int = Field(description="Days that began in it.")
    why: str = Field(description='Why it is another than was told first; "" where it is not.')


class FileOut(Schema):
    """A child's return abroad."""

    child: str = Field(description="The child's number.")
    case: int = Field(description="The shared case.")
    days: int = Field(description="From the rescue to the handover, or to now.")
    done: bool = Field(description="Whether the child was handed over.")
    by_who: dict[str, int] = Field(description="Days by whom they were waited for.")
    untold: int = Field(description="Days before the first step.")
    steps: list[StepOut] = Field(description="In their order.")
    taken_back: list[int] = Field(description="Numbers of steps that there never were.")
    stands: bool = Field(description="Whether the case is about this child, or was tied to it wrongly.")
    questions: list[dict[str, Any]] = Field(description="Questions by DNA, with what came back.")
    packages: list[dict[str, Any]] = Field(description="What was, or is to be, told.")


class StepIn(Body):
    """Whom a return waits for from a moment on."""

    who: str = Field(description="ours, theirs, court or documents.", max_length=10)
    what: Text = Field(description="For what.", max_length=200)
    since: AnyMoment = Field(description="From when.")


class BasisIn(Body):
    """What lets a child's data go abroad."""

    basis: str = Field(description="treaty, convention, guardian or court.", max_length=20)


class PackageIn(Body):
    """Fields to be told, each with what lets it be told."""

    fields: dict[Annotated[str, Field(max_length=20)], Annotated[str, Field(max_length=20)]] = Field(
        description="Field: basis.", max_length=20
    )


class PackageOut(Schema):
    """What is, or was, to be told."""

    id: int = Field(description="Number of the record.")
    bases: dict[str, str] = Field(description="Field: what lets it be told.")
    values: dict[str, dict[str, Any]] = Field(description="Field: what would be told.")
    sent: bool = Field(description="Whether it went out.")


class LookIn(Body):
    """What somebody makes of what the search found."""

    answered: bool = Field(description="Whether the partner may have it.")
    note: Text = Field("", description="Why not.", max_length=300)


class Nothing(Body):
    """No more than who asks."""


def _case(case: Any) -> dict[str, Any]:
    return {"id": case.pk, "node": case.node.code, "number": case.number}


@router.get("/partners/waiting", summary="List what waits", **reads("partners:read", WRITE, answer=DeskOut))
def waiting(request: HttpRequest) -> Any:
    """What waits for us and for partners, the longest first."""
    rows = desk.waits(desk.cases_of(actor(request)))[:MOST]
    return {"items": [{"who": one.who, "what": one.what, "case": one.case.pk, "of": one.of, "since": one.since} for one in rows]}


@router.get("/shared-cases", summary="List shared cases", **reads("partners:read", WRITE, answer=SharedCasesOut))
def list_cases(request: HttpRequest) -> Any:
    """Those of the caller's agency, and of agencies that the caller oversees."""
    return {"items": [_case(one) for one in desk.cases_of(actor(request)).order_by("-pk")[:MOST]]}


@router.post("/shared-cases", summary="Share a case", **asks("partners:write", WRITE))
def share_case(request: HttpRequest, body: SharedCaseIn, key: Key = "") -> Any:
    """From now on both sides may write to each other of it."""

    def work(by: Actor, at: datetime) -> Schema:
        with named("node"):
            node = message_queries.node_of(body.node)
        return Receipt(id=nodes.share_case(node=node, number=body.number, by=by, at=at).pk)

    return write(request, key, body, work)


@router.get("/shared-cases/{id}", summary="Read a shared case", **reads("partners:read", WRITE, answer=CaseOut))
def read_case(request: HttpRequest, id: Id) -> Any:  # noqa: A002
    """What was said on both sides, and whom it is about."""
    case = desk.case_of(actor(request), id)
    end = over.end_of(case)
    return _case(case) | {
        "ended": "" if end is None else end.how,
        "ended_there": over.ended_there(case) is not None,
        "missing": message_queries.missing(case),
        "children": [one.pk for one in desk.children_of(case)],
        "messages": [_message(one) for one in desk.thread(case)],
    }


@router.post("/shared-cases/{id}/messages", summary="Write to a partner", **asks("partners:write", WRITE))
def write_message(request: HttpRequest, id: Id, body: MessageIn, key: Key = "") -> Any:  # noqa: A002
    """It goes out until the partner has said that it came."""

    def work(by: Actor, at: datetime) -> Schema:
        case = desk.case_of(by, id)
        with named("answers"):
            asked = None if body.answers is None else desk.asked_of(case, body.answers)
        return Receipt(id=messages.write(case=case, kind=body.kind, text=body.text, answers=asked, by=by, at=at).pk)

    return write(request, key, body, work)


@router.post("/shared-cases/{id}/children", summary="Tie a child", **asks("partners:write", WRITE))
def tie_child(request: HttpRequest, id: Id, body: TieIn, key: Key = "") -> Any:  # noqa: A002
    """From now on the case is about this child too."""

    def work(by: Actor, at: datetime) -> Schema:
        case = desk.case_of(by, id)
        with named("child"):
            child = visible_child(int(body.child), by=by, at=at)
        return Receipt(id=dna_asking.tie_child(case=case, child=child, by=by, at=at).pk)

    return write(request, key, body, work)


@router.get("/returns-abroad/{id}", summary="Read a return abroad", **reads("partners:read", WRITE, answer=FileOut))
def read_file(request: HttpRequest, id: Id) -> Any:  # noqa: A002
    """Its days, each of somebody; what was asked and told."""
    tied = desk.tied_of(actor(request), id)
    (file,) = file_queries.files(at=timezone.now(), of=[tied.pk])
    told = file.elapsed
    return {
        "child": tied.child.number,
        "case": tied.case_id,
        "days": told.days,
        "done": told.done,
        "by_who": dict(told.by_who),
        "untold": told.untold,
        "steps": [
            {
                "n": one.step.n,
                "who": one.step.who,
                "what": one.step.what,
                "since": one.step.since,
                "days": one.days,
                "why": one.step.why,
            }
            for one in told.steps
        ],
        "taken_back": [one.step.n for one in correction_queries.taken_back(tied)],
        "stands": correction_queries.stands(tied),
        "questions": [
            {"id": one.pk, "basis": one.basis, "approved": one.is_approved, "outcome": one.outcome}
            for one in dna_queries.questions_of(tied)
        ],
        "packages": [{"id": one.pk, "sent": one.is_sent} for one in file_queries.packages_of(tied)],
    }


@router.post("/returns-abroad/{id}/steps", summary="Say whom a return waits for", **asks("partners:write", WRITE))
def wait_for(request: HttpRequest, id: Id, body: StepIn, key: Key = "") -> Any:  # noqa: A002
    """From a moment on, until the next step or the handover."""

    def work(by: Actor, at: datetime) -> Schema:
        tied = desk.tied_of(by, id)
        return Receipt(id=files.wait_for(of=tied, who=body.who, what=body.what, since=body.since, by=by, at=at).pk)

    return write(request, key, body, work)


@router.post("/returns-abroad/{id}/dna-questions", summary="Ask by DNA", **asks("partners:write", WRITE))
def ask_dna(request: HttpRequest, id: Id, body: BasisIn, key: Key = "") -> Any:  # noqa: A002
    """Have the partner asked by the child's sample; it goes out when a second person says so."""

    def work(by: Actor, at: datetime) -> Schema:
        return Receipt(id=dna_asking.ask(of=desk.tied_of(by, id), basis=body.basis, by=by, at=at).pk)

    return write(request, key, body, work)


@router.post("/dna-questions/{id}/approval", summary="Approve a question by DNA", **asks("partners:write", APPROVE))
def approve_dna(request: HttpRequest, id: Id, body: Nothing, key: Key = "") -> Any:  # noqa: A002
    """A second person lets it go out."""

    def work(by: Actor, at: datetime) -> Schema:
        return Receipt(id=dna_asking.approve(question=desk.question_of(by, id), by=by, at=at).pk)

    return write(request, key, body, work)


@router.post("/dna-found/{id}/look", summary="Look before a partner is answered", **asks("partners:write", APPROVE))
def look(request: HttpRequest, id: Id, body: LookIn, key: Key = "") -> Any:  # noqa: A002
    """Let the partner have what the search found, or decline."""

    def work(by: Actor, at: datetime) -> Schema:
        found = desk.found_of(by, id)
        return Receipt(id=dna_asked.look(found=found, answered=body.answered, note=body.note, by=by, at=at).pk)

    return write(request, key, body, work)


@router.post("/returns-abroad/{id}/packages", summary="Propose what is told", **asks("partners:write", WRITE))
def propose_package(request: HttpRequest, id: Id, body: PackageIn, key: Key = "") -> Any:  # noqa: A002
    """Choose fields, each with what lets it be told; they go out when a second person says so."""

    def work(by: Actor, at: datetime) -> Schema:
        return Receipt(id=files.propose(of=desk.tied_of(by, id), fields=body.fields, by=by, at=at).pk)

    return write(request, key, body, work)


@router.get("/packages/{id}", summary="Read what is told", **reads("partners:read", WRITE, answer=PackageOut))
def read_package(request: HttpRequest, id: Id) -> Any:  # noqa: A002
    """The fields as they would be, or were, told."""
    package = desk.package_of(actor(request), id)
    return {
        "id": package.pk,
        "bases": file_queries.chosen(package),
        "values": file_queries.told(package),
        "sent": file_queries.is_sent(package),
    }


@router.post("/packages/{id}/approval", summary="Approve what is told", **asks("partners:write", APPROVE))
def approve_package(request: HttpRequest, id: Id, body: Nothing, key: Key = "") -> Any:  # noqa: A002
    """A second person lets it go out, as it was proposed."""

    def work(by: Actor, at: datetime) -> Schema:
        return Receipt(id=files.approve(package=desk.package_of(by, id), by=by, at=at).pk)

    return write(request, key, body, work)


def _message(one: Any) -> dict[str, Any]:
    told = message_queries.told(one)
    return {
        "id": one.pk,
        "ours": told.ours,
        "kind": one.kind,
        "sequence": one.sequence,
        "text": told.text,
        "answers": one.answers_id,
        "at": one.at,
        "delivered": told.delivered,
        "erased": told.erased,
    }
