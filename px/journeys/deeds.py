"""What happened to a customer, in the past tense, as a condition says it: they bought. Pure."""

from px.core.events import MILESTONE

# What happened, and that it did not.
_PAST = {
    "order_placed": ("they bought", "they did not buy"),
    "order_paid": ("they paid an order", "they did not pay an order"),
    "order_edited": ("they changed an order", "they did not change an order"),
    "order_cancelled": ("they cancelled an order", "they did not cancel an order"),
    "order_refunded": ("an order was refunded", "no order was refunded"),
    "shipped": ("a parcel was shipped", "no parcel was shipped"),
    "out_for_delivery": ("a parcel was out for delivery", "no parcel was out for delivery"),
    "delivery_attempted": ("a delivery failed", "no delivery failed"),
    "pickup_ready": ("a parcel was ready for pick-up", "no parcel was ready for pick-up"),
    "delivered": ("a parcel was delivered", "no parcel was delivered"),
    "shipment_delayed": ("a parcel was delayed", "no parcel was delayed"),
    "shipment_stalled": ("a parcel was stuck", "no parcel was stuck"),
    "shipment_damaged": ("a parcel was damaged", "no parcel was damaged"),
    "shipment_lost": ("a parcel was lost", "no parcel was lost"),
    "return_requested": ("they asked for a return", "they did not ask for a return"),
    "return_approved": ("a return was approved", "no return was approved"),
    "return_received": ("a return arrived", "no return arrived"),
    "return_resolved": ("a return was settled", "no return was settled"),
    "subscription_started": ("they subscribed", "they did not subscribe"),
    "renewal_due": ("a renewal was due", "no renewal was due"),
    "subscription_renewed": ("their subscription renewed", "their subscription did not renew"),
    "subscription_skipped": ("they skipped a delivery", "they did not skip a delivery"),
    "subscription_cancelled": ("they ended their subscription", "they kept their subscription"),
    "message_sent": ("they got a message", "they got no message"),
    "message_opened": ("they opened a message", "they did not open a message"),
    "message_clicked": ("they followed a link", "they did not follow a link"),
    "message_bounced": ("a message bounced", "no message bounced"),
    "unsubscribed": ("they unsubscribed", "they did not unsubscribe"),
    "answered": ("they answered a question", "they did not answer a question"),
    "replied": ("they wrote back", "they did not write back"),
    "feedback_received": ("they gave feedback", "they gave no feedback"),
    "review_posted": ("they posted a review", "they posted no review"),
    "conversation_opened": ("they wrote to support", "they did not write to support"),
    "conversation_resolved": (
        "a conversation with support ended",
        "no conversation with support ended",
    ),
    "points_earned": ("they earned points", "they earned no points"),
    "tier_changed": ("their tier changed", "their tier did not change"),
    "reward_redeemed": ("they used a reward", "they did not use a reward"),
    "referral_qualified": ("a friend of theirs bought", "no friend of theirs bought"),
}


def deed_words(kind: str, *, negated: bool = False) -> str:
    """That an event of this kind happened, or did not: they bought; no parcel was lost."""
    if kind.startswith(MILESTONE):
        named = kind.removeprefix(MILESTONE).replace("_", " ").replace("-", " ").strip().lower()
        return f"they {'did not reach' if negated else 'reached'} the milestone “{named}”"
    usual = kind.replace("_", " ")
    return _PAST.get(kind, (f"{usual} happened", f"{usual} did not happen"))[negated]
