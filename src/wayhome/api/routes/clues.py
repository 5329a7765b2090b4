"""Clues: taken down in one call, brought forward step by step, and linked by what few share."""

from __future__ import annotations

from datetime import date, datetime
from types import SimpleNamespace
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Path, Query, Router, Schema

from wayhome.api.calls import After, Body, Key, Limit, Moment, Page, Receipt, actor, asks, named, page, reads, write
from wayhome.casework.accounts import queries as registers
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.clues import actions
from wayhome.casework.clues.queries import clues as queries
from wayhome.casework.clues.queries import hits, links
from wayhome.casework.clues.rules import Relation, Told
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import NotFound
from wayhome.casework.operations.queries import investigations

router = Router()
ClueNumber = Annotated[str, Path(title="Number", description="Number of the clue, nine digits.", pattern=r"^[0-9]{9}$")]
Kind = Literal["person", "victim", "phone", "account", "vehicle", "address", "place", "route"]
FactKind = Literal["name", "alias", "id", "phone", "account", "vehicle", "address", "place"]
State = Literal["received", "triaged", "assigned", "linked", "corroborated", "actioned", "unfounded", "dormant"]
_SHOWN = (
    "number",
    "received_at",
    "channel",
    "source_grade",
    "info_grade",
    "language",
    "jurisdiction",
    "agency",
    "state",
    "text",
    "anonymous",
    "protected",
)


class FactIn(Body):
    """By what somebody or something is recognised."""

    kind: FactKind = Field(description="What it is.")
    value: str = Field(description="As it was told, in any script.", min_length=1, max_length=200)


class MentionIn(Body):
    """Somebody or something that a clue speaks of."""

    kind: Kind = Field(description="What it is.")
    facts: list[FactIn] = Field(description="By what it is recognised.", min_length=1, max_length=20)
    label: str = Field("", description="What to call it; its first fact if empty.", max_length=200)


class RelationIn(Body):
    """Who does what with whom. Ends are places in the list of what the clue speaks of; the first is 0."""

    one: int = Field(description="Who.", ge=0, le=999)
    verb: Literal["uses", "drives", "lives_at", "carries", "seen_at", "kin_of", "pays", "moves", "travels", "calls"] = Field(
        description="Does what."
    )
    other: int = Field(description="With whom or what.", ge=0, le=999)
    role: Literal[
        "", "suspect", "organiser", "transporter", "intermediary", "buyer", "seller", "medical", "witness", "victim"
    ] = Field("", description="As what.")
    on: date | None = Field(None, description="On which day.")
    origin: int | None = Field(None, description="From where.", ge=0, le=999)
    destination: int | None = Field(None, description="Where to.", ge=0, le=999)


class MentionsIn(Body):
    """What a clue speaks of."""

    speaks_of: list[MentionIn] = Field([], description="Persons and things.", max_length=100)
    relations: list[RelationIn] = Field([], description="Who does what with whom.", max_length=100)

    def told(self) -> dict[str, Any]:
        """As keywords of an action."""
        return {
            "speaks_of": [Told(one.kind, [(fact.kind, fact.value) for fact in one.facts], one.label) for one in self.speaks_of],
            "relations": [Relation(**one.model_dump()) for one in self.relations],
        }


class ClueIn(MentionsIn):
    """What somebody told."""

    text: str = Field(description="In their own words and language.", min_length=1, max_length=20_000)
    received_at: Moment = Field(description="When it came in.")
    channel: Literal["hotline", "visit", "letter", "message", "patrol", "interview", "partner", "board", "other"] = Field(
        description="How it came in."
    )
    source_grade: Literal["A", "B", "C", "D", "E", "F"] = Field(description="Reliability of the source, A always to F unknown.")
    info_grade: int = Field(description="Credibility, 1 confirmed to 6 unknown.", ge=1, le=6)
    language: Literal["zh", "vi", "en", "other"] = Field(description="Language of the text.")
    jurisdiction: str = Field(description="Code of the own jurisdiction, or of one below it.", max_length=20)
    anonymous: bool = Field(False, description="Whether nobody knows who told it.")
    protected: bool = Field(False, description="Whether who told it must be protected.")
    source: str = Field("", description="Who told it, in words: for the own agency alone.", max_length=500)


