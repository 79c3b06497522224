"""What `make bench` measures, each against a baseline in the same run."""
