"""Where a publishing connection may lead: to the one server meant, whatever resolvers and redirects say."""

import datetime
import ssl
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from responses.publishing.channels import pinning
from responses.publishing.channels.base import ChannelError
from responses.publishing.channels.pinning import PinnedTransport, pinned


def _answer(text):
    return httpx.Response(200, stream=httpx.ByteStream(text.encode()))


@pytest.mark.parametrize(
    "url",
    [
        "http://bsky.social",
        "https://127.0.0.1",
        "https://[::ffff:10.0.0.1]",
        "https://169.254.169.254",
        "https://bsky.social:8443",
        "https://bsky.social@10.0.0.1",
        "ftp://bsky.social",
        "bsky.social",
        "",
    ],
)
def test_an_address_that_is_not_public_https_is_refused_for_good(url):
    with pytest.raises(ChannelError) as caught:
        pinned(url, allow=["http://127.0.0.1:2583"])
    assert caught.value.permanent


def test_a_name_is_looked_up_once_and_the_connection_goes_to_that_address(monkeypatch):
    answers = iter(["203.0.114.7", "127.0.0.1"])
    monkeypatch.setattr(pinning, "resolve", lambda host, port, seconds: next(answers))
    transport = pinned("https://pds.example.com")
    monkeypatch.setattr(transport.inner, "handle_request", lambda request: _answer(request.url.host))
    client = httpx.Client(transport=transport)
    assert [client.get("https://pds.example.com/xrpc/a").text for _time in range(2)] == ["203.0.114.7"] * 2


def test_a_pinned_transport_talks_to_no_other_server():
    client = httpx.Client(transport=PinnedTransport("https://pds.example.com:443", "203.0.114.7", 1))
    with pytest.raises(httpx.ConnectError, match="Refused"):
        client.get("https://other.example.com")


class Greeter(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.headers["Host"].encode())

    def log_message(self, *args):
        """Quiet."""


def certificate(folder, name):
    """A certificate for `name` that vouches for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    builder = x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - datetime.timedelta(days=1))
    builder = builder.not_valid_after(now + datetime.timedelta(days=1))
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    signed = builder.sign(key, hashes.SHA256())
    path = folder / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def tls_server(tmp_path, monkeypatch):
    pem = certificate(tmp_path, "pds.example.com")
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    with HTTPServer(("127.0.0.1", 0), Greeter) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_the_certificate_is_checked_against_the_name_not_the_address(tls_server):
    at = f"https://pds.example.com:{tls_server.server_port}"
    client = httpx.Client(transport=PinnedTransport(at, "127.0.0.1", 5))
    assert client.get(at).text == f"pds.example.com:{tls_server.server_port}"


def test_a_certificate_for_another_name_is_refused(tls_server):
    at = f"https://other.example.com:{tls_server.server_port}"
    client = httpx.Client(transport=PinnedTransport(at, "127.0.0.1", 5))
    with pytest.raises(httpx.ConnectError, match="(?i)certificate"):
        client.get(at)
