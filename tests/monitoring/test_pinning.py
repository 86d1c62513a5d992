"""Talking to a pinned address, the name still counts: as Host, and in the server's certificate.

The resolver names a public address, and what would go out to it is led to a server on loopback instead.
"""

import socket
import ssl
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from responses.monitoring.fetching import fetch
from responses.monitoring.sources.base import SourceError
from tests.monitoring.hostile import FEED, HostileServer, serve

PUBLIC = "93.184.216.34"


def certificate(folder, name):
    """A certificate for `name` that signs itself, and the file that holds it with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    today = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{name}.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.fixture
def led_to(monkeypatch):
    """led_to(port): connections to the public address end at that port of loopback."""
    real = socket.socket.connect

    def lead(port):
        def connect(self, address):
            assert address[0] == PUBLIC
            return real(self, ("127.0.0.1", port))

        monkeypatch.setattr(socket.socket, "connect", connect)

    def resolver(host, port, *args, **kwargs):
        assert host in ("feeds.example", PUBLIC)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (PUBLIC, port or 80))]

    monkeypatch.setattr(socket, "getaddrinfo", resolver)
    return lead


@pytest.fixture
def secure(tmp_path, monkeypatch, led_to):
    """secure(name): a TLS server whose certificate is for `name` and is trusted."""

    def start(name):
        file = certificate(tmp_path, name)
        monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", str(file))
        server = HostileServer()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        context.sni_callback = lambda _sock, asked, _context: server.seen.append((f"SNI {asked}", {}))
        server.socket = context.wrap_socket(server.socket, server_side=True)
        led_to(server.server_port)
        return serve(lambda: server)

    return start


def test_the_host_is_the_name_not_the_address(hostile, led_to):
    led_to(hostile.server_port)
    assert fetch("http://feeds.example/feed").body == FEED
    assert hostile.seen[0][1]["Host"] == "feeds.example"


def test_a_redirect_on_the_same_host_works(hostile, led_to):
    led_to(hostile.server_port)
    assert fetch("http://feeds.example/to/301//feed").moved_to == "http://feeds.example/feed"


def test_the_certificate_must_be_for_the_name(secure):
    with secure("feeds.example") as server:
        assert fetch("https://feeds.example/feed").body == FEED
        assert server.seen[0][0] == "SNI feeds.example"


def test_a_certificate_for_another_name_is_refused(secure):
    with secure("other.example"), pytest.raises(SourceError, match="certificate is not valid"):
        fetch("https://feeds.example/feed")
