# The site as a container: `docker compose up`, or any platform that runs images.

FROM python:3.11-slim AS build
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

FROM python:3.11-slim
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin voipstudio \
    && install --directory --owner voipstudio /var/lib/voipstudio
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DATA_DIR=/var/lib/voipstudio
WORKDIR /app
COPY --from=build /venv /venv
COPY --from=build /app /app
USER voipstudio
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
    CMD ["python", "deploy/check_health.py"]
CMD ["gunicorn", "voipstudio.wsgi", "--config", "deploy/gunicorn.conf.py", "--bind", "0.0.0.0:8000"]
