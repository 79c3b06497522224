"""The parts of the page of one customer, and of the list of customers."""
