"""One original: what was read from it with the place of every piece, where it came from, who cites it."""
