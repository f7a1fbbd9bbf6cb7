"""The WSGI application that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voipstudio.settings")
django_application = get_wsgi_application()

from voipstudio.web.caching.short_way import ShortWayApplication  # noqa: E402 - it needs the settings

application = ShortWayApplication(django_application)
