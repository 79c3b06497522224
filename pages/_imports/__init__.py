"""The parts of the Imports page: a file on its way in, imports under way, and those there were."""
