"""What vulture takes for unused: names that a library calls."""
