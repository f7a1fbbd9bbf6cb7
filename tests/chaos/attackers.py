"""Clients that hold a site up: `python -m tests.chaos.attackers KIND PORT SECONDS [HOST]`.

In a process of their own, so that they take no time of the client that is measured. With a host they
speak TLS. When the site closes a connection, the attacker opens a new one.
"""

import asyncio
import itertools
import ssl
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from urllib.parse import urlencode

SECONDS_BETWEEN_DROPS = 0.5


@dataclass(frozen=True)
class Target:
    port: int
    host: str = ""
    source: str = "127.0.0.1"

    @property
    def name(self) -> str:
        return self.host or f"127.0.0.1:{self.port}"

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        tls = None
        if self.host:
            tls = ssl.create_default_context()
            tls.check_hostname, tls.verify_mode = False, ssl.CERT_NONE
        name = self.host or None
        return await asyncio.open_connection(
            "127.0.0.1", self.port, ssl=tls, server_hostname=name, local_addr=(self.source, 0)
        )

    def head(self, method: str, path: str, *lines: str) -> bytes:
        return "\r\n".join([f"{method} {path} HTTP/1.1", f"Host: {self.name}", *lines, ""]).encode()


async def silent(target: Target) -> None:
    reader, writer = await target.connect()
    await reader.read()
    writer.close()


async def drip(target: Target) -> None:
    """A head that never ends."""
    reader, writer = await target.connect()
    writer.write(target.head("GET", "/") + b"X-Drip: ")
    closed = asyncio.ensure_future(reader.read())
    while not closed.done():
        writer.write(b"a")
        await writer.drain()
        await asyncio.wait([closed], timeout=SECONDS_BETWEEN_DROPS)
    writer.close()


async def half_body(target: Target) -> None:
    reader, writer = await target.connect()
    form = "Content-Type: application/x-www-form-urlencoded"
    writer.write(target.head("POST", "/cookies/", form, "Content-Length: 1000", "") + b"choice=")
    await reader.read()
    writer.close()


_numbers = itertools.count()


async def guess_from_networks(target: Target) -> None:
    """As `guess`, from 16 networks, and each name once: no name has to wait."""
    number = next(_numbers)
    await guess(replace(target, source=f"127.0.1.{number % 16 + 1}"), name=f"name{number}")


async def guess(target: Target, name: str = "admin") -> None:
    """The login page, for its token, then a wrong password."""
    page = await exchange(target, target.head("GET", "/admin/login/", "Connection: close", ""))
    token = after(page, b'name="csrfmiddlewaretoken" value="').partition(b'"')[0].decode()
    cookie = after(page, b"et-Cookie: ").partition(b";")[0].decode()
    form = urlencode({"csrfmiddlewaretoken": token, "username": name, "password": "wrong"})
    origin = f"{'https' if target.host else 'http'}://{target.name}"
    lines = [f"Origin: {origin}", f"Referer: {origin}/admin/login/", f"Cookie: {cookie}"]
    lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(form)}"]
    head = target.head("POST", "/admin/login/", *lines, "Connection: close", "")
    await exchange(target, head + form.encode())


async def exchange(target: Target, request: bytes) -> bytes:
    reader, writer = await target.connect()
    writer.write(request)
    answer = await reader.read()
    writer.close()
    return answer


def after(text: bytes, mark: bytes) -> bytes:
    return text.partition(mark)[2]


Attack = Callable[[Target], Awaitable[None]]
ATTACKS: dict[str, tuple[int, Attack]] = {
    "16 clients guess passwords": (16, guess),
    "16 networks guess passwords": (16, guess_from_networks),
    "200 silent connections": (200, silent),
    "200 dripping headers": (200, drip),
    "100 half-sent bodies": (100, half_body),
}


async def attack(kind: str, target: Target, seconds: float) -> None:
    many, act = ATTACKS[kind]

    async def again_and_again() -> None:
        while True:
            with suppress(OSError, asyncio.IncompleteReadError):
                await act(target)
            await asyncio.sleep(0.01)

    tasks = [asyncio.ensure_future(again_and_again()) for _ in range(many)]
    print("attacking", flush=True)
    await asyncio.wait(tasks, timeout=seconds)
    for task in tasks:
        task.cancel()


if __name__ == "__main__":
    kind, port, seconds, *host = sys.argv[1:]
    asyncio.run(attack(kind, Target(int(port), *host), float(seconds)))
