"""What every slice stands on: the clock, settings, errors, units of work, events, money, tokens,
secrets.

Rows: Event, Payload, Setting, Lease. Nothing here knows a slice. Errors: PxError, whose text a
user can act on.
"""
