"""An OpenTimestamps calendar of our own, made with the reference library: promises first, tells the block later."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from opentimestamps.core.notary import BitcoinBlockHeaderAttestation, PendingAttestation
from opentimestamps.core.op import OpAppend, OpPrepend, OpSHA256
from opentimestamps.core.serialize import BytesSerializationContext
from opentimestamps.core.timestamp import Timestamp


def written(stamp: Timestamp) -> bytes:
    """A timestamp in the library's own writing."""
    out = BytesSerializationContext()
    stamp.serialize(out)
    return bytes(out.getbytes())


class Calendar:
    """What the server was asked and what it will answer.

    ``asked`` holds every path that was called, ``digests`` every body; ``block`` is the number of the block that holds
    everything, None while it waits; ``redirect`` an address to send callers to; ``answer`` an answer instead of its own.
    """

    def __init__(self) -> None:
        self.address = ""
        self.asked: list[str] = []
        self.digests: list[bytes] = []
        self.roots: list[bytes] = []
        self.block: int | None = None
        self.redirect: str | None = None
        self.answer: bytes | None = None

    def promise(self, digest: bytes) -> bytes:
        """The answer to a digest: it was appended to, hashed, and waits."""
        stamp = Timestamp(digest)
        waiting = stamp.ops.add(OpAppend(b"of this second")).ops.add(OpSHA256())
        waiting.attestations.add(PendingAttestation(self.address))
        return written(stamp)

    def way(self, commitment: bytes) -> bytes | None:
        """The way to the block, once there is one."""
        if self.block is None:
            return None
        stamp = Timestamp(commitment)
        root = stamp.ops.add(OpPrepend(b"a neighbour")).ops.add(OpSHA256()).ops.add(OpSHA256())
        root.attestations.add(BitcoinBlockHeaderAttestation(self.block))
        self.roots.append(root.msg)
        return written(stamp)


@contextmanager
def serving() -> Iterator[Calendar]:
    """A calendar that answers on a port of this machine."""
    calendar = Calendar()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            digest = self.rfile.read(int(self.headers["Content-Length"]))
            calendar.digests.append(digest)
            self.reply(calendar.promise(digest))

        def do_GET(self) -> None:
            self.reply(calendar.way(bytes.fromhex(self.path.rpartition("/")[2])))

        def reply(self, body: bytes | None) -> None:
            calendar.asked.append(self.path)
            body = calendar.answer if calendar.answer is not None else body
            self.send_response(302 if calendar.redirect else 404 if body is None else 200)
            if calendar.redirect:
                self.send_header("Location", calendar.redirect)
            self.end_headers()
            self.wfile.write(body or b"Pending confirmation in Bitcoin blockchain")

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    calendar.address = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield calendar
    server.shutdown()
    thread.join()
    server.server_close()
