"""The parts of compose.yaml together, in short: nginx, two replicas, the worker, PostgreSQL."""

import gzip
import json
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

import brotli
import psycopg
import pytest
from django.conf import settings

from tests.chaos.crew import FORM_PAGE, address_of, connect, stamp
from tests.chaos.everything import kill_everything
from tests.hostile_requests import send_all
from tests.private_words import private_words
from tests.proxy import HOST, proxy
from tests.run_once import has_own_database
from tests.running_site import free_port, wait_until
from tests.topology import Topology, speaks_http2, topology

pytestmark = has_own_database

NAMES_IN_THE_ACCESS_LOG = {
    "at", "area", "method", "status", "bytes", "seconds", "request_id", "protocol", "cache",
}  # fmt: skip
AREAS_IN_THE_ACCESS_LOG = {"page", "static", "admin", "healthz", "readyz", "errors"}
SECURITY_HEADERS = {
    "Content-Security-Policy", "Cross-Origin-Embedder-Policy", "Cross-Origin-Opener-Policy",
    "Cross-Origin-Resource-Policy", "Permissions-Policy", "Referrer-Policy",
    "Strict-Transport-Security", "X-Content-Type-Options", "X-Frame-Options",
}  # fmt: skip
STRANGER = "127.77.12.9"
REFUSAL = urlencode({"choice": "reject", "next": "/en/"})


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Topology]:
    with topology(tmp_path_factory.mktemp("topology")) as running:
        yield running


def hashed(name: str) -> str:
    """The address of a static file."""
    manifest = json.loads((Path(settings.STATIC_ROOT) / "staticfiles.json").read_text())
    return f"/static/{manifest['paths'][name]}"


def test_the_home_page_comes_over_tls_from_every_replica(site: Topology) -> None:
    # A cookie, so that the answer is not from nginx's memory.
    answers = [site.ask("/en/", headers={"Cookie": "a=1"}) for _ in range(20)]

    assert {answer.status for answer in answers} == {200}
    assert b"Start the free trial" in answers[0].body
    assert len({answer.headers["X-Process"] for answer in answers}) >= 2


def test_a_browser_may_speak_http2(site: Topology) -> None:
    with site.proxy.connect("h2", "http/1.1") as connection:
        assert connection.selected_alpn_protocol() == "h2"
        assert speaks_http2(connection)


def test_a_choice_is_kept(site: Topology) -> None:
    answer = site.ask("/en/cookies/", form=REFUSAL)

    assert answer.status == 303
    assert "__Host-l7_choice=" in answer.headers["Set-Cookie"]


def test_a_sign_up_sends_its_mail(site: Topology) -> None:
    form = {
        "full_name": "Anna Nowak",
        "email": address_of(1),
        "company": "Firma",
        "stamp": stamp(),
    }
    assert site.ask(FORM_PAGE, form=urlencode(form)).status == 200

    wait_until(lambda: site.mails.copies[address_of(1)], seconds=30, why=site.workers[0].log)
    letter = site.mails.received[0].message.get_body(("plain",)).get_content()
    assert f"https://{HOST}/en/free-trial/confirm/" in letter


@pytest.mark.parametrize(
    ("accepted", "encoding", "read"),
    [
        ("gzip, deflate, br, zstd", "br", brotli.decompress),
        ("gzip", "gzip", gzip.decompress),
        ("br;q=0", None, bytes),
    ],
)
@pytest.mark.parametrize("name", ["css/site.css", "js/ask.js", "img/favicon.svg"])
def test_a_static_file_is_sent_as_it_was_compressed_before(
    site: Topology, name: str, accepted: str, encoding: str | None, read
) -> None:
    """Red when: nginx does not look for the file, or names the type of another one."""
    answer = site.ask(hashed(name), headers={"Accept-Encoding": accepted})
    source = (Path(settings.STATIC_ROOT) / hashed(name).removeprefix("/static/")).read_bytes()

    assert answer.status == 200
    assert answer.headers["Content-Encoding"] == encoding
    assert read(answer.body) == source
    types = {"css": "text/css", "js": "javascript", "svg": "image/svg+xml"}
    assert types[name.rpartition(".")[2]] in answer.headers["Content-Type"]
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert "X-Process" not in answer.headers  # nginx has read the file itself
    assert set(answer.headers) >= SECURITY_HEADERS


def test_a_static_file_that_only_a_replica_has_is_asked_there(site: Topology) -> None:
    answer = site.ask("/static/css/site.000000000000.css")

    assert answer.status == 404
    assert answer.headers["X-Process"]


def test_the_site_sees_the_address_of_the_visitor_and_nothing_that_the_visitor_wrote(
    site: Topology,
) -> None:
    """Red when: nginx appends to X-Forwarded-For."""
    forged = {"X-Forwarded-For": "203.0.113.9", "Cookie": "a=1"}

    assert site.ask("/", headers=forged, source=STRANGER).headers["X-Seen-Address"] == STRANGER


