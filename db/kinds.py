"""Every closed vocabulary of px, one enum each: the glossary in code.

A member's value is the word that stands in the tables, in the journey document, on the pages and on
the command line. The comment line under a member is its meaning; docs/glossary.md is checked
against it.
"""

from enum import StrEnum


class Kind(StrEnum):
    """A word of ours with its meaning, so that pages and the glossary can say it."""

    meaning: str

    def __new__(cls, value: str, meaning: str = "") -> "Kind":
        """The word itself, carrying its meaning."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.meaning = meaning
        return member


class Role(Kind):
    """What somebody of the team may do."""

    ADMIN = "admin", "Everything, with the team, the mail account and the settings."
    MANAGER = "manager", "Journeys, templates, imports, customers and the outbox."
    SUPPORT = "support", "Customers and the outbox: read, cancel and send again."


class Channel(Kind):
    """How a message travels."""

    EMAIL = "email", "A mail to the customer's e-mail address."
    SMS = "sms", "A text to the customer's phone."
    WHATSAPP = "whatsapp", "A WhatsApp message to the customer's phone."
    WEBCHAT = "webchat", "A line in the shop's chat window."


class Purpose(Kind):
    """Why a message is sent; it decides which rules it must pass."""

    TRANSACTIONAL = "transactional", "Part of the purchase itself: needs an address, not consent."
    MARKETING = "marketing", "Everything else: needs consent, keeps quiet hours and the cap."


class AddressKind(Kind):
    """What an address of a customer is."""

    EMAIL = "email", "An e-mail address, trimmed and in lower case."
    PHONE = "phone", "A phone number in E.164 form, as +31612345678."


class ConsentState(Kind):
    """What a customer last said about hearing from the shop."""

    GIVEN = "given", "Agreed to hear from the shop on this channel for this purpose."
    WITHDRAWN = "withdrawn", "Took that agreement back."


class SuppressionScope(Kind):
    """Which messages a suppression stops."""

    ALL = "all", "Nothing at all is sent to the address."
    MARKETING = "marketing", "Only marketing is stopped; notices about an order still arrive."


class SuppressionReason(Kind):
    """Why an address is not written to any more."""

    BOUNCED = "bounced", "The address does not exist or refuses the mail for good."
    COMPLAINED = "complained", "The person marked a message as spam."
    UNSUBSCRIBED = "unsubscribed", "The person unsubscribed."
    BY_HAND = "by_hand", "Somebody of the team put it on the list."


class EventKind(Kind):
    """Something that happened, with a time. milestone:KEY is open and not listed here."""

    ORDER_PLACED = "order_placed", "The customer bought."
    ORDER_PAID = "order_paid", "The order was paid."
    ORDER_EDITED = "order_edited", "Lines or addresses of the order changed."
    ORDER_CANCELLED = "order_cancelled", "The order was called off."
    ORDER_REFUNDED = "order_refunded", "Money went back, in part or in full."
    SHIPPED = "shipped", "A parcel left."
    OUT_FOR_DELIVERY = "out_for_delivery", "A parcel is with the driver."
    DELIVERY_ATTEMPTED = "delivery_attempted", "The driver found nobody."
    PICKUP_READY = "pickup_ready", "A parcel waits at a pick-up point."
    DELIVERED = "delivered", "A parcel arrived."
    SHIPMENT_DELAYED = "shipment_delayed", "A parcel will be later than promised."
    SHIPMENT_STALLED = "shipment_stalled", "A parcel has not moved for days."
    SHIPMENT_DAMAGED = "shipment_damaged", "A parcel was damaged on its way."
    SHIPMENT_LOST = "shipment_lost", "A parcel is lost."
    RETURN_REQUESTED = "return_requested", "The customer wants to send something back."
    RETURN_APPROVED = "return_approved", "The shop agreed to the return."
    RETURN_RECEIVED = "return_received", "The returned goods arrived."
    RETURN_RESOLVED = "return_resolved", "The return is refunded, exchanged or closed."
    SUBSCRIPTION_STARTED = "subscription_started", "A subscription began."
    RENEWAL_DUE = "renewal_due", "A subscription renews soon."
    SUBSCRIPTION_RENEWED = "subscription_renewed", "A subscription was charged again."
    SUBSCRIPTION_SKIPPED = "subscription_skipped", "The customer left one delivery out."
    SUBSCRIPTION_CANCELLED = "subscription_cancelled", "A subscription ended."
    MESSAGE_SENT = "message_sent", "A message left."
    MESSAGE_OPENED = (
        "message_opened",
        "A message was opened; unreliable, some mail programs open all.",
    )
    MESSAGE_CLICKED = "message_clicked", "A link in a message was followed."
    MESSAGE_BOUNCED = "message_bounced", "A message came back for good."
    UNSUBSCRIBED = "unsubscribed", "The customer asked not to be written to."
    ANSWERED = "answered", "The customer answered a question of a touchpoint."
    REPLIED = "replied", "The customer wrote back."
    FEEDBACK_RECEIVED = "feedback_received", "Feedback came in."
    REVIEW_POSTED = "review_posted", "The customer published a review."
    CONVERSATION_OPENED = "conversation_opened", "A conversation with support began."
    CONVERSATION_RESOLVED = "conversation_resolved", "A conversation with support ended."
    POINTS_EARNED = "points_earned", "Loyalty points were booked."
    TIER_CHANGED = "tier_changed", "The customer's tier changed."
    REWARD_REDEEMED = "reward_redeemed", "Points were exchanged for a reward."
    REFERRAL_QUALIFIED = "referral_qualified", "A referred friend bought."


class Per(Kind):
    """What one enrolment is about."""

    ORDER = "order", "One order; the same customer may be enrolled once for each."
    ORDER_LINE = "order_line", "One item of an order."
    CUSTOMER = "customer", "The customer, whatever they bought."
    SUBSCRIPTION = "subscription", "One subscription."


class Phase(Kind):
    """A stretch of owning a product, drawn as a band."""

    PRE_ARRIVAL = "pre_arrival", "From the order to the door."
    UNBOXING = "unboxing", "The first days with the product."
    USAGE = "usage", "Getting the most out of it."
    CARE = "care", "Care and maintenance."
    RENEWAL = "renewal", "Buying again."


class RehearsalStatus(Kind):
    """Where a rehearsal stands."""

    WAITING = "waiting", "Waits until px gets to it."
    RUNNING = "running", "Being played."
    DONE = "done", "Played to its end; its figures are kept."
    FAILED = "failed", "Stopped; the note says why."
    CANCELLED = "cancelled", "Stopped by somebody of the team."


class Stage(Kind):
    """The stations of the journey map: what the customer is busy with."""

    ORDER_CONFIRMATION = (
        "order_confirmation",
        "The customer wonders whether the order went through.",
    )
    DELIVERY = "delivery", "They wait: where is it, and when does it come."
    ONBOARDING = "onboarding", "They begin with the product."
    SUPPORT = "support", "They use it, and need help now and then."
    LOYALTY = "loyalty", "They stay, and buy again."
    ADVOCACY = "advocacy", "They tell others."


class JourneyStatus(Kind):
    """Where a journey stands."""

    DRAFT = "draft", "Being drawn; nobody is inside."
    LIVE = "live", "Published: new orders enrol and messages leave."
    PAUSED = "paused", "Holds every touch; nothing is discarded."
    ARCHIVED = "archived", "Ended; kept for the record."


class EnrolmentStatus(Kind):
    """Where one customer stands in one journey."""

    ACTIVE = "active", "Touches are still open."
    EXITED = "exited", "Left early: an exit event came."
    COMPLETED = "completed", "Every touch is settled."


class TouchStatus(Kind):
    """What has become of one touchpoint for one enrolment."""

    WAITING = "waiting", "What it counts from has not happened yet."
    PLANNED = "planned", "Has a time and waits for it."
    QUEUED = "queued", "Its message is in the outbox."
    SENT = "sent", "Its message left."
    HELD = "held", "Due, but something holds it back for now."
    SKIPPED = "skipped", "Decided not to send, with a reason."
    REVIEW = "review", "Late; somebody of the team decides."
    FAILED = "failed", "Could not be sent."


class Reason(Kind):
    """Why a touch or a message is held, skipped, in review or failed."""

    QUIET_HOURS = "quiet_hours", "It is the shop's quiet hours where the customer lives."
    WINDOW = "window", "Outside the hours or days of the touchpoint."
    CAPPED = "capped", "The customer has had as many marketing messages as the cap allows."
    EXCEPTION = "exception", "Something about the order or a conversation is open."
    PAUSED = "paused", "The journey is paused."
    CONDITION = "condition", "The touchpoint's condition was not met."
    LATE = "late", "Its time had passed by more than the touchpoint allows."
    NO_CONSENT = "no_consent", "The customer has not agreed to marketing on any of its channels."
    SUPPRESSED = "suppressed", "The address is on the do-not-write list."
    UNREACHABLE = "unreachable", "There is no address for any of its channels."
    EXITED = "exited", "The customer left the journey before it was due."
    HOLDOUT = "holdout", "The customer is held out to measure what the journey does."
    REMOVED = "removed", "The touchpoint was taken out of the journey."
    TEST_ORDER = "test_order", "The order is a test."
    HISTORIC = "historic", "The order is from before the journey began."
    REJECTED = "rejected", "The provider refused the message for good."
    TEMPLATE_ERROR = "template_error", "The template could not be filled in."
    CHANNEL_ERROR = "channel_error", "The channel did not take it in all attempts."
    UNKNOWN_OUTCOME = "unknown_outcome", "The line was cut while sending; it may have arrived."
    CANCELLED = "cancelled", "Somebody of the team cancelled it."


class MessageStatus(Kind):
    """Where a message stands in the outbox."""

    QUEUED = "queued", "Waits for its time or its turn."
    SENDING = "sending", "Being handed over right now."
    SENT = "sent", "The provider accepted it."
    HELD = "held", "Held back until somebody decides or its time comes."
    SKIPPED = "skipped", "Decided not to send, with a reason."
    FAILED = "failed", "Given up, with a reason."
    CANCELLED = "cancelled", "Called off by somebody of the team."


class Outcome(Kind):
    """How one delivery, an attempt to send, ended."""

    SENT = "sent", "Accepted by the provider."
    LATER = "later", "Refused for now; tried again later."
    REJECTED = "rejected", "Refused for good."
    DOWN = "down", "The provider could not be reached or refuses everybody."
    UNKNOWN = "unknown", "The line was cut after the message was handed over."


class OrderStatus(Kind):
    """Where an order stands with its money, as the shop says it."""

    PENDING = "pending", "Not paid yet."
    AUTHORIZED = "authorized", "The payment is reserved."
    PARTIALLY_PAID = "partially_paid", "Paid in part."
    PAID = "paid", "Paid."
    PARTIALLY_REFUNDED = "partially_refunded", "Some of the money went back."
    REFUNDED = "refunded", "All of the money went back."
    VOIDED = "voided", "The payment was called off."
    EXPIRED = "expired", "The payment was never made."


class ShipmentStatus(Kind):
    """Where a parcel is, in one vocabulary over all carriers."""

    LABEL = "label", "Announced; the carrier has not seen it."
    IN_TRANSIT = "in_transit", "On its way."
    DELAYED = "delayed", "Later than promised."
    STALLED = "stalled", "Has not moved for days."
    OUT_FOR_DELIVERY = "out_for_delivery", "With the driver."
    ATTEMPTED = "attempted", "The driver found nobody."
    PICKUP_READY = "pickup_ready", "Waits at a pick-up point."
    DELIVERED = "delivered", "Arrived."
    DAMAGED = "damaged", "Damaged on its way."
    LOST = "lost", "Lost."
    RETURNING = "returning", "On its way back."
    UNKNOWN = "unknown", "The carrier says nothing we understand."


class ImportKind(Kind):
    """What a file to import holds."""

    SHOPIFY_ORDERS = "shopify-orders", "The order export of Shopify's admin."
    SHOPIFY_CUSTOMERS = "shopify-customers", "The customer export of Shopify's admin."
    ORDERS = "orders", "A plain orders file, a row per item."
    CUSTOMERS = "customers", "A plain customers file."
    SHIPMENTS = "shipments", "Parcels: order, carrier, tracking number, dates, status."


class ImportStatus(Kind):
    """Where an import stands."""

    WAITING = "waiting", "Waits until px gets to it."
    RUNNING = "running", "Being read."
    DONE = "done", "Read to its end."
    FAILED = "failed", "Stopped; the reason says why."
    CANCELLED = "cancelled", "Stopped by somebody of the team."


class PayloadStatus(Kind):
    """What has become of something another system sent."""

    RECEIVED = "received", "Kept, not read yet."
    DONE = "done", "Read."
    FAILED = "failed", "Could not be read; the error says why."
    IGNORED = "ignored", "Nothing in it concerns us."
