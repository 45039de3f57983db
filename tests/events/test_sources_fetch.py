"""Fetching calendars from a real server on this machine, and what is never fetched."""

from __future__ import annotations

import gzip
import socket
import ssl
import time
import zlib
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from events.sources.addresses import checked_addresses, is_public, target_of
from events.sources.faults import Fault, SourceError
from events.sources.fetch import Answer, Known, Limits, fetch
from events.sources.reader import Question, read
from tests.events.calendar_server import running

CALENDAR = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//EN\r\nBEGIN:VEVENT\r\nUID:a@school.example\r\n"
    "DTSTART:20300101T100000Z\r\nSUMMARY:Зустріч\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
SHORT = {"connect": 1.0, "read": 0.4, "total": 1.0}


@pytest.fixture
def server():
    """Return a real server on a port of this machine."""
    with running() as found:
        yield found


def told(server, body: bytes | str = CALENDAR, *, status=200, path="/", **headers) -> None:
    """Let the server answer so."""
    body = body.encode() if isinstance(body, str) else body
    server.answers[path] = (status, {name.replace("_", "-"): value for name, value in headers.items()}, body)


def fetched(server, path="/", known=None, **more) -> Answer:
    """Fetch from the server, whose port alone is open."""
    limits = Limits(**{"loopback_port": server.port} | more.pop("limits", {}))
    return fetch(server.url(path), known, limits=limits, **more)


@contextmanager
def refused(fault: Fault, detail: str | None = None):
    """Expect a fault."""
    with pytest.raises(SourceError) as found:
        yield
    assert found.value.fault == fault
    if detail is not None:
        assert found.value.detail == detail


def test_calendar_is_fetched_with_what_makes_the_next_question_cheap(server):
    told(server, ETag='"one"', Last_Modified="Fri, 27 Nov 2026 10:00:00 GMT")
    answer = fetched(server)
    assert answer.text == CALENDAR
    assert answer.known == Known('"one"', "Fri, 27 Nov 2026 10:00:00 GMT")


def test_unchanged_calendar_is_not_sent_again(server):
    told(server, b"", status=304)
    known = Known('"one"', "Fri, 27 Nov 2026 10:00:00 GMT")
    assert fetched(server, known=known) == Answer(None, known)
    _path, headers = server.asked[0]
    assert headers["If-None-Match"] == '"one"'
    assert headers["If-Modified-Since"] == "Fri, 27 Nov 2026 10:00:00 GMT"


def test_304_that_nobody_asked_for_is_a_fault(server):
    told(server, b"", status=304)
    with refused(Fault.STATUS, "304"):
        fetched(server)


def test_packed_calendar_is_unpacked(server):
    told(server, gzip.compress(CALENDAR.encode()), Content_Encoding="gzip")
    assert fetched(server).text == CALENDAR


def test_gzip_bomb_is_dropped_before_it_is_unpacked(server):
    told(server, gzip.compress(b"BEGIN:VCALENDAR\r\n" + b" " * 30_000_000), Content_Encoding="gzip")
    began = time.monotonic()
    with refused(Fault.TOO_LARGE):
        fetched(server, limits={"size": 100_000})
    assert time.monotonic() - began < 5


def test_bomb_within_a_bomb_is_dropped(server):
    body = zlib.compress(gzip.compress(b"BEGIN:VCALENDAR\r\n" + b" " * 50_000_000))
    told(server, body, Content_Encoding="gzip, deflate")
    with refused(Fault.TOO_LARGE):
        fetched(server, limits={"size": 100_000})


def test_announced_size_is_enough_to_refuse(server):
    told(server, CALENDAR + " " * 2000)
    with refused(Fault.TOO_LARGE):
        fetched(server, limits={"size": 1000})


def test_endless_answer_without_a_length_ends_at_the_limit(server):
    def endless(handler):
        handler.send_response(200)
        handler.end_headers()
        try:
            while True:
                handler.wfile.write(b"BEGIN:VCALENDAR\r\n" * 1000)
        except OSError:
            pass

    server.answers["/"] = endless
    with refused(Fault.TOO_LARGE):
        fetched(server, limits={"size": 100_000})


