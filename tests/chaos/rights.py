"""People ask for everything by each right while workers die before one step after the other (I17).

By `make chaos`; CHAOS_PEOPLE=20 lets more people ask. The short form, which tries every step of every
right: tests/privacy/rights/test_each_right_is_kept.py.
"""

import os
import re
import subprocess
import sys
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from tests.chaos.crew import connect
from tests.chaos.dying_workers import dying
from tests.chaos.faults import site_on
from tests.mail_server import MailServer, mail_server
from tests.running_site import ROOT, Site, serving, wait_until
from tests.with_postgresql import DURABLE, postgresql_server

PEOPLE = int(os.environ.get("CHAOS_PEOPLE") or 8)
LINK, REQUEST, COMPLAINT = (
    "Your data at VoIPstudio",
    "We have your request",
    "We have your complaint",
)
ERASURE, ANSWER = "We will erase your data", "Our answer to your request"
ASKED = ("objection", "automated", "access")
# Kinds of the requests of one person; the objection by channel is one more objection.
KINDS = Counter([*ASKED, "objection", "restriction", "rectification", "complaint", "erasure"])

MAKE_PEOPLE = """
from django.utils import timezone
from delivery.models import Mail
from privacy.models import PurgeRun
from tests.factories import make_trial
now = timezone.now()
PurgeRun.objects.create(day=timezone.localdate(now), started_at=now, finished_at=now, is_complete=True)
for number in range({people}):
    make_trial("email", "phone", email=f"person{{number}}@example.com")
Mail.objects.update(state="delivered", finished_at=now)
"""
ANSWER_ALL = """
from django.contrib.auth.models import User
from django.utils import timezone
from privacy.models import DataRequest
from privacy.rights.requests import actions
user = User.objects.create(username="kasia")
for request in DataRequest.objects.open().filter(kind="access"):
    actions.answer(request, text="See your page.", outcome="done", user=user, at=timezone.now())
"""
END_THE_DAY = """
from django.utils import timezone
from privacy.models import ErasureCase
ErasureCase.objects.filter(undone_at=None).update(next_attempt_at=timezone.now())
"""


@dataclass
class Someone:
    """A person at the site, by number. The data of each second one is erased in the end."""

    number: int
    env: dict[str, str]
    site: Site
    mails: MailServer
    links_asked_for: int = 0

    @property
    def address(self) -> str:
        return f"person{self.number}@example.com"

    @property
    def is_erased(self) -> bool:
        return self.number % 2 == 0

    def ask_for_everything(self) -> None:
        self.ask_for_link()
        page = self.post(self.links()[0], 303)["Location"]
        for do in ("restrict", "stop-email"):
            self.post(f"{page}choose/", 303, do=do)
        prefix = f"sign-up-{self.sign_up()}"
        form = {f"{prefix}-full_name": "Anna Nowak", f"{prefix}-company": "Nowa"}
        self.post(f"{page}correct/", 303, **form, **{f"{prefix}-phone": ""})
        for kind in ASKED:
            self.post(f"{page}ask/", 303, kind=kind, text="Please look into it.")
        self.post("/en/your-data/complaint/", 200, email=self.address, text="Too many calls.")
        self.post(f"{page}erase/", 303)
        if not self.is_erased:
            self.post(f"{page}choose/", 303, do="undo")

    def ask_for_link(self) -> None:
        """Ask, and once more where the mail was given up: two workers died with it in their hands."""
        given_up = "SELECT count(*) FROM privacy_mail WHERE state = 'failed' AND kind = 'data-link'"
        while not self.links():
            before = ask(self.env, given_up)
            self.post("/en/your-data/", 200, email=self.address)
            self.links_asked_for += 1
            wait_until(
                lambda: bool(self.links()) or ask(self.env, given_up) != before,  # noqa: B023
                seconds=180,
            )

    def post(self, path: str, status: int, **form: str) -> dict[str, str]:
        answer = self.site.post(path, urlencode(form or {"a": ""}))
        assert answer[0] == status, (path, answer[0], self.site.log.read_text()[-2000:])
        return answer[1]

    def sign_up(self) -> str:
        """The number of their sign-up, as an address of the site has it."""
        found = ask(self.env, f"SELECT id FROM trial_signup WHERE email = '{self.address}'")
        return str(uuid.UUID(str(found[0][0])))

    def links(self) -> list[str]:
        """The paths of the links in the mails that arrived."""
        found = (
            re.search(r"http\S+/link/\S+", self._text(copy))
            for copy in list(self.mails.received)
            if copy.reader == self.address and copy.message["Subject"] == LINK
        )
        return [urlsplit(match.group()).path for match in found if match]

    def _text(self, copy) -> str:
        return str(copy.message.get_body(("plain",)).get_content())

    def copies(self) -> Counter[str]:
        return Counter(
            str(copy.message["Subject"]).partition(" (")[0]
            for copy in list(self.mails.received)
            if copy.reader == self.address
        )


