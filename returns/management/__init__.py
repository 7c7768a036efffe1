"""manage.py commands of the returns."""
