"""The project: settings, site map, Celery application, and what every request passes through."""

from rma_portal.celery import app as celery_app

__all__ = ["celery_app"]
