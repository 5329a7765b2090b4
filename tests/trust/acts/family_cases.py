"""What the actions on a family's file are asked, legal and not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from factories.families import MOTHER, TOLD, asks
from factories.pages import picture
from trust.acts.bench import NOON, Case
from trust.acts.stage import Stage
from trust.acts.typed import typed
from wayhome.casework.core import numbers
from wayhome.casework.families import actions
from wayhome.casework.families.rules import LONGEST_CONSENT

DAY = NOON.date()
DENIED = "not allowed: not_allowed"
NO_DAYS = dict.fromkeys(("born_from", "born_to", "lost_from", "lost_to"))


def told(s: Stage, *without: str, **changes: Any) -> dict[str, Any]:
    """What a family says of a child."""
    all_of_it = TOLD | {"where": s.world.jurisdictions["GX"]} | changes
    return {field: value for field, value in all_of_it.items() if field not in without}


def heard() -> Iterator[Case]:
    """A family comes, and comes again."""

    def record(
        s: Stage, by: str = "officer", who: Any = MOTHER, relation: str = "mother", without: tuple[str, ...] = (), **changes: Any
    ) -> Any:
        known = told(s, *without, **changes)
        return actions.record_request(inquirer=who, relation=relation, told=known, **s.who(by))

    yield Case("record_request", "done", record)
    yield Case("record_request: the father, on record", "done", lambda s: record(s, who=s.carer, relation="father"))
    yield Case("record_request: an aunt", "done", lambda s: record(s, relation="other_kin"))
    yield Case("record_request: of a long name", "done", lambda s: record(s, who=[("name", "  " + "n" * 81)]))
    yield Case(
        "record_request: three names", "done", lambda s: record(s, child_name="李小妹 / Nguyễn Thị Ngọc Ánh、Xiaoyue Li Maria")
    )
    few = ("where", "circumstances", "looks", "blood_group")
    yield Case("record_request: of whom little is known", "done", lambda s: record(s, without=few))
    yield Case("record_request: a nurse", DENIED, lambda s: record(s, "nurse"))
    yield from typed(
        "record_request",
        record,
        relation=({"relation": "buyer"}, "relation unknown_choice"),
        nameless=({"who": [("phone", "13877001199")]}, "name required"),
        blank=({"who": [("name", "  ")]}, "name required"),
        more=({"buyer": "x"}, "buyer unknown_field"),
        child=({"child_name": " "}, "child_name required"),
        long_child=({"child_name": "n" * 121}, "child_name too_long"),
        place=({"place": " "}, "place required"),
        long_place=({"place": "n" * 201}, "place too_long"),
        long_story=({"circumstances": "n" * 4001}, "circumstances too_long"),
        long_looks=({"looks": "n" * 2001}, "looks too_long"),
        sex=({"sex": "X"}, "sex unknown_choice"),
        no_sex=({"without": ("sex",)}, "sex unknown_choice"),
        cause=({"cause": "given"}, "cause unknown_choice"),
        no_cause=({"without": ("cause",)}, "cause unknown_choice"),
        blood=({"blood_group": "C"}, "blood_group unknown_choice"),
        known_blood=({"blood_group": "AB"}, ""),
        one_day=({"born_from": DAY, "born_to": DAY, "lost_from": DAY, "lost_to": DAY}, ""),
        no_days=(NO_DAYS, "born_from required, born_to required, lost_from required, lost_to required"),
        no_birth=({"born_to": None}, "born_to required"),
        first_day=({"born_from": date(1949, 1, 1)}, ""),
        too_old=({"born_from": date(1948, 12, 31)}, "born_from implausible"),
        birth=({"born_to": date(2011, 1, 2)}, "born_to before_first"),
        loss=({"lost_to": date(2011, 4, 30)}, "lost_to before_first"),
        unborn=({"born_from": DAY, "born_to": DAY}, "lost_to before_birth"),
        tomorrow=({"lost_to": DAY + timedelta(days=2)}, "lost_to in_future"),
    )

    def numbered(s: Stage, *first: str) -> Any:
        """These numbers are made up before one that is free."""
        given = iter([*first, "111111118"])
        numbers.new_number = lambda: next(given)
        return record(s)

    yield Case("record_request: a number that is another's", "done", lambda s: numbered(s, s.family.number))
    yield Case("record_request: no number at all", "done", lambda s: numbered(s, "000000000"))

    def read(s: Stage, by: str = "officer") -> Any:
        return actions.read_request(request_id=s.family.pk, **s.who(by))

    yield Case("read_request", "done", read)
    yield Case("read_request: a supervisor", "done", lambda s: read(s, "supervisor"))
    yield Case("read_request: a nurse", DENIED, lambda s: read(s, "nurse"))
    yield Case("read_request: another's", "not found", lambda s: read(s, "officer_gd"))

    def describe(
        s: Stage, by: str = "officer", of: str = "family", n: int = 1, without: tuple[str, ...] = (), **changes: Any
    ) -> Any:
        known = told(s, *without, **{"sex": "U"} | changes)
        return actions.describe(request=getattr(s, of), n=n, told=known, **s.who(by))

    yield Case("describe_request", "done", describe)
    yield Case("describe_request: as before", "done", lambda s: describe(s, sex="F"))
    yield Case("describe_request: where is not known after all", "done", lambda s: describe(s, sex="F", without=("where",)))
    yield Case("describe_request: another name", "done", lambda s: describe(s, child_name="李小妹 / 李小花"))
    yield Case("describe_request: the fourth time", "done", lambda s: describe(s, of="anew", n=3))
    yield Case(
        "describe_request: as the third time",
        "done",
        lambda s: describe(s, of="anew", n=3, sex="F", child_name="黎小宝", cause="unknown", where=s.world.jurisdictions["GD"]),
    )
    yield Case("describe_request: somebody was quicker", "conflict", lambda s: describe(s, of="anew", n=1))
    yield Case("describe_request: somebody was a little quicker", "conflict", lambda s: describe(s, of="anew", n=2))
    yield Case("describe_request: never read", "invalid: n unknown_version", lambda s: describe(s, n=2))
    yield Case("describe_request: before the first", "invalid: n unknown_version", lambda s: describe(s, n=0))
    yield Case("describe_request: what cannot be", "invalid: sex unknown_choice", lambda s: describe(s, sex="X"))
    yield Case("describe_request: over", "refused: request_over", lambda s: describe(s, of="over"))
    yield Case("describe_request: a nurse", DENIED, lambda s: describe(s, "nurse"))
    yield Case("describe_request: a supervisor", DENIED, lambda s: describe(s, "supervisor"))
    yield Case("describe_request: another's", "not found", lambda s: describe(s, "officer_gd"))


def added() -> Iterator[Case]:
    """Marks, things, pictures, and the end."""

    def mark(s: Stage, by: str = "officer", of: str = "family", **given: Any) -> Any:
        asked = {"place": "nose", "kind": "scar"} | given
        return actions.add_mark(request=getattr(s, of), **asked, **s.who(by))

    def item(s: Stage, by: str = "officer", of: str = "family", what: str = " a red cloth ") -> Any:
        return actions.add_item(request=getattr(s, of), what=what, **s.who(by))

    def photo(s: Stage, by: str = "officer", of: str = "family", shows: str = " the child ") -> Any:
        return actions.keep_photo(request=getattr(s, of), jpeg=picture(30), shows=shows, **s.who(by))

    def withdraw(s: Stage, by: str = "officer", of: str = "family", note: str = " came home ") -> Any:
        return actions.withdraw(request=getattr(s, of), note=note, **s.who(by))

    acts: tuple[tuple[str, Any], ...] = (
        ("add_missing_mark", mark),
        ("add_missing_item", item),
        ("add_request_photo", photo),
        ("withdraw_request", withdraw),
    )
    for name, act in acts:
        yield Case(name, "done", act)
        yield Case(f"{name}: over", "refused: request_over", lambda s, act=act: act(s, of="over"))
        yield Case(f"{name}: a supervisor", DENIED, lambda s, act=act: act(s, "supervisor"))
        yield Case(f"{name}: another's", "not found", lambda s, act=act: act(s, of="family_gd"))
    yield Case("add_missing_mark: with a word", "done", lambda s: mark(s, note=" small "))
    yield from typed(
        "add_missing_mark",
        mark,
        place=({"place": "tail"}, "place unknown_choice"),
        kind=({"kind": "stripe"}, "kind unknown_choice"),
        long=({"note": "n" * 201}, "note too_long"),
    )
    for name, act, field, longest in (
        ("add_missing_item", item, "what", 200),
        ("add_request_photo", photo, "shows", 120),
        ("withdraw_request", withdraw, "note", 300),
    ):
        yield from typed(
            name,
            act,
            blank=({field: "  "}, f"{field} required"),
            long=({field: "n" * (longest + 1)}, f"{field} too_long"),
        )


def trees() -> Iterator[Case]:
    """A relative more, and who was none."""

    def add(s: Stage, by: str = "officer", to: str = "father", relation: str = "sister", partner: str = "", **state: Any) -> Any:
        other = getattr(s, partner) if partner else None
        return actions.add_relative(to=getattr(s, to), relation=relation, partner=other, state=state, **s.who(by))

    yield Case("add_relative", "done", lambda s: add(s, name=" 李大莲 ", born=1850, life="dead", reach="lost", note=" x "))
    yield Case("add_relative: of whom nothing is known", "done", add)
    yield Case("add_relative: born this year", "done", lambda s: add(s, born=2011))
    yield Case("add_relative: a sister of one without parents", "done", lambda s: add(s, to="mother"))
    yield Case("add_relative: a son of two", "done", lambda s: add(s, relation="son", partner="mother"))
    yield Case("add_relative: a daughter of two", "done", lambda s: add(s, relation="daughter", partner="mother"))
    yield Case("add_relative: a daughter of one", "done", lambda s: add(s, relation="daughter"))
    yield Case("add_relative: a buyer", "done", lambda s: add(s, person=s.buyer))
    yield Case("add_relative: called as a buyer is", "done", lambda s: add(s, name="农晓红"))
    yield Case("add_relative: called as a buyer's husband is", "done", lambda s: add(s, name="Ling Dawei"))
    yield Case("add_relative: a buyer under another name", "done", lambda s: add(s, name="农晓红", person=s.carer))
    yield Case("add_relative: a second mother", "refused: has_parent", lambda s: add(s, to="sought", relation="mother"))
    yield Case("add_relative: two fathers", "refused: partner_same_sex", lambda s: add(s, relation="son", partner="uncle"))
    yield Case("add_relative: of somebody struck out", "invalid: to relative_struck", lambda s: add(s, to="struck"))
    yield Case(
        "add_relative: with somebody struck out",
        "invalid: partner relative_struck",
        lambda s: add(s, relation="son", partner="struck"),
    )
    yield Case(
        "add_relative: with somebody of another family",
        "invalid: partner something_else",
        lambda s: actions.add_relative(
            to=s.father, relation="son", partner=s.again.relatives.get(missing=True), state={}, **s.who("officer")
        ),
    )
    yield Case(
        "add_relative: over",
        "refused: request_over",
        lambda s: actions.add_relative(to=s.over.relatives.get(missing=True), relation="sister", state={}, **s.who("officer")),
    )
    yield Case("add_relative: a supervisor", DENIED, lambda s: add(s, "supervisor"))
    yield Case("add_relative: another's", "not found", lambda s: add(s, "officer_gd"))
    yield Case(
        "add_relative: everything is wrong",
        "invalid: born implausible, relation unknown_choice, to relative_struck",
        lambda s: add(s, to="struck", relation="aunt", born=1),
    )
    yield from typed(
        "add_relative",
        add,
        relation=({"relation": "aunt"}, "relation unknown_choice"),
        partner=({"partner": "mother"}, "partner not_a_parent"),
        more=({"income": 1}, "income unknown_field"),
        long_name=({"name": "n" * 121}, "name too_long"),
        note=({"note": "n" * 201}, "note too_long"),
        life=({"life": "asleep"}, "life unknown_choice"),
        reach=({"reach": "bought"}, "reach unknown_choice"),
        early=({"born": 1849}, "born implausible"),
        late=({"born": 2012}, "born implausible"),
    )

    def tell(s: Stage, by: str = "officer", of: str = "father", n: int = 1, **state: Any) -> Any:
        return actions.tell_relative(relative=getattr(s, of), n=n, state={"name": "李大山"} | state, **s.who(by))

    yield Case("tell_relative", "done", tell)
    yield Case("tell_relative: a buyer", "done", lambda s: tell(s, person=s.buyer))
    yield Case("tell_relative: called as a buyer is", "done", lambda s: tell(s, name="农晓红"))
    yield Case("tell_relative: the same name in pinyin", "done", lambda s: tell(s, of="uncle", name="Li Dahe / 李大河"))
    yield Case("tell_relative: nothing new", "done", lambda s: tell(s, of="uncle", name="李大河"))
    yield Case("tell_relative: what cannot be", "invalid: life unknown_choice", lambda s: tell(s, life="asleep"))
    yield Case("tell_relative: never read", "invalid: n unknown_version", lambda s: tell(s, n=2))
    yield Case("tell_relative: before the first", "invalid: n unknown_version", lambda s: tell(s, n=0))
    yield Case("tell_relative: struck", "refused: relative_struck", lambda s: tell(s, of="struck"))
    yield Case("tell_relative: a supervisor", DENIED, lambda s: tell(s, "supervisor"))
    yield Case("tell_relative: another's", "not found", lambda s: tell(s, "officer_gd"))

    yield Case("tell_relative: the third time", "done", lambda s: tell(s, of="grandfather", n=3))
    yield Case(
        "tell_relative: as the last time",
        "done",
        lambda s: tell(s, of="grandfather", n=3, name="李大江", life="dead", person=s.carer),
    )
    yield Case(
        "tell_relative: on no record after all",
        "done",
        lambda s: tell(s, of="grandfather", n=3, name="李大江", life="dead"),
    )
    yield Case("tell_relative: somebody was quicker", "conflict", lambda s: tell(s, of="grandfather", n=1))
    yield Case("tell_relative: somebody was a little quicker", "conflict", lambda s: tell(s, of="grandfather", n=2))

    def link(s: Stage, by: str = "officer", child: str = "adopted", parent: str = "uncle") -> Any:
        return actions.link(child=getattr(s, child), parent=getattr(s, parent), **s.who(by))

    yield Case("link_relatives", "done", link)
    yield Case(
        "link_relatives: a grandfather who is his grandson's son",
        "refused: own_ancestor",
        lambda s: link(s, "officer", "grandfather", "father"),
    )
    yield Case("link_relatives: a supervisor", DENIED, lambda s: link(s, "supervisor"))
    yield Case("link_relatives: another's", "not found", lambda s: link(s, "officer_gd"))
    yield Case(
        "link_relatives: of another family",
        "invalid: parent something_else",
        lambda s: actions.link(child=s.adopted, parent=s.again.relatives.order_by("pk")[2], **s.who("officer")),
    )

    def unlink(s: Stage, by: str = "officer", of: str = "parentage", reason: str = " another man ") -> Any:
        return actions.unlink(parentage=getattr(s, of), reason=reason, **s.who(by))

    def strike(s: Stage, by: str = "officer", of: str = "uncle", reason: str = " a neighbour ") -> Any:
        return actions.strike(relative=getattr(s, of), reason=reason, **s.who(by))

    acts: tuple[tuple[str, Any, str], ...] = (("unlink_relatives", unlink, "unlinked"), ("strike_relative", strike, "struck"))
    for name, act, ended in acts:
        yield Case(name, "done", act)
        yield Case(f"{name}: once more", "refused: already_ended", lambda s, act=act, ended=ended: act(s, of=ended))
        yield Case(f"{name}: a supervisor", DENIED, lambda s, act=act: act(s, "supervisor"))
        yield Case(f"{name}: another's", "not found", lambda s, act=act: act(s, "officer_gd"))
        yield from typed(
            name,
            act,
            blank=({"reason": "  "}, "reason required"),
            long=({"reason": "n" * 201}, "reason too_long"),
        )
    yield Case("strike_relative: the child", "refused: missing_child_stays", lambda s: strike(s, of="sought"))
    yield Case("strike_relative: who agreed", "refused: consent_stands", lambda s: strike(s, of="mother"))


def agreed() -> Iterator[Case]:
    """What relatives sign."""

    def consent(s: Stage, by: str = "officer", of: str = "father", **given: Any) -> Any:
        paper = {
            "scope": "this_child",
            "given_by": " himself ",
            "form": " GX 2 ",
            "signed_on": DAY,
            "until": DAY + LONGEST_CONSENT,
        }
        return actions.consent(relative=getattr(s, of), **paper | given, **s.who(by))

    yield Case("consent", "done", consent)
    yield Case("consent: until tomorrow", "done", lambda s: consent(s, until=DAY + timedelta(days=1)))
    yield Case("consent: longer than before", "done", lambda s: consent(s, of="mother"))
    yield Case(
        "consent: to more than before",
        "done",
        lambda s: consent(s, of="mother", scope="any_child", until=DAY + timedelta(days=90)),
    )
    yield Case("consent: after all", "done", lambda s: consent(s, of="grandmother", until=DAY + timedelta(days=90)))
    yield Case("consent: as before", "refused: already_there", lambda s: consent(s, of="mother", until=DAY + timedelta(days=90)))
    yield Case("consent: the child", "refused: consent_of_missing", lambda s: consent(s, of="sought"))
    yield Case("consent: struck", "refused: relative_struck", lambda s: consent(s, of="struck"))
    yield Case("consent: a supervisor", DENIED, lambda s: consent(s, "supervisor"))
    yield Case("consent: another's", "not found", lambda s: consent(s, "officer_gd"))
    yield from typed(
        "consent",
        consent,
        scope=({"scope": "any_crime"}, "scope unknown_choice"),
        nobody=({"given_by": "  "}, "given_by required"),
        long_name=({"given_by": "n" * 121}, "given_by too_long"),
        paper=({"form": "  "}, "form required"),
        long_paper=({"form": "n" * 81}, "form too_long"),
        early=({"signed_on": DAY + timedelta(days=2)}, "signed_on in_future"),
        today=({"signed_on": DAY - timedelta(days=9), "until": DAY}, "until over_already"),
        at_once=({"signed_on": DAY + timedelta(days=1), "until": DAY + timedelta(days=1)}, "until over_already"),
        for_ever=({"until": DAY + LONGEST_CONSENT + timedelta(days=1)}, "until too_long"),
    )

    def withdraw(s: Stage, by: str = "officer", of: str = "consent", **given: Any) -> Any:
        return actions.withdraw_consent(consent=getattr(s, of), **given, **s.who(by))

    def after_the_end(s: Stage) -> Any:
        """Under a request that is another's duplicate, by which no consent ends."""
        actions.settle_duplicate(proposal=s.pair, same=True, kept=s.again, note="one child", **s.who("officer2"))
        return withdraw(s)

    yield Case("withdraw_consent", "done", withdraw)
    yield Case("withdraw_consent: for a reason", "done", lambda s: withdraw(s, reason=" afraid "))
    yield Case("withdraw_consent: when the request is over", "done", after_the_end)
    yield Case("withdraw_consent: too much of a reason", "invalid: reason too_long", lambda s: withdraw(s, reason="n" * 201))
    yield Case("withdraw_consent: once more", "refused: already_ended", lambda s: withdraw(s, of="consented_before"))
    yield Case("withdraw_consent: a supervisor", DENIED, lambda s: withdraw(s, "supervisor"))
    yield Case("withdraw_consent: another's", "not found", lambda s: withdraw(s, "officer_gd"))


