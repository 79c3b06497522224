"""The parts of the outbox page."""
