"""How gunicorn serves the site, on a developer's machine and in the container."""

import logging
import os
from pathlib import Path

import environ

environ.Env.read_env(Path(__file__).resolve().parent.parent / ".env")

# A proxy or the container's port stands before it; nobody else is let in by default.
bind = f"127.0.0.1:{os.environ.get('PORT') or 8000}"

# Threads: a visitor on a slow line holds one thread, not a whole process.
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
threads = 4
# Each worker starts its own content thread after the fork.
preload_app = False

# Seconds. A worker that says nothing for `timeout` is replaced; one that is told to stop may
# finish its answers for `graceful_timeout`; proxies reuse a connection for `keepalive`.
timeout = 30
graceful_timeout = 20
keepalive = 5

# Bytes and counts. Ads add long click identifiers to an address; nothing longer is ours.
limit_request_line = 8190
limit_request_fields = 100
limit_request_field_size = 8190

# gunicorn would open a socket that takes commands. Nothing here needs one.
control_socket_disable = True
# What a proxy may say of the client is decided by TRUSTED_PROXIES in the settings, and only there.
forwarded_allow_ips = ""
# Heartbeats in memory: a busy disk must not look like a dead worker.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108 - no file of ours

# An IP address is personal data (GDPR Art. 4(1), recital 30). So no access log; who needs one
# writes it in the proxy, with its own retention period.
accesslog = None
errorlog = "-"


class WithoutVisitors(logging.Filter):
    """Leaves out of the error log who sent a malformed request, and what was in it."""

    def filter(self, record: logging.LogRecord) -> bool:
        if str(record.msg).startswith("Invalid request from"):
            record.msg, record.args = "A malformed request was refused", ()
        return True


logging.getLogger("gunicorn.error").addFilter(WithoutVisitors())
