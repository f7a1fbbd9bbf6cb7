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
    # The network, by another key, and the account.
    pair: str
    at: datetime

    def was_right(self) -> None:
        """Forget the wrong guesses of this network at this account, and take this one back."""
        if self.network is not None:
            RateCount.objects.take_back(self.network, window=NETWORK_WINDOW, at=self.at)
        keys = [_count_key(self.pair), _wait_key(self.pair)]
        RateCount.objects.filter(key__in=keys).delete()

    def was_not_looked_at(self) -> None:
        """Take this guess at the account back, and leave those before it.

        The network has made it: otherwise strangers could keep the hasher busy without an end.
        """
        RateCount.objects.take_back(_count_key(self.pair), window=ACCOUNT_WINDOW, at=self.at)
        RateCount.objects.filter(key=_wait_key(self.pair)).delete()


def count_guess(request: HttpRequest, *, purpose: Purpose, account: str, at: datetime) -> Guess:
    """Count a guess at an account. Raises TooManyGuesses, and then nothing may be looked at.

    `account` is the casefolded name that was typed, whether there is such an account or not (I16:
    the same work), or the number of a user. Where the client's address cannot be read, no limit
    holds: strangers must not share one.
    """
    network = network_key(request, purpose=f"guess:{purpose}", window=NETWORK_WINDOW, at=at)
    of_the_hour = network_key(request, purpose=f"account:{purpose}", window=ACCOUNT_WINDOW, at=at)
    guess = Guess(network, f"{of_the_hour} {account}", at)
    if network is not None:
        _require_no_wait(guess)
        _count(network, most=MOST_OF_A_NETWORK, window=NETWORK_WINDOW, at=at)
        _let_the_next_one_wait(guess)
    return guess


@dataclass(frozen=True)
class AppCode:
    """A counted code of an app: the how many-th wrong one at this account, unless it is right."""

    key: str
    number: int
    at: datetime

    def was_right(self) -> None:
        """Take it back."""
        RateCount.objects.take_back(self.key, window=APP_CODE_WINDOW, at=self.at)

    def was_wrong(self) -> None:
        """Raise an alarm with the last one that is looked at."""
        if self.number == MOST_APP_CODES:
            logger.error(
                "Somebody who knows the password of a member of staff types wrong codes of the "
                "app. Ask which colleague cannot sign in, and change that password."
            )


def count_app_code(user: AbstractBaseUser, *, at: datetime) -> AppCode:
    """Count a code of the app, whatever the network. Raises TooManyGuesses."""
    key = app_code_key(user, at=at)
    number = _count(key, most=MOST_APP_CODES, window=APP_CODE_WINDOW, at=at)
    return AppCode(key, number, at)


def app_code_key(user: AbstractBaseUser, *, at: datetime) -> str:
    """The key under which the codes of one account are counted in the hour of a moment."""
    window = f"{end_of_window(at, APP_CODE_WINDOW):%Y-%m-%dT%H:%M}"
    return keyed_hash("guess:app", f"{window} {user.pk}")


def _require_no_wait(guess: Guess) -> None:
    until = RateCount.objects.refused_until(_wait_key(guess.pair), at=guess.at)
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
    key = _count_key(guess.pair)
    number = RateCount.objects.hit(key, window=ACCOUNT_WINDOW, at=guess.at)
    if number > FREE_GUESSES:
        wait = min(FIRST_WAIT * 2 ** (number - FREE_GUESSES - 1), LONGEST_WAIT)
        RateCount.objects.refuse(_wait_key(guess.pair), until=guess.at + wait)


def _count_key(pair: str) -> str:
    return keyed_hash("guess:count", pair)


def _wait_key(pair: str) -> str:
    return keyed_hash("guess:wait", pair)
