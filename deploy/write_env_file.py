"""Writes .env with random keys for the first `make serve`; an existing .env stays."""

import os
import secrets
from pathlib import Path

ENV_FILE = Path(__file__).resolve().parent.parent / ".env"
TEXT = """\
# Settings of this machine; .env.example explains them. Environment variables win over this file.
SECRET_KEY={secret_key}
EVIDENCE_KEYS={evidence_key}
"""


def main() -> None:
    try:
        # O_EXCL never overwrites a file; 0o600, because the file has a secret.
        descriptor = os.open(ENV_FILE, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "w") as file:
        file.write(
            TEXT.format(
                secret_key=secrets.token_urlsafe(50), evidence_key=secrets.token_urlsafe(32)
            )
        )
    print("Wrote .env with random keys")


if __name__ == "__main__":
    main()
