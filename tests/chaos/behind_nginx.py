"""The site behind an nginx with the sizes of buffers that it ships: no answer is 502 (I21).

By `make chaos`; the name of the file keeps it out of the suite, whose short form is
tests/voipstudio/web/test_header_size.py.
"""

import http.client
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.pages import Page
from tests.proxy import listens, nginx_command
from tests.running_site import environment, free_port, make_database, serving, wait_until
from tests.voipstudio.web.test_header_size import LEFT_BEHIND, LONG_QUERY, PAID_QUERY

HOSTS = ("voipstudio.pl", "www.voipstudio.pl")
PAGES = (
    "/",
    "/en/",
    "/cennik/",
    "/cennik",
    "/polityka-prywatnosci/wersje/1/roznice/1/",
    "/nowhere/",
)
FORMS: tuple[tuple[str, ...], ...] = (
    ("accept",),
    ("reject",),
    ("choose",),
    ("save", "analytics"),
    ("save", "marketing"),
)
_NGINX = """\
daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log;
events {{}}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://127.0.0.1:{site};
      proxy_set_header Host $host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto {scheme};
    }}
  }}
}}
"""


@contextmanager
def nginx(folder: Path, *, site: int, scheme: str) -> Iterator[int]:
    """nginx on a free port before the site; the port."""
    port = free_port()
    configuration = folder / "nginx.conf"
    configuration.write_text(_NGINX.format(folder=folder, port=port, site=site, scheme=scheme))
    process = subprocess.Popen(
        [nginx_command(), "-c", str(configuration), "-e", str(folder / "nginx.log")]
    )

    try:
        wait_until(lambda: listens(port), seconds=10, why=folder / "nginx.log")
        yield port
    finally:
        process.terminate()
        process.wait(timeout=10)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_no_answer_is_too_large_for_nginx(tmp_path: Path, scheme: str, capsys) -> None:
    env = environment(
        tmp_path,
        SITE_ORIGIN=f"{scheme}://{HOSTS[0]}",
        ALLOWED_HOSTS=f"{HOSTS[1]},127.0.0.1",
        TRUSTED_PROXIES="1",
        GOOGLE_TAG_ID="G-AB12CD34EF",
        GOOGLE_ADS_ID="AW-1234567890",
    )
    make_database(env)
    statuses: list[int] = []
    sizes: list[int] = []

    def ask(
        port: int,
        method: str,
        path: str,
        host: str,
        *,
        cookie: str,
        form: str = "",
        referer: str = "",
    ) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        headers = {"Host": host, "Cookie": cookie, "Referer": referer}
        if form:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["Origin"] = f"{scheme}://{host}"
        connection.request(method, path, form or None, headers)
        response = connection.getresponse()
        response.read()
        connection.close()
        statuses.append(response.status)
        sizes.append(len(str(response.headers).encode()))
        return response

    with (
        serving(env) as site,
        nginx(tmp_path, site=site.port, scheme=scheme) as port,
    ):
        left_behind = "; ".join(f"{name}=1" for name in LEFT_BEHIND)
        page = hidden_fields(port)
        states = {"no choice": left_behind}
        for name, *groups in FORMS[:2] + FORMS[3:]:
            form = urlencode([("choice", name), *page, *(("group", group) for group in groups)])
            response = ask(port, "POST", "/cookies/", HOSTS[0], cookie="", form=form)
            assert response.status == 303, (name, response.status)
            [choice] = [
                value.partition(";")[0]
                for value in response.headers.get_all("Set-Cookie") or []
                if "l7_choice=" in value
            ]
            states[f"{name} {groups}"] = f"{choice}; {left_behind}"
        for cookie, host, path, query in product(
            states.values(), HOSTS, PAGES, ("", PAID_QUERY, LONG_QUERY)
        ):
            ask(port, "GET", f"{path}?{query}", host, cookie=cookie)
        for cookie, (name, *groups), query in product(
            states.values(), FORMS, (PAID_QUERY, LONG_QUERY)
        ):
            form = urlencode([("choice", name), *page, *(("group", group) for group in groups)])
            referer = f"{scheme}://{HOSTS[0]}/?{query}"
            ask(port, "POST", "/cookies/", HOSTS[0], cookie=cookie, form=form, referer=referer)

    with capsys.disabled():
        print(
            f"\n{scheme}: {len(statuses)} answers, the largest headers {max(sizes)} bytes,", end=""
        )
        print(f" {statuses.count(502)} x 502, {sum(status >= 500 for status in statuses)} x 5xx")
    assert len(statuses) > 200
    assert max(statuses) < 500
    assert max(sizes) > 3500  # the room is used, so the test would see it overflow


def hidden_fields(port: int) -> list[tuple[str, str]]:
    """The hidden fields of the banner's form."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", "/", headers={"Host": HOSTS[0]})
    page = Page(connection.getresponse().read())
    connection.close()
    [notice] = {e["value"] for e in page.all("input", name="notice")}
    return [("notice", notice), ("next", "/")]
