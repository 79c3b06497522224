"""Journeys while they run: who enters, what wakes up, what is queued, what came too late."""
