"""The development stack, with real processes and real servers."""
