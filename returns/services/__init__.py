"""The only code that writes: verb functions, one transaction each, keyword-only. They refuse by raising Refused."""
