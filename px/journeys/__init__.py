"""Journeys: documents published as versions, who is inside, and every touch with its reason."""
