"""Keeps out of the logs what opens something: the tokens in addresses."""

import logging
import re

# As long as a token is (delivery/tokens.py), and longer.
_TOKEN = re.compile(r"[-\w]{43,}")


class WithoutSecrets(logging.Filter):
    """Blackens tokens in what Django logs of an address that it refused."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        blackened = _TOKEN.sub("…", message)
        if blackened != message:
            record.msg, record.args = blackened, ()
        return True
