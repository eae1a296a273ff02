"""Names of people in what was entered and taken in: gathered, kept in an index, found, weighed and judged."""
