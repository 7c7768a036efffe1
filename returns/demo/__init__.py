"""Demo data for `make run`: invented people, goods and orders around today. Refused under production settings."""
