"""What the actions on a child's record are asked, legal and not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from factories.pages import picture
from trust.acts.bench import Case
from trust.acts.stage import Stage
from trust.acts.typed import typed
from wayhome.casework.children import actions as children
from wayhome.casework.children.models import Child
from wayhome.casework.custody import actions as custody
from wayhome.casework.operations import actions as operations

DAY = date(2011, 7, 20)
NO_ZONE = datetime(2011, 7, 20, 8)
HOUR = timedelta(hours=1)
DENIED = "not allowed: not_allowed"


def describing() -> Iterator[Case]:
    """What is known of a child."""

    def age(s: Stage, by: str = "nurse", **given: Any) -> Any:
        asked = {"on": DAY, "least_days": 0, "most_days": 0, "method": "sight"}
        return children.estimate_age(child=s.patient, **asked | given, **s.who(by))

    yield Case("estimate_age", "done", age)
    yield Case("estimate_age: an analyst", DENIED, lambda s: age(s, "analyst"))
    yield from typed(
        "estimate_age",
        age,
        oldest=({"least_days": 6600, "most_days": 6600}, ""),
        negative=({"least_days": -1}, "least_days negative"),
        turned=({"least_days": 2, "most_days": 1}, "most_days before_least"),
        old=({"most_days": 6601}, "most_days too_old"),
        guess=({"method": "guess"}, "method unknown_choice"),
        later=({"on": DAY + timedelta(days=2)}, "on in_future"),
    )

    def mark(s: Stage, by: str = "nurse", **given: Any) -> Any:
        asked = {"place": "nose", "kind": "scar", "size_mm": 1, "note": " " + "n" * 200 + " "}
        return children.add_mark(child=s.patient, **asked | given, **s.who(by))

    yield Case("add_mark", "done", mark)
    yield Case("add_mark: an analyst", DENIED, lambda s: mark(s, "analyst"))
    yield Case(
        "add_mark: alone", "done", lambda s: children.add_mark(child=s.patient, place="chin", kind="scar", **s.who("nurse"))
    )
    yield from typed(
        "add_mark",
        mark,
        large=({"size_mm": 1000}, ""),
        nowhere=({"place": "tail"}, "place unknown_choice"),
        nothing=({"kind": "stripe"}, "kind unknown_choice"),
        none=({"size_mm": 0}, "size_mm implausible"),
        larger=({"size_mm": 1001}, "size_mm implausible"),
        long=({"note": "n" * 201}, "note too_long"),
    )

    def item(s: Stage, by: str = "nurse", **given: Any) -> Any:
        return children.add_item(child=s.patient, **{"what": " " + "w" * 200, "kept_at": " " + "k" * 120} | given, **s.who(by))

    yield Case("add_item", "done", item)
    yield Case("add_item: an analyst", DENIED, lambda s: item(s, "analyst"))
    yield from typed(
        "add_item",
        item,
        unsaid=({"what": " "}, "what required"),
        nowhere=({"kept_at": ""}, ""),
        long=({"what": "w" * 201}, "what too_long"),
        far=({"kept_at": "k" * 121}, "kept_at too_long"),
    )
    yield Case("add_item: alone", "done", lambda s: children.add_item(child=s.patient, what="cloth", **s.who("nurse")))

    def say(s: Stage, by: str = "caseworker", **given: Any) -> Any:
        asked = {"field": "name", "value": " " + "v" * 300, "said_by": " " + "s" * 120}
        old = given.pop("old", "")
        return children.say(child=s.home, supersedes=getattr(s, old) if old else None, **asked | given, **s.who(by))

    yield Case("say", "done", say)
    yield Case("say: an analyst", DENIED, lambda s: say(s, "analyst"))
    yield Case("say: better", "done", lambda s: say(s, old="assertion"))
    yield Case("say: superseded", "refused: already_superseded", lambda s: say(s, field="note", old="superseded"))
    yield Case(
        "say: of another",
        "invalid: supersedes something_else",
        lambda s: children.say(
            child=s.patient, field="name", value="x", said_by="y", supersedes=s.assertion, **s.who("caseworker")
        ),
    )
    yield from typed(
        "say",
        say,
        born=({"field": "birth_date", "value": "2011-07-20"}, ""),
        born_first=({"field": "birth_date", "value": "1990-01-01"}, ""),
        born_before=({"field": "birth_date", "value": "1989-12-31"}, "value implausible"),
        born_later=({"field": "birth_date", "value": "2011-07-22"}, "value in_future"),
        born_never=({"field": "birth_date", "value": "in May"}, "value not_a_date"),
        born_unsaid=({"field": "birth_date", "value": " "}, "value required"),
        something=({"field": "shoe"}, "field unknown_choice"),
        nothing=({"value": " "}, "value required"),
        nobody=({"said_by": " "}, "said_by required"),
        long=({"value": "v" * 301}, "value too_long"),
        wordy=({"said_by": "s" * 121}, "said_by too_long"),
        other=({"field": "origin", "old": "assertion"}, "supersedes something_else"),
    )
    yield Case("add_photo", "done", lambda s: children.add_photo(child=s.patient, data=picture(40), **s.who("nurse")))
    yield Case(
        "add_photo: an analyst", DENIED, lambda s: children.add_photo(child=s.patient, data=picture(40), **s.who("analyst"))
    )
    yield Case(
        "add_photo: none, by an analyst",
        DENIED,
        lambda s: children.add_photo(child=s.patient, data=b"x", **s.who("analyst")),
    )
    yield Case(
        "add_photo: none",
        "invalid: photo not_an_image",
        lambda s: children.add_photo(child=s.patient, data=b"x", **s.who("nurse")),
    )
    yield Case("keep_photo: an analyst", DENIED, lambda s: children.keep_photo(child=s.patient, jpeg=b"x", **s.who("analyst")))

    def correct(s: Stage, by: str = "officer", version: int = 2, child: str = "offered", **changes: str) -> Any:
        return children.correct(child_id=getattr(s, child).pk, version=version, changes=changes, **s.who(by))

    yield Case("correct", "done", lambda s: correct(s, call_name=" " + "n" * 40, sex="M"))
    yield Case("correct: the first time", "done", lambda s: correct(s, version=1, child="found", sex="U"))
    yield Case("correct: as it is", "done", lambda s: correct(s, call_name="小芳"))
    yield Case("correct: half of it as it is", "done", lambda s: correct(s, call_name="小芳", sex="M"))
    yield Case(
        "correct: somebody was quicker",
        "conflict: {'call_name': ('小莲', '小芳')}",
        lambda s: correct(s, version=1, call_name="小云"),
    )
    yield Case(
        "correct: another field since", "conflict: {'call_name': ('小莲', '小芳')}", lambda s: correct(s, version=1, sex="M")
    )
    yield Case("correct: an analyst", DENIED, lambda s: correct(s, "analyst", sex="M"))
    yield from typed(
        "correct",
        correct,
        nothing=({}, "changes required"),
        shoe=({"shoe": "44"}, "shoe unknown_field"),
        nameless=({"call_name": " "}, "call_name required"),
        long=({"call_name": "n" * 41}, "call_name too_long"),
        sex=({"sex": "X"}, "sex unknown_choice"),
        ahead=({"sex": "M", "version": 3}, "version unknown_version"),
        before=({"sex": "M", "version": 0}, "version unknown_version"),
    )

    def at_once(s: Stage) -> Any:
        """Between the look and the write somebody else was quicker."""
        own = Child.objects.filter

        def late(**wanted: Any) -> Any:
            return own(**wanted | {"version": 99})

        Child.objects.filter = late  # type: ignore[method-assign]
        try:
            return correct(s, sex="M")
        finally:
            del Child.objects.filter

    yield Case("correct: at the same moment", "conflict: {}", at_once)


def together() -> Iterator[Case]:
    """Which records are one child, and which are kin."""
    yield Case("propose_duplicates: none new", "done", lambda s: children.propose_duplicates(child=s.found, at=s.at()))

    def alike(s: Stage) -> Any:
        for child in (s.found, s.offered):
            children.add_mark(child=child, place="nose", kind="scar", **s.who("officer"))
            children.add_mark(child=child, place="chin", kind="melanocytic_nevus", **s.who("officer"))
        return children.propose_duplicates(child=s.found, at=s.at())

    yield Case("propose_duplicates", "done", alike)

    def merge(
        s: Stage, by: str = "officer", kept: str = "found", absorbed: str = "offered", reason: str = "", stepped_up: bool = True
    ) -> Any:
        return children.propose_merge(
            kept=getattr(s, kept),
            absorbed=getattr(s, absorbed),
            reason=reason or " " + "r" * 200,
            by=s.by(by, stepped_up=stepped_up),
            at=s.at(),
        )

    yield Case("propose_merge", "done", merge)
    yield Case("propose_merge: a nurse", DENIED, lambda s: merge(s, "nurse"))
    yield Case("propose_merge: not stepped up", "not allowed: step_up", lambda s: merge(s, stepped_up=False))
    yield Case("propose_merge: unsaid", "invalid: reason required", lambda s: merge(s, reason=" "))
    yield Case("propose_merge: too long", "invalid: reason too_long", lambda s: merge(s, reason="r" * 201))
    yield Case("propose_merge: itself", "invalid: absorbed merge_with_itself", lambda s: merge(s, absorbed="found"))
    yield Case("propose_merge: merged away", "refused: merge_of_merged", lambda s: merge(s, absorbed="absorbed"))
    yield Case("propose_merge: into one merged away", "refused: merge_into_merged", lambda s: merge(s, kept="absorbed"))

    def split(s: Stage, by: str = "officer", absorbed: str = "absorbed", reason: str = "two", stepped_up: bool = True) -> Any:
        by_whom = s.by(by, stepped_up=stepped_up)
        return children.propose_split(absorbed=getattr(s, absorbed), reason=reason, by=by_whom, at=s.at())

    yield Case("propose_split", "done", split)
    yield Case("propose_split: a nurse", DENIED, lambda s: split(s, "nurse"))
    yield Case("propose_split: not stepped up", "not allowed: step_up", lambda s: split(s, stepped_up=False))
    yield Case("propose_split: unsaid", "invalid: reason required", lambda s: split(s, reason=" "))
    yield Case("propose_split: never merged", "refused: split_of_whole", lambda s: split(s, absorbed="found"))

    def split_again(s: Stage) -> Any:
        confirm(s, "split")
        return split(s)

    yield Case("propose_split: split already", "refused: split_of_whole", split_again)

    def confirm(s: Stage, step: str = "step", by: str = "officer2", stepped_up: bool = True) -> Any:
        return children.confirm_merge(step=getattr(s, step), by=s.by(by, stepped_up=stepped_up), at=s.at())

    yield Case("confirm_merge", "done", confirm)
    yield Case("confirm_merge: a split", "done", lambda s: confirm(s, "split"))
    yield Case("confirm_merge: one's own", "refused: self_approval", lambda s: confirm(s, by="officer"))
    yield Case("confirm_merge: one's own split", "refused: self_approval", lambda s: confirm(s, "split", by="officer"))
    yield Case("confirm_merge: a nurse", DENIED, lambda s: confirm(s, by="nurse"))
    yield Case("confirm_merge: not stepped up", "not allowed: step_up", lambda s: confirm(s, stepped_up=False))

    def twice(s: Stage) -> Any:
        confirm(s)
        return confirm(s, by="caseworker")

    yield Case("confirm_merge: twice", "refused: already_there", twice)

    def onto_a_child(s: Stage) -> Any:
        who = operations.record_person(label="seller", facts=[("name", "李卫国")], **s.who("officer"))
        custody.exclude(person=who, ground="seller", scope="child", child=s.twin, look=False, **s.who("officer"))
        return confirm(s)

    yield Case("confirm_merge: an exclusion comes with it", "done", onto_a_child)

    def onto_none(s: Stage) -> Any:
        who = operations.record_person(label="seller", facts=[("name", "李卫国")], **s.who("officer"))
        custody.exclude(person=who, ground="seller", look=False, **s.who("officer"))
        return confirm(s, "split")

    yield Case("confirm_merge: a split looks at nobody", "done", onto_none)

    def group(s: Stage, *names: str, by: str = "officer", ground: str = "dna") -> Any:
        return children.group_siblings(children=[getattr(s, name) for name in names], ground=ground, **s.who(by))

    def merged(s: Stage, kept: str, absorbed: str) -> Any:
        step = merge(s, kept=kept, absorbed=absorbed)
        return children.confirm_merge(step=step, by=s.by("officer2", stepped_up=True), at=s.at())

    def parted(s: Stage, absorbed: str) -> Any:
        step = split(s, absorbed=absorbed)
        return children.confirm_merge(step=step, by=s.by("officer2", stepped_up=True), at=s.at())

    def both_have_siblings(s: Stage) -> Any:
        group(s, "found", "offered")
        return merged(s, "found", "cleared")

    def and_parted(s: Stage) -> Any:
        both_have_siblings(s)
        confirm(s)
        return parted(s, "cleared")

    def and_parted_again(s: Stage) -> Any:
        and_parted(s)
        merged(s, "found", "cleared")
        return parted(s, "cleared")

    def grouped_since(s: Stage) -> Any:
        merged(s, "found", "cleared")
        group(s, "fostered", "offered")
        return parted(s, "cleared")

    def corrected_since(s: Stage) -> Any:
        merged(s, "found", "cleared")
        children.correct(child_id=s.found.pk, version=2, changes={"sex": "M"}, **s.who("officer"))
        return parted(s, "cleared")

    yield Case("confirm_merge: of a sibling", "done", lambda s: merged(s, "found", "cleared"))
    yield Case("confirm_merge: of a sibling into another's", "done", both_have_siblings)
    yield Case("confirm_merge: into a sibling", "done", lambda s: merged(s, "cleared", "found"))
    yield Case("confirm_merge: of a sibling into its own", "done", lambda s: merged(s, "cleared", "fostered"))
    yield Case("confirm_merge: a split takes siblings back", "done", and_parted)
    yield Case("confirm_merge: a second split takes siblings back", "done", and_parted_again)
    yield Case("confirm_merge: a split leaves who was grouped since", "done", grouped_since)
    yield Case("confirm_merge: a split leaves what was corrected since", "done", corrected_since)

    yield Case("group_siblings", "done", lambda s: group(s, "found", "offered"))
    yield Case("group_siblings: with whom one was grouped", "done", lambda s: group(s, "found", "cleared", ground="alleged"))
    yield Case("group_siblings: an analyst", DENIED, lambda s: group(s, "found", "offered", by="analyst"))
    yield Case("group_siblings: one", "invalid: children two_needed", lambda s: group(s, "found", "found"))
    yield Case(
        "group_siblings: a guess", "invalid: ground unknown_choice", lambda s: group(s, "found", "offered", ground="guess")
    )


SOURCES = (
    describing,
    together,
)
