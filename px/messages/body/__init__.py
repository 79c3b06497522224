"""From a body of Markdown with Liquid to a mail and a plain text that only need filling in."""
