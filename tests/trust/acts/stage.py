"""Children, people and papers at every stage of care, made by the actions themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from factories import kits
from factories.families import TOLD, asks
from factories.world import World, small_world
from trust.acts import lab_stage
from trust.acts.bench import NOON, START, numbered
from wayhome.casework.accounts import actions as accounts
from wayhome.casework.accounts.models import Facility, Staff, User
from wayhome.casework.audit import actions as audit
from wayhome.casework.audit.models import Alarm
from wayhome.casework.children import actions as children
from wayhome.casework.core.actors import Actor
from wayhome.casework.custody import actions as custody
from wayhome.casework.custody.rules import Kind
from wayhome.casework.families import actions as families
from wayhome.casework.families import queries
from wayhome.casework.medical import actions as medical
from wayhome.casework.operations import actions as operations

LONG = f"  {'x' * 700}  "
HOME = "广西防城港市北部湾大道88号"


@dataclass
class Stage:
    """`it` holds what was made, by name."""

    world: World
    it: dict[str, Any]

    def __getattr__(self, name: str) -> Any:
        try:
            return self.__dict__["it"][name]
        except KeyError:
            raise AttributeError(name) from None

    def by(self, name: str, *, stepped_up: bool = True) -> Actor:
        """A member of staff at work."""
        return self.world.actor(name, stepped_up=stepped_up)

    def at(self) -> datetime:
        """The next minute."""
        return self.world.now()

    def who(self, name: str) -> dict[str, Any]:
        """As the keywords of an action."""
        return {"by": self.by(name), "at": self.at()}

    def place(self, name: str) -> Facility:
        """A place."""
        return self.world.facilities[name]

    def staff(self, name: str) -> Staff:
        """A member of staff."""
        return self.world.staff[name]

    def login(self, name: str) -> User:
        """As it is in the database."""
        return User.objects.get(username=name)

    @property
    def registrars(self) -> tuple[Actor, Actor]:
        """Both."""
        assert self.world.registrars is not None
        return self.world.registrars


def set_stage() -> Stage:
    """Make it all."""
    world = small_world()
    world.clock = START
    with numbered(90_000_001):
        return Stage(world, _filled(world))


def _filled(world: World) -> dict[str, Any]:
    it: dict[str, Any] = {}
    officer, nurse, doctor, worker = (world.actor(name) for name in ("officer", "nurse", "doctor", "caseworker"))

    def offer(child: Any, to: str, kind: Kind, giver: Actor, **more: Any) -> Any:
        return custody.offer_handover(
            child=child,
            to_facility=world.facilities[to],
            kind=kind,
            wristband=child.number,
            place="gate",
            condition="asleep",
            by=giver,
            at=world.now(),
            **more,
        )

    def person(label: str, *facts: tuple[str, str]) -> Any:
        return operations.record_person(label=label, facts=facts, by=officer, at=world.now())

    it["found"], it["offered"], it["driven"] = world.child("小荷"), world.child("小莲"), world.child("小菊")
    it["patient"], it["cleared"], it["home"], it["fostered"] = (
        world.in_hospital(),
        world.in_hospital(cleared=True),
        world.in_home(),
        world.in_home(),
    )
    it["buyer"] = person("buyer", ("name", "农晓红"), ("id", "452801197503120021"), ("phone", "13877001234"))
    it["spouse"] = person("spouse", ("name", "凌大伟"), ("id", "452801197303120031"))
    it["carer"] = person("carer", ("name", "刘慧珍"), ("id", "450602198001014321"), ("alias", "慧姐"))
    it["namesake"], it["driver"] = person("seller", ("name", "王秀英")), person("driver", ("name", "闭玉莲"))
    operations.tie(person=it["buyer"], other=it["spouse"], kind="spouse", by=officer, at=world.now())
    it["exclusion"] = custody.exclude(person=it["buyer"], ground="buyer", by=officer, at=world.now())
    custody.exclude(subject="address", value="广西东兴市教育路8号2楼", ground="threat", by=officer, at=world.now())
    it["offer"] = offer(it["offered"], "hospital", Kind.HOSPITAL, officer)
    it["drive"] = offer(it["driven"], "hospital", Kind.HOSPITAL, officer, escort=it["driver"], vehicle="桂P12345")
    it["request"], it["signed"] = (
        custody.propose_foster(
            child=it[name],
            institution=world.facilities["home"],
            person=it["carer"],
            address=HOME,
            reason="family care",
            by=worker,
            at=world.now(),
        )
        for name in ("home", "fostered")
    )
    for who in ("officer", "supervisor"):
        request = it["signed"]
        custody.approve_foster(request=request, digest=request.digest, by=world.actor(who), at=world.now())
    it["taken"] = offer(it["fostered"], "home", Kind.FOSTER, world.actor("caseworker2"), foster=it["signed"])
    custody.accept_handover(offer_id=it["taken"].pk, wristband=it["fostered"].number, by=worker, at=world.now())
    it["assignment"] = custody.assign(
        child=it["home"], staff=world.staff["officer_gd"], by=world.actor("supervisor"), at=world.now()
    )
    it["glass"] = custody.break_glass(
        child_id=it["found"].pk, reason="nobody else there", by=world.actor("officer_gd"), at=world.now()
    )
    it["own_glass"] = custody.break_glass(child_id=it["home"].pk, reason="nobody else there", by=doctor, at=world.now())
    it["missing"] = custody.report_missing(
        child=it["home"], last_seen_at=world.clock, circumstances="not in its bed", by=worker, at=world.now()
    )
    custody.count_head(
        facility=world.facilities["hospital"], night=NOON.date(), child=it["patient"], seen=True, by=nurse, at=world.now()
    )
    it["kept"], it["absorbed"], it["twin"] = (world.child(name) for name in ("小梅", "小兰", "小竹"))
    step = children.propose_merge(kept=it["kept"], absorbed=it["absorbed"], reason="one child", by=officer, at=world.now())
    it["confirmed"] = children.confirm_merge(step=step, by=world.actor("officer2"), at=world.now())
    it["step"] = children.propose_merge(kept=it["kept"], absorbed=it["twin"], reason="one child", by=officer, at=world.now())
    it["split"] = children.propose_split(absorbed=it["absorbed"], reason="two after all", by=officer, at=world.now())
    it["assertion"] = children.say(child=it["home"], field="name", value="阿妹", said_by="herself", by=worker, at=world.now())
    it["superseded"] = children.say(child=it["home"], field="note", value="a", said_by="a carer", by=worker, at=world.now())
    children.say(
        child=it["home"], field="note", value="b", said_by="a carer", by=worker, at=world.now(), supersedes=it["superseded"]
    )
    children.group_siblings(children=[it["cleared"], it["fostered"]], ground="alleged", by=worker, at=world.now())
    it["renamed"] = children.correct(
        child_id=it["offered"].pk, version=1, changes={"call_name": "小芳"}, by=officer, at=world.now()
    )
    it["observation"] = medical.observe(
        child=it["patient"], taken_at=world.clock, consciousness="voice", by=nurse, at=world.now(), heart_rate=120
    )
    it["observed_before"] = medical.observe(
        child=it["patient"], taken_at=world.clock, consciousness="voice", by=nurse, at=world.now()
    )
    medical.observe(
        child=it["patient"],
        taken_at=world.clock,
        consciousness="alert",
        by=nurse,
        at=world.now(),
        supersedes=it["observed_before"],
    )
    it["sample"] = medical.take_tox_sample(
        child=it["patient"], barcode="T-1", kind="urine", taken_at=world.clock, by=nurse, at=world.now()
    )
    for name in ("nurse", "doctor"):
        accounts.open_account(staff=world.staff[name], username=name, password="correct horse battery", own_password=True)
    it["first"] = accounts.open_account(staff=world.staff["officer2"], username="officer2", password="first")
    it["secret"] = accounts.give_token(
        staff=world.staff["nurse"],
        scopes=["medical:read"],
        label="chart",
        by=nurse,
        at=world.now(),
        expires_at=world.clock.replace(year=2012),
    )
    it["token"] = world.staff["nurse"].tokens.get()
    it["alarm"] = Alarm.objects.create(
        kind="refused", level=2, agency_id=nurse.agency_id, jurisdiction=nurse.jurisdiction, child_id=7, at=world.now()
    )
    audit.raise_alarm(kind=Alarm.Kind.MISSING, at=world.now())
    it = it | _families(world, it["carer"]) | _kits(world, it)
    return it | lab_stage.samples(world, it)


def _families(world: World, carer: Any) -> dict[str, Any]:
    """A mother who looks for her child and her husband who looks for it too, with what was struck out, withdrawn and settled."""
    it: dict[str, Any] = {}
    by, day = world.actor("officer"), NOON.date()

    def tree(of: Any) -> list[Any]:
        return [one.relative for one in queries.tree(of.pk, at=world.now()).values()]

    def agrees(relative: Any) -> Any:
        paper = {"scope": "this_child", "given_by": "herself", "form": "GX 1"}
        until = {"signed_on": day - timedelta(days=9), "until": day + timedelta(days=90)}
        return families.consent(relative=relative, **paper, **until, by=by, at=world.now())

    it["family"] = asks(world)
    it["sought"], it["mother"], it["father"] = tree(it["family"])
    it["parentage"] = queries.standing_links(it["family"].pk).get(parent=it["father"])
    uncle = {"to": it["father"], "relation": "brother", "by": by}
    it["uncle"], it["struck"] = (families.add_relative(**uncle, state={"name": name}, at=world.now()) for name in ("李大河", "x"))
    _, _, _, it["grandmother"], it["grandfather"], *_ = tree(it["family"])
    for n, life in ((1, "living"), (2, "dead")):
        state = {"name": "李大江", "life": life, "person": carer}
        families.tell_relative(relative=it["grandfather"], n=n, state=state, by=by, at=world.now())
    families.strike(relative=it["struck"], reason="a neighbour", by=by, at=world.now())
    it["adopted"] = families.add_relative(to=it["uncle"], relation="son", state={}, by=by, at=world.now())
    it["unlinked"] = queries.standing_links(it["family"].pk).get(child=it["adopted"])
    families.unlink(parentage=it["unlinked"], reason="adopted", by=by, at=world.now())
    it["consent"], it["consented_before"] = agrees(it["mother"]), agrees(it["grandmother"])
    families.withdraw_consent(consent=it["consented_before"], by=by, at=world.now())
    husband = {"inquirer": [("name", "李大山"), ("phone", "13811112222")], "relation": "father"}
    it["again"] = asks(world, **husband, child_name="Li Xiaomei")
    agrees(tree(it["again"])[2])
    (it["pair"],) = families.propose_duplicates(request=it["again"], at=world.now())
    it["twin_family"] = asks(world, **husband, child_name="莫小花")
    (it["settled"],) = families.propose_duplicates(request=it["twin_family"], at=world.now())
    families.settle_duplicate(proposal=it["settled"], same=False, note="twins", by=by, at=world.now())
    it["third"] = asks(world, child_name="韦小花")
    it["family_gd"] = asks(world, by="officer_gd", inquirer=[("name", "何小玉"), ("phone", "13977000000")], child_name="何小宝")
    it["over"] = asks(world, inquirer=[("name", "黄丽"), ("phone", "13877005555")], child_name="黄小宝")
    families.withdraw(request=it["over"], note="came home", by=by, at=world.now())
    it["anew"] = asks(world, inquirer=[("name", "黎梅"), ("phone", "13877006666")], child_name="黎小宝", cause="sold")
    for n, cause in ((1, "deceived"), (2, "unknown")):
        told = TOLD | {"child_name": "黎小宝", "cause": cause, "where": world.jurisdictions["GD"]}
        families.describe(request=it["anew"], n=n, told=told, by=by, at=world.now())
    return it


def _kits(world: World, it: dict[str, Any]) -> dict[str, Any]:
    """A family that agreed, and kits on their way."""
    father, mother, posted = (kits.mother_of(world, inquirer=it["carer"], child_name=name) for name in ("a", "b", "c"))
    for relative in (father, mother, posted):
        kits.agrees(world, relative)
    kits.gone(world, kits.ordered(world, father), "taken", "sent", "received")
    old = kits.gone(world, kits.ordered(world, it["patient"], by="nurse"), "lost")
    return {
        "typed": father,
        "willing": mother,
        "posted_kit": kits.gone(world, kits.ordered(world, posted), "posted"),
        "old_kit": old,
        "new_kit": kits.ordered(world, it["patient"], by="nurse", replaces=old),
        "lost_kit": kits.gone(world, kits.ordered(world, it["home"], by="caseworker"), "lost"),
        "sent_kit": kits.gone(world, kits.ordered(world, it["cleared"], by="nurse"), "taken", "sent"),
    }
