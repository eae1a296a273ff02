"""What is wrong with packed bytes, in the words of whoever has to tell of it and not in those of a library."""

from __future__ import annotations

import lzma
import tarfile
import zlib

_CUT = "its bytes end too soon"
_SAID = {
    "File is not a zip file": "its directory is missing or cut",
    "Compressed file ended before the end-of-stream marker was reached": _CUT,
    "unexpected end of data": _CUT,
    "Truncated file header": "it is said to lie where the archive has no bytes",
    "Incorrect length of data produced": "it holds another number of bytes than it says",
    "CRC check failed": "its checksum is wrong",
    "Bad CRC-32": "its checksum is wrong",
    "Not a gzipped file": "what stands there is not GZIP",
    "Memory usage limit exceeded": "unpacking it takes more memory than a reader may have",
    "That compression method is not supported": "it is packed by a method that no reader here knows",
}


def in_words(error: Exception) -> str:
    """What an unpacker's error means: half a sentence whose subject is the packed thing."""
    said = str(error)
    for begin, words in _SAID.items():
        if said.startswith(begin):
            return words
    if isinstance(error, EOFError):
        return _CUT
    if isinstance(error, OSError) and error.errno is not None:
        return "it is said to lie where the file has no bytes"
    if isinstance(error, zlib.error | lzma.LZMAError):
        return "its packed bytes are damaged"
    if isinstance(error, tarfile.TarError):
        return "what should name its members is damaged"
    if isinstance(error, NotImplementedError) and said:
        return f"it is packed by a method that no reader here knows ({said})"
    return "its bytes are damaged"