@pytest.mark.parametrize("host", ["www.voipstudio.pl", "127.0.0.1", "evil.example"])
def test_every_other_name_leads_to_the_site(site: Topology, host: str) -> None:
    answer = site.ask("/cennik/?a=1", host=host)

    assert answer.status == 308
    assert answer.headers["Location"] == f"https://{HOST}/cennik/?a=1"


@pytest.mark.parametrize("path", ["/admin/login", "/admin", "/static", "/errors"])
def test_an_address_without_its_last_slash_leads_to_no_port_of_the_container(
    site: Topology, path: str
) -> None:
    """Red when: nginx writes the whole address by itself."""
    answer = site.ask(path)

    assert answer.status in {301, 308, 404}
    assert f":{site.proxy.https}" not in answer.headers.get("Location", "")


@pytest.mark.parametrize("host", [HOST, "evil.example"])
def test_http_leads_to_https(site: Topology, host: str) -> None:
    answer = site.ask_without_tls("//evil.example/%0d%0aX:1?a=1", host=host)

    assert answer.status == 308
    assert answer.headers["Location"] == f"https://{HOST}//evil.example/%0d%0aX:1?a=1"


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_the_health_addresses_answer_whatever_the_name(site: Topology, path: str) -> None:
    assert site.ask_without_tls(path, host="10.0.0.7").status == 200
    assert site.ask(path, host="10.0.0.7").status == 200
    assert site.ask(path).status == 200


@pytest.mark.parametrize(
    ("status", "path", "form", "words"),
    [
        (413, "/en/cookies/", "a" * 1_100_000, "less than 1 MB"),
        (414, "/" + "a" * 9000, None, "Check the address"),
        (405, hashed("css/site.css"), "a=1", "Check the address"),
    ],
)
def test_an_error_of_nginx_is_a_page_with_all_headers(
    site: Topology, status: int, path: str, form: str | None, words: str
) -> None:
    answer = site.ask(path, form=form)

    assert answer.status == status
    assert words in answer.body.decode()
    assert set(answer.headers) >= SECURITY_HEADERS
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Server"] == "nginx"


def test_every_way_to_a_replica_is_limited_for_each_address() -> None:
    """Red when: a location lacks `limit_req`: the probes under another name did. How fast a machine
    asks is not for a test, so this one reads the configuration."""
    text = (settings.BASE_DIR / "deploy" / "nginx.conf").read_text()
    blocks = re.findall(r"location [^{]*(?:\"[^\"]*\")?[^{]*{([^}]*)}", text)
    ways = [block for block in blocks if "proxy_pass" in block]

    assert len(ways) >= 5
    assert [way for way in ways if "limit_req zone=" not in way] == []


def test_a_head_that_is_too_large_is_refused(site: Topology) -> None:
    answer = site.ask("/", headers={"Cookie": "a=" + "x" * 9000})

    assert answer.status == 431


