"""Messages: templates, the outbox, and what became of each message.

Rows: Template, TemplateVersion, Message, Delivery.
Templates: save_template and its kin; check_template; make_context and render make a message of one.
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
from px.messages.preview import PREVIEW_HEADERS, Preview, keep_page, kept_page, preview_of
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
from px.messages.trial import Tried, send_test

__all__ = [
    "PREVIEW_HEADERS",
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
    "day_counts",
    "deliveries",
    "duplicate_template",
    "free_key",
    "journeys_in_outbox",
    "keep_page",
    "kept_page",
    "make_context",
    "mark_told",
    "messages_of",
    "oldest_due",
    "outbox",
    "outbox_message",
    "outbox_size",
    "preview_of",
    "queue_messages",
    "render",
    "render_text",
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
    "waiting",
    "words_of",
]
