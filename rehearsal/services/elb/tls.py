"""TLS of HTTPS listeners, with the certificates that ACM holds."""

from __future__ import annotations

import os
import ssl
import tempfile
from typing import Any

from moto.backends import get_backend

from rehearsal.kernel.errors import AwsError


def _pem(account: str, region: str, arn: str) -> tuple[bytes, bytes]:
    """@raises AwsError CertificateNotFound."""
    try:
        # moto keeps the parts of a certificate in a bundle that no operation of its API returns whole.
        bundle: Any = get_backend("acm")[account][region].get_certificate(arn)
        key, certificate, chain = bundle.key, bundle.cert, bundle.chain or b""
    except Exception as error:
        raise AwsError("CertificateNotFound", f"Certificate '{arn}' not found") from error
    parts = [p.encode() if isinstance(p, str) else p for p in (certificate, chain, key)]
    return parts[0] + b"\n" + parts[1], parts[2]


def context(account: str, region: str, arn: str) -> ssl.SSLContext:
    """A server's context; OpenSSL reads certificates only from files, so they touch the disk for a moment."""
    certificate, key = _pem(account, region, arn)
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.set_alpn_protocols(["http/1.1"])
    descriptor, path = tempfile.mkstemp()
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(key + b"\n" + certificate)
        made.load_cert_chain(path)
    except ssl.SSLError as error:
        raise AwsError("UnsupportedCertificate", f"The certificate '{arn}' cannot be used: {error}") from error
    finally:
        os.unlink(path)
    return made
