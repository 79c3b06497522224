"""A journey played over the past, with a clock of its own and nothing sent."""
