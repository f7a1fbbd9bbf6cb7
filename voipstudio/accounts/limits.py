"""How often somebody may guess: passwords and codes, counted before any of them is looked at.

All that a stranger can use up belongs to the stranger's own network, so no stranger locks a
colleague out. The counts are those of `privacy/rate_limits.py`: keyed hashes, no name, no address.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

from evidence.keyed_hashes import keyed_hash
from privacy.models import RateCount
from privacy.rate_limits import end_of_window, network_key

logger = logging.getLogger(__name__)

Purpose = Literal["password", "code"]

# Wrong guesses of one network, whatever the account.
MOST_OF_A_NETWORK = 20
NETWORK_WINDOW = timedelta(minutes=10)
# Wrong guesses of one network at one account: after the free ones, each has to wait for twice as
# long as the one before.
FREE_GUESSES = 3
FIRST_WAIT = timedelta(seconds=2)
LONGEST_WAIT = timedelta(minutes=10)
ACCOUNT_WINDOW = timedelta(hours=1)
# Wrong codes of the app at one account, from all networks together. Only somebody who knows the
# password gets so far; six digits alone could be guessed from many networks.
MOST_APP_CODES = 10
APP_CODE_WINDOW = timedelta(hours=1)


class TooManyGuesses(Exception):
    """Nothing was looked at. `until` is the moment from which on the next guess is accepted."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


@dataclass(frozen=True)
class Guess:
    """One guess. It counts as a wrong one until `was_right` takes it back."""

    network: str | None
    account: str
    at: datetime

    def was_right(self) -> None:
        """Forget the wrong guesses of this network at this account, and take this one back."""
        if self.network is not None:
            RateCount.objects.take_back(self.network, window=NETWORK_WINDOW, at=self.at)
        keys = [_count_key(self.account), _wait_key(self.account)]
        RateCount.objects.filter(key__in=keys).delete()

    def was_not_looked_at(self) -> None:
        """Take this guess back, and leave those before it."""
        if self.network is not None:
            RateCount.objects.take_back(self.network, window=NETWORK_WINDOW, at=self.at)
        RateCount.objects.take_back(_count_key(self.account), window=ACCOUNT_WINDOW, at=self.at)
        RateCount.objects.filter(key=_wait_key(self.account)).delete()


def count_guess(request: HttpRequest, *, purpose: Purpose, account: str, at: datetime) -> Guess:
    """Count a guess at an account. Raises TooManyGuesses, and then nothing may be looked at.

    `account` is what was typed, whether such an account exists or not (I16: the same work). Where
    the client's address cannot be read, no limit holds: strangers must not share one.
    """
    network = network_key(request, purpose=f"guess:{purpose}", window=NETWORK_WINDOW, at=at)
    pair = network_key(request, purpose=f"account:{purpose}", window=ACCOUNT_WINDOW, at=at)
    guess = Guess(network, f"{pair} {account}", at)
    if network is not None and pair is not None:
        _require_no_wait(guess)
        _count(network, most=MOST_OF_A_NETWORK, window=NETWORK_WINDOW, at=at)
        _let_the_next_one_wait(guess)
    return guess


def count_app_code(user: AbstractBaseUser, *, at: datetime) -> str:
    """Count a code of the app, whatever the network. Raises TooManyGuesses."""
    key = app_code_key(user, at=at)
    if _count(key, most=MOST_APP_CODES, window=APP_CODE_WINDOW, at=at) == MOST_APP_CODES:
        logger.error(
            "Somebody who knows the password of a member of staff types wrong codes of the app. "
            "Ask which colleague cannot sign in, and change that password."
        )
    return key


def app_code_key(user: AbstractBaseUser, *, at: datetime) -> str:
    window = f"{end_of_window(at, APP_CODE_WINDOW):%Y-%m-%dT%H:%M}"
    return keyed_hash("guess:app", f"{window} {user.pk}")


def app_code_was_right(key: str, *, at: datetime) -> None:
    """Take a code back that `count_app_code` counted under this key."""
    RateCount.objects.take_back(key, window=APP_CODE_WINDOW, at=at)


def _require_no_wait(guess: Guess) -> None:
    until = RateCount.objects.refused_until(_wait_key(guess.account), at=guess.at)
    if until is not None:
        raise TooManyGuesses(until)


def _count(key: str, *, most: int, window: timedelta, at: datetime) -> int:
    """Count one event more, and return the new number. Raises TooManyGuesses."""
    # A flood above the limit costs one read each, and no write.
    if RateCount.objects.number(key, window=window, at=at) < most:
        number = RateCount.objects.hit(key, window=window, at=at)
        if number <= most:
            return number
    raise TooManyGuesses(end_of_window(at, window))


def _let_the_next_one_wait(guess: Guess) -> None:
    key = _count_key(guess.account)
    number = RateCount.objects.hit(key, window=ACCOUNT_WINDOW, at=guess.at)
    if number > FREE_GUESSES:
        wait = min(FIRST_WAIT * 2 ** (number - FREE_GUESSES - 1), LONGEST_WAIT)
        RateCount.objects.refuse(_wait_key(guess.account), until=guess.at + wait)


def _count_key(account: str) -> str:
    return keyed_hash("guess:count", account)


def _wait_key(account: str) -> str:
    return keyed_hash("guess:wait", account)
