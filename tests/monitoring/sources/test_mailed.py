"""What becomes of a raw mail. Whatever comes in, it never raises but to say that it is no mail."""

import time
from base64 import b64encode
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responses.monitoring.sources.base import SourceError
from responses.monitoring.sources.mail_links import unwrapped
from responses.monitoring.sources.mailed import AUTO_REPLY, BOUNCE, EMPTY, LARGEST, LINKS, WHOLE, Mail, read
from tests.monitoring import letters
from tests.monitoring.letters import HTML, PLAIN, PNG, letter, part, parts

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def one(raw, mode=WHOLE):
    mail = read(raw, NOW, mode=mode)
    assert len(mail.items) == 1, mail
    return mail.items[0]


def test_a_plain_mail():
    mail = read(letter(b"Tatlong oras nang late. https://balita.example/1.\r\n", In_Reply_To=b"<m0@x>"), NOW)
    (item,) = mail.items
    assert (mail.identity, mail.senders, mail.why) == ("m1@balita.example", ("ana@balita.example",), "")
    assert (item.external_id, item.reply_to) == ("m1@balita.example", "m0@x")
    assert (item.author, item.title) == ("Ana Cruz <ana@balita.example>", "Ferry")
    assert item.text == "Tatlong oras nang late. https://balita.example/1."
    assert item.url == "https://balita.example/1"
    assert item.published_at == datetime(2026, 11, 23, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (letter("Niño, señor".encode(), Content_Type=PLAIN), "Niño, señor"),
        (letter("Niño".encode("latin-1"), Content_Type=b"text/plain; charset=iso-8859-1"), "Niño"),
        (letter("Niño".encode(), Content_Type=b"text/plain; charset=iso-8859-1"), "Niño"),
        (letter("“Ay”".encode("cp1252"), Content_Type=b"text/plain"), "“Ay”"),
        (
            letter("フェリー".encode("iso-2022-jp"), Content_Type=b"text/plain; charset=iso-2022-jp"),
            "フェリー",
        ),
        (letter("渡轮延误".encode("gb18030"), Content_Type=b"text/plain; charset=gb2312"), "渡轮延误"),
        (letter("паром".encode("koi8-r"), Content_Type=b"text/plain; charset=KOI8-R"), "паром"),
        (letter(b"Hi +AOk-", Content_Type=b"text/plain; charset=utf-7"), "Hi é"),
        (letter("Ay ño".encode(), Content_Type=b"text/plain; charset=x-no-such"), "Ay ño"),
        (letter(b"a\xff\xfeb", Content_Type=b"text/plain; charset=punycode"), "aÿþb"),
        (
            letter(b"Ni=C3=B1o=\r\n!", Content_Type=PLAIN, Content_Transfer_Encoding=b"quoted-printable"),
            "Niño!",
        ),
        (
            letter(b64encode("Niño".encode())[:-1], Content_Type=PLAIN, Content_Transfer_Encoding=b"base64"),
            "Niño",
        ),
        (letter(b"Hoy", Content_Type=b"text/plain; charset=", Content_Transfer_Encoding=b"nonsense"), "Hoy"),
        (letter(b"Hoy", Content_Type=b"(((((text"), "Hoy"),
    ],
)
def test_every_charset_and_encoding(raw, text):
    assert one(raw).text == text


@pytest.mark.parametrize(
    ("subject", "title"),
    [
        (b"=?utf-8?B?" + b64encode("Ang tagal, Niño".encode()) + b"?=", "Ang tagal, Niño"),
        (b"=?iso-8859-1?Q?Ni=F1o?= =?utf-8?Q?_=F0=9F=9A=A2?=", "Niño 🚢"),
        ("Hilaw na Niño".encode(), "Hilaw na Niño"),
        ("Hilaw na Niño".encode("cp1252"), "Hilaw na Niño"),
        (b"=?no-such?B?////?= x", None),
        (b"one\r\n two", "one two"),
        (b"=?utf-8?Q?a=00b=E2=80=AEc?=", "abc"),
    ],
)
def test_encoded_words_in_the_subject(subject, title):
    found = one(letter(subject=subject)).title
    assert found == title if title else found


