"""Two children at their doors, everything that their releases rest on planted, so that one thing at a time can be spoilt."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from trust.gate.matching import Cast, Pair
from trust.gate.stage import AFTER, AT, BEFORE, Stage, insert

EVIDENCE = ("interview", "line_up", "document", "home_study")
PANEL = (("caseworker", "welfare"), ("doctor", "health"), ("supervisor", "law"))


@dataclass
class Way:
    """A child's, with the numbers of its rows."""

    pair: Pair
    row: dict[str, int] = field(default_factory=dict)

    def __getitem__(self, name: str) -> int:
        return self.row[name]


class Ways:
    """Plants them."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.cast = stage, Cast(stage, "return", 81_200_052, "89")
        self.n = 0
        self.run(f"UPDATE accounts_staff SET id_number = 'head' WHERE id = {self.cast.head}")

    def by(self, name: str, at: str = AT) -> dict[str, Any]:
        """Said by a member of staff."""
        return {"by_id": self.stage.staff(name), "at": at}

    def plant(self, table: str, **columns: Any) -> int:
        """A row of the app."""
        return self.stage.plant(f"reunification_{table}", **columns)

    def person(self, name: str) -> int:
        """Somebody who is known by a number and a telephone."""
        pk = self.stage.plant("operations_person", label=name, by_id=self.stage.staff("officer"), at=AT)
        for kind in ("id", "phone", "name"):
            self.stage.key("operations_personkey", "person_id", pk, kind, f"{kind}-{name}")
        return pk

    def taken(self, kit: int, at: str = AT) -> int:
        """A sample was taken."""
        self.run(f"DELETE FROM laboratory_kithop WHERE kit_id = {kit}")
        told = {"n": 1, "kind": "taken", "place": "x", "witness_id": None, "note": ""}
        return self.stage.plant("laboratory_kithop", kit_id=kit, **told, **self.by("officer", at))

    def matched(self) -> Way:
        """A confirmed match, and a file."""
        pair = self.cast.pair(until="2011-12-31")
        way = Way(pair)
        self.cast.read(pair, "supports", "supports")
        way.row["confirmation"] = self.stage.plant(
            "matching_confirmation", candidate_id=pair.candidate, note="", by_id=self.cast.head, at=AT
        )
        way.row["case"] = self.plant("case", child_id=pair.child, confirmation_id=way["confirmation"], **self.by("caseworker"))
        return way

    def evidence(self, way: Way, kind: str, outcome: str, **more: Any) -> str:
        """SQL of a row."""
        row = {"kind": kind, "who": "x", "held_on": "2011-07-19", "outcome": outcome, "note": "", "corrects_id": None}
        return insert("reunification_evidence", **{"case_id": way["case"]} | row | self.by("caseworker") | more)

    def reply(self, way: Way, pk: int, matches: bool) -> tuple[str, str]:
        """SQL of a detail held back and its answer."""
        asked = {"id": pk, "case_id": way["case"], "question": "x", "answer": "x"}
        told = {"id": pk, "question_id": pk, "said": "x", "matches": matches}
        return (
            insert("reunification_heldback", **asked, **self.by("officer")),
            insert("reunification_heldbackreply", **told, **self.by("caseworker")),
        )

    def enquiry(self, way: Way, pk: int, n: int, result: str, *, signed: bool = True) -> tuple[str, ...]:
        """SQL of an enquiry."""
        row = {"id": pk, "case_id": way["case"], "n": n, "result": result, "document": "x", "note": ""}
        sign = insert("reunification_countersignature", enquiry_id=pk, **self.by("supervisor"))
        return (insert("reunification_enquiry", **row, **self.by("officer_gd")), *((sign,) if signed else ()))

    def suit(self, enquiry: int, pk: int, *outcomes: str) -> tuple[str, ...]:
        """SQL of a guardianship that is to be taken away, and what the court said."""
        row = {"id": pk, "enquiry_id": enquiry, **self.by("officer_gd")}
        ends = [
            insert("reunification_guardianshipend", guardianship_id=pk, outcome=one, document="x", **self.by("supervisor"))
            for one in outcomes
        ]
        return (insert("reunification_guardianship", **row), *ends)

    def determination(self, way: Way, pk: int, n: int, decision: str = "reunify", until: str = AFTER) -> str:
        """SQL of a proposal."""
        row = {"id": pk, "case_id": way["case"], "n": n, "decision": decision, "reasons": "x", "valid_until": until}
        return insert("reunification_determination", **row, **self.by("caseworker"))

    def vote(self, determination: int, who: str, discipline: str, agrees: bool) -> str:
        """SQL of a vote."""
        row = {"determination_id": determination, "discipline": discipline, "agrees": agrees, "dissent": "x"}
        return insert("reunification_vote", **row, **self.by(who))

    def run(self, *statements: str) -> None:
        """Write these for good."""
        from django.db import connection

        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    def door(self, name: str) -> Way:
        """All the way to the door."""
        way = self.matched()
        self.n += 1
        base = 2_000_000 + 1000 * self.n
        child, case = way.pair.child, way["case"]
        for kind in EVIDENCE:
            self.run(self.evidence(way, kind, "supports"))
        for i in (1, 2):
            self.run(*self.reply(way, base + i, True))
        self.run(*self.enquiry(way, base + 3, 1, "cleared"), self.determination(way, base + 4, 1))
        self.run(*(self.vote(base + 4, who, of, True) for who, of in PANEL))
        way.row |= {"enquiry": base + 3, "determination": base + 4, "reply": base + 1, "base": base}
        way.row["mother"], way.row["husband"] = self.person(f"mother of {name}"), self.person(f"husband of {name}")
        state = {"relative_id": way.pair.relative, "n": 1, "name": "x", "born": None, "life": "living", "reach": "willing"}
        way.row["state"] = self.stage.plant(
            "families_relativestate", **state, person_id=way["mother"], note="", **self.by("officer")
        )
        way.row["release"] = self.plant("release", **self.release_columns(way))
        way.row["receives"] = self.plant(
            "releaseperson", release_id=way["release"], person_id=way["mother"], relative_id=way.pair.relative, receives=True
        )
        self.plant("releaseperson", release_id=way["release"], person_id=way["husband"], relative_id=None, receives=False)
        self.stage.key("reunification_releasekey", "release_id", way["release"], "address", f"home of {name}")
        for who in ("supervisor", "supervisor2"):
            way.row[who] = self.plant("approval", release_id=way["release"], digest="d", **self.by(who))
        kits = self.cast.childs_kit(child), self.cast.relatives_kit(way.pair.relative)
        way.row["child_kit"], way.row["relative_kit"] = kits
        way.row["child_hop"], way.row["relative_hop"] = (self.taken(kit) for kit in kits)
        way.row["check"] = self.plant("freshcheck", **self.check_columns(way))
        way.row["offer"] = self.stage.plant("custody_handoveroffer", **self.offer_columns(way))
        assert case
        return way

    def release_columns(self, way: Way, **more: Any) -> dict[str, Any]:
        """Of a release home."""
        of = {"case_id": way["case"], "child_id": way.pair.child, "enquiry_id": way["enquiry"]}
        of |= {"determination_id": way["determination"], "institution_id": self.stage.place("home"), "to_id": None}
        return of | {"kind": "family", "address": "x", "digest": "d", "valid_until": AFTER} | self.by("caseworker") | more

    def check_columns(self, way: Way, **more: Any) -> dict[str, Any]:
        """Of samples that agree."""
        of = {"release_id": way["release"], "person_id": way["receives"]}
        kits = {"child_kit_id": way["child_kit"], "relative_kit_id": way["relative_kit"]}
        return of | kits | {"agrees": True, "at": AT} | more

    def offer_columns(self, way: Way, **more: Any) -> dict[str, Any]:
        """Of the first signature."""
        return self.stage.offer_columns(way.pair.child, "reunified", recipient_id=way["mother"], **more)

    def execution_columns(self, way: Way, **more: Any) -> dict[str, Any]:
        """Of the second."""
        of = {"release_id": way["release"], "offer_id": way["offer"], "check_of_id": way["check"]}
        return of | self.by("caseworker2", AFTER) | more


__all__ = ["AFTER", "AT", "BEFORE", "EVIDENCE", "PANEL", "Way", "Ways"]
