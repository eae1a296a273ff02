"""From words in an original to a citation, and from the citation back to the words."""
