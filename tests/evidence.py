"""A small leak: text in several scripts, a table, a PDF, an archive, and names and words that mean harm."""

from __future__ import annotations

from pathlib import Path

from onrecord.ingest.taking_in import take_in
from onrecord.record import Record

from .ingest.making import pdf, text_page, zipped

UYGHUR = "ئابدۇراخمان ھەسەن 2018-يىلى تۇتۇپ كېتىلگەن."
HOSTILE_NAME = "<img src=x onerror=alert(1)>\u202egpj.txt"

FILES: dict[str, bytes] = {
    "letters/uyghur.txt": f"Xet\n{UYGHUR}\nAnother line.\nAnother line.\n".encode(),
    "letters/names.txt": "名单\n张伟 和 王芳 在喀什\n".encode(),
    "lists/detained.csv": "name,id,place\n=cmd|calc,650,Kashgar\n张伟,651,Hotan\n".encode(),
    "scans/order.pdf": pdf(*text_page(b"By order, nobody may leave.")),
    "both.zip": zipped({"inner/note.txt": "Kept inside."}),
    f"odd/{HOSTILE_NAME}": "Words </textarea></div><img src=x onerror=alert(2)>\x00 \u202eevil\u202c\n".encode(),
}


def leaked(folder: Path) -> Record:
    """A record into which these files were taken."""
    for name, data in FILES.items():
        path = folder / "leak" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    record = Record.create(folder / "record", title="A record")
    take_in(record, [folder / "leak"], workers=1)
    return record
