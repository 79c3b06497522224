"""What the messages of a rehearsal would have cost."""

from collections.abc import Mapping

from pages._ui.words import figure
from px import journeys
from px.core.settings import Settings


def prices(settings: Settings) -> dict[str, float]:
    """What one message, or one part of a text message, costs by channel."""
    return {
        "email": settings.price_email,
        "sms": settings.price_sms,
        "whatsapp": settings.price_whatsapp,
    }


def cost_sentence(parts: Mapping[str, int], settings: Settings) -> str:
    """What the messages would have cost; empty without prices."""
    known = prices(settings)
    if not any(known.values()):
        return ""
    cost = journeys.cost_of(parts, known)
    currency = settings.shop_currency
    return f"It would have cost {figure(cost, digits=2)}\u00a0{currency}".rstrip() + "."
