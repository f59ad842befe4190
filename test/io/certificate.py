"""Prints a certificate for host names, signed by nobody else, and its key, as JSON: `certificate.py shop.example`."""

import datetime
import json
import sys

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

hosts = sys.argv[1:]
key = ec.generate_private_key(ec.SECP256R1())
name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, hosts[0])])
now = datetime.datetime.now(datetime.UTC)
day = datetime.timedelta(days=1)
made = (
    x509.CertificateBuilder()
    .subject_name(name)
    .issuer_name(name)
    .public_key(key.public_key())
    .serial_number(x509.random_serial_number())
    .not_valid_before(now - day)
    .not_valid_after(now + day)
    .add_extension(x509.SubjectAlternativeName([x509.DNSName(host) for host in hosts]), critical=False)
    .sign(key, hashes.SHA256())
)
secret = key.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
)
print(json.dumps({"certificate": made.public_bytes(serialization.Encoding.PEM).decode(), "key": secret.decode()}))
