"""Enhanced status codes of mail servers (RFC 3463): which of them say that a mailbox is unknown.

https://www.iana.org/assignments/smtp-enhanced-status-codes
"""

import re

# Only these block an address. The rest of 5.1 is about the sender (5.1.7, 5.1.8), about the route
# (5.1.9), or undecided (5.1.0, 5.1.4); 5.2.2 is a full mailbox, 5.7 a policy, as that of a
# blocklist that names our server for a day.
_UNKNOWN_MAILBOX = {
    "5.1.1",  # bad destination mailbox
    "5.1.2",  # bad destination system
    "5.1.3",  # bad syntax of the destination
    "5.1.6",  # moved, without a new address
    "5.1.10",  # a domain that takes no mail, by its null MX (RFC 7505)
    "5.2.1",  # disabled
}
# A code, in front of which no other digit belongs to it.
_CODE = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})\b(?!\.\d)", flags=re.ASCII)


def first_in(text: str) -> str:
    """The first code in a text; empty without one."""
    match = _CODE.search(text)
    return match[0] if match else ""


def says_mailbox_is_unknown(code: str) -> bool:
    """Whether the mailbox or its domain does not exist, so that no other mail would arrive."""
    return code in _UNKNOWN_MAILBOX