def test_who_wrote_it():
    def author(value):
        return one(letter(From=value)).author

    assert author(b"=?utf-8?Q?Ni=C3=B1a?= <N@X.example>") == "Niña <n@x.example>"
    assert author(b"n@x.example") == "n@x.example"
    assert author(b'"Cruz, Ana" <a@x.example>, Ben <b@x.example>') == "Cruz, Ana <a@x.example>"
    assert author(b"\xff\xfe <<<") is not None
    assert one(letter(From=None, Sender=b"s@x.example")).author == "s@x.example"
    assert read(letter(From=b'"good@ok.example" <evil@x.example>'), NOW).senders == ("evil@x.example",)


def test_when():
    def at(value):
        return one(letter(Date=value)).published_at

    assert at(b"Tue, 24 Nov 2026 09:30:00 +0800") == NOW, "the future is a clock that runs fast"
    assert at(None) is None and at(b"yesterday") is None and at(b"Tue, 1 Jan 1980 00:00:00 +0000") is None
    assert at(b"Mon, 99 Nov 99999 99:99:99 +9999") is None


def test_without_a_message_id_the_content_tells():
    raw = letter(mid=None)
    assert read(raw, NOW).identity == read(b"Received: by mx2\r\n" + raw, NOW).identity
    assert read(raw, NOW).identity != read(letter(b"Iba ito.", mid=None), NOW).identity


def test_plain_text_is_preferred_and_html_is_made_text():
    both = part(PLAIN, b"Payak"), part(HTML, b"<p>Magarbo</p>")
    assert one(parts(*both, kind=b"alternative")).text == "Payak"
    empty = part(PLAIN, b" \r\n"), part(HTML, b"<p>Magarbo</p>")
    assert one(parts(*empty, kind=b"alternative")).text == "Magarbo"
    markup = (
        b"<html><head><title>No</title><style>p{}</style></head><body><p>Una</p><script>alert(1)</script>"
        b'<p onclick="x()">Dalawa &amp; <a href="javascript:alert(1)">tatlo</a> &lt;b&gt;</p>'
        b'<a href="https://x.example/?a=1&amp;b=2">apat</a><td>5</td><td>6</td></body></html>'
    )
    item = one(letter(markup, Content_Type=HTML))
    assert item.text.split() == ["Una", "Dalawa", "&", "tatlo", "<b>", "apat5", "6"]
    assert item.url == "https://x.example/?a=1&b=2"
    assert "alert" not in item.text + item.url


def test_attachments_are_counted_and_left_out():
    attached = part(b"text/plain; name=x.txt", b"lihim", Content_Disposition=b'attachment; filename="x.txt"')
    mail = read(parts(part(PLAIN, b"Tingnan"), PNG, attached), NOW)
    assert (mail.items[0].text, mail.attachments) == ("Tingnan", 2)
    mail = read(parts(PNG, subject=b""), NOW)
    assert (mail.items, mail.why, mail.attachments) == ([], EMPTY, 1)
    assert one(parts(PNG, subject=b"Larawan")).text == "Larawan"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (
            "Galit ako.\r\n\r\nOn Mon, 23 Nov 2026 at 9:00, Ben <b@x.example> wrote:\r\n> Luma\r\n> pa",
            "Galit ako.",
        ),
        (
            "Galit ako.\r\n\r\nOn Mon, 23 Nov 2026 at 9:00, Ben\r\n<b@x.example> wrote:\r\n\r\nLuma",
            "Galit ako.",
        ),
        ("Noong Lun, Nob 23, 2026 nang 9:00, isinulat ni Ben:\r\n> Luma\r\n\r\nSa ilalim", "Sa ilalim"),
        ("Oo.\r\n\r\n-----Original Message-----\r\nFrom: Ben\r\nLuma", "Oo."),
        ("Salamat\r\n-- \r\nAna Cruz\r\n0917", "Salamat"),
        (
            "On Monday the mayor wrote:\r\n\r\nAll ferries stop.",
            "On Monday the mayor wrote:\n\nAll ferries stop.",
        ),
        ("> lahat ay sipi\r\n> talaga", "lahat ay sipi\ntalaga"),
        ("Balita\r\nUnsubscribe: https://x.example/u\r\nList-Unsubscribe: <x>", "Balita"),
        ("I tried to unsubscribe three times!", "I tried to unsubscribe three times!"),
        ("Una\r\n-- \r\n" + "linya\r\n" * 40, "Una\n--\n" + "linya\n" * 39 + "linya"),
    ],
)
def test_quotes_signatures_and_list_lines_are_left_out(body, text):
    assert one(letter(body.encode())).text == text