def test_server_that_says_nothing_is_not_waited_for(server):
    server.answers["/"] = lambda handler: time.sleep(1.5)
    with refused(Fault.TIMEOUT):
        fetched(server, limits=SHORT)


def test_server_that_drips_is_cut_off_at_the_total_time(server):
    def drip(handler):
        handler.send_response(200)
        handler.end_headers()
        try:
            for _turn in range(40):
                handler.wfile.write(b"BEGIN:VCALENDAR\r\n")
                handler.wfile.flush()
                time.sleep(0.1)
        except OSError:
            pass

    server.answers["/"] = drip
    began = time.monotonic()
    with refused(Fault.TIMEOUT):
        fetched(server, limits=SHORT)
    assert time.monotonic() - began < 3


def test_answer_that_breaks_off_is_a_fault(server):
    def short(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", "5000")
        handler.end_headers()
        handler.wfile.write(CALENDAR.encode())

    server.answers["/"] = short
    with refused(Fault.CONNECTION):
        fetched(server)


@pytest.mark.parametrize(
    ("status", "fault"),
    [
        *((401, Fault.REFUSED), (403, Fault.REFUSED), (404, Fault.NOT_FOUND), (410, Fault.NOT_FOUND)),
        *((500, Fault.SERVER), (503, Fault.SERVER), (204, Fault.STATUS), (418, Fault.STATUS)),
    ],
)
def test_other_answers_are_faults_with_their_number(server, status, fault):
    told(server, b"", status=status)
    with refused(fault, str(status)):
        fetched(server)


def test_web_page_is_no_calendar(server):
    told(server, "<!doctype html><title>Sign in</title>", Content_Type="text/calendar")
    with refused(Fault.NOT_CALENDAR):
        fetched(server)


def test_mark_and_blank_lines_in_front_do_no_harm(server):
    told(server, b"\xef\xbb\xbf\r\n" + CALENDAR.encode())
    assert fetched(server).text == CALENDAR


def test_declared_letters_are_read_and_undeclared_ones_refused(server):
    told(server, CALENDAR.encode("cp1251"), Content_Type="text/calendar; charset=windows-1251")
    assert "Зустріч" in fetched(server).text
    told(server, CALENDAR.encode("cp1251"))
    with refused(Fault.ENCODING):
        fetched(server)


# --- Where an address leads -------------------------------------------------------------------------------------------


def test_redirects_are_followed_three_times_and_no_more(server):
    for number in range(4):
        told(server, b"", status=302, path=f"/{number}", Location=f"/{number + 1}")
    told(server, path="/3")
    assert fetched(server, "/0").text == CALENDAR
    told(server, b"", status=301, path="/3", Location="/4")
    told(server, path="/4")
    with refused(Fault.REDIRECTS):
        fetched(server, "/0")


def test_circle_of_redirects_ends(server):
    told(server, b"", status=302, Location="/")
    with refused(Fault.REDIRECTS):
        fetched(server)
    assert len(server.asked) == 4


@pytest.mark.parametrize(
    ("location", "fault"),
    [
        ("http://127.0.0.1/", Fault.PRIVATE),
        ("http://localhost/", Fault.PRIVATE),
        ("http://[::1]/", Fault.PRIVATE),
        ("http://2130706433/", Fault.PRIVATE),
        ("http://169.254.169.254/latest/meta-data/", Fault.PRIVATE),
        ("http://127.0.0.1:22/", Fault.ADDRESS),
        ("file:///etc/passwd", Fault.ADDRESS),
        ("ftp://127.0.0.1/", Fault.ADDRESS),
        ("//user:secret@127.0.0.1/", Fault.ADDRESS),
        ("http://library.example/feed.ics", Fault.OWN_SITE),
    ],
)
def test_redirect_is_checked_like_the_address_itself(server, location, fault):
    told(server, b"", status=302, Location=location)
    with refused(fault):
        fetched(server, own_hosts=["library.example"])
    assert len(server.asked) == 1


def test_connection_goes_to_the_address_that_was_checked_and_the_name_is_asked_once(server):
    """A name that answers with another address the second time leads nowhere else."""
    told(server)
    asked = []

    def rebinding(host, port):
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    limits = Limits(loopback_port=server.port)
    answer = fetch(f"http://school.example:{server.port}/", limits=limits, resolver=rebinding)
    assert answer.text == CALENDAR
    assert asked == ["school.example"]
    assert server.asked[0][1]["Host"] == f"school.example:{server.port}"


def test_name_with_a_private_address_is_refused_without_a_connection(server):
    for number in ("10.0.0.1", "192.168.1.1", "::ffff:10.0.0.1", "fd00:ec2::254"):
        with refused(Fault.PRIVATE):
            fetch("https://school.example/", resolver=lambda _host, _port, number=number: [number])


def test_private_address_beside_a_public_one_is_never_connected_to():
    target = target_of("https://school.example/")
    found = checked_addresses(target, lambda _host, _port: ["10.0.0.1", "93.184.215.14", "::1"])
    assert found == ["93.184.215.14"]


def test_name_that_nobody_knows_is_told(monkeypatch):
    with refused(Fault.NAME):
        fetch("https://no-such-school.invalid/")


def test_closed_door_is_told():
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with refused(Fault.CONNECTION):
        fetch(f"http://127.0.0.1:{port}/", limits=Limits(loopback_port=port))


def test_proxy_of_the_environment_is_not_used(server, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    told(server)
    assert fetched(server).text == CALENDAR


def authority(folder):
    """Write a certificate for school.example and its authority into files; return their paths."""
    key = ec.generate_private_key(ec.SECP256R1())
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test authority")])
    now = datetime.now(UTC)

    def certificate(subject, public_key, extension):
        built = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(public_key)
        built = built.serial_number(x509.random_serial_number())
        built = built.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        built = built.add_extension(extension, critical=True)
        return built.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

    own = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "school")])
    leaf = certificate(name, own.public_key(), x509.SubjectAlternativeName([x509.DNSName("school.example")]))
    root = certificate(issuer, key.public_key(), x509.BasicConstraints(ca=True, path_length=None))
    secret = own.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "root.pem").write_bytes(root)
    (folder / "leaf.pem").write_bytes(leaf + secret)
    return str(folder / "root.pem"), str(folder / "leaf.pem")


