"""The parts of the page of late messages: what is late, deciding, what was skipped."""
