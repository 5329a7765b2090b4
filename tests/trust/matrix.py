"""What each role is told by each operation: of a child that it has to do with, and of one elsewhere.

Roles in the order of `factories.api_cases.ROLES`: officer, nurse, doctor, caseworker, placement officer, liaison, analyst,
supervisor, partner's liaison, auditor, administrator, registrar.

    +  done or shown (a list shows what the caller may know of, and no more)
    f  not this role
    n  there is no such thing for this person
    i  what a field names is not there for this person
    r  the case does not allow it (an approver of the proposer's own organisation)

A partner's liaison has no need to know anywhere, so both columns ask the same person.
"""

from __future__ import annotations

API: dict[str, tuple[str, str]] = {
    "GET /me": ("++++++++++++", "++++++++++++"),
    "GET /facilities": ("+++++ff+ffff", "+++++ff+ffff"),
    "POST /operations": ("+fffffffffff", "+fffffffffff"),
    "GET /operations": ("+++++ff+ffff", "+++++ff+ffff"),
    "GET /operations/{id}/totals": ("+nnn+ff+ffff", "nnnnnffnffff"),
    "POST /operations/{id}/roles": ("+fffffffffff", "nfffffffffff"),
    "POST /rescue-events": ("+fffffffffff", "ifffffffffff"),
    "GET /rescue-events": ("+++++ff+ffff", "+++++ff+ffff"),
    "POST /persons": ("+ff+f+ffffff", "+ff+f+ffffff"),
    "GET /persons": ("+ff+f+f+ffff", "+ff+f+f+ffff"),
    "GET /persons/{id}": ("+ffnf+f+ffff", "nffnfnfnffff"),
    "POST /persons/{id}/facts": ("+ffnf+ffffff", "nffnfnffffff"),
    "POST /persons/{id}/ties": ("+ffnf+ffffff", "nffnfnffffff"),
    "POST /children": ("+fffffffffff", "ifffffffffff"),
    "GET /children": ("+++++ff+ffff", "+++++ff+ffff"),
    "GET /children/{number}": ("+++++ff+ffff", "nnnnnffnffff"),
    "GET /children/{number}/photo": ("+++++ff+ffff", "nnnnnffnffff"),
    "POST /children/{number}/photos": ("++++ffffffff", "nnnnffffffff"),
    "POST /children/{number}/ages": ("++++ffffffff", "nnnnffffffff"),
    "POST /children/{number}/marks": ("++++ffffffff", "nnnnffffffff"),
    "POST /children/{number}/items": ("++++ffffffff", "nnnnffffffff"),
    "POST /children/{number}/assertions": ("++++ffffffff", "nnnnffffffff"),
    "POST /children/{number}/corrections": ("++++ffffffff", "nnnnffffffff"),
    "POST /children/{number}/wristbands": ("++++ffffffff", "nnnnffffffff"),
    "POST /sibling-groups": ("+++iffffffff", "iiiiffffffff"),
    "GET /children/{number}/duplicates": ("+++++ff+ffff", "nnnnnffnffff"),
    "POST /children/{number}/duplicates": ("++++ffffffff", "nnnnffffffff"),
    "POST /merges": ("+ffifff+ffff", "iffifffiffff"),
    "POST /splits": ("+ffifff+ffff", "iffifffiffff"),
    "GET /merge-steps": ("+ff+fff+ffff", "+ff+fff+ffff"),
    "POST /merge-steps/{id}/confirmation": ("+ffnfff+ffff", "nffnfffnffff"),
    "GET /children/{number}/custody": ("+++++ff+ffff", "nnnnnffnffff"),
    "POST /children/{number}/offers": ("+nnnffffffff", "nnnnffffffff"),
    "GET /offers": ("+++++ff+ffff", "+++++ff+ffff"),
    "POST /offers/{id}/acceptance": ("nnn+ffffffff", "nnnnffffffff"),
    "POST /offers/{id}/end": ("nnn+ffffffff", "nnnnffffffff"),
    "POST /children/{number}/clearances": ("ff+nffffffff", "nnnnnffnffff"),
    "POST /children/{number}/death": ("ff+nffffffff", "nnnnnffnffff"),
    "POST /children/{number}/missing-reports": ("++++fff+ffff", "nnnnfffnffff"),
    "POST /missing-reports/{id}/end": ("+nn+fff+ffff", "nnnnfffnffff"),
    "POST /facilities/{code}/head-counts": ("i++iffffffff", "iiiiffffffff"),
    "GET /facilities/{code}/head-counts/{night}": ("n++nffffffff", "nnnnffffffff"),
    "POST /facilities/{code}/admissions": ("n++nffffffff", "nnnnffffffff"),
    "POST /children/{number}/assignments": ("ffff+ff+ffff", "ffffnffnffff"),
    "GET /children/{number}/assignments": ("ffff+ff+ffff", "ffffnffnffff"),
    "POST /assignments/{id}/end": ("ffff+ff+ffff", "ffffnffnffff"),
    "POST /children/{number}/break-glass": ("+f++ffffffff", "+f++ffffffff"),
    "GET /break-glass": ("fffffff+f+ff", "fffffff+f+ff"),
    "POST /break-glass/{id}/review": ("fffffff+f+ff", "fffffffnfnff"),
    "POST /exclusions": ("+ffffff+ffff", "+ffffff+ffff"),
    "GET /exclusions": ("+ffffff+ffff", "+ffffff+ffff"),
    "POST /screenings": ("++++fff+ffff", "++++fff+ffff"),
    "POST /children/{number}/foster-requests": ("fff+ffffffff", "fffnffffffff"),
    "GET /foster-requests/{id}": ("+nn++ff+ffff", "nnnnnffnffff"),
    "POST /foster-requests/{id}/approvals": ("+fffrff+ffff", "nfffnffnffff"),
    "POST /foster-requests/{id}/end": ("+ff++ff+ffff", "nffnnffnffff"),
    "POST /children/{number}/observation-plans": ("f++fffffffff", "fnnfffffffff"),
    "GET /observations-due": ("f++fffffffff", "f++fffffffff"),
    "GET /children/{number}/chart": ("+++++ff+ffff", "nnnnnffnffff"),
    "POST /children/{number}/observations": ("f++fffffffff", "fnnfffffffff"),
    "POST /children/{number}/measures": ("f++fffffffff", "fnnfffffffff"),
    "POST /children/{number}/tox-samples": ("f++fffffffff", "fnnfffffffff"),
    "POST /tox-samples/{id}/results": ("f++fffffffff", "fnnfffffffff"),
    "GET /alarms": ("++++++++++++", "++++++++++++"),
    "POST /alarms/{id}/answer": ("n++n+nn+nnnn", "nnnnnnnnnnnn"),
    "GET /audit/chains": ("fffffffff+ff", "fffffffff+ff"),
    "GET /audit/chains/{chain}/events": ("fffffffff+ff", "fffffffffnff"),
    "GET /audit/children/{number}/events": ("fffffffff+ff", "fffffffff+ff"),
    "GET /audit/verification": ("fffffffff+ff", "fffffffff+ff"),
}
