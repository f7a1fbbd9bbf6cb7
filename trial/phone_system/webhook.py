"""Posts signed webhooks to the phone system, each again until it is accepted.

The signature follows the Standard Webhooks specification (https://www.standardwebhooks.com):
HMAC-SHA256 over id, time stamp and body. The id is the same in every attempt, so that the receiver
recognizes a repetition.
"""

import base64
import hashlib
import hmac
import json
import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.error import HTTPError
from urllib.request import (
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    Request,
    build_opener,
)

from django.conf import settings

from delivery.deadline import Deadline
from delivery.deliveries import Delivery, kind_and_code

logger = logging.getLogger(__name__)

# For each socket operation. The whole attempt has a deadline of its own.
TIMEOUT_SECONDS = 10
SECRET_PREFIX = "whsec_"  # noqa: S105 - the prefix of every secret, not a secret


class _NoRedirects(HTTPRedirectHandler):
    """Personal data goes only to the address in the settings, not where a redirect points."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


class _WithDeadline(HTTPHandler, HTTPSHandler):
    """Opens connections that end at the deadline of the attempt."""

    def __init__(self, deadline: Deadline) -> None:
        super().__init__()
        self._deadline = deadline

    def http_open(self, request: Request) -> Any:
        return self.do_open(partial(self._connection, HTTPConnection), request)

    def https_open(self, request: Request) -> Any:
        return self.do_open(partial(self._connection, HTTPSConnection), request)

    def _connection(self, kind: type[HTTPConnection], host: str, **options: Any) -> HTTPConnection:
        connection = kind(host, **options)
        connection._create_connection = self._deadline.connect  # type: ignore[attr-defined] # no public hook
        return connection


def attempt(delivery: Delivery, payload: Callable[[], Mapping[str, Any]], *, at: datetime) -> None:
    """Post a claimed delivery, and write into its row that it arrived or when it is due again.

    The id of the row is the id of the message.
    """
    try:
        _post(str(delivery.pk), payload(), at=at)
    except HTTPError as error:
        error.close()
        delivery.retry_later(at=at, error=kind_and_code(error, error.code))
    except (OSError, HTTPException) as error:
        delivery.retry_later(at=at, error=kind_and_code(error))
    except ValueError as error:  # a broken secret or address: trial.E001 and E002 were not run
        logger.exception("%s could not be sent.", delivery)
        delivery.retry_later(at=at, error=kind_and_code(error))
    else:
        delivery.finish(Delivery.State.DELIVERED, at=at)


def _post(message_id: str, payload: Mapping[str, Any], *, at: datetime) -> None:
    """One attempt. Raises HTTPError for every answer but 2xx, redirects included."""
    body = json.dumps(payload).encode()
    request = Request(  # noqa: S310 - the operator's own address, checked in checks.py
        settings.PROVISIONING_URL, data=body, headers=dict(_headers(message_id, body, at=at))
    )
    with Deadline() as deadline:
        opener = build_opener(_NoRedirects, _WithDeadline(deadline))
        try:
            with opener.open(request, timeout=TIMEOUT_SECONDS):
                deadline.remaining()  # headers that were cut off look whole
        except HTTPError:
            raise
        except (OSError, HTTPException):
            deadline.remaining()  # a TimeoutError says better why the connection ended
            raise


def _headers(message_id: str, body: bytes, *, at: datetime) -> Mapping[str, str]:
    """The headers of one attempt. The time stamp is new: a receiver refuses an old one."""
    stamp = str(int(at.timestamp()))
    return {
        "Content-Type": "application/json",
        "User-Agent": "voipstudio.pl",
        "Webhook-Id": message_id,
        "Webhook-Timestamp": stamp,
        "Webhook-Signature": f"v1,{signature(message_id, stamp, body)}",
    }


def signature(message_id: str, stamp: str, body: bytes) -> str:
    """Base64 of HMAC-SHA256 over `id.stamp.body`, keyed with the secret's bytes."""
    key = base64.b64decode(settings.PROVISIONING_SECRET.removeprefix(SECRET_PREFIX))
    message = b".".join([message_id.encode(), stamp.encode(), body])
    return base64.b64encode(hmac.digest(key, message, hashlib.sha256)).decode()
