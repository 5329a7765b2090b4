"""`wayhome demo`: two operations replayed in a house of their own, then a small shipped base searched.

The base lies in `example`, as `wayhome simulate` made it (example/provenance.json; a test makes it again):

    wayhome simulate example --families 60 --population china --kit "Huaxia Platinum" --seed 338 --typed 0.95 --found 0.18
        --unrelated 1
"""

from __future__ import annotations

import csv
import shlex
from collections.abc import Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import Any

from wayhome import kinship
from wayhome.cli.answers import print_json
from wayhome.cli.demo_house import staged
from wayhome.cli.demo_serving import opened
from wayhome.cli.find_report import candidates_table, loci_table, print_reading, print_search, sure_log10_lr
from wayhome.cli.models import Assumptions
from wayhome.cli.searching import Answer, Search, searched
from wayhome.cli.terminal import console
from wayhome.cli.wording import counted, listed, lr_in_words, printable

POPULATION = "china"


def demo(db: str | None, *, as_json: bool, port: int | None, families: int) -> None:
    """Replay the operations and tell what the records say; then, for people, search the example and explain the answer.

    Parameters
    ----------
    db : where the records are kept; None for nowhere.
    as_json : print one object, and nothing else.
    families : couples in the old base that a new house takes over.
    port : of the loopback, where the house is then opened until somebody ends it; None for not at all.
    """
    if port is None:
        with staged(db, families=families) as (told, _):
            _tell(told, db, as_json=as_json)
    elif as_json:
        raise kinship.InputError("--json and --serve do not go together", "A program reads the figures; people open the pages")
    else:
        with opened(db, port, families=families) as (told, serve):
            _tell(told, db, as_json=False)
            serve()


def _tell(told: Mapping[str, Any], db: str | None, *, as_json: bool) -> None:
    if as_json:
        print_json(told)
        return
    _print_story(told, db)
    _demo_search()


def _print_story(told: Mapping[str, Any], db: str | None) -> None:
    out = console()
    (first, second), (held, held_later) = told["rescued_by_case"].values(), told["detained_by_case"].values()
    provinces = told["rescued_by_province"]
    county = told["rescued_by_jurisdiction"]["2011.2.21"].get("CN-SX-GP", 0)
    people = counted(held, "person", "people"), counted(held_later, "person", "people")
    _print_clues(out, told)
    out.print(
        f"15 July, 14:00: {counted(first, 'infant')} found in Guangxi and Guangdong, {people[0]} detained. 20 July, 0:00: "
        f"{counted(second, 'infant')} in {counted(len(provinces), 'province')}, {people[1]} detained. Shanxi found "
        f"{provinces.get('CN-SX', 0)}, {county} of them in one county; {told['on_clue_of'].get('CN-SX', 0)} more were found "
        "elsewhere on its clues and are counted there, once."
    )
    out.print(
        f"{counted(told['children'], 'child', 'children')}, each brought to a hospital, observed there, and cleared by a doctor. "
        f"In the evening {counted(told['homes'], 'home')} told what they could take: "
        f"{counted(told['placed_before_bill'], 'child', 'children')} had a place that night, {told['unplaced']} stayed in "
        f"hospital. {_refusals(told['refusals'])}The shortage bill for them: {_bill(told['shortage_bill'])}. When it was paid, "
        f"{told['placed_after_bill']} had a place."
    )
    out.print(
        f"Every move was signed by two. Custody chains with a gap: {told['custody_gaps']}. All "
        f"{counted(sum(told['suspects_by_case'].values()), 'suspect')} are excluded from ever having a child."
    )
    _print_announcement(out, told)
    _print_families(out, told)
    _print_afterwards(out, told)
    verdict = "nothing was altered" if told["audit_ok"] else "SOMETHING WAS ALTERED"
    out.print(f"{counted(told['audit_events'], 'audit event')} in {counted(told['audit_chains'], 'chain')} verified: {verdict}.")
    if db is not None:
        out.print(f"The records are in {printable(db)}.")
    out.print()


