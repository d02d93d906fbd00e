"""What is kept how long: every table of the product stands here once, swept nightly or kept for a reason.

Days are the operator's to change; longer than needed is no virtue (个人信息保护法 19: the shortest time
that serves the purpose). Waybills: one year; material of complaints: three years.
"""

from yishi.kit.retention import Retention

WAYBILL_DAYS = 400
CASE_DAYS = 3 * 366
# material of an appeal to the regulator: three years from the regulator's own end, which may lie a year later
APPEAL_DAYS = CASE_DAYS + 366

# in this order: what points at a row goes before the row
RETENTION = (
    Retention(model="kit.StoredAnswer", column="created_at", days=2),
    Retention(model="kit.RateCount", column="window_start", days=2),
    Retention(model="kit.FactRow", column="announced_at", days=WAYBILL_DAYS, only={"due_at__isnull": True}),
    Retention(model="kit.Reveal", column="at", days=CASE_DAYS),
    Retention(model="people.SignIn", column="at", days=180),
    Retention(model="consignees.Code", column="expires_at", days=7),
    # the history of wishes; those that stand have no end yet
    Retention(model="consignees.DeliveryPreference", column="ended_at", days=CASE_DAYS),
    Retention(model="consignees.DeliveryPreference", column="valid_until", days=CASE_DAYS),
    Retention(model="consignees.WishProposal", column="asked_at", days=CASE_DAYS),
    # what was allowed is proof as long as a complaint of it can come
    Retention(model="consignees.Consent", column="withdrawn_at", days=CASE_DAYS),
    Retention(model="consignees.Consent", column="valid_until", days=CASE_DAYS),
    Retention(model="consignees.Consent", column="given_at", days=CASE_DAYS, only={"waybill_no__gt": ""}),
    Retention(model="feeds.RawInput", column="received_at", days=90),
    Retention(model="feeds.ReplayRun", column="asked_at", days=WAYBILL_DAYS, only={"due_at__isnull": True}),
    Retention(model="feeds.Complaint", column="received_at", days=WAYBILL_DAYS),
    Retention(model="feeds.UnknownCode", column="first_seen_at", days=WAYBILL_DAYS),
    # longer than any source counts subscriptions back
    Retention(model="feeds.Subscription", column="created_at", days=90, only={"due_at__isnull": True}),
    Retention(model="automation.RuleRun", column="at", days=14, only={"outcome": "NO_MATCH"}),
    Retention(model="automation.RuleRun", column="at", days=WAYBILL_DAYS),
    Retention(model="notifications.WebhookCall", column="created_at", days=30, only={"due_at__isnull": True}),
    Retention(model="notifications.Webhook", column="removed_at", days=WAYBILL_DAYS),
    Retention(model="notifications.Delivery", column="created_at", days=365),
    Retention(model="sla.SlaClock", column="started_at", days=CASE_DAYS, only={"act_at__isnull": True}),
    Retention(model="sla.Recompute", column="asked_at", days=WAYBILL_DAYS, only={"due_at__isnull": True}),
    Retention(model="assistant.Miss", column="at", days=180),
    Retention(model="knowledge.ArticleFeedback", column="at", days=WAYBILL_DAYS),
    Retention(model="knowledge.Question", column="last_at", days=WAYBILL_DAYS),
    Retention(model="feedback.Rating", column="case__closed_at", days=CASE_DAYS),
    Retention(model="cases.Presence", column="until_at", days=1),
    Retention(model="cases.Export", column="asked_at", days=CASE_DAYS),
    Retention(model="automation.Bulk", column="asked_at", days=CASE_DAYS),
    Retention(model="claims.EvidencePack", column="case__closed_at", days=CASE_DAYS),
    Retention(model="claims.Arbitration", column="case__closed_at", days=CASE_DAYS),
    Retention(model="claims.Claim", column="case__closed_at", days=CASE_DAYS),
    Retention(model="claims.ReceivedPenalty", column="noted_at", days=CASE_DAYS),
    # the case itself stays while these do
    *(
        Retention(
            model=model, column="case__closed_at", days=days, only={"case__is_before_regulator": appealed}
        )
        for appealed, days in ((False, CASE_DAYS), (True, APPEAL_DAYS))
        for model in ("cases.Evidence", "cases.TimelineEntry")
    ),
    # rows that were handed in hold names and phones; what they said is kept in cases
    Retention(model="cases.WorkOrderRun", column="received_at", days=90),
    Retention(model="cases.SentAnswer", column="case__closed_at", days=CASE_DAYS),
    Retention(model="cases.WorkOrder", column="case__closed_at", days=CASE_DAYS),
    Retention(model="cases.Interception", column="case__closed_at", days=CASE_DAYS),
    Retention(model="cases.Case", column="closed_at", days=CASE_DAYS),
    Retention(model="conversations.RawMessage", column="received_at", days=90),
    Retention(model="conversations.Draft", column="at", days=30),
    Retention(model="conversations.CallBack", column="ended_at", days=WAYBILL_DAYS),
    Retention(model="conversations.Call", column="rang_at", days=CASE_DAYS),
    # its messages and their links to files go with it; the files by their own line
    Retention(model="conversations.Conversation", column="ended_at", days=CASE_DAYS),
    Retention(model="shipments.Remap", column="asked_at", days=WAYBILL_DAYS, only={"due_at__isnull": True}),
    # a file of head office holds everybody's address; what it said is kept in its rows
    Retention(model="kit.StoredFile", column="stored_at", days=90, only={"retention_class": "IMPORT"}),
    Retention(model="feeds.FileImport", column="uploaded_at", days=WAYBILL_DAYS),
    Retention(model="feeds.FileRecord", column="noted_at", days=CASE_DAYS),
    Retention(model="shipments.EtaTraining", column="at", days=WAYBILL_DAYS),
    # a list that was taken out; what it was and who took it stays in its row
    Retention(model="kit.StoredFile", column="stored_at", days=7, only={"retention_class": "EXPORT"}),
    # bytes whose row has gone are removed by kit.files.sweep_orphans
    Retention(
        model="kit.StoredFile", column="stored_at", days=CASE_DAYS, only={"retention_class": "EVIDENCE"}
    ),
    Retention(model="kit.StoredFile", column="stored_at", days=APPEAL_DAYS),
    Retention(model="shipments.ScanCheck", column="at", days=90, only={"stop__isnull": True}),
    # what finds a courier's habit is needed for a month, where a door is for a season
    Retention(model="detection.Sign", column="signed_at", days=90),
    Retention(model="detection.Incident", column="closed_at", days=WAYBILL_DAYS),
    # a code opens nothing any more when the parcel is long gone
    Retention(model="shipments.PickupCode", column="happened_at", days=60),
    Retention(model="shipments.TrackingEvent", column="happened_at", days=WAYBILL_DAYS, is_partitioned=True),
    Retention(model="shipments.Shipment", column="last_event_at", days=WAYBILL_DAYS),
    Retention(
        model="shipments.Shipment",
        column="details__updated_at",
        days=WAYBILL_DAYS,
        only={"last_event_at__isnull": True},
    ),
)

