"""Messages on a stream socket: eight bytes of length, then the message; and the end of the stream told apart."""

from __future__ import annotations

import socket
import struct
import time

import msgspec

NOT_SAID = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What decoding raises where a message breaks its schema, has no text where text should be, or goes too deep."""


class Gone(Exception):
    """The other side closed or died."""


def send(sock: socket.socket, message: bytes) -> None:
    """Send one message.

    Raises:
        Gone: nobody listens.
    """
    try:
        sock.sendall(struct.pack("<Q", len(message)) + message)
    except OSError as cause:
        raise Gone from cause


def receive(sock: socket.socket, most: int, until: float | None = None) -> bytes:
    """Receive one message.

    Raises:
        Gone: the other side closed, or announced more than ``most`` bytes, or had not sent all of it when
            ``time.monotonic()`` came to ``until``, however busily it was sending.
    """
    length = struct.unpack("<Q", _exactly(sock, 8, until))[0]
    if length > most:
        raise Gone(f"a message of {length} bytes was announced, {most} are allowed")
    return bytes(_exactly(sock, length, until))


def _exactly(sock: socket.socket, length: int, until: float | None) -> bytearray:
    data = bytearray(length)
    view, filled = memoryview(data), 0
    while filled < length:
        if until is not None:
            if (left := until - time.monotonic()) <= 0:
                raise Gone("its time was up")
            sock.settimeout(left)
        try:
            count = sock.recv_into(view[filled:])
        except (ConnectionError, TimeoutError) as cause:
            raise Gone(str(cause)) from cause
        if count == 0:
            raise Gone("the stream ended")
        filled += count
    return data
