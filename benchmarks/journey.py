"""The journey that the benchmarks run: eight touchpoints over two months of owning something."""

TOUCHPOINTS = """
format: 1
journey: bench
name: Bench
enter: {on: order_placed}
exit_on: [order_cancelled]
hold_on: [shipment_stalled]
resume_on: [delivered]
touchpoints:
  - {key: confirmed, purpose: transactional, anchor: order_placed, message: note}
  - {key: shipped, purpose: transactional, anchor: shipped, message: note}
  - {key: start, anchor: delivered, after: 1d, at: "09:15", message: note}
  - {key: week, anchor: delivered, after: 7d, message: note,
     if: {field: order.total_minor, op: gte, value: 100}}
  - {key: tips, anchor: delivered, after: 14d, window: {from: "09:00", to: "20:00"}, message: note}
  - {key: review, anchor: "sent:tips", after: 10d, message: note}
  - {key: care, anchor: delivered, after: 45d, message: note}
  - {key: again, anchor: delivered, after: 60d, message: note}
"""
JOURNEY = (
    TOUCHPOINTS
    + """\
templates:
  note:
    subject: "About your order {{ order.number }}"
    body: |
      Hello {{ customer.first_name }},

      your {{ order.lines[0].name }} is worth a few words.
      {% if order.is_first %}Welcome.{% endif %}

      [Read on]({{ shop.url }})
"""
)