def _print_clues(out: Any, told: Mapping[str, Any]) -> None:
    clues, ring, forces = told["clues"], told["clusters"], told["task_forces"]
    if clues:
        out.print(
            f"From February: {counted(clues['taken_down'], 'clue')} in {counted(clues['jurisdictions'], 'province')} and "
            f"{counted(clues['languages'], 'language')}, {clues['naming_dongxing']} of them naming Dongxing. "
            f"{counted(ring['clues'], 'clue')} were proposed as one ring, by {counted(ring['pairs'], 'pair')} of which officers "
            f"confirmed {ring['confirmed']}. Of the clues that were made up for that ring {ring['recall']:.0%} are among "
            f"them; of them {ring['precision']:.0%} were made up for it."
        )
    members = " and ".join(str(n) for n in forces.values())
    out.print(
        f"{counted(len(forces), 'task force')} of {members} members, of which nobody else can see anything. "
        f"{told['ledger']['moved']} infants are known from calls and tickets alone."
    )


def _print_announcement(out: Any, told: Mapping[str, Any]) -> None:
    one = told["announcements"][0]
    cases = [f"{case['rescued']} and {case['arrested']} in case {code}" for code, case in one["by_case"].items()]
    out.print(
        f"27 July, in public: {counted(one['rescued'], 'child', 'children')} rescued and {counted(one['arrested'], 'arrest')}, "
        f"{listed(cases)}. The figures are counted from the records, and two ministries signed them; "
        f"{counted(told['announcements_hidden'], 'province')} with few children are told together, so that no child can be "
        "made out. Provinces had told of "
        f"{listed([f'{n:,} officers in case {code}' for code, n in told['officers'].items()])}."
    )


def _print_families(out: Any, told: Mapping[str, Any]) -> None:
    out.print(
        f"Every child gave a sample and was compared with {told['families']:,} families ({told['reference_samples']:,} people). "
        f"{told['true_families']} of these had lost one of the children: six couples, three single parents, two pairs of "
        f"grandparents, a sibling. {told['true_families_first']} stood first for their own child, one of them in spite of a "
        f"mutation; of {told['insufficient']} too few relatives were typed to say so, and the house says that. "
        f"Twins whom nobody had reported, found among the children: {counted(told['twins_found'], 'pair')}."
    )
    swap = "second samples showed it before anybody confirmed" if told["swap_caught"] else "AND NOBODY NOTICED"
    out.print(
        f"The laboratory had exchanged two children's tubes: {swap}. {counted(told['kits_gone_astray'], 'kit')} went to a wrong "
        f"address and came back. Two analysts read every candidate apart, and the head of the laboratory confirmed "
        f"{told['confirmed']}; false among them: {told['false_confirmations']}."
    )
    seller = "stayed without her child" if told["seller_stopped"] else "WAS NOT STOPPED"
    out.print(
        f"{counted(told['files'], 'file')} went on to a return. The enquiry found that one mother had sold her child: she "
        f"{seller}, and was not told where it is. {counted(told['reunified'], 'child', 'children')} came home, each release "
        "approved by two organisations and bound to samples taken that day. Three weeks later a father was detained: "
        f"{counted(told['revoked'], 'file')} frozen."
    )


def _print_afterwards(out: Any, told: Mapping[str, Any]) -> None:
    if len(told["announcements"]) < 2:
        return
    one, two = told["announcements"]
    (code, case), *_ = two["by_case"].items()
    out.print(
        f"In September {counted(two['rescued'] - one['rescued'], 'more infant')} of the first ring and "
        f"{counted(two['arrested'] - one['arrested'], 'more suspect')}. Version {two['version']} of the announcement tells of "
        f"{case['rescued']} and {case['arrested']} in case {code}, and why it tells otherwise. Of the "
        f"{told['ledger']['moved']} infants known from evidence {told['ledger']['open']} are still looked for."
    )
    papers, visits = told["certificates"], counted(told["visits_in_all"], "visit")
    abroad = counted(told["repatriated"], "child", "children")
    out.print(
        f"The days of the law came: {counted(told['notices'], 'notice')} that asked for parents, "
        f"{counted(papers['one_month'], 'certificate')} after a month that they were not found yet, "
        f"{papers['twelve_months']} more after a year, while the search went on; {visits} to the "
        f"children who were home. {told['repatriation_days']} days after the first raid {abroad} of it were handed to the "
        "authority of their own country, each by two signatures."
    )
    _print_partner(out, told["partner"])


def _print_partner(out: Any, told: Mapping[str, Any]) -> None:
    days = told["waited"]
    if not days:
        return
    out.print(
        f"Of one of them a made-up house beyond the border was asked: {counted(told['messages'], 'message')} both ways, each "
        f"sealed, signed and taken once; {counted(told['fields_told'], 'field')} of the child told, each on its basis, by two "
        f"signatures. Its {told['days']} days waited {days['ours']} for authorities here, {days['theirs']} for those there, "
        f"{days['court']} for a court and {days['documents']} for papers."
    )


