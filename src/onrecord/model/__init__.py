"""What can be put on record: the entry kinds, dates with precision, citations, visibility. Pure."""

from onrecord.model.citation import Citation
from onrecord.model.dates import PartialDate
from onrecord.model.kinds import KINDS, Entry
from onrecord.model.visibility import Visibility

__all__ = ["KINDS", "Citation", "Entry", "PartialDate", "Visibility"]