def alike() -> Iterator[Case]:
    """Two requests that may be for one child."""

    def propose(s: Stage, **changes: Any) -> Any:
        return actions.propose_duplicates(request=asks(s.world, **changes) if changes else s.third, at=s.at())

    yield Case("propose_request_duplicates", "done: [RequestDuplicate", propose)
    yield Case(
        "propose_request_duplicates: nobody's",
        "done: []",
        lambda s: propose(s, inquirer=[("name", "莫爱莲")], child_name="莫小宝"),
    )
    yield Case("propose_request_duplicates: a boy", "done: []", lambda s: propose(s, sex="M"))

    def settle(s: Stage, by: str = "officer2", pair: str = "pair", kept: str = "family", **given: Any) -> Any:
        asked = {"same": True, "note": " one mother ", "kept": getattr(s, kept) if kept else None} | given
        return actions.settle_duplicate(proposal=getattr(s, pair), **asked, **s.who(by))

    def ended(s: Stage, kept: str) -> Any:
        actions.withdraw(request=s.again, note="x", **s.who("officer"))
        return settle(s, kept=kept)

    yield Case("settle_duplicate", "done", settle)
    yield Case("settle_duplicate: the later goes on", "done", lambda s: settle(s, kept="again"))
    yield Case("settle_duplicate: two", "done", lambda s: settle(s, same=False, kept=""))
    yield Case("settle_duplicate: two, whichever is named", "done", lambda s: settle(s, same=False))
    yield Case("settle_duplicate: for one's own", "refused: self_approval", lambda s: settle(s, "officer"))
    yield Case("settle_duplicate: once more", "refused: already_ended", lambda s: settle(s, pair="settled", same=False))
    yield Case("settle_duplicate: over", "refused: request_over", lambda s: ended(s, "family"))
    yield Case("settle_duplicate: for one that is over", "refused: kept_is_over", lambda s: ended(s, "again"))
    yield Case("settle_duplicate: a supervisor", DENIED, lambda s: settle(s, "supervisor"))
    yield Case("settle_duplicate: another's", "not found", lambda s: settle(s, "officer_gd"))
    yield from typed(
        "settle_duplicate",
        settle,
        neither=({"kept": ""}, "kept required"),
        third=({"kept": "twin_family"}, "kept required"),
        unsaid=({"note": "  "}, "note required"),
        long=({"note": "n" * 201}, "note too_long"),
    )


SOURCES = (
    heard,
    added,
    trees,
    agreed,
    alike,
)