WITH_ITS_PARENT = "goes with the row it belongs to"
THE_BOOKS = "the books of money: reversed, never taken away; no person in them"
MASTER_DATA = "master data, kept until an operator takes it away"
KEPT = {
    "cases.CaseParty": WITH_ITS_PARENT,
    "routing.HandOver": WITH_ITS_PARENT,
    "routing.Skill": MASTER_DATA,
    "routing.Helper": MASTER_DATA,
    "routing.Weights": MASTER_DATA,
    "claims.Proposal": WITH_ITS_PARENT,
    "claims.Recovery": WITH_ITS_PARENT,
    "claims.Account": MASTER_DATA,
    "claims.FeeCode": MASTER_DATA,
    "claims.Entry": THE_BOOKS,
    "claims.Posting": THE_BOOKS,
    "claims.Citation": "a proposal shows what it stood on; a law that ended is kept with its days",
    "claims.CompensationRule": "a proposal shows by which rule it was made; a rule is ended, never deleted",
    "claims.ApprovalLimit": "who could approve how much, and since when; ended, never deleted",
    "claims.ArbitrationTerm": "how long a brand left us, and since when; ended, never deleted",
    "cases.SearchRow": WITH_ITS_PARENT,
    "cases.SearchFilling": "one row: how far the words of old cases are indexed",
    "kit.ReactionTry": WITH_ITS_PARENT,
    "cases.HistoryHead": WITH_ITS_PARENT,
    "notifications.DeliveryAttempt": WITH_ITS_PARENT,
    "shipments.ShipmentDetails": WITH_ITS_PARENT,
    "shipments.ContactAttempt": WITH_ITS_PARENT,
    "shipments.ParcelStop": WITH_ITS_PARENT,
    "shipments.CodeQuestion": WITH_ITS_PARENT,
    "shipments.PromiseWatch": WITH_ITS_PARENT,
    "shipments.TraceDuty": WITH_ITS_PARENT,
    "shipments.TraceBreak": WITH_ITS_PARENT,
    "shipments.PromiseRule": "a promise shows by which rule it was given; a rule is ended, never deleted",
    "detection.Inspection": WITH_ITS_PARENT,
    "detection.DetectionSetting": "an incident shows by which parameters it was found; ended, never deleted",
    "detection.MassEvent": WITH_ITS_PARENT,
    "detection.MassParcel": WITH_ITS_PARENT,
    "detection.CourierHabit": "replaced every night by what the last weeks show; a number, no name",
    "shipments.LaneTime": "replaced every night by what the last weeks teach; no person in it",
    "assistant.Phrase": "shows what a model learnt from, no person in it; taken out, never deleted",
    "assistant.TrainedModel": "shows which model understood when, and can be gone back to",
    "knowledge.Reply": "taken out of use, never deleted: answers were written with it",
    "knowledge.ReplyVersion": WITH_ITS_PARENT,
    "knowledge.Article": "withdrawn, never deleted: the assistant answered with it",
    "knowledge.ArticleVersion": WITH_ITS_PARENT,
    "automation.Macro": "taken out of use, never deleted: the history of cases names it",
    "automation.BulkRow": WITH_ITS_PARENT,
    "cases.Task": WITH_ITS_PARENT,
    "cases.LookedFor": WITH_ITS_PARENT,
    "cases.PlaceLookedAt": WITH_ITS_PARENT,
    "cases.SearchNote": WITH_ITS_PARENT,
    "cases.Reminder": WITH_ITS_PARENT,
    "cases.CaseTag": WITH_ITS_PARENT,
    "cases.SavedView": "somebody's way of looking at the list; goes when he takes it away",
    "people.User": "an account stays as the author of what it wrote; it is switched off, not deleted",
    "people.Membership": WITH_ITS_PARENT,
    "people.ScopeOutlet": MASTER_DATA,
    "people.ApiKey": "a revoked key stays as the author of what it sent",
    "consignees.Contact": "the person behind parcels and cases; erased on that person's request",
    "consignees.NoticeChoice": WITH_ITS_PARENT,
    "feeds.Source": MASTER_DATA,
    "conversations.ChannelAccount": MASTER_DATA,
    "conversations.Message": WITH_ITS_PARENT,
    "conversations.Mention": WITH_ITS_PARENT,
    "routing.TalkPlace": WITH_ITS_PARENT,
    "routing.Away": "one row a person, replaced when he goes away again",
    "conversations.Participant": WITH_ITS_PARENT,
    "conversations.Attachment": WITH_ITS_PARENT,
    "conversations.PendingFile": WITH_ITS_PARENT,
    "conversations.Recording": WITH_ITS_PARENT,
    "conversations.MessagePart": "a minute: joined to its message, or taken as it is",
    "conversations.Member": WITH_ITS_PARENT,
    "conversations.MemberCode": WITH_ITS_PARENT,
    "feedback.TalkRating": WITH_ITS_PARENT,
    "cases.CaseConversation": WITH_ITS_PARENT,
    "assistant.Dialogue": WITH_ITS_PARENT,
    "assistant.Turn": WITH_ITS_PARENT,
    "assistant.Settlement": WITH_ITS_PARENT,
    "assistant.ModelUse": "one count a day, of nobody",
    "assistant.Errand": "what is still to be done; gone when it is",
    "cases.WorkOrderSource": MASTER_DATA,
    "cases.WorkOrderWord": "what a source's word means: asked once, then known",
    "cases.WorkOrderDifference": WITH_ITS_PARENT,
    "feeds.FileRefusal": WITH_ITS_PARENT,
    "feeds.FileEffect": WITH_ITS_PARENT,
    "feeds.FilePerson": "who is meant by a name in files: asked once, then known",
    "feeds.CodeMapping": "shows why an event means what it means; ended, never deleted",
    "shipments.RemapParcel": WITH_ITS_PARENT,
    "automation.Rule": "shows why something was done; a version is ended, never deleted",
    "sla.SlaPolicy": "a clock shows under which policy it ran",
    "sla.ServiceCalendar": MASTER_DATA,
    "sla.Setup": MASTER_DATA,
    "sla.PauseLimit": MASTER_DATA,
    "sla.Level": MASTER_DATA,
    "sla.Law": "a clock shows under which law it ran",
    "sla.Change": "who changed what promise is part of its proof",
    "sla.SlaPause": WITH_ITS_PARENT,
    "cases.CaseType": "a case shows by which version of its type it was taken; ended, never deleted",
    "cases.WorkflowVersion": "shows by which steps a case went; ended, never deleted",
    "cases.TypesSetup": MASTER_DATA,
    "network.Carrier": MASTER_DATA,
    "network.Region": MASTER_DATA,
    "network.Outlet": MASTER_DATA,
    "network.OutletCode": MASTER_DATA,
    "network.ContractArea": MASTER_DATA,
    "network.Courier": MASTER_DATA,
    "network.CourierNumber": MASTER_DATA,
    "network.Station": MASTER_DATA,
    "network.Locker": MASTER_DATA,
    "network.Merchant": MASTER_DATA,
    "network.ServiceArea": MASTER_DATA,
    "network.DutyShift": MASTER_DATA,
}