def test_old_versions_of_tls_are_refused(site: Topology) -> None:
    """Red when: `ssl_protocols` names TLS 1.1, or is left out."""
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    old.set_ciphers("DEFAULT:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    plain = socket.create_connection(("127.0.0.1", site.proxy.https), timeout=20)

    with closing(plain), pytest.raises(ssl.SSLError, match=r"(?i)protocol.version"):
        old.wrap_socket(plain)


def test_guessing_passwords_is_stopped_for_the_guesser_alone(site: Topology) -> None:
    """Red when: nginx counts all addresses together, or also who only opens the page."""
    statuses = [site.ask("/admin/login/", form="a=1", source=STRANGER).status for _ in range(40)]

    assert statuses[0] != 429
    assert statuses.count(429) >= 10
    assert site.ask("/admin/login/", source=STRANGER).status == 200
    assert site.ask("/admin/login/", form="a=1").status != 429


def test_a_page_for_nobody_in_particular_is_kept_and_no_other(site: Topology) -> None:
    """I13. Red when: `proxy_no_cache` or `proxy_cache_bypass` leaves out the cookie."""
    page = "/en/contact/"
    assert [source_of(site, page), source_of(site, page)] == ["MISS", "HIT"]
    for headers in ({"Cookie": "a=1"}, {"Sec-GPC": "1"}):
        assert source_of(site, page, headers) == "BYPASS"
        assert site.ask(page, headers=headers).headers["Cache-Control"] == "private, no-cache"
    assert source_of(site, f"{page}?utm_source=a") == "BYPASS"
    assert site.ask(page).headers["Cache-Control"].startswith("public")
    assert source_of(site, "/en/free-trial/") == source_of(site, "/en/free-trial/") == "MISS"


def test_browsers_share_a_kept_page_by_the_encoding_they_can_read(site: Topology) -> None:
    """Red when: `proxy_cache_key` has no encoding, or Vary is not ignored."""
    page = "/en/cookies/"

    def ask(accepted: str) -> tuple[object, str]:
        headers = {"Accept-Encoding": accepted} if accepted else {}
        source = source_of(site, page, headers)
        return source, site.ask(page, headers=headers).headers.get("Content-Encoding", "")

    assert ask("gzip, deflate, br, zstd") == ("MISS", "br")
    assert ask("gzip, deflate, br") == ("HIT", "br")
    assert ask("gzip, deflate") == ("MISS", "gzip")
    assert ask("gzip") == ("HIT", "gzip")
    assert ask("br;q=0, identity") == ("MISS", "")
    assert ask("") == ("HIT", "")


def source_of(site: Topology, path: str, headers: dict[str, str] | None = None) -> object:
    """Whether nginx had the page or asked a replica, by the line of its log."""
    before = len(lines_of_the_access_log(site))
    site.ask(path, headers=headers)
    return lines_of_the_access_log(site, more_than=before)[-1]["cache"]


def lines_of_the_access_log(site: Topology, *, more_than: int = -1) -> list[dict[str, object]]:
    """The lines, as soon as there are more than so many: nginx writes them after its answer."""

    def lines() -> list[str]:
        return site.proxy.access_log.read_text().splitlines()

    wait_until(lambda: len(lines()) > more_than, seconds=10)
    return [json.loads(line) for line in lines()]


def test_a_replica_that_ends_is_missed_by_nobody(site: Topology) -> None:
    """Red when: nginx asks no other replica, or takes one that failed for dead."""
    site.replicas[0].stop()
    statuses = [site.ask("/en/", headers={"Cookie": "a=1"}).status for _ in range(10)]
    statuses += [site.ask("/en/cookies/", form=REFUSAL).status for _ in range(10)]
    site.replicas[0].start()

    assert {*statuses} == {200, 303}


def test_no_hostile_request_is_answered_with_a_server_error(site: Topology) -> None:
    """As tests/test_hostile_requests.py, through nginx. Red when: nginx passes on what a replica
    cannot read, or repeats a header of the request."""
    faults, statuses = send_all(
        200,
        seed=4,
        host=HOST,
        open_connection=lambda number: site.proxy.connect(source=f"127.88.{number % 200}.9"),
    )

    assert faults == []
    assert {"200", "308", "400", "404", "405"} <= {*statuses}


def test_nothing_is_lost_whatever_is_killed(site: Topology) -> None:
    """I17. Red when: an answer comes before the write, or a kept refusal is recorded twice."""
    outcome = kill_everything(site, writes=60)

    assert outcome.acknowledged >= 60
    assert {*outcome.kills} == {"web process", "database", "worker", "replica", "reload"}


def test_without_any_replica_the_visitor_reads_a_sentence(tmp_path: Path) -> None:
    with proxy(tmp_path, replicas=[free_port(), free_port()]) as front, front.connect() as client:
        client.sendall(f"GET / HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n".encode())
        answer = b""
        while piece := client.recv(65536):
            answer += piece
        head = answer.partition(b"\r\n\r\n")[0].decode()

    assert head.startswith("HTTP/1.1 502 ")
    assert "Spróbuj ponownie za chwilę" in answer.decode()
    names = {line.partition(":")[0] for line in head.splitlines()[1:]}
    assert names >= SECURITY_HEADERS | {"Retry-After"}
    assert front.error_log.read_text() == ""


def test_the_log_of_the_database_quotes_no_row(site: Topology) -> None:
    """A statement that fails has all values in it. Red when: PostgreSQL logs such statements."""
    insert = "INSERT INTO trial_consentwording (channel, texts, hash, created_at) VALUES "
    values = "('anna.nowak@example.com', '{}', 'Anna Nowak', now())"
    with pytest.raises(psycopg.errors.StringDataRightTruncation), connect(site.env) as database:
        database.execute(insert + values)

    text = site.logs["log"]
    assert "value too long" in text
    assert private_words(text) == []


def test_no_log_holds_who_asked_or_for_what(site: Topology) -> None:
    """Red when: a log names an address, a path, a query or a mail, or the level of errors is lower."""
    secret = "tajne-slowo"
    before = len(lines_of_the_access_log(site))
    site.ask(f"/{secret}/{address_of(7)}?{secret}={secret}", source=STRANGER)
    site.ask(
        "/", headers={"User-Agent": secret, "Referer": secret, "Cookie": secret}, source=STRANGER
    )
    with socket.create_connection(("127.0.0.1", site.proxy.https), timeout=20) as client:
        client.sendall(f"GET /{secret} HTTP/1.1\r\n\r\n".encode())
        client.recv(1000)
    with site.proxy.connect(source=STRANGER) as client:
        client.sendall(f"{secret}\r\n\r\n".encode())
        client.recv(1000)

    lines = lines_of_the_access_log(site, more_than=before + 3)
    assert {frozenset(line) for line in lines} == {frozenset(NAMES_IN_THE_ACCESS_LOG)}
    assert {type(line["seconds"]) for line in lines} == {float}
    assert {"page"} <= {line["area"] for line in lines} <= AREAS_IN_THE_ACCESS_LOG
    assert all(re.fullmatch("[0-9a-f]{32}", str(line["request_id"])) for line in lines)
    text = "\n".join(
        part for name, part in site.logs.items() if name in {"access.log", "error.log"}
    )
    assert [word for word in (secret, "example", STRANGER, "127.0.0.1") if word in text] == []
