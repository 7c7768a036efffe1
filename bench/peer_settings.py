"""The portal's settings with Django's admin, for the peer of the queue alone: the portal itself has no admin."""

from rma_portal.settings import *  # noqa: F403
from rma_portal.settings import INSTALLED_APPS as THE_PORTALS
from rma_portal.settings import STORAGES as THE_STORAGES

INSTALLED_APPS = [*THE_PORTALS, "django.contrib.admin"]
ROOT_URLCONF = "bench.peer"
# The admin's own files are in no manifest here, and nobody fetches them.
STORAGES = {**THE_STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