class StepIn(Body):
    """The next step of a clue."""

    state: State = Field(description="Where it stands from now on.")
    assigned_to: str | None = Field(None, description="Staff number of an officer of the own agency.", max_length=30)
    note: str = Field("", description="Why.", max_length=300)


class VerdictIn(Body):
    """Whether another clue belongs to this one."""

    other: str = Field(description="Number of the other clue.", pattern=r"^[0-9]{9}$")
    confirmed: bool = Field(description="Whether they belong together.")
    note: str = Field(description="Why.", min_length=1, max_length=300)


class OpeningIn(Body):
    """With whom to open."""

    agency: str = Field(description="Code of the agency that a hit names.", max_length=30)


class CompartmentIn(Body):
    """Whose task force alone shall know of it."""

    investigation: str = Field(description="Number of the investigation.", pattern=r"^[0-9]{9}$")


class ClueOut(Schema):
    """A clue in a list."""

    number: str = Field(description="Its number, nine digits.")
    received_at: datetime = Field(description="When it came in.")
    channel: str = Field(description="How.")
    source_grade: str = Field(description="Reliability of the source.")
    info_grade: int = Field(description="Credibility of what was told.")
    language: str = Field(description="Language of the text.")
    jurisdiction: str = Field(description="Code of the jurisdiction.", alias="jurisdiction.code")
    agency: str = Field(description="Code of the agency that holds it.", alias="agency.code")
    state: str = Field("", description="Where it stands.")


class FactOut(Schema):
    """A fact."""

    kind: str = Field(description="What it is.")
    script: str = Field(description="Script of a name: hani, latn or latn_vi.")
    value: str = Field(description="As it was told.")


class MentionOut(Schema):
    """Somebody or something that a clue speaks of."""

    kind: str = Field(description="What it is.")
    label: str = Field(description="What it is called.")
    facts: list[FactOut] = Field(description="By what it is recognised.")


class RelationOut(Schema):
    """Who does what with whom."""

    one: str = Field(description="Who.", alias="one.label")
    verb: str = Field(description="Does what.")
    other: str = Field(description="With whom or what.", alias="other.label")
    role: str = Field(description="As what.")
    on: date | None = Field(description="On which day.")
    origin: str | None = Field(None, description="From where.", alias="origin.label")
    destination: str | None = Field(None, description="Where to.", alias="destination.label")


class WholeClueOut(ClueOut):
    """A clue with everything in it."""

    text: str = Field(description="In the words in which it was told.")
    anonymous: bool = Field(description="Whether nobody knows who told it.")
    protected: bool = Field(description="Whether who told it must be protected.")
    source: str = Field("", description="Who told it; empty for every agency but the clue's own.")
    speaks_of: list[MentionOut] = Field(description="What it speaks of.")
    relations: list[RelationOut] = Field(description="How that hangs together.")


class ReasonOut(Schema):
    """Why two clues may belong together."""

    kind: str = Field(description="What they share.")
    value: str = Field(description="As this clue says it.")
    holders: int = Field(description="Clues that have it, of those that the caller may read.")
    worth: float = Field(description="What it adds to the score.")


class ProposalOut(Schema):
    """Another clue that may belong to this one."""

    clue: ClueOut = Field(description="The other clue.", alias="other")
    score: float = Field(description="All reasons together.")
    standing: str = Field(description="open, confirmed or rejected.")
    reasons: list[ReasonOut] = Field(description="The weightiest first.")


class CommonOut(Schema):
    """What too many clues have to look for others by it."""

    kind: str = Field(description="What it is.")
    value: str = Field(description="As this clue says it.")
    holders: int = Field(description="Clues that have it, of those that the caller may read.")


class ProposalsOut(Schema):
    """Clues that may belong to one."""

    found: list[ProposalOut] = Field(description="The best first.")
    common: list[CommonOut] = Field(description="By which alone nobody was looked for.")
    more: int = Field(description="Clues that share something and were not weighed.")


