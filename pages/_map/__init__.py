"""The parts of the page of the journey map: choosing the journey, and the map itself."""