def test_certificate_is_checked_against_the_name_though_the_connection_goes_to_a_number(server, tmp_path):
    root, leaf = authority(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(leaf)
    names = []
    context.sni_callback = lambda _socket, name, _context: names.append(name)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    told(server)
    more = {"limits": Limits(loopback_port=server.port), "resolver": lambda _host, _port: ["127.0.0.1"]}
    assert fetch(f"https://school.example:{server.port}/", authorities=root, **more).text == CALENDAR
    assert names == ["school.example"]
    with refused(Fault.CERTIFICATE):
        fetch(f"https://other.example:{server.port}/", authorities=root, **more)
    with refused(Fault.CERTIFICATE):
        fetch(f"https://school.example:{server.port}/", **more)


@pytest.mark.parametrize(
    "number",
    [
        *("0.0.0.0", "10.1.2.3", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.8.8.8", "168.63.129.16"),
        *("169.254.169.254", "172.16.0.1", "192.0.0.192", "192.0.2.1", "192.168.0.1", "192.88.99.1", "198.18.0.1"),
        *("224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1"),
        *("::ffff:169.254.169.254", "2002:7f00:1::", "64:ff9b::7f00:1", "64:ff9b:1::1", "2001::1", "fe80::1"),
        *("fe80::1%eth0", "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1", "nonsense"),
    ],
)
def test_inner_addresses_are_not_public(number):
    assert not is_public(number)


@pytest.mark.parametrize("number", ["93.184.215.14", "8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_outer_addresses_are_public(number):
    assert is_public(number)


@pytest.mark.parametrize(
    "address",
    [
        *(
            "",
            "school.example",
            "//school.example/x",
            "javascript:alert(1)",
            "https://",
            "https://user@school.example/",
        ),
        *("https://user:pw@school.example/", "https://school.example:8080/", "https://school.example:99999/"),
        *(
            "https://school.example/a b",
            "https://school.example/\n",
            "gopher://school.example/",
            "https://" + "a" * 600,
        ),
    ],
)
def test_address_that_is_none_is_refused(address):
    with refused(Fault.ADDRESS):
        target_of(address)


def test_webcal_is_asked_over_https():
    target = target_of("webcal://school.example/x.ics?a=1")
    assert (target.scheme, target.port, target.path) == ("https", 443, "/x.ics?a=1")


def test_name_in_other_letters_becomes_one_of_the_network():
    assert target_of("https://школа.укр/x.ics").host == "xn--80atdl2c.xn--j1amh"


def test_own_site_is_refused_however_it_is_spelt():
    for address in ("https://LIBRARY.example/feed.ics", "http://library.example./feed.ics"):
        with refused(Fault.OWN_SITE):
            target_of(address, own_hosts=["library.example"])


# --- The process that reads -------------------------------------------------------------------------------------------


def question(server, **more) -> Question:
    """Return a question for the calendar of the server."""
    fields = {
        "address": server.url(),
        "since": date(2029, 12, 1),
        "until": date(2030, 2, 1),
        "zone": "Europe/Kyiv",
        "known": Known(),
        "limits": Limits(loopback_port=server.port),
    }
    return Question(**fields | more)


def test_process_reads_and_expands(server):
    told(server, ETag='"one"')
    reading = read(question(server))
    assert reading.known.etag == '"one"'
    assert [(entry.title, entry.start.hour, entry.zone) for entry in reading.expanded.entries] == [
        ("Зустріч", 12, "Europe/Kyiv")
    ]


def test_process_says_what_is_wrong(server):
    told(server, b"", status=404)
    with refused(Fault.NOT_FOUND, "404"):
        read(question(server))


def test_process_that_takes_too_long_is_ended(server):
    server.answers["/"] = lambda handler: time.sleep(4)
    began = time.monotonic()
    with refused(Fault.TOO_COMPLICATED):
        read(question(server), longest=1.5)
    assert time.monotonic() - began < 4


def test_rules_that_would_keep_the_worker_busy_are_cut_off(server):
    hours = ",".join(map(str, range(24)))
    evil = f"DTSTART:19700101T000000Z\r\nRRULE:FREQ=DAILY;BYHOUR={hours}\r\nSUMMARY:Evil\r\nEND:VEVENT\r\n"
    events = "".join(f"BEGIN:VEVENT\r\nUID:{number}\r\n{evil}" for number in range(3000))
    told(server, f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{events}END:VCALENDAR\r\n")
    began = time.monotonic()
    with refused(Fault.TOO_COMPLICATED):
        read(question(server), longest=3)
    assert time.monotonic() - began < 6


def test_process_is_told_no_secret(server, monkeypatch):
    from events.sources import reader

    seen = {}
    run = reader.subprocess.run

    def spy(*args, **kwargs):
        seen.update(kwargs["env"])
        return run(*args, **kwargs)

    monkeypatch.setenv("SECRET_KEY", "secret")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example")
    monkeypatch.setattr(reader.subprocess, "run", spy)
    told(server)
    read(question(server))
    assert not {"SECRET_KEY", "HTTPS_PROXY", "DATABASE_URL"} & set(seen)


def test_production_refuses_an_open_port_of_this_machine(settings):
    from events.checks import no_calendar_is_read_on_this_machine

    assert no_calendar_is_read_on_this_machine(None) == []
    settings.CALENDAR_LOOPBACK_PORT = 8000
    assert [error.id for error in no_calendar_is_read_on_this_machine(None)] == ["events.E001"]
