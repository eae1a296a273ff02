"""A whole record as a bag (BagIt, RFC 8493): plain files that outlive the program, and the way back."""

from onrecord.proof.bags.export import Exported, export_bag
from onrecord.proof.bags.public import Published, export_public_bag
from onrecord.proof.bags.restore import Imported, import_bag

__all__ = ["Exported", "Imported", "Published", "export_bag", "export_public_bag", "import_bag"]
