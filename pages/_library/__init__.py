"""The parts of the library's page: its cards, one journey read whole, and taking it."""
