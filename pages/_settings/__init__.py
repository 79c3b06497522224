"""The tabs of the settings page."""
