"""The project: settings, checks, middleware, health, errors."""
