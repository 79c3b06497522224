"""The whole walk: an imported order becomes a message in the outbox, once, at the right minute."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from px import flow, journeys
from px.core.work import reading, work
from px.customers import CustomerFacts
from px.journeys import touch_lines
from px.messages import outbox_lines
from px.orders import LineFacts, OrderFacts, ShipmentFacts, record_orders, record_shipments

JOURNEY = """
format: 1
journey: care
name: Care
enter: {on: order_placed}
exit_on: [order_cancelled]
touchpoints:
  - {key: thanks, purpose: transactional, anchor: order_placed, message: thanks}
  - {key: follow-up, purpose: transactional, anchor: "sent:thanks", after: 2d, message: thanks}
  - {key: tips, purpose: transactional, anchor: delivered, after: 1d, message: thanks}
templates:
  thanks: {subject: "Order {{ order.number }}", body: "Thank you, {{ customer.first_name }}."}
"""
