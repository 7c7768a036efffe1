"""What development and tests run on: virtual environment, servers, supervisor. Never part of the production image."""
