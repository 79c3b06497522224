"""What the pages are made of: the frame, tables, empty states, words and charts."""
