"""How gunicorn serves the site, on a developer's machine and in the container."""

import fcntl
import os
import sys
from pathlib import Path
from typing import Any

import environ

ROOT = Path(__file__).resolve().parent.parent
# As voipstudio/settings.py does.
if "DJANGO_SKIP_ENV_FILE" not in os.environ:
    environ.Env.read_env(ROOT / ".env")

# gunicorn reads this file before it looks for modules in the folder of the project.
sys.path.insert(0, str(ROOT))
from voipstudio.logs import lines  # noqa: E402 - only now it is found

# Reachable from this machine only, where a proxy is; the container binds to all addresses.
bind = f"127.0.0.1:{os.environ.get('PORT') or 8000}"

# Threads answer requests that have arrived whole: a slow client costs nobody a page (I21).
worker_class = "voipstudio.web.buffering_worker.BufferingWorker"
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
threads = 4
# Each worker starts its own content thread after the fork.
preload_app = False

# In seconds. A worker without a heartbeat for `timeout` is replaced; one that gets SIGTERM may
# finish its answers within `graceful_timeout`; an idle connection stays open for `keepalive`.
timeout = 30
graceful_timeout = 20
keepalive = 5

# In bytes, and a count. The longest addresses are those with the click ids of ads.
limit_request_line = 8190
limit_request_fields = 100
limit_request_field_size = 8190

# By default gunicorn opens a socket that takes commands; nothing here uses it.
control_socket_disable = True
# gunicorn believes no header of a proxy. TRUSTED_PROXIES in the settings alone decides that.
forwarded_allow_ips = ""
# Heartbeats are files. In memory, because on a busy disk a late one looks like a dead worker.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108 - no file of ours

# No access log: an IP address is personal data (GDPR Art. 4(1), recital 30). The site writes a line
# for each request by itself: voipstudio/logs/request_line.py.
accesslog = None
logger_class = "voipstudio.logs.gunicorn_log.LogWithoutRequests"
errorlog = "-"
# The lines of the site and of gunicorn look the same, and have nothing of a visitor (I21).
logconfig_dict = lines.config(is_json=os.environ.get("SITE_ORIGIN", "").startswith("https://"))


def on_starting(server: Any) -> None:
    """Refuse a second web server on one SQLite file: several need PostgreSQL."""
    if os.environ.get("DATABASE_URL"):
        return
    folder = Path(os.environ.get("DATA_DIR") or ROOT / "var")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Held by this process until it ends, however it ends.
    server.sqlite_lock = (folder / "web.lock").open("w")
    try:
        fcntl.flock(server.sqlite_lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.exit(
            f"Another web server uses the SQLite database in {folder}. Stop it, give this one "
            "another DATA_DIR, or let both use PostgreSQL by DATABASE_URL."
        )


def post_fork(server: Any, worker: Any) -> None:
    """A worker that outlives its master must not keep the lock."""
    if hasattr(server, "sqlite_lock"):
        server.sqlite_lock.close()
