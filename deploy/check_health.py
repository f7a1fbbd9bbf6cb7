"""Exits with 0 when the site in this container answers /healthz: the health check of the image."""

import os
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

# ALLOWED_HOSTS always has the host of SITE_ORIGIN, but perhaps not 127.0.0.1.
host = urlsplit(os.environ.get("SITE_ORIGIN") or "http://127.0.0.1").netloc
urlopen(Request("http://127.0.0.1:8000/healthz", headers={"Host": host}), timeout=2)