class PairOut(Schema):
    """Two clues of a cluster."""

    one: str = Field(description="Number of a clue.")
    other: str = Field(description="Number of another.")
    standing: str = Field(description="confirmed or proposed.")


class ClusterOut(Schema):
    """Clues joined to one another."""

    clues: list[str] = Field(description="Their numbers.")
    pairs: list[PairOut] = Field(description="What joins them.")
    more: bool = Field(description="Whether others are joined to these that were not looked at.")


class HitOut(Schema):
    """Another unit holds something with the same number; nothing of it is told."""

    agency: str = Field(description="Code of the agency to call.")
    name: str = Field(description="Its name.")
    kinds: list[str] = Field(description="Kinds of number that are the same.")
    agreed: bool = Field(description="Whether the own side agreed to open.")


class HitsOut(Schema):
    """Whom to call about a clue."""

    items: list[HitOut] = Field(description="By agency.")


@router.post("/clues", summary="Take a clue down", **asks("clues:write", Permission.RECORD_CLUE))
def record_clue(request: HttpRequest, body: ClueIn, key: Key = "") -> Any:
    """What somebody told, with everything that it speaks of."""

    def work(by: Actor, at: datetime) -> Schema:
        with named("jurisdiction"):
            jurisdiction = registers.jurisdiction(body.jurisdiction)
        plain = body.model_dump(exclude={"speaks_of", "relations", "jurisdiction"})
        return Receipt(id=actions.record_clue(jurisdiction=jurisdiction, **plain, **body.told(), by=by, at=at).pk)

    return write(request, key, body, work)


@router.get("/clues", summary="List clues", **reads("clues:read", Permission.READ_CLUE, answer=Page[ClueOut]))
def list_clues(
    request: HttpRequest,
    like: Annotated[
        str,
        Query(title="Like", description="A name, number or place that they speak of.", max_length=200, pattern=r"^[^\x00]*$"),
    ] = "",
    after: After = "",
    limit: Limit = 50,
) -> dict[str, Any]:
    """Clues that the caller may read."""
    by = actor(request)
    return page(queries.clues_like(by, like) if like else queries.clues_of(by), after=after, limit=limit)


@router.get("/clues/{number}", summary="Read a clue", **reads("clues:read", Permission.READ_CLUE, answer=WholeClueOut))
def read_clue(request: HttpRequest, number: ClueNumber) -> Any:
    """Everything in it. That it was read is an event."""
    by = actor(request)
    clue = actions.read_clue(clue_id=int(number), by=by, at=timezone.now())
    return SimpleNamespace(
        **{name: getattr(clue, name) for name in _SHOWN},
        source=queries.source_of(by, clue),
        speaks_of=[
            SimpleNamespace(kind=one.kind, label=one.label, facts=list(one.facts.all())) for one in queries.mentions_of(by, clue)
        ],
        relations=list(queries.edges_of(by, clue)),
    )


@router.post("/clues/{number}/mentions", summary="Add to a clue", **asks("clues:write", Permission.RECORD_CLUE))
def add_mentions(request: HttpRequest, number: ClueNumber, body: MentionsIn, key: Key = "") -> Any:
    """What was not known yet. Relations count what is there already first."""

    def work(by: Actor, at: datetime) -> Schema:
        clue = queries.clue_of(by, int(number))
        actions.add_mentions(clue=clue, **body.told(), by=by, at=at)
        return Receipt(id=clue.pk)

    return write(request, key, body, work)


@router.post("/clues/{number}/steps", summary="Bring a clue forward", **asks("clues:write", Permission.RECORD_CLUE))
def triage(request: HttpRequest, number: ClueNumber, body: StepIn, key: Key = "") -> Any:
    """Say where it stands from now on."""

    def work(by: Actor, at: datetime) -> Schema:
        clue = queries.clue_of(by, int(number))
        with named("assigned_to"):
            assigned_to = registers.staff_member(body.assigned_to) if body.assigned_to else None
        actions.triage(clue=clue, state=body.state, assigned_to=assigned_to, note=body.note, by=by, at=at)
        return Receipt(id=clue.pk)

    return write(request, key, body, work)