def _refusals(codes: Mapping[str, int]) -> str:
    reasons = {"not_a_foundling": "not a foundling", "too_small": "too small"}
    told = [f"“{reasons.get(code, code)}”" for code in codes]
    return f"Homes refused with {listed(told)}; the ministry was told, and the plan made anew. " if told else ""


def _bill(provinces: Mapping[str, Mapping[str, int]]) -> str:
    total = {what: sum(needed[what] for needed in provinces.values()) for what in ("beds", "carers", "yuan")}
    where = counted(len(provinces), "province")
    return f"{counted(total['beds'], 'bed')}, {counted(total['carers'], 'carer')} and {total['yuan']:,} yuan in {where}"


def _demo_search() -> None:
    with resources.as_file(resources.files("wayhome.cli").joinpath("example")) as folder:
        answer = searched(Search(folder / "children.csv", folder, None, (POPULATION,), Assumptions()))
        with (folder / "truth.csv").open(encoding="utf-8", newline="") as stream:
            truth = {row["child"]: row["family"] for row in csv.DictReader(stream)}
        _print(answer, truth, folder)


def _print(answer: Answer, truth: dict[str, str], folder: Path) -> None:
    out = console()
    out.print("Which of these families does each rescued child come from?", style="bold")
    out.print(
        "Nobody here is real: families and children were made up by dropping alleles of the Chinese national table through "
        "pedigrees, with mutations, and one reading in twenty was left out. Some families have both parents to compare with, "
        "some one parent, some only grandparents and an aunt."
    )
    out.print()
    print_search(out, answer)
    out.print(candidates_table(answer))
    out.print()
    shown = next((c for c in answer.found.children if c.candidates and c.candidates[0].mismatches), None)
    if shown is not None:
        out.print(f"{shown.child} and {shown.candidates[0].family}, locus by locus", style="bold")
        out.print(loci_table(answer, shown, shown.candidates[0]))
        out.print()
    out.print("What there is to see", style="bold")
    for remark in _remarks(answer, truth):
        out.print(f"- {remark}")
    out.print()
    print_reading(out, answer)
    out.print()
    out.print("What to try next", style="bold")
    again = ["--children", str(folder / "children.csv"), "--families", str(folder)]
    populations = ["--population", POPULATION, "--population", "nist-asian"]
    base = ["--families", "1000", "--population", POPULATION, "--kit", "GlobalFiler", "--seed", "1", "--unrelated", "20"]
    for what, command in (
        ("the same with a second population, where the least LR of both counts", ["find", *again, *populations]),
        ("a larger base of your own", ["simulate", "base", *base]),
        ("your own files: all options", ["find", "--help"]),
    ):
        out.print(f"- {what}:")
        out.print(f"  wayhome {shlex.join(command)}", soft_wrap=True)
    out.print("In a checkout, put `uv run` before each. docs/how-to/find-families.md goes on from here.")


def _remarks(answer: Answer, truth: dict[str, str]) -> Iterator[str]:
    """What the results show, held against the truth, which only a made-up base has."""
    first = {child.child: child.candidates[0] for child in answer.found.children if child.candidates}
    found = [child for child, candidate in first.items() if truth[child] == candidate.family]
    with_family = [child for child, family in truth.items() if family]
    yield f"{len(found)} of the {counted(len(with_family), 'child', 'children')} whose family is among these find it first."
    for child, family in truth.items():
        if child not in first:
            why = "its family does not stand out" if family else "its family is not among these"
            yield f"{child} finds nobody: {why}. The search goes on with every family that comes."
    for child, candidate in first.items():
        pair = f"{child} and {candidate.family}"
        if candidate.mismatches and candidate.family == truth[child]:
            yield (
                f"{pair} differ at {listed(candidate.mismatch_loci)}, which only a mutation explains; the other loci outweigh "
                "it. A rule that strikes out a family for a mismatch would have lost this one."
            )
        if candidate.log10_lr < sure_log10_lr(answer):
            relatives = list(answer.found.named[candidate.family].profiles)
            yield (
                f"{pair}: an LR of {lr_in_words(candidate.log10_lr)} is too little among so many pairs. Typed were only "
                f"{listed(relatives)}: type a second kit, or sample another relative."
            )
