"""Ready-made journeys, and how a shop takes one as its own."""
