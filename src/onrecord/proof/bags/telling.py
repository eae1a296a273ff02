"""What a bag says about itself: the README that people read, the labels that BagIt tools read."""

from __future__ import annotations

from datetime import datetime
from importlib import resources

from onrecord.proof import TOOL
from onrecord.proof.bags import layout
from onrecord.proof.bags.writing import Bag
from onrecord.record.checkpoint import Checkpoint


def tell(bag: Bag, readme: str, title: str, said: Checkpoint, now: datetime, **counts: str) -> None:
    """Add the README made from the template of that name, and close the bag with its labels."""
    fields = {
        "title": title,
        "underline": "=" * len(title),
        "origin": said.origin,
        "size": str(said.size),
        "root": said.root.hex(),
        "tool": TOOL,
        "date": f"{now:%Y-%m-%d}",
        **counts,
    }
    template = resources.files("onrecord.proof.bags").joinpath(readme).read_text(encoding="utf-8")
    bag.add(layout.README, [template.format_map(fields).encode()])
    bag.close(
        {
            "Bagging-Date": fields["date"],
            "Bag-Software-Agent": TOOL,
            "External-Identifier": said.origin,
            "External-Description": " ".join(title.split()),
        }
    )
