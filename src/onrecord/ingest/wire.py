"""Messages on a stream socket: eight bytes of length, then the message; and the end of the stream told apart."""

from __future__ import annotations

import socket
import struct


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


def receive(sock: socket.socket, most: int) -> bytes:
    """Receive one message.

    Raises:
        Gone: the other side closed, or announced more than ``most`` bytes.
    """
    length = struct.unpack("<Q", _exactly(sock, 8))[0]
    if length > most:
        raise Gone(f"a message of {length} bytes was announced, {most} are allowed")
    return bytes(_exactly(sock, length))


def _exactly(sock: socket.socket, length: int) -> bytearray:
    data = bytearray(length)
    view, filled = memoryview(data), 0
    while filled < length:
        try:
            count = sock.recv_into(view[filled:])
        except (ConnectionError, TimeoutError) as cause:
            raise Gone(str(cause)) from cause
        if count == 0:
            raise Gone("the stream ended")
        filled += count
    return data
