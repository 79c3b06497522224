"""What is still to come: forecasts for one customer or all, and the preview of a touchpoint."""
