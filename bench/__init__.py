"""The benchmarks: each checks the content of what it times before it times it."""
