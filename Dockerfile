# Three images: `site` runs the web server and the worker, `proxy` stands in front, and `pictures` is
# `site` with Chromium, for `manage.py picture_notices` alone. compose.yaml names the one of each service.
# The tags are exact. Before you deploy, move them to the newest patch release, and pin each to its
# digest (`docker buildx imagetools inspect python:3.11.14-slim-bookworm` prints it).

FROM python:3.11.14-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1
RUN python -m venv /venv
ENV PATH=/venv/bin:$PATH
WORKDIR /app
# Before the code, so that a change of the code reuses this layer.
COPY requirements.txt .
RUN pip install --require-hashes --requirement requirements.txt
COPY . .
# The settings need a secret. This one signs nothing, and is not in the final image.
RUN SECRET_KEY=for-the-build-only DATA_DIR=/tmp/build python manage.py compile_translations \
    && SECRET_KEY=for-the-build-only DATA_DIR=/tmp/build python manage.py collectstatic --noinput
# Python's image comes without bytecode, and no process may write into an image: each would compile
# some five hundred files at its start. Nothing changes in an image, so nothing is compared either.
RUN python -m compileall -q -f --invalidation-mode unchecked-hash /venv /app

FROM nginx:1.28.0-alpine AS proxy
RUN mkdir -p /srv/.well-known
COPY deploy/nginx_errors /srv/errors
COPY --from=build /app/static_collected /srv/static
# nginx's image fills in the template at its start. /tmp is the only folder that must be writable.
COPY deploy/nginx.conf /etc/nginx/templates/nginx.conf.template
ENV NGINX_ENVSUBST_FILTER=^NGINX_ NGINX_ENVSUBST_OUTPUT_DIR=/tmp NGINX_STATE=/tmp \
    NGINX_HTTP=8080 NGINX_HTTPS=8443 NGINX_ROOT=/srv NGINX_CERTIFICATES=/certificates \
    NGINX_RESOLVER=127.0.0.11
# `nginx` of the image, by number, so that an orchestrator can see that it is not root.
USER 101
EXPOSE 8080 8443
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
    CMD ["wget", "--quiet", "--output-document=/dev/null", "http://127.0.0.1:8080/healthz"]
CMD ["nginx", "-c", "/tmp/nginx.conf", "-g", "daemon off;"]

FROM python:3.11.14-slim-bookworm AS site
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin voipstudio \
    && install --directory --mode=0700 --owner voipstudio /var/lib/voipstudio
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DATA_DIR=/var/lib/voipstudio \
    NEEDS_POSTGRESQL=1
WORKDIR /app
COPY --from=build /venv /venv
COPY --from=build /app /app
RUN python -m compileall -q -f --invalidation-mode unchecked-hash \
    -x '/(idlelib|lib2to3|tests?)/' /usr/local/lib/python3.11
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
    CMD ["python", "-c", \
        "from urllib import request; request.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
CMD ["gunicorn", "voipstudio.wsgi", "--config", "deploy/gunicorn.conf.py", "--bind", "0.0.0.0:8000"]

FROM site AS pictures
# hadolint ignore=DL3066
USER root
# Not pinned: Debian keeps the newest Chromium alone, since an older one has known holes.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends chromium fonts-liberation \
    && rm -rf /var/lib/apt/lists/*
# Chromium has no folder of its own here: /tmp is the only one that must be writable.
ENV HOME=/tmp CHROMIUM_PATH=/usr/bin/chromium
USER 10001
HEALTHCHECK NONE
CMD ["python", "manage.py", "picture_notices"]
