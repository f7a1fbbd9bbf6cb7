"""The faults, each with its checks at the end (I17: nothing acknowledged is lost)."""

import re
from collections.abc import Callable, Container
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tests.chaos.crew import TYPED, address_of, column, sign_up_all, working
from tests.mail_server import MailServer, Received, mail_server, running
from tests.running_site import Site, environment, make_database, serving, wait_until
from tests.with_postgresql import Server


@dataclass(frozen=True)
class Outcome:
    """The counts of one run, for its reader."""

    acknowledged: int
    unavailable: int
    unanswered: int
    kills: int
    copies: dict[int, int]


def kill_the_worker(
    folder: Path, *, sign_ups: int, kill_at: Container[int], database_url: str = ""
) -> Outcome:
    """Kill the worker (SIGKILL) when the server has a mail but has not confirmed it yet.

    `kill_at` are the numbers of these mails, counted as they arrive.
    """
    with ExitStack() as stack:
        server = stack.enter_context(mail_server())
        env = site_on(folder, server, database_url)
        site = stack.enter_context(serving(env, workers=2))
        worker = stack.enter_context(working(env))

        def kill_sometimes(_received: Received) -> None:
            if len(server.received) in kill_at:
                worker.kill()

        server.on_content = kill_sometimes
        answers = sign_up_all(site, range(sign_ups))
        assert {status for status, _text in answers.values()} == {200}, site.log.read_text()
        _wait_for_an_end(env, worker.log)
    assert worker.deaths > 0
    return _outcome(answers, server, kills=worker.deaths)


def refuse_for_a_while(folder: Path, *, sign_ups: int) -> Outcome:
    """The mail server is down, then refuses for now, then hangs up, then works."""
    with ExitStack() as stack:
        server = MailServer()
        env = site_on(folder, server)
        site = stack.enter_context(serving(env))
        worker = stack.enter_context(working(env))
        answers = sign_up_all(site, range(sign_ups))
        wait_until(_tried(env, "ConnectionRefusedError"), seconds=60, why=worker.log)
        stack.enter_context(running(server))
        for step, answer, error in [
            ("MAIL", "421 4.3.2 Shutting down", "MAIL refused"),
            ("RCPT", "451 4.7.1 Greylisted", "RCPT refused"),
            ("DATA", "452 4.3.1 Out of space", "DATA refused"),
            ("RCPT", "250 hang up", "SMTPServerDisconnected"),
        ]:
            server.answers = {step: answer}
            wait_until(_tried(env, error), seconds=60, why=worker.log)
        server.answers = {}
        _wait_for_an_end(env, worker.log)
    assert {status for status, _text in answers.values()} == {200}
    return _outcome(answers, server, kills=0, exact=1)


def kill_the_database(folder: Path, database: Server, *, sign_ups: int, kills: int) -> Outcome:
    """Kill PostgreSQL (SIGKILL) while people sign up, and start it again."""
    answers: dict[int, tuple[int, str]] = {}
    with ExitStack() as stack:
        server = stack.enter_context(mail_server())
        env = site_on(folder, server, database.url)
        site = stack.enter_context(serving(env, workers=2))
        worker = stack.enter_context(working(env))
        each = sign_ups // kills
        for first in range(0, each * kills, each):
            answers |= _sign_up_while_it_dies(site, database, range(first, first + each))
        _wait_for_an_end(env, worker.log)
        stored = column(env, "email", "trial_signup")
    acknowledged = {address_of(number) for number, (status, _) in answers.items() if status == 200}
    assert acknowledged - {*stored} == set()
    for status, text in answers.values():
        assert status in {200, 503}
        assert status == 200 or TYPED in text
    return _outcome(answers, server, kills=kills)


def _sign_up_while_it_dies(
    site: Site, database: Server, numbers: range
) -> dict[int, tuple[int, str]]:
    """A quarter of the people signs up before the kill, one at it, one after it, one at the end."""
    size = len(numbers) // 4
    before, at_the_kill, without, after = (numbers[n * size : (n + 1) * size] for n in range(4))
    answers = sign_up_all(site, before)
    with ThreadPoolExecutor(1) as people:
        future = people.submit(sign_up_all, site, at_the_kill)
        database.kill()
        answers |= future.result()
    answers |= sign_up_all(site, without)
    database.start()
    wait_until(
        lambda: all(site.has_database() for _process in range(10)),
        seconds=60,
        why=site.log,
    )
    return answers | sign_up_all(site, after)


def site_on(folder: Path, server: MailServer, database_url: str = "") -> dict[str, str]:
    env = environment(folder, EMAIL_URL=server.url, TRUSTED_PROXIES="1", DATABASE_URL=database_url)
    make_database(env)
    return env


def _wait_for_an_end(env: dict[str, str], log: Path) -> None:
    """Wait until no mail is waiting."""
    wait_until(lambda: "waiting" not in column(env, "state", "privacy_mail"), seconds=300, why=log)


def _tried(env: dict[str, str], error: str) -> Callable[[], bool]:
    """A check that every mail has this error as its last one."""
    return lambda: all(last.startswith(error) for last in column(env, "last_error", "privacy_mail"))


def _outcome(
    answers: dict[int, tuple[int, str]], server: MailServer, *, kills: int, exact: int = 0
) -> Outcome:
    """Check that each person who got a 200 has one or two copies of the mail, never three."""
    statuses = [status for status, _text in answers.values()]
    copies = {
        number: server.copies[address_of(number)]
        for number, (status, _text) in answers.items()
        if status == 200
    }
    assert set(copies.values()) <= ({exact} if exact else {1, 2}), copies
    assert max(server.copies.values()) <= 2
    for address in server.copies:
        ids = {r.message["Message-ID"] for r in server.received if r.reader == address}
        assert len(ids) == 1
        assert re.fullmatch(r"<[0-9a-f-]{36}@127\.0\.0\.1>", *ids)
    return Outcome(
        acknowledged=statuses.count(200),
        unavailable=statuses.count(503),
        unanswered=statuses.count(0),
        kills=kills,
        copies={number: [*copies.values()].count(number) for number in (1, 2)},
    )
