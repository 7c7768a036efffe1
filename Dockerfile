# One image for web, worker and beat. `docker compose build` makes it.

FROM python:3.13-slim-trixie AS packages
RUN python -m venv /opt/venv
COPY requirements/prod.txt /tmp/prod.txt
# Only what the lock names, every file checked against its hash, nothing compiled here.
RUN /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --only-binary :all: --require-hashes -r /tmp/prod.txt

FROM python:3.13-slim-trixie
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    STATIC_ROOT=/srv/static \
    MEDIA_ROOT=/srv/media
# A new volume takes over owner and rights of the folder it is mounted on.
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin portal \
    && install --directory --owner=10001 --group=portal --mode=0700 /srv/media
COPY --from=packages /opt/venv /opt/venv
WORKDIR /srv/portal
COPY manage.py pyproject.toml ./
COPY rma_portal rma_portal
COPY accounts accounts
COPY returns returns
COPY templates templates
COPY static static
COPY locale locale
RUN python -m compileall -q . && python manage.py collectstatic --no-input --verbosity=0
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=6s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=5)"]
CMD ["gunicorn", "--config=python:rma_portal.serving", "--bind=0.0.0.0:8000", "rma_portal.wsgi"]