def test_what_a_mail_program_quotes_in_html():
    reply = b'<div>Galit ako</div><div class="gmail_quote"><blockquote>Luma</blockquote></div>'
    assert one(letter(reply, Content_Type=HTML)).text == "Galit ako"
    article = b"<p>Sabi niya:</p><blockquote>Luma na</blockquote>"
    assert "Luma na" in one(letter(article, Content_Type=HTML)).text
    listed = letter(b"Balita\r\nUnsubscribe here", List_Unsubscribe=b"<https://x.example/u>")
    assert one(listed).text == "Balita"


def test_a_mail_forwarded_within_the_text_is_its_writers():
    body = (
        "Pakitingnan.\r\n\r\n---------- Forwarded message ---------\r\nFrom: Jun Reyes <jun@x.example>\r\n"
        "Date: Sun, 22 Nov 2026 10:00:00 +0800\r\nSubject: Nasira ang biyahe\r\n"
        "To: <help@isla.example>\r\n\r\n"
        "Siyam na oras kaming naghintay.\r\n"
    )
    item = one(letter(body.encode(), subject=b"Fwd: Nasira ang biyahe"))
    assert (item.author, item.title) == ("Jun Reyes <jun@x.example>", "Nasira ang biyahe")
    assert item.text == "Pakitingnan.\n\nSiyam na oras kaming naghintay."
    assert item.published_at == datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
    assert item.external_id == "m1@balita.example"


def test_attached_mails_are_their_writers_each():
    inner = [
        letter(b"Reklamo %d" % n, b"R%d" % n, b"<in%d@x>" % n, From=b"j%d@x.example" % n) for n in (1, 2)
    ]
    wrapped = [part(b"message/rfc822", each) for each in inner]
    first, second = read(parts(part(PLAIN, b"FYI"), *wrapped), NOW).items
    assert (first.author, first.title, first.text) == ("j1@x.example", "R1", "FYI\n\nReklamo 1")
    assert (second.external_id, second.text) == ("in2@x", "FYI\n\nReklamo 2")
    assert one(parts(wrapped[0], part(b"message/rfc822", b""))).external_id == "in1@x"


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (letters.BOUNCE, BOUNCE),
        (letter(Return_Path=b"<>"), BOUNCE),
        (letter(From=b"MAILER-DAEMON@mx.example"), BOUNCE),
        (letter(Auto_Submitted=b"auto-replied (vacation)"), AUTO_REPLY),
        (letter(Precedence=b"auto_reply"), AUTO_REPLY),
        (letter(Auto_Submitted=b"auto-generated"), ""),
        (letter(Auto_Submitted=b"no"), ""),
        (letter(b" ", subject=b""), EMPTY),
    ],
)
def test_machines_that_answer_machines_say_nothing(raw, why):
    mail = read(raw, NOW)
    assert mail.why == why and bool(mail.items) == (not why)


def test_a_digest_gives_a_mention_for_each_link():
    both = parts(part(PLAIN, b"x"), part(HTML, letters.GOOGLE_ALERT), kind=b"alternative")
    first, second = read(both, NOW, mode=LINKS).items
    assert (first.url, first.title) == ("https://inquirer.example/ferry", "Isla ferry stranded nine hours")
    assert first.text.split("\n\n")[-1] == "Two hundred passengers waited off Cebu. Nobody told them why."
    assert (second.url, second.title) == ("https://rappler.example/refund", "Walang refund sa mga pasahero")
    assert second.text == "Sinabi ng kumpanya na pag-aaralan pa."
    again = read(letter(letters.GOOGLE_ALERT, Content_Type=HTML, mid=b"<other@x>"), NOW, mode=LINKS).items
    assert [each.external_id for each in again] == [first.external_id, second.external_id]


def test_a_digest_in_plain_text():
    body = (
        b"Google Alert\r\n\r\nIsla ferry stranded\r\nInquirer\r\nNine hours.\r\n"
        b"<https://www.google.com/url?url=https://i.example/1>\r\n\r\nWalang refund\r\n\r\n"
        b"https://r.example/2\r\n\r\nUnsubscribe: https://www.google.com/alerts/remove"
    )
    items = read(letter(body), NOW, mode=LINKS).items
    assert [(item.url, item.title, item.text) for item in items] == [
        ("https://i.example/1", "Isla ferry stranded", "Inquirer\nNine hours."),
        ("https://r.example/2", "Walang refund", "Walang refund"),
    ]
    assert one(letter(b"Walang link dito."), LINKS).text == "Walang link dito."


