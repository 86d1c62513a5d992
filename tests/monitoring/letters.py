"""Raw mails as they come: broken, hostile, forwarded, endless."""

from base64 import b64encode

HEAD = (
    b"Return-Path: <ana@balita.example>\r\nFrom: Ana Cruz <ana@balita.example>\r\nTo: isla+1-x@in.example\r\n"
    b"Date: Mon, 23 Nov 2026 09:30:00 +0800\r\n"
)


def letter(body=b"Tatlong oras nang late ang ferry.", subject=b"Ferry", mid=b"<m1@balita.example>", **more):
    """A plain mail; further headers by name, in place of the usual ones if named alike."""
    given = {"Subject": subject, "Message-ID": mid} | {
        name.replace("_", "-"): value for name, value in more.items()
    }
    lines = [line for line in HEAD.split(b"\r\n") if line and line.split(b":")[0].decode() not in given]
    lines += [name.encode() + b": " + value for name, value in given.items() if value is not None]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def parts(*inner, kind=b"mixed", boundary=b"b0", **more):
    """A multipart of parts, each with its own headers."""
    body = (
        b"".join(b"--" + boundary + b"\r\n" + each + b"\r\n" for each in inner) + b"--" + boundary + b"--\r\n"
    )
    return letter(body, Content_Type=b'multipart/%s; boundary="%s"' % (kind, boundary), **more)


def part(kind, body, **more):
    lines = [b"Content-Type: " + kind]
    lines += [name.replace("_", "-").encode() + b": " + value for name, value in more.items()]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


PLAIN, HTML = b"text/plain; charset=utf-8", b"text/html; charset=utf-8"
PNG = part(b"image/png", b64encode(b"\x89PNG"), Content_Transfer_Encoding=b"base64")
GOOGLE_ALERT = b"""<html><head><title>Google Alert</title><style>.a{color:red}</style></head><body>
<a href="https://www.google.com/alerts?s=1">Google Alerts</a>
<table><tr><td><a href="https://www.google.com/url?rct=j&amp;sa=t&amp;url=https://inquirer.example/ferry&amp;ct=ga">
<span>Isla <b>ferry</b> stranded nine hours</span></a><div>Inquirer</div>
<div>Two hundred passengers waited off Cebu. Nobody told them why.</div>
<a href="https://www.google.com/alerts/feedback?x=1">Flag as irrelevant</a></td></tr>
<tr><td><a href="https://www.google.com/url?url=https://rappler.example/refund"><img src="x.png"></a>
<a href="https://www.google.com/url?url=https://rappler.example/refund">Walang refund sa mga pasahero</a>
<p>Sinabi ng kumpanya na pag-aaralan pa.</p><a href="https://rappler.example/refund">Read more</a></td></tr>
</table><a href="https://www.facebook.com/sharer.php?u=x">Share</a>
<a href="https://www.google.com/alerts/remove?s=1">Unsubscribe</a> You get this because you asked.
<a href="javascript:alert(1)">Click this bad thing</a></body></html>"""
BOUNCE = parts(
    part(PLAIN, b"I could not deliver your mail."),
    part(b"message/delivery-status", b"Reporting-MTA: dns; mx.example\r\n\r\nAction: failed\r\n"),
    part(b"message/rfc822", letter()),
    kind=b"report; report-type=delivery-status",
    mid=b"<bounce@mx.example>",
)
NESTED = letter(
    b"".join(
        b'--n%d\r\nContent-Type: multipart/mixed; boundary="n%d"\r\n\r\n' % (n, n + 1) for n in range(10_000)
    ),
    Content_Type=b'multipart/mixed; boundary="n0"',
    mid=b"<bomb@x.example>",
)
MANY_PARTS = parts(*[part(PLAIN, b"isa pa") for _ in range(10_000)], mid=b"<many@x.example>")
