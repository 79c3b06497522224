"""The parts of the page of one journey, and of the list of journeys."""
