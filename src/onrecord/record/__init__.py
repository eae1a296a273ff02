"""One record on disk: ledger, archive, custody, views, verify; the gate."""

from onrecord.record.gate import KEEPER, PUBLIC, View, Viewer
from onrecord.record.record import Entered, Record
from onrecord.record.verify import Verdict, verify

__all__ = ["KEEPER", "PUBLIC", "Entered", "Record", "Verdict", "View", "Viewer", "verify"]
