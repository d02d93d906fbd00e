"""The plan of the house: which fact moves what. NOW is the same transaction, in order; LATER is the worker."""

from yishi.cases import facts as cases
from yishi.feedback import facts as feedback
from yishi.feedback import reactions as ratings
from yishi.kit.facts import Flow, Reactions
from yishi.notifications import reactions as notices
from yishi.sla import facts as sla

FLOW: Flow = {
    cases.CaseOpened: Reactions(now=(notices.on_case_opened,)),
    cases.CaseReplied: Reactions(now=(notices.on_case_replied,)),
    cases.CaseStatusChanged: Reactions(now=(notices.on_case_status_changed,)),
    cases.CaseResolved: Reactions(now=(notices.on_case_resolved,)),
    cases.CaseReopened: Reactions(now=(notices.on_case_reopened,)),
    sla.ClockWarned: Reactions(now=(notices.on_clock_warned,)),
    sla.ClockBreached: Reactions(now=(notices.on_clock_breached,)),
    sla.ClockEscalated: Reactions(now=(notices.on_clock_escalated,)),
    feedback.RatingGiven: Reactions(now=(ratings.on_rating_given,)),
}
