"""A sentence for every refusal code: what stands against it, and what would unblock it.

`tests/web/test_messages.py` looks for every code that the casework can say and wants it here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Sentence:
    """What stands against something, and what would unblock it ("" where nothing would)."""

    code: str
    what: Text
    unblock: Text = ""

    @property
    def whole(self) -> str:
        """Both, one after the other."""
        return f"{self.what}{gap()}{self.unblock}".strip()


def gap() -> str:
    """What stands between two sentences; Chinese needs nothing after its full stop."""
    return "" if (get_language() or "").startswith("zh") else " "


_SENTENCES: Mapping[str, tuple[Text, Text]] = MappingProxyType(
    {
        # Exclusions and the place of rescue: nothing unblocks these, and the sentence says so.
        "excluded": (
            _("Somebody or something in this handover is excluded from contact with children."),
            _("Nothing lifts an exclusion. Choose another person, place or vehicle."),
        ),
        "kin_of_excluded": (
            _("Somebody in this handover is close kin of an excluded person, or lives with one."),
            _("Choose somebody else. The supervisor has been alarmed and screens this tie."),
        ),
        "place_of_rescue": (
            _("The child was found at this place. A child never goes back there."),
            _("Choose another place. If none has a bed, the child stays where it is and the ministry is alarmed."),
        ),
        # The way of a child.
        "not_current": (
            _("The child is no longer where this handover begins."),
            _("Open the child again and begin from where it is now."),
        ),
        "no_such_step": (
            _("This kind of care cannot follow the present one."),
            _("A rescued child is seen by a hospital first; after that come nursery, relief station, institution, foster care."),
        ),
        "wrong_kind_of_place": (
            _("The place is not of the kind that gives this care."),
            _("Choose a place of that kind, or another kind of care."),
        ),
        "place_closed": (_("The place is closed and takes no child in."), _("Choose an open place.")),
        "not_cleared": (
            _("No doctor has said that the child is fit to leave the hospital."),
            _("A doctor of this hospital clears the child first."),
        ),
        "foster_not_approved": (
            _("Two other organisations have not approved this household for this child."),
            _("Wait for both approvals, or ask anew if a request ran out."),
        ),
        "wristband": (
            _("The wristband that was read is not this child's present one."),
            _("Read the band on the child's wrist again. If it is lost, print a new one first."),
        ),
        "wristband_follows": (
            _("The new band does not follow the one that the child wears."),
            _("Open the child again and replace its present band."),
        ),
        "giver_not_custodian": (
            _("Only somebody of the agency that has the child can give it."),
            _("Ask a colleague at the place where the child is."),
        ),
        "before_last": (
            _("The handover would begin before the child came to its present place."),
            _("Correct the time."),
        ),
        "one_signatory": (
            _("Giver and receiver are the same person. A handover has two."),
            _("A colleague at the receiving place signs."),
        ),
        "receiver_not_of_place": (
            _("Who receives must be on duty at that place, in a role that cares for children."),
            _("Somebody of the receiving place signs."),
        ),
        "already_offered": (
            _("This child is already offered to a place, which has not answered yet."),
            _("Wait for the answer, or withdraw that offer first."),
        ),
        "already_accepted": (_("This handover was accepted a moment ago."), _("Open the child to see where it is.")),
        "no_offer": (
            _("Nobody offered this child to that place, or the offer is over."),
            _("The present custodian offers the child first."),
        ),
        "first_is_police": (
            _("The first to answer for a rescued child is the police post that found it."),
            _("Register the child at a police post."),
        ),
        "no_custodian": (
            _("A child cannot be recorded without somebody who answers for it."),
            _("Register it at a police post."),
        ),
        "death_by_doctor": (
            _("Only a doctor of the hospital that has the child can record its death."),
            _("Ask a doctor of that hospital."),
        ),
        "not_in_hospital": (_("The child is not in a hospital."), _("This can be done while it is in one.")),
        "not_the_doctor": (
            _("Only a doctor of the hospital that has the child can say this."),
            _("Ask a doctor of that hospital."),
        ),
        "not_of_place": (_("Only somebody of that place can record this."), _("Ask a colleague at that place.")),
        "not_this_agency": (_("This belongs to another agency."), _("Ask somebody of that agency.")),
        "person_unknown": (
            _("Nothing is known of this person by which they could be screened."),
            _("Record a name, an identity number, a telephone or an address first."),
        ),
        "nobody_at_work": (_("Nobody at work has this number."), _("Check the number on the register of staff.")),
        "several_like_this": (_("Several people are recognised by this."), _("Give the identity number.")),
        "person_twice": (_("This names somebody on record and somebody new."), _("Give one of the two.")),
        # A place for a child.
        "capacity_unknown": (
            _("This home has not told within a day what it can take."),
            _("Somebody there counts cots and carers and reports them; it takes a minute."),
        ),
        "no_bed": (
            _("There is no free cot in this home, those counted that are kept for others."),
            _("Choose another home, or have it ask for a surge, which two organisations approve."),
        ),
        "no_carer": (
            _("There is a cot in this home, but no carer for one more child, by day or by night."),
            _("Choose another home, or have it ask for a surge, which two organisations approve."),
        ),
        "siblings_apart": (
            _("The child would be apart from a brother or sister."),
            _("Choose the home where they are, or offer them together. Welfare, health and law together can decide otherwise."),
        ),
        "risk_area": (
            _("A buyer of this child lives in the area of this home, or has kin there."),
            _("Choose a home elsewhere. Nothing lifts this."),
        ),
        "refused_before": (_("This home was asked for this child and refused."), _("Choose another home.")),
        "level": (
            _("This home gives less care than a doctor says that the child needs."),
            _("Choose a home that gives it, or have a doctor look at the child again."),
        ),
        "already_proposed": (
            _("A home was asked for this child already, or keeps a place for it."),
            _("Wait for its answer, or call that placement off first."),
        ),
        "already_ended": (
            _("This placement was called off a moment ago."),
            _("Nothing needs to be done: those who place the child look for another home."),
        ),
        "already_planning": (_("A plan is being made for this area already."), _("Open it: it shows how far it is.")),
        "plan_over": (_("This plan is made, or was called off."), _("Ask for a new one.")),
        "plan_missing": (_("A plan that is made belongs to what was asked for."), _("Ask for a new one.")),
        "contradiction": (
            _("What is recorded contradicts itself, and no plan can be made from it."),
            _("Call off the placements that the desk shows in red and ask again, or tell those who run the house."),
        ),
        "given_up": (
            _("Three times the worker stopped before the plan was made."),
            _("Ask again. If it happens again, tell those who run the house."),
        ),
        "already_answered": (_("A colleague has answered this already."), _("Nothing needs to be done.")),
        "reason_missing": (_("A home says why it refuses a child."), _("Choose a reason.")),
        # Approvals.
        "proposer_not_of_place": (
            _("Only a caseworker of the institution that has the child can ask for foster care."),
            _("Ask a caseworker there."),
        ),
        "changed_request": (
            _("What you were shown is not what was asked."),
            _("Open the request again and read it anew."),
        ),
        "self_approval": (
            _("Nobody approves or confirms what they asked for themselves."),
            _("Another person decides."),
        ),
        "not_an_approver": (
            _("Your role does not approve this."),
            _("A supervisor or placement officer does; foster care an officer too."),
        ),
        "same_agency": (
            _("Both approvals must come from other organisations than the one that asks."),
            _("Another agency approves."),
        ),
        # Records of children.
        "merged_away": (
            _("Two people found this record to be another child's. It leads nowhere any more."),
            _("Go on with the record that was kept, or split the two again."),
        ),
        "merge_into_merged": (_("The record to keep was itself merged into another."), _("Merge into that other record.")),
        "merge_of_merged": (_("This record was merged already."), _("Split it first if that was wrong.")),
        "merge_with_itself": (_("A record cannot be merged with itself."), _("Choose two different children.")),
        "siblings_lost": (
            _("The record that was merged away has siblings, and the child whose record goes on is not among them."),
            _("Record them as siblings, then confirm the merge."),
        ),
        "split_of_whole": (_("This record is not merged into any other."), _("There is nothing to split.")),
        "child_frozen": (_("This part of a child's record never changes."), _("Add what you know as a statement instead.")),
        "child_version": (_("Somebody changed this record in the meantime."), _("Look at the changes and enter yours again.")),
        "changed_meanwhile": (
            _("Somebody else changed this record while you were writing."),
            _("Their changes are shown below; what you typed is still here. Compare and save again."),
        ),
        "check_digit": (_("This number has a slip in it: its check digit does not fit."), _("Read it again, digit by digit.")),
        "not_an_image": (_("This is not a picture that can be read."), _("Take a JPEG or PNG picture.")),
        "too_many_pixels": (_("This picture is too large."), _("Take it again with fewer pixels.")),
        "too_large": (_("This is too large."), _("Take a picture again with fewer pixels; of places, choose a smaller one.")),
        "correction_missing": (_("A change needs a record of what was there before."), _("Use the page for corrections.")),
        "something_else": (_("What this corrects belongs to another record."), _("Open the child again and begin there.")),
        "already_superseded": (_("Somebody corrected this already."), _("Open the child again and correct the latest.")),
        "other_operation": (_("That rescue belongs to another operation."), _("Choose a rescue of this operation.")),
        # Investigations and joint operations.
        "not_own_agency": (
            _("An investigation is opened by an officer of the agency that leads it."),
            _("An officer of that agency opens it."),
        ),
        "not_lead": (_("Only a lead of the task force may do this."), _("Ask a lead of the task force.")),
        "last_lead": (_("A task force has a lead at any time, and this is the last one."), _("Add another lead first.")),
        "member_already": (_("This person is in the task force already."), _("Nothing needs to be done.")),
        "not_for_task_force": (
            _("A task force takes police officers and, where the ministry supervises, its supervisors."),
            _("Choose somebody of these, or record the supervision first."),
        ),
        "not_ministry": (
            _("Only a supervisor of the ministry that is responsible for the place may do this."),
            _("Ask one of them."),
        ),
        "not_supervised": (
            _("The ministry does not supervise this investigation."),
            _("A lead of its task force records the supervision."),
        ),
        "lead_there": (
            _("A lead of this task force is at work."),
            _("Ask them: the ministry names a lead only where there is none."),
        ),
        "why_missing": (_("A reason is missing."), _("Say why.")),
        "no_such_investigation": (
            _("There is no investigation of this number that the ministry supervises and that has no lead at work."),
            _("Compare the number with whoever told it to you."),
        ),
        # Joint operations.
        "plan_fixed": (_("The plan is approved: its sites do not change any more."), _("Draft another plan.")),
        "plan_changed": (
            _("The plan was changed after you had opened it."),
            _("Open it again and read what stands there now."),
        ),
        "leader_outside": (
            _("The leader of a site belongs to the task force."),
            _("Take them in first, or choose somebody of it."),
        ),
        "one_leader": (_("One person leads a site."), _("Leave one of the two out.")),
        "leader_not_alone": (
            _("Told of one site alone is an officer at work who does not belong to the task force."),
            _("Choose somebody else, or name them as a leader of the task force."),
        ),
        "other_plan": (_("That site is of another plan."), _("Choose a site of this plan.")),
        "not_site_leader": (
            _("Only the leader of this site, or a lead of the task force, says whether it goes."),
            _("Ask one of them."),
        ),
        "not_sealed": (
            _("The plan is not sealed yet: sites tell from then on whether they go."),
            _("A lead seals it once it is approved."),
        ),
        "plan_launched": (
            _("The operation is launched already."),
            _("What happens at the site is told on the board."),
        ),
        "site_replaced": (_("Another site stands in the place of this one."), _("Open the plan again.")),
        "site_not_ready": (
            _("A site goes with a child-care kit, a medic and a female officer, and an operation when every site does."),
            _("Wait for what is missing, or let a lead call the site off with a reason."),
        ),
        "not_approver": (
            _("A supervisor of the ministry approves a plan who belongs to the task force."),
            _("A lead takes one in where the ministry supervises."),
        ),
        "own_plan": (_("Nobody approves their own plan."), _("Another supervisor of the task force approves it.")),
        "wrong_step": (
            _("This is not the next step: a plan is approved, sealed, launched, stood down and reviewed, in this order."),
            _("Open the plan to see where it stands."),
        ),
        "no_site": (_("A plan without a site is not approved."), _("Plan its sites first.")),
        "every_site_off": (_("Every site is called off: there is nothing to launch."), _("Let a site go first.")),
        "not_its_operation": (_("This is not the operation that was planned."), _("Launch the plan by its own page.")),
        # Alleged victims.
        "not_member": (_("Only the task force may do this."), _("Ask a lead of the task force.")),
        "wrong_order": (_("The first day lies after the last."), _("Exchange the two days.")),
        "victim_disproved": (
            _("It is on record that this alleged victim never was."),
            _("If it was after all, record that first."),
        ),
        "victim_rescued": (
            _("A child is said to be this alleged victim."),
            _("If it is not that child, take that back first."),
        ),
        "child_tied": (
            _("This child is said to be another alleged victim of this investigation."),
            _("If it is not, take that back first."),
        ),
        # The day of an operation.
        "not_own_province": (
            _("A province's figures are reported by its own police."),
            _("An officer of that province reports them."),
        ),
        "amount_below_nothing": (_("Less than nothing cannot be seized."), _("Report the whole amount of this line.")),
        "tie_of_launch": (_("A plan of this investigation was launched as this operation: it came of it."), ""),
        "not_detained": (
            _("It is not on record that this person was detained in this operation."),
            _("Record the detention first, then where it was."),
        ),
        "two_needed": (_("Siblings are two or more."), _("Choose two different children.")),
        # Clues.
        "clue_not_own": (
            _("A clue is taken down by an officer for their own agency."),
            _("An officer of that agency takes it down."),
        ),
        "clue_elsewhere": (
            _("A clue is taken down for the own jurisdiction, or for one below it."),
            _("Choose one of these; of others tell the police there."),
        ),
        "not_your_clue": (_("Only officers of the agency that holds this clue write into it."), _("Call that agency.")),
        "not_your_side": (
            _("Whether two clues belong together is said by officers of an agency that holds one of them."),
            _("Call one of these agencies."),
        ),
        "no_such_clue_step": (
            _("This step cannot follow the one at which the clue stands."),
            _("Open the clue again, and choose from the steps that may follow."),
        ),
        "one_for_both": (
            _("You have spoken for the other clue of this pair, and nobody speaks for both."),
            _("Ask a colleague to speak for this one."),
        ),
        "line_not_understood": (_("This line was not understood."), _("Begin it with a word: person, telephone, place …")),
        "fact_of_other": (_("This does not belong to such a thing."), _("Put it on a line of its own.")),
        "no_such_line": (_("There is no thing of this number."), _("Count the lines that name somebody or something.")),
        "no_pair": (_("These are not two different clues."), _("Choose two clues.")),
        "other_clue": (_("This belongs to another clue."), _("Choose what this clue speaks of.")),
        "assigned_outside": (
            _("Who it is given to does not belong to the task force, and cannot read the clue."),
            _("Choose one of the task force, or have a lead take them into it first."),
        ),
        "assigned_to_nobody": (
            _("Only a clue that is assigned names an officer, one of the agency that holds it."),
            _("Choose an officer of your agency."),
        ),
        "source_of_anonymous": (_("Somebody anonymous has no name here."), _("Leave the source empty, or do not say anonymous.")),
        "too_many": (_("This is more than can be entered at once."), _("Enter the rest afterwards.")),
        "not_in_task_force": (
            _("Only who belongs to the task force may do this."),
            _("Ask a lead of the task force."),
        ),
        "same_agency_opens": (
            _("Two clues of one agency are not opened to each other by it alone."),
            _("Ask the leads of both task forces."),
        ),
        # What is never done.
        "append_only": (_("What was recorded is never changed or erased."), _("Record a correction instead.")),
        "other_year": (_("A day of another year is among them."), _("Give days of this year alone.")),
        "not_a_weekend": (
            _("A day among them is of no weekend, and is worked anyway."),
            _("Leave it out, or see whether its date is right."),
        ),
        "closed_and_open": (_("A day is told both as a holiday and as worked."), _("Keep it on one of the two lists.")),
        "no_calendar_line": (
            _("This line is not understood:"),
            _("Write days as 2026-10-01, or 2026-10-01..2026-10-07, then the name."),
        ),
        "limit_too_long": (_("A limit is never longer than the law's."), _("Give fewer hours.")),
        "already_there": (_("This was recorded already."), _("Nothing needs to be done.")),
        "keys_closed": (_("This register is closed to the application."), _("Two registrars make the entry.")),
        "key_missing": (
            _("Nothing in this could ever be recognised again."),
            _("Give a name, number, address or plate in full."),
        ),
        "tie_to_self": (_("A person cannot be tied to themselves."), _("Choose two different people.")),
        "chain_forked": (_("The audit chain moved on at the same moment."), _("Try again.")),
        "two_registrars": (_("An entry on a register needs two registrars."), _("A second registrar signs.")),
        "registered_already": (
            _("This person is on the register already."),
            _("End the record there is first: one person signs as one."),
        ),
        "same_password": (
            _("This is the password that the account has already."),
            _("Choose one that only you know."),
        ),
        "account_frozen": (_("This part of an account never changes."), _("Ask for a new account.")),
        # Who and what.
        "not_allowed": (_("Your role does not do this."), _("Ask a colleague whose task it is.")),
        "no_longer_staff": (
            _("This login belongs to nobody who still works here."),
            _("If that is wrong, ask two registrars to enter you again."),
        ),
        "scope": (_("This token does not reach so far."), _("Make a token that reaches further, under Account.")),
        "step_up": (_("This asks who you are once more."), _("Confirm who you are and try again; it holds for five minutes.")),
        "not_found": (
            _("There is no such thing, or you have no need to know of it."),
            _("Check the number. If a child is in danger, break the glass."),
        ),
        "no_such_number": (
            _("Nothing that you may know has this number."),
            _("Check it against the paper. If a child is in danger, break the glass."),
        ),
        "too_many_rows": (_("The list is too long for a sheet."), _("Take it as CSV, or narrow it.")),
        "not_made_here": (
            _("This page was open for too long, and its passphrase counts no more."),
            _("Take the file with the passphrase that is shown now."),
        ),
        "key_reused": (_("This form was sent before with other words."), _("Check below and send it again.")),
        "invalid": (_("Something that was typed cannot be used."), _("See the fields marked below.")),
        "too_long": (_("This is too long."), _("Shorten it.")),
        # Families who look for a child.
        "request_over": (_("This request has ended."), _("Record a new request, or go on with the one that was kept.")),
        "not_last": (_("Somebody else told this anew a moment ago."), _("Open it again and begin there.")),
        "missing_child_there": (
            _("A request looks for one child, and it is in the tree."),
            _("Record a request for the other child."),
        ),
        "missing_child_stays": (_("The child that is looked for cannot be struck out."), _("Correct what is said of it.")),
        "kept_for_duplicates": (
            _("Only a request for the same child as another ends in favour of it."),
            _("Say which of the two goes on."),
        ),
        "kept_is_over": (_("The request that should go on has ended itself."), _("Choose one that goes on.")),
        "duplicate_not_ended": (_("Two requests for one child: one of them ends."), _("Say which of the two goes on.")),
        "relative_struck": (_("This relative was struck out of the tree."), _("Open the tree again and choose somebody else.")),
        "consent_stands": (
            _("This relative agreed to a sample, and that stands."),
            _("Record first that they want it no more, if that is so."),
        ),
        "consent_of_missing": (_("The child that is looked for gives no consent."), _("Choose a relative.")),
        "consent_purpose": (_("Relatives' DNA is compared with that of rescued children, and used for nothing else."), ""),
        "other_family": (_("The two belong to different requests."), _("Choose two of one family.")),
        "parent_sex_unknown": (_("A parent is a mother or a father."), _("Enter whether it is a man or a woman first.")),
        "has_parent": (
            _("There is a mother or a father of this person already."),
            _("Correct who that is, or strike the link out."),
        ),
        "own_ancestor": (_("Somebody would be their own ancestor."), _("Look at the tree again.")),
        "partner_same_sex": (_("The other parent would be a second mother or a second father."), _("Choose the other parent.")),
        "not_a_parent": (_("This is for a daughter or a son only."), _("Leave it empty.")),
        # Kits, from hand to hand.
        "not_a_laboratory": (_("Samples are sent to a laboratory on the register."), _("Choose a laboratory.")),
        "sample_of_missing": (_("The child that is looked for gives no sample."), _("Choose a relative.")),
        "no_consent": (
            _("This relative does not agree, today, that a sample of theirs is compared."),
            _("Record what they signed first. If they took it back, take no sample and send none."),
        ),
        "not_in_care": (_("This child is not in care."), ""),
        "not_of_file": (
            _("This file is not your agency's to work on."),
            _("The agency that has the request, or the child, orders the kit."),
        ),
        "kit_under_way": (
            _("A kit for this person is under way already."),
            _("Tell what became of that one. If it came back, was refused or lost, order one in its place."),
        ),
        "not_replaceable": (
            _("Only a kit of the same person that came back, was refused or lost is replaced."),
            _("Open that kit and see where it is."),
        ),
        "no_first_sample": (
            _("There is no first sample of this person yet."),
            _("Order a kit for the first sample. The second comes after the laboratory has it."),
        ),
        "no_such_hop": (
            _("This cannot happen to the kit now."),
            _("Open the kit, see what was told of it last, and tell what came next."),
        ),
        "kit_replaced": (_("Another kit was ordered in place of this one."), _("Go on with that one.")),
        "not_of_kit": (
            _("This is not yours to tell of this kit."),
            _("The agency that ordered it tells its way; the laboratory tells whether it came and can be used."),
        ),
        "no_place": (_("The place is missing."), _("Say where the kit was posted to, or where the sample was taken.")),
        "no_reason": (_("A reason is missing."), _("Say why the kit cannot be used.")),
        "no_witness": (
            _("Two people seal a sample: whoever takes it, and a witness who is still at work."),
            _("Name the second person."),
        ),
        "witness_is_self": (_("Nobody is their own witness."), _("Name the second person who was there.")),
        # What a sample showed.
        "kit_unknown": (
            _("This is no kit of this laboratory."),
            _("If it is a control or a ladder, leave it out; else look at the number on the tube."),
        ),
        "kit_not_received": (
            _("This kit has not come to the laboratory."),
            _("Scan it as received first; if it is not here, find out whose tube this is."),
        ),
        "sample_withdrawn": (
            _("Whose sample this is wanted it erased."),
            _("Destroy the tube. If they have agreed again, order another kit."),
        ),
        "not_a_partner": (_("This is no authority of a partner."), _("Choose one that is on the register as a partner.")),
        "not_https": (_("This is no address of a node."), _("It begins with https:// and has at most 200 characters.")),
        "not_a_node_name": (_("A node cannot be called so."), _("Use up to 12 capital letters, digits and hyphens.")),
        "not_a_case_number": (
            _("A shared case cannot have this number."),
            _("Use up to 40 letters, digits, dots, slashes and hyphens, as agreed with the partner."),
        ),
        "message_length": (_("A message is not empty, and not longer than 40 KB."), ""),
        "not_next": (_("Somebody else wrote of this case at the same moment."), _("Send it again.")),
        "delivered_already": (_("The partner has had this message."), ""),
        "nothing_heard": (_("Of a try it must be said what came of it."), ""),
        "receipt_wrong": (
            _("The receipt is not the partner's for this message."),
            _("It is sent again. Ask the partner, by another way, whether its key was changed."),
        ),
        "not_a_message": (_("What came is no message of a partner."), ""),
        "node_unknown": (_("No partner's node has this name."), ""),
        "key_revoked": (
            _("The partner has no key that counts, or signed with an earlier one."),
            _("Ask the partner for its key."),
        ),
        "message_not_signed": (_("The message is not signed with the partner's key."), _("Ask the partner, by another way.")),
        "not_for_us": (_("The message is for another house."), ""),
        "message_altered": (_("The message was altered on its way."), _("Ask the partner, by another way.")),
        "message_skewed": (
            _("The message was signed more than five minutes away from our time."),
            _("Compare the clocks of both houses."),
        ),
        "foreign_case": (_("The partner does not share this case with us."), ""),
        "message_changed": (
            _("Another message came under the number of one that was taken."),
            _("Ask the partner, by another way."),
        ),
        "keys_missing": (
            _("A node is known by all its keys and its certificate, or by none."),
            _("Ask the partner for its card."),
        ),
        "not_a_certificate": (_("This is no certificate of a line."), _("Ask the partner for its card.")),
        "not_their_line": (
            _("Whoever brought the message showed another's certificate."),
            _("Ask the partner, by another way."),
        ),
        "not_sealed_for_us": (
            _("The message was not sealed for this house."),
            _("Ask the partner whether it has our card."),
        ),
        "sample_asked_by": (
            _("The partner was asked by this sample already."),
            _("A further sample of the child can be asked by."),
        ),
        "no_sample_to_ask_by": (
            _("No sample stands for this child by which anybody could be found."),
            _("Have one taken, or a third where two contradict each other."),
        ),
        "not_a_childs_sample": (_("A partner is asked by a rescued child's sample, and by no other."), ""),
        "sample_changed": (
            _("Another sample stands for the child now than the one that was to be asked by."),
            _("Ask once more by that one."),
        ),
        "not_approved": (_("What goes abroad is approved by a second person first."), ""),
        "not_looked_at": (_("What the search found for a partner is looked at by somebody before it is answered."), ""),
        "asked_same_sample": (_("The partner asked by this sample already."), _("Ask it, by another way, why it does again.")),
        "asked_quota": (
            _("The partner asked by as many samples as it may in a month."),
            _("Speak with it. Somebody there may be asking our base out."),
        ),
        "asked_near_copy": (
            _("A partner asked by a sample that differs from an earlier one at a few loci alone."),
            _("It was not searched. Speak with the partner: somebody there may be asking our base out."),
        ),
        "asked_family_told": (
            _("A family would fit more of partners' children than it can look for."),
            _("It was not told. Speak with the partner: somebody there may be asking our base out."),
        ),
        "asked_canary": (
            _("A partner asked by somebody whom only a person who makes up children can have asked by."),
            _(
                "It was answered like any other. Somebody there may be asking our base out: speak with the partner by another"
                " way."
            ),
        ),
        "asked_by_ours": (
            _("A partner asked by a sample that is nearly one that it was asked by from here, and was to forget."),
            _("It was answered like any other. Ask the partner, by another way, what was kept there."),
        ),
        "step_out_of_order": (
            _("Then it would not begin between the steps before and after it."),
            _("Correct the time, or the other step first."),
        ),
        "tie_wrong": (_("The case is not about this child any more: it was tied to it wrongly."), _("Tie the right child.")),
        "stands_so_already": (_("This stands so already."), ""),
        "looker_at_work": (
            _("Somebody has looked at this, and is there to answer for it."),
            _("Nothing needs to be done: the answer goes out at its hour."),
        ),
        "answered_already": (_("The partner has been answered."), ""),
        "case_ended": (
            _("The case is ended: nothing more is told, asked or taken in it."),
            _("Two persons can open it again, on the side that ended it."),
        ),
        "ended_already": (_("The case is ended already."), ""),
        "no_later_key": (_("The partner was told our newest key already."), ""),
        "no_key_told": (
            _("The partner has told no later key that stands under its signature."),
            _("Ask it to tell it in a message."),
        ),
        "sealed_for_old_key": (
            _("The message is sealed for a key that was withdrawn long ago."),
            _("The partner takes the later key, and writes the message anew."),
        ),
        "not_the_newest": (_("A later key of the house is there already."), ""),
        "not_ended": (_("The case is open."), ""),
        "term_not_allowed": (
            _("What was told is kept for 30 days to ten years, and in a withdrawn case for 30 days."),
            _("Choose another term."),
        ),
        "term_not_over": (_("What was told is kept until its term is over."), ""),
        "canaries_enough": (_("Each partner has as many canaries as another."), ""),
        "nothing_chosen": (_("Nothing was chosen that could be told."), _("Choose what the partner needs to know, and no more.")),
        "no_basis": (_("This cannot be told abroad on that basis."), _("Choose another basis, or leave it out.")),
        "package_approved": (_("What was approved is not added to."), _("Propose what else there is to tell by itself.")),
        "package_changed": (
            _("What is known of the child is not what it was when this was proposed."),
            _("Look at it, and propose it anew."),
        ),
        "not_its_package": (_("What goes out is what was approved, in its case."), ""),
        "handed_over_already": (_("The child was handed to the partner: nothing of its return waits any more."), ""),
        "before_rescue": (_("Nothing waits before the child was rescued."), _("Correct the time.")),
        "step_before_last": (_("This would begin before what it follows."), _("Correct the time.")),
        "already_searched": (_("This question was searched, and what it was asked by is gone."), ""),
        "not_searched": (_("What a partner asks by is kept until the search has looked."), ""),
        "found_unlike": (_("A hit names a family, a refusal its reason, and nothing else either."), ""),
        "profile_kept": (_("What a question by DNA holds is kept apart, since it is erased."), ""),
        "not_its_question": (_("An answer is to a question that the other side asked in this case."), ""),
        "not_a_key": (_("This is no public key."), _("Ask the laboratory for its Ed25519 key.")),
        "too_few_loci": (
            _("With so few loci nobody can be told from anybody else."),
            _("Type the sample again, at eight loci or more."),
        ),
        "detail_of_relative": (
            _("Which loci of a relative's sample are odd is written down nowhere."),
            _("Tell how many there are."),
        ),
        "nothing_read": (_("No locus gave a result."), _("Type the sample again.")),
        "signature_missing": (
            _("This laboratory signs its files, and this one comes without a signature."),
            _("Give the signature that was made with the file."),
        ),
        "signature_wrong": (
            _("The signature is not this laboratory's over this file."),
            _("Ask for the file and its signature once more; somebody may have altered it on the way."),
        ),
        "empty": (_("There is nothing in this file."), _("Export it again.")),
        "unreadable": (
            _("This file cannot be read."),
            _("What the reader found stands below; mend the file and choose it again."),
        ),
        "unknown_sample": (
            _("There is no such sample in the file."),
            _("Look at the file once more and choose among its samples."),
        ),
        "taken_before": (_("This file was taken already."), _("Nothing needs to be done.")),
        "rows_left": (
            _("Some samples in the file cannot be taken."),
            _("Look at each, and mark those that are to be left out."),
        ),
        "nothing_to_take": (_("No sample of this file can be taken."), _("See below why, sample by sample.")),
        "unknown_panel": (_("This kit of markers is not known."), _("Choose one of the list, or none.")),
        "not_an_allele": (_("This is no allele of this locus."), _("Type it as it stands, such as 9.3.")),
        "same_person": (
            _("You have typed this profile yourself."),
            _("A colleague types it once more, without looking at yours."),
        ),
        "entry_waiting": (_("The last two entries are being compared."), _("Look again in a moment.")),
        "one_entry": (
            _("A profile comes from a file of the laboratory that has the sample, or is typed alike by two of its analysts."),
            _("Type it a second time, by somebody else."),
        ),
        "not_a_pair": (_("There are no two entries to compare."), ""),
        "other_person": (_("This sample is of somebody else."), _("Look at the number on the tube.")),
        "key_unknown": (_("What is sealed here has no key."), _("Tell the administrator.")),
        "key_ended": (_("This was erased, and is not written again."), _("Order another kit.")),
        "key_in_use": (_("A key goes with what it seals, and not before."), ""),
        "original_kept": (_("The original of a file is kept while everybody in it agrees."), ""),
        "original_gone": (_("The original of this file was erased."), ""),
        "nothing_there": (_("There is nothing to erase."), ""),
        # Candidates.
        "candidate_over": (
            _("This candidate has ended."),
            _("Nothing needs to be done. If the data changed, the search has proposed it anew: look in the list."),
        ),
        "read_already": (
            _("As many have read this as are needed."),
            _("Nothing needs to be done. Two readings alike decide; where two differ, a third does."),
        ),
        "spoke_already": (
            _("By the number of your papers you have spoken here already, under another record."),
            _("Somebody else does this."),
        ),
        "not_read": (
            _("Two analysts must have read this before there is a report of it."),
            _("Wait for the second reading."),
        ),
        "report_differs": (
            _("This house would set the report otherwise than it was set: it has other fonts or words."),
            _("Ask whoever runs the house: what set the report is kept with it."),
        ),
        "not_supported": (
            _("Two readings that support this are needed, and are not there."),
            _("Wait for them. Where two differ, a third analyst reads."),
        ),
        "second_missing": (
            _("Second samples of the child and of the relatives have not been compared yet."),
            _("Have them taken by other hands than the first, and typed. They are compared at once."),
        ),
        "second_differs": (
            _("A second sample shows somebody else."),
            _("The match is void. Find out which tubes were exchanged, and have the samples taken again."),
        ),
        "not_a_second": (
            _("This is no second sample of this child or of these relatives."),
            _("Look at the number on the tube."),
        ),
        "dossier_old": (
            _("The family's samples changed while the search went on."),
            _("Nothing needs to be done: it is searched again."),
        ),
        "nobody_typed": (_("No relative of this family was typed."), _("Have a relative's sample typed first.")),
        "nothing_changed": (_("What was compared has not changed."), _("Nothing needs to be done.")),
        "not_refuted": (_("No second sample speaks against this."), _("Nothing needs to be done.")),
        "other_search": (_("This was found by the search of another child."), _("Open the candidate of this child.")),
        "same_hands": (
            _("The second sample is taken by somebody else than the first."),
            _("Ask a colleague to take it; you may be the witness."),
        ),
        "before_birth": (_("This lies before the child was born."), _("Correct one of the two.")),
        "over_already": (_("This day has passed."), _("Enter a day that lies ahead.")),
        "control_character": (_("There is a character in it that cannot be printed."), _("Type it anew.")),
        "no_time_zone": (_("The time zone is missing."), ""),
        "in_the_future": (_("This lies ahead."), _("Enter a time that has passed.")),
        "out_of_range": (_("This number cannot be."), _("Check it.")),
        "before_first": (_("This day lies before the first."), _("Enter a later day.")),
        "in_future": (_("This lies ahead."), _("Enter a time that has passed.")),
        "before_stay": (_("This lies before the child came here."), _("Correct the time.")),
        "before_least": (_("This is less than the least age."), ""),
        "negative": (_("This cannot be less than zero."), ""),
        "too_old": (_("This is older than a child."), _("Enter the age in days.")),
        "too_often": (_("This is more often than anybody can look."), _("Choose a longer interval.")),
        "too_seldom": (_("A sedated child is looked at every hour at least."), _("Choose a shorter interval.")),
        "too_late": (_("This lies too far ahead."), _("Choose an earlier day.")),
        "not_a_date": (_("This is no date."), _("Write it as 2011-07-15.")),
        "nothing_measured": (_("Nothing was measured."), _("Enter one measure at least.")),
        "unknown_field": (_("There is no such field to correct."), ""),
        "unknown_version": (_("Nobody has read this record in that version."), _("Open the child again and begin there.")),
        "implausible": (_("This value cannot be."), _("Read it again.")),
        "required": (_("This is needed."), ""),
        "unknown_choice": (_("This is not one of the choices."), ""),
        "not_recognisable": (_("Nothing in this could be recognised again."), _("Give it in full.")),
        "too_short": (_("Please say more: ten letters at least."), ""),
        "note_missing": (_("Say what was done."), ""),
        "id_number_missing": (_("An identity number is needed."), _("Enter it in full.")),
        # The way home.
        "not_released": (
            _("A child goes home, or to another country's authority, only by a release that is carried out now."),
            _("Ask for a release in the file of its return, and hand the child over from there."),
        ),
        "match_over": (
            _("No confirmed match stands for this child and this family any more."),
            _("Ask the laboratory what changed. A new match begins with a new file."),
        ),
        "not_verified": (
            _("The verification is not complete, or something in it contradicts the family."),
            _(
                "Each kind of evidence is wanted, and answers to two details held back; a row that contradicts is looked into"
                " first."
            ),
        ),
        "parents_not_cleared": (
            _("The enquiry does not clear the parents, or is not countersigned, or another came after it."),
            _("An officer of another station tells the result with the prosecutor's document, and a supervisor signs it."),
        ),
        "not_determined": (
            _("No determination that holds today says that this is best for the child."),
            _("A caseworker proposes one, and welfare, health and law speak on it."),
        ),
        "detained": (
            _("Somebody of the household is a suspect in an operation, or was detained."),
            _("Nobody goes to this household. The supervisor has been told."),
        ),
        "release_not_approved": (
            _("Supervisors of two other organisations have not both approved this."),
            _("Each opens the release and signs what is asked."),
        ),
        "release_over": (_("The time of this release is over."), _("Ask for it anew.")),
        "release_revoked": (
            _("This release was revoked, because something changed."),
            _("Read in the file what changed. If it is settled, ask anew."),
        ),
        "release_frozen": (_("What was asked is frozen since the first approval."), _("Take the release back and ask anew.")),
        "samples_not_fresh": (
            _("No samples taken for this handover show that the child and whoever takes it are the people who were matched."),
            _("Take a sample of both, and wait for the laboratory. Samples count for fourteen days."),
        ),
        "not_here": (_("The child is not in the institution that asks."), _("The institution that has the child asks.")),
        "not_the_family": (
            _("Whoever is to take the child is not a relative whom the match names, as the family's file has them."),
            _("Choose a relative in the family's tree who is on record."),
        ),
        "nobody_receives": (
            _("Nobody is named to whom the child goes."),
            _("Take the release back and ask anew, with whoever takes the child."),
        ),
        "already_asked": (_("A release of this child is asked for already."), _("Go on with that one, or take it back first.")),
        "already_executed": (_("This release was carried out."), ""),
        "other_case": (_("This belongs to another file."), _("Open the child's file and begin there.")),
        "other_row": (_("Only a row of the same kind, in the same file, can be corrected."), _("Choose that row.")),
        "local_police": (
            _("The station that took up the family's request cannot say by itself that the parents had no part in the sale."),
            _("An officer of another agency enquires."),
        ),
        "document_missing": (_("The number of the document is missing."), _("Enter it as it stands on the paper.")),
        "not_involved": (_("No enquiry says that a parent took part."), ""),
        "panel_closed": (
            _("A release rests on this determination: nobody votes on it any more."),
            _("Propose another determination."),
        ),
        "dissent_missing": (_("Whoever does not agree says why."), _("Write the reason.")),
        "no_such_visit": (_("Families are visited on days 7, 30, 90, 180 and 365."), _("Choose one of these.")),
        "too_early": (
            _("The day for this certificate has not come."),
            _("The first is due a month after the child was taken in, the second after twelve."),
        ),
        "first_certificate": (_("The certificate of the first month is missing."), _("Write that one first.")),
        "notice_missing": (_("No public notice has stood for thirty days."), _("Publish one, and wait thirty days.")),
        "no_number": (
            _("A number has letters, digits, points and hyphens, twenty at the most."),
            _("Take the day of the announcement, for instance 2011-07-27."),
        ),
        "cutoff_before_last": (
            _("The version before was counted until a later moment."),
            _("Choose a moment after that of the version before."),
        ),
        "case_left_out": (_("A case of the version before is missing."), _("Choose every case that it told of; more may come.")),
        "announced_elsewhere": (
            _("A case was announced under another number: the difference of the two would tell of few children."),
            _("Write a further version under that number."),
        ),
        "officers_reported": (
            _("Provinces reported their officers of this case: they are counted, and not typed."),
            _("Leave the number and its source out."),
        ),
        "later_version": (_("Meanwhile another version came."), _("Read it, and approve that one or count anew.")),
        "other_jurisdiction": (_("It is another country's."), _("A supervisor of the same ministry's country approves.")),
        "not_an_announcer": (_("Supervisors of the ministry announce."), _("Ask one of them.")),
        "not_as_counted": (_("The figures are not those of the count."), _("Count anew.")),
        "cutoff_ahead": (_("The cut-off lies ahead."), _("Count until now, or until an earlier moment.")),
        "announced_already": (_("This count was announced already."), _("Count anew.")),
        "in_care_no_more": (_("The child is in care no more."), _("There is no paper to be made; the signed ones stay.")),
        "candidate_open": (_("A family may still be this child's."), _("The analysts decide on it first.")),
    }
)
UNKNOWN = Sentence("unknown", _("The house refused this."), _("Tell the administrator the code shown here."))


def sentence(code: str) -> Sentence:
    """The sentence of a code."""
    if code not in _SENTENCES:
        return Sentence(code, UNKNOWN.what, UNKNOWN.unblock)
    what, unblock = _SENTENCES[code]
    return Sentence(code, what, unblock)


def sentences(codes: Iterable[str]) -> list[Sentence]:
    """Those of several codes, each once."""
    return [sentence(code) for code in dict.fromkeys(codes)]


def known() -> frozenset[str]:
    """Every code that has a sentence."""
    return frozenset(_SENTENCES)
