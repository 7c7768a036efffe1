"""How much the races, the histories and the soak try: little in every run, all of it where FULL_SIZE=1 asks for it.

docs/quality.md says what the full sizes are and how to run them.
"""

import os

FULL = os.environ.get("FULL_SIZE") == "1"

PEOPLE = 100 if FULL else 12
"""Who do the same thing to the same request."""

AT_ONCE = 25 if FULL else 12
"""How many of them at the very same moment: as many connections as a small database gives."""

ROUNDS = 20 if FULL else 1

UNITS = 10 if FULL else 4
"""Units of each of 50 order lines, each given back by a request of its own and tried twice: 1,000 in all."""

HISTORIES = int(os.environ.get("HISTORIES", "60"))
"""Random histories; 20,000 take hours on two cores."""

WARM_UP, FAULTS, FAULT_EVERY = (120.0, 28, 60.0) if FULL else (2.0, 14, 1.5)
"""Of the soak: seconds of use before the first fault, how many faults there are, and seconds from one to the next."""
