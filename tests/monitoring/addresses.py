"""Addresses that lead, or seem to lead, into the network Tugon runs in; resolvers that answer as told."""

import socket

PRIVATE = [
    "http://127.0.0.1/",
    "http://127.1/",
    "http://127.0.1/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0x7f.1/",
    "http://0177.0.0.1/",
    "http://0/",
    "http://0.0.0.0/",
    "http://localhost/",
    "http://LOCALHOST/",
    "http://127.0.0.1:80/",
    "https://127.0.0.1:443/",
    "http://10.0.0.1/",
    "http://172.16.0.1/",
    "http://192.168.1.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://2852039166/",
    "http://100.64.0.1/",
    "http://100.100.100.200/",
    "http://192.0.0.192/",
    "http://192.88.99.1/",
    "http://198.18.0.1/",
    "http://224.0.0.1/",
    "http://240.0.0.1/",
    "http://255.255.255.255/",
    "http://[::1]/",
    "http://[::]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[::ffff:169.254.169.254]/",
    "http://[::127.0.0.1]/",
    "http://[0:0:0:0:0:0:0:1]/",
    "http://[fc00::1]/",
    "http://[fd00:ec2::254]/",
    "http://[fe80::1]/",
    "http://[fec0::1]/",
    "http://[ff02::1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[64:ff9b::a9fe:a9fe]/",
    "http://[64:ff9b:1::a00:1]/",
    "http://[2002:7f00:1::]/",
    "http://[2002:a9fe:a9fe::1]/",
    "http://[2001:0:7f00:1::]/",
    "http://[5f00::1]/",
    "http://[100::1]/",
    "http://[2001:db8::1]/",
]
# Where these lead depends on the system's resolver; in no case to a connection.
ODD = [
    "http://localhost./",
    "http://127.0.0.1./",
    "http://127。0。0。1/",
    "http://１２７.0.0.1/",
    "http://⑫7.0.0.1/",
]
REFUSED = [
    "ftp://example.com/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:70/",
    "dict://127.0.0.1:11211/",
    "javascript:alert(1)",
    "//127.0.0.1/",
    "127.0.0.1",
    "http://",
    "http:///etc",
    "http://example.com:22/",
    "http://example.com:8080/",
    "http://example.com:99999/",
    "http://example.com:x/",
    "http://user:pass@example.com/",
    "http://example.com@127.0.0.1/",
    "http://127.0.0.1#@example.com/",
    "http://127.0.0.1\\@example.com/",
    "http://[::1/",
    "http://[fe80::1%25lo]/",
    "http://exa mple.com/",
    "http://127.0.0.1%00.example.com/",
    "http://" + "a" * 300 + ".com/",
    "",
]
HOSTILE = PRIVATE + ODD + REFUSED


class Resolver:
    """Answers in turn; addresses are looked up as they are, without a question."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.asked = 0

    def __call__(self, host, port, *args, **kwargs):
        if host == "feeds.example":
            addresses = self.answers[min(self.asked, len(self.answers) - 1)]
            self.asked += 1
        else:
            addresses = [host]
        return [
            (socket.AF_INET6 if ":" in ip else socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port or 80))
            for ip in addresses
        ]


REAL = socket.getaddrinfo
PUBLIC = "93.184.216.34"


def numbers_only(host, port, *args, **kwargs):
    """Numbers in any spelling as the system reads them, localhost as itself, other names somewhere public."""
    try:
        return REAL(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    except OSError:
        name = str(host).rstrip(".").lower()
        there = "127.0.0.1" if name == "localhost" else PUBLIC
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (there, port or 80))]
