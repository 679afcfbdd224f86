# Two stages: the first builds environment and static files, the second carries only what runs.
FROM python:3.12-slim-bookworm AS build
# Debian keeps one version of a package; pinned, the build would fail with the next security fix.
# hadolint ignore=DL3008
RUN apt-get update && apt-get install -y --no-install-recommends npm && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY requirements-setup.txt requirements.txt ./
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --require-hashes -r requirements-setup.txt \
    && VIRTUAL_ENV=/opt/venv /opt/venv/bin/uv pip install --no-cache --require-hashes -r requirements.txt
COPY package.json package-lock.json ./
COPY scripts ./scripts
RUN /opt/venv/bin/python scripts/fetch_assets.py
COPY . .
ENV PYTHONPATH=/app:/app/site DJANGO_SETTINGS_MODULE=config.settings.production VAR_DIR=/app/var
RUN /opt/venv/bin/python scripts/compile_messages.py \
    && SECRET_KEY=only-for-the-build ALLOWED_HOSTS=localhost /opt/venv/bin/python manage.py collectstatic --noinput \
    && rm -rf node_modules

FROM python:3.12-slim-bookworm
RUN useradd --create-home --uid 10001 platform && mkdir -p /data && chown platform /data
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONPATH=/app:/app/site \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=config.settings.production \
    VAR_DIR=/data \
    STATIC_ROOT=/app/var/static
# By number, so that an orchestrator can see that it is not root.
USER 10001
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz')"]
# Processes, threads, times and headers stand in gunicorn.conf.py.
CMD ["gunicorn", "config.wsgi", "--bind=0.0.0.0:8000"]