def run(env: dict[str, str], code: str) -> None:
    """Run code with the project's models in a process of its own."""
    start = "import django; django.setup()\n"
    result = subprocess.run(
        [sys.executable, "-c", start + code],
        cwd=ROOT,
        env=env | {"DJANGO_SETTINGS_MODULE": "voipstudio.settings"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert result.returncode == 0, result.stderr


def ask(env: dict[str, str], statement: str) -> list[tuple]:
    with closing(connect(env)) as database:
        return [tuple(row) for row in database.execute(statement).fetchall()]


def is_quiet(env: dict[str, str]) -> bool:
    return ask(env, "SELECT count(*) FROM privacy_mail WHERE state = 'waiting'") == [(0,)]


def everybody_asks(folder: Path, database_url: str = "") -> str:
    """The scenario, with its checks at the end. Returns what to print."""
    with ExitStack() as stack:
        mails = stack.enter_context(mail_server())
        env = site_on(folder, mails, database_url)
        run(env, MAKE_PEOPLE.format(people=PEOPLE))
        site = stack.enter_context(serving(env, workers=2))
        people = [Someone(number, env, site, mails) for number in range(PEOPLE)]
        with dying(env) as workers:
            with ThreadPoolExecutor(PEOPLE) as threads:
                for each in [threads.submit(one.ask_for_everything) for one in people]:
                    each.result()
            run(env, ANSWER_ALL)
            wait_until(lambda: is_quiet(env), seconds=600, why=workers.log)
            run(env, END_THE_DAY)
            erased = sum(one.is_erased for one in people)
            done = "SELECT count(*) FROM privacy_erasurecase WHERE erased_at IS NOT NULL"
            wait_until(lambda: ask(env, done) == [(erased,)], seconds=600, why=workers.log)
        workers.live()
        assert_each_outcome_is_there_once(env, people, folder)
    assert len(workers.died_before) >= 5
    twice = sum(number == 2 for one in people for number in one.copies().values())
    return (
        f"{PEOPLE} people, {PEOPLE * KINDS.total()} requests, {workers.deaths} deaths before "
        f"{len(workers.died_before)} different steps, {twice} mails sent twice"
    )


def assert_each_outcome_is_there_once(
    env: dict[str, str], people: list[Someone], folder: Path
) -> None:
    requests = ask(env, "SELECT kind, outcome, email FROM privacy_datarequest")
    kept = [one for one in people if not one.is_erased]
    gone = [one for one in people if one.is_erased]
    found = Counter((kind, outcome) for kind, outcome, _email in requests)
    number = len(people)
    assert found == {
        ("objection", ""): number,
        ("objection", "done"): number,
        ("automated", ""): number,
        ("access", "done"): number,
        # Staff have to tell the phone system, which this site does not: until then both are open.
        ("restriction", ""): number,
        ("rectification", "done"): number,
        ("complaint", ""): number,
        ("erasure", ""): len(gone),
        ("erasure", "taken-back"): len(kept),
    }
    # An answered request of somebody who was erased names nobody.
    named = Counter(email for _kind, outcome, email in requests if outcome)
    assert named == Counter({one.address: 4 for one in kept} | {"": 3 * len(gone)})

    stored = {email for (email,) in ask(env, "SELECT email FROM trial_signup")}
    assert stored == {one.address for one in kept}
    assert len([*(folder / "state" / "erasures").glob("*.json")]) == len(gone)
    assert is_quiet(env)
    assert_mails_arrived(env, people)


def assert_mails_arrived(env: dict[str, str], people: list[Someone]) -> None:
    """One copy, or two where a worker died with the mail in its hands; never three."""
    # Two workers may have died right before the content. Staff are told of such a mail.
    [[given_up]] = ask(env, "SELECT count(*) FROM privacy_mail WHERE state = 'failed'")
    # Who undid the erasure at once may get no mail about it, and nobody does once it is final.
    missing = 0
    for one in people:
        copies = one.copies()
        wanted = Counter(
            [COMPLAINT, ANSWER] + [REQUEST] * len(ASKED) + [LINK] * one.links_asked_for
        )
        assert {*copies} <= {*wanted, ERASURE}
        assert all(number <= 2 * max(wanted[subject], 1) for subject, number in copies.items())
        missing += sum((wanted - copies).values())
    assert missing <= given_up


@pytest.mark.parametrize("database", ["SQLite", "PostgreSQL"])
def test_each_right_is_kept_whatever_dies(tmp_path: Path, database: str, capsys) -> None:
    with ExitStack() as stack:
        url = ""
        if database == "PostgreSQL":
            url = stack.enter_context(postgresql_server(DURABLE)).url
        outcome = everybody_asks(tmp_path, url)
    with capsys.disabled():
        print(f"\n{database}: {outcome}")
