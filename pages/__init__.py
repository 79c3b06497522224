"""What the team sees. One script per page; the shell decides which of them somebody may open."""
