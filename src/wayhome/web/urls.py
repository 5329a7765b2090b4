"""Addresses of the pages. None holds a name; a child is its number."""

from __future__ import annotations

from allauth.account import views as account_views
from django.urls import include, path
from django.views.generic import RedirectView
from django.views.i18n import set_language

from wayhome.web.views import (
    account,
    audit,
    chart,
    children,
    describe,
    exclusions,
    glass,
    handover,
    heads,
    merges,
    missing,
    operations,
    people,
    printing,
    register,
    today,
)

_ONE_CHILD = [
    path("", children.child, name="child"),
    path("photo/", children.photo, name="photo"),
    path("wristband/", printing.wristband, name="wristband"),
    path("wristband/replace/", printing.replace_wristband, name="replace_wristband"),
    path("handover/<int:n>/", printing.handover_sheet, name="handover_sheet"),
    path("hand-over/", handover.hand_over, name="hand_over"),
    path("clearance/", chart.clearance, name="clearance"),
    path("death/", chart.death, name="death"),
    path("observations/", chart.chart, name="chart"),
    path("observations/plan/", chart.plan, name="plan"),
    path("observations/measure/", chart.measure, name="measure"),
    path("observations/sample/", chart.sample, name="sample"),
    path("observations/sample/<int:sample_id>/result/", chart.result, name="sample_result"),
    path("age/", describe.age, name="age"),
    path("mark/", describe.mark, name="mark"),
    path("item/", describe.item, name="item"),
    path("statement/", describe.statement, name="statement"),
    path("picture/", describe.picture, name="picture"),
    path("correct/", describe.correct, name="correct"),
    path("missing/", missing.report, name="missing"),
    path("found/", missing.found, name="found"),
    path("merge/", merges.propose, name="merge"),
    path("split/", merges.split, name="split"),
]
_ACCOUNT = [
    path("", account.account, name="account"),
    path("login/", account_views.login, name="account_login"),
    path("logout/", account_views.logout, name="account_logout"),
    path("inactive/", account_views.account_inactive, name="account_inactive"),
    path("confirm/", account_views.reauthenticate, name="account_reauthenticate"),
    path("password/", account_views.password_change, name="account_change_password"),
    # allauth asks for this address; nobody signs up.
    path("signup/", RedirectView.as_view(pattern_name="account_login"), name="account_signup"),
    path("second-factor/", include("allauth.mfa.urls")),
]
urlpatterns = [
    path("", today.today, name="today"),
    path("alarms/<int:alarm_id>/", today.alarm, name="alarm"),
    path("find/", children.find, name="find"),
    path("children/", children.children, name="children"),
    path("children/register/", register.register, name="register"),
    path("children/<str:number>/", include(_ONE_CHILD)),
    path("offers/<int:offer_id>/", handover.accept, name="accept"),
    path("offers/<int:offer_id>/refuse/", handover.refuse, name="refuse"),
    path("offers/<int:offer_id>/withdraw/", handover.withdraw, name="withdraw"),
    path("head-count/", heads.heads, name="heads"),
    path("head-count/<int:facility_id>/", heads.count, name="count"),
    path("merges/<int:step_id>/", merges.confirm, name="confirm_merge"),
    path("exclusions/", exclusions.exclusions, name="exclusions"),
    path("exclusions/new/", exclusions.enter, name="exclude"),
    path("people/", people.people, name="people"),
    path("people/new/", people.record, name="record_person"),
    path("people/<int:person_id>/", people.person, name="person"),
    path("people/<int:person_id>/fact/", people.fact, name="fact"),
    path("people/<int:person_id>/tie/", people.tie, name="tie"),
    path("operations/", operations.operations, name="operations"),
    path("operations/new/", operations.record, name="record_operation"),
    path("operations/<int:operation_id>/", operations.operation, name="operation"),
    path("operations/<int:operation_id>/rescue/", operations.rescue, name="rescue"),
    path("break-glass/", glass.break_glass, name="break_glass"),
    path("reviews/", glass.glasses, name="glasses"),
    path("reviews/<int:glass_id>/", glass.review, name="review"),
    path("audit/", audit.events, name="audit"),
    path("audit/check/", audit.check, name="audit_check"),
    path("audit/child/", audit.child, name="audit_child"),
    path("language/", set_language, name="set_language"),
    path("account/", include(_ACCOUNT)),
]