@pytest.mark.parametrize(
    ("url", "leads"),
    [
        ("https://www.google.com.ph/url?q=https://a.example/1&x=2", "https://a.example/1"),
        (
            "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fl.facebook.com%2Fl.php%3Fu%3D"
            "https%253A%252F%252Fa.example%252F1",
            "https://a.example/1",
        ),
        (
            "https://www.google.com/url?url=javascript:alert(1)",
            "https://www.google.com/url?url=javascript:alert(1)",
        ),
        (
            "https://www.google.com.evil.example/url?url=https://a.example",
            "https://www.google.com.evil.example/url?url=https://a.example",
        ),
        ("javascript:alert(1)", ""),
        ("https://[", ""),
    ],
)
def test_wrapped_links_lead_where_they_say(url, leads):
    assert unwrapped(url) == leads


@pytest.mark.parametrize("raw", [b"", b"\r\n", b"hello", b"\x00\xff" * 500, b"Nope\n\nSubject: x", b"{}"])
def test_what_is_no_mail(raw):
    with pytest.raises(SourceError, match="no e-mail message"):
        read(raw, NOW)


def test_too_large():
    with pytest.raises(SourceError, match="25 MiB"):
        read(letter(b"x" * LARGEST), NOW)


BOMBS = {
    "nested": letters.NESTED,
    "parts": letters.MANY_PARTS,
    "rfc822 in rfc822": letter(
        b"Content-Type: message/rfc822\r\n\r\n" * 5_000, Content_Type=b"message/rfc822"
    ),
    "boxes": letter(b"<div>" * 200_000, Content_Type=HTML),
    "links": letter(b"<a href=http://x.example/1><b>" * 50_000, Content_Type=HTML),
    "brackets": letter(b"x", subject=b"x", From=b"(" * 1_000_000),
    "subject": letter(subject=b"=?utf-8?q?a?= " * 100_000),
    "wrote": letter(b"On 2026\r\n" * 50_000),
    "one line": letter(b"x" * 5_000_000),
    "no end": parts(part(PLAIN, b"Hoy"))[:-20],
}


@pytest.mark.parametrize("name", BOMBS)
@pytest.mark.parametrize("mode", [WHOLE, LINKS])
def test_bombs_do_not_go_off(name, mode):
    begun = time.process_time()
    mail = read(BOMBS[name], NOW, mode=mode)
    assert mail.items or mail.why
    assert all(len(item.text) <= 20_000 and len(item.title) <= 500 for item in mail.items)
    assert time.process_time() - begun < 60, "minutes would be a hole; a busy machine is none"


LINES = st.sampled_from(
    [
        *(b"--b", b"--b--", b"", b"> x", b"-- ", b"On 2026 wrote:", b"<a href=http://[x]>a</a>"),
        *(b"Subject: =?x?Q?=FF?=", b"From: <<@,;:(", b"Message-ID: <<>", b"References: \xff"),
        *(b"Content-Type: multipart/mixed; boundary=b", b"Content-Type: text/html; charset=\xff"),
        *(b"Content-Type: message/rfc822", b"Content-Disposition: ; filename*=x''%"),
        *(b"Content-Transfer-Encoding: base64", b"Date: 1 x -0000 (", b"------ Forwarded message ------"),
    ]
)


@given(st.one_of(st.binary(max_size=400), st.lists(st.one_of(LINES, st.binary(max_size=12)), max_size=40)))
def test_nothing_that_may_come_raises(raw):
    raw = raw if isinstance(raw, bytes) else b"\r\n".join(raw)
    for given_bytes in (raw, b"Subject: x\r\n" + raw, b"Subject: x\r\n\r\n" + raw):
        for mode in (WHOLE, LINKS):
            try:
                mail = read(given_bytes, NOW, mode=mode)
            except SourceError:
                continue
            assert isinstance(mail, Mail)
            for item in mail.items:
                told = (item.text + item.title + item.author + item.external_id).encode()
                assert b"\x00" not in told
                assert item.url == "" or item.url.startswith(("http://", "https://"))
