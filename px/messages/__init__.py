"""Messages: templates, the outbox, and what became of each message.

Rows: Template, TemplateVersion, Message, Delivery.
Templates: save_template and its kin; check_template; make_context and render make a message of one.
Readers: follow and opened_by find the message of a link or image, record_... keeps what came of it,
reactions counts that.
Errors: TemplateInvalid (before it is kept), TemplateFailed (when it is filled in), NoSuchTemplate.
"""

from px.channels.check import CheckedStep, check_mail_account
from px.messages.actions import (
    NewMessage,
    cancel,
    cancel_for_customer,
    cancel_for_touches,
    confirm_sent,
    mark_told,
    queue_messages,
    retry,
    send_now,
)
from px.messages.cap import sent_marketing
from px.messages.catalogue import Variable, catalogue
from px.messages.checking import TemplateInvalid, check_template
from px.messages.compose import brand_of, words_of
from px.messages.context import Brand, make_context
from px.messages.following import (
    Reached,
    follow,
    has_counted_links,
    hear_answers,
    opened_by,
    record_click,
    record_open,
    record_prefetch,
    record_unsubscribed,
)
from px.messages.kept_pages import PREVIEW_HEADERS, keep_page, kept_page
from px.messages.liquid.checks import TemplateProblem
from px.messages.liquid.program import TemplateFailed
from px.messages.of_customer import CustomerMessage, messages_of
from px.messages.overview import (
    DayCount,
    Trouble,
    day_counts,
    trouble,
    waiting,
)
from px.messages.preview import CUTS, Preview, cut_subject, loose_message, preview_of
from px.messages.queries import (
    DeliveryRow,
    OutboxFilter,
    OutboxRow,
    SettledMessage,
    count_by_status,
    deliveries,
    journeys_in_outbox,
    oldest_due,
    outbox,
    outbox_message,
    outbox_size,
    take_outcomes,
)
from px.messages.reactions import Reactions, reactions
from px.messages.render import Rendered, TemplateParts, render, render_text
from px.messages.sample import typical_context
from px.messages.segments import SmsSize, sms_size
from px.messages.sender import Sender, send_due
from px.messages.starting import Starter, starters
from px.messages.templates import (
    NoSuchTemplate,
    TemplateLine,
    VersionLine,
    archive_template,
    duplicate_template,
    free_key,
    save_template,
    template_by_key,
    template_history,
    template_list,
    template_versions,
    unarchive_template,
)
from px.messages.tidy import expire as sweep_outbox
from px.messages.tracking import utm_words, with_words
from px.messages.trial import Tried, send_test
from px.messages.under_way import reprioritise, under_way, with_message
from px.messages.variables import Became, named_in, origin_of, value_at

__all__ = [
    "CUTS",
    "PREVIEW_HEADERS",
    "Became",
    "Brand",
    "CheckedStep",
    "CustomerMessage",
    "DayCount",
    "DeliveryRow",
    "NewMessage",
    "NoSuchTemplate",
    "OutboxFilter",
    "OutboxRow",
    "Preview",
    "Reached",
    "Reactions",
    "Rendered",
    "Sender",
    "SettledMessage",
    "SmsSize",
    "Starter",
    "TemplateFailed",
    "TemplateInvalid",
    "TemplateLine",
    "TemplateParts",
    "TemplateProblem",
    "Tried",
    "Trouble",
    "Variable",
    "VersionLine",
    "archive_template",
    "brand_of",
    "cancel",
    "cancel_for_customer",
    "cancel_for_touches",
    "catalogue",
    "check_mail_account",
    "check_template",
    "confirm_sent",
    "count_by_status",
    "cut_subject",
    "day_counts",
    "deliveries",
    "duplicate_template",
    "follow",
    "free_key",
    "has_counted_links",
    "hear_answers",
    "journeys_in_outbox",
    "keep_page",
    "kept_page",
    "loose_message",
    "make_context",
    "mark_told",
    "messages_of",
    "named_in",
    "oldest_due",
    "opened_by",
    "origin_of",
    "outbox",
    "outbox_message",
    "outbox_size",
    "preview_of",
    "queue_messages",
    "reactions",
    "record_click",
    "record_open",
    "record_prefetch",
    "record_unsubscribed",
    "render",
    "render_text",
    "reprioritise",
    "retry",
    "save_template",
    "send_due",
    "send_now",
    "send_test",
    "sent_marketing",
    "sms_size",
    "starters",
    "sweep_outbox",
    "take_outcomes",
    "template_by_key",
    "template_history",
    "template_list",
    "template_versions",
    "trouble",
    "typical_context",
    "unarchive_template",
    "under_way",
    "utm_words",
    "value_at",
    "waiting",
    "with_message",
    "with_words",
    "words_of",
]
