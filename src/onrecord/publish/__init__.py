"""The public viewer's answers, frozen: a static site."""
