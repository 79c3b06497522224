"""What came of the journeys: counts, variants compared, the map, and each touch as a sentence."""