@router.get(
    "/clues/{number}/proposals",
    summary="List what a clue may belong to",
    **reads("clues:read", Permission.READ_CLUE, answer=ProposalsOut),
)
def list_proposals(request: HttpRequest, number: ClueNumber) -> Any:
    """Other clues that share what few share, of those that the caller may read, with every reason."""
    by = actor(request)
    told = links.proposals(by, queries.clue_of(by, int(number)))
    common = [{"kind": kind, "value": value, "holders": holders} for kind, value, holders in told.common]
    return {"found": list(told.found), "common": common, "more": told.more}


@router.get(
    "/clues/{number}/cluster",
    summary="Read the cluster of a clue",
    **reads("clues:read", Permission.READ_CLUE, answer=ClusterOut),
)
def read_cluster(
    request: HttpRequest,
    number: ClueNumber,
    proposed: Annotated[bool, Query(title="Proposed", description="With pairs that nobody decided on yet.")] = False,
) -> Any:
    """Clues that were joined to it, one after the other."""
    by = actor(request)
    told = links.cluster(by, queries.clue_of(by, int(number)), proposed=proposed)
    pairs = [{"one": f"{one:09d}", "other": f"{other:09d}", "standing": how} for one, other, how in told.pairs]
    return {"clues": [f"{clue:09d}" for clue in told.clues], "pairs": pairs, "more": told.more}


@router.post("/clues/{number}/verdicts", summary="Decide on a pair of clues", **asks("clues:write", Permission.RECORD_CLUE))
def judge_pair(request: HttpRequest, number: ClueNumber, body: VerdictIn, key: Key = "") -> Any:
    """Say whether another clue belongs to this one. Of two jurisdictions each says so before it counts."""

    def work(by: Actor, at: datetime) -> Schema:
        clue = queries.clue_of(by, int(number))
        with named("other"):
            other = queries.clue_of(by, int(body.other))
        actions.judge_pair(clue=clue, other=other, confirmed=body.confirmed, note=body.note, by=by, at=at)
        return Receipt(id=clue.pk)

    return write(request, key, body, work)


@router.get("/clues/{number}/hits", summary="List whom to call", **reads("clues:read", Permission.READ_CLUE, answer=HitsOut))
def list_hits(request: HttpRequest, number: ClueNumber) -> Any:
    """Agencies that hold something with the same number which the caller may not read."""
    by = actor(request)
    return {"items": hits.hits(by, queries.clue_of(by, int(number)))}


@router.post("/clues/{number}/openings", summary="Agree to open a clue", **asks("clues:write", Permission.RECORD_CLUE))
def agree_to_open(request: HttpRequest, number: ClueNumber, body: OpeningIn, key: Key = "") -> Any:
    """Agree that the agency of a hit may read this clue. Each reads the other's when both agreed; who told it is never shown."""

    def work(by: Actor, at: datetime) -> Schema:
        clue = queries.clue_of(by, int(number))
        with named("agency"):
            agency = next((one for one in registers.agencies() if one.code == body.agency), None)
            if agency is None:
                raise NotFound(agency=body.agency)
            actions.agree_to_open(clue=clue, agency=agency, by=by, at=at)
        return Receipt(id=clue.pk)

    return write(request, key, body, work)


@router.post("/clues/{number}/compartment", summary="Shut a clue in", **asks("clues:write", Permission.RECORD_CLUE))
def put_in_compartment(request: HttpRequest, number: ClueNumber, body: CompartmentIn, key: Key = "") -> Any:
    """From here on the task force of an investigation alone knows of it."""

    def work(by: Actor, at: datetime) -> Schema:
        clue = queries.clue_of(by, int(number))
        with named("investigation"):
            investigation = investigations.investigation_of(by, int(body.investigation))
        actions.put_in_compartment(clue=clue, investigation=investigation, by=by, at=at)
        return Receipt(id=clue.pk)

    return write(request, key, body, work)
