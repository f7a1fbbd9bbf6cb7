"""Keeps tokens out of the logs: anyone who reads one could open its link (I21)."""

import logging
import re

# The length of a token (delivery/tokens.py), or more.
_TOKEN = re.compile(r"[-\w]{43,}")


class WithoutSecrets(logging.Filter):
    """Replaces tokens in log lines; Django logs the address of every request that it refuses."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        cleaned = _TOKEN.sub("…", message)
        if cleaned != message:
            record.msg, record.args = cleaned, ()
        return True
