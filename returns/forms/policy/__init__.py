"""A policy's terms as forms in the trade's words, read into the same checked data as a policy file."""
