"""Stands where the program that draws stands: computes until the system ends it."""

import resource

resource.setrlimit(resource.RLIMIT_CPU, (1, 1))
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
while True:
    pass
