"""Bodies in aws-chunked encoding, read in one pass; moto's own reader copies all that it has for every chunk.

https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
"""

from __future__ import annotations

import io
from typing import Any

from moto.s3.responses import S3Response


def _decoded(response: S3Response, body: Any) -> bytes:
    """Chunks of a hexadecimal size, a line end, the data, a line end; the last has size 0, and trailers follow it."""
    if not body:
        return b""
    encoded = io.BytesIO(body) if isinstance(body, bytes) else body
    chunks = []
    while size := int(encoded.readline().split(b";")[0].strip() or b"0", 16):
        chunks.append(encoded.read(size))
        encoded.readline()
    return b"".join(chunks)


def apply() -> None:
    S3Response._handle_encoded_body = _decoded
