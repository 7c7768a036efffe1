"""The seeded defects: what is broken on purpose, and the tests that are to notice."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIST = Path(__file__).with_name("defects.toml")


@dataclass(frozen=True)
class Defect:
    """`old`, which stands once in `file`, becomes `new`; some of `tests` (files, or tests by their name) then fail."""

    id: str
    file: str
    old: str
    new: str
    tests: list[str]

    def applied(self, text: str) -> str:
        """The file's text with the defect. Raises ValueError where the list no longer fits the code."""
        if text.count(self.old) != 1 or self.old == self.new:
            raise ValueError(f"{self.id}: what it replaces stands {text.count(self.old)} times in {self.file}.")
        return text.replace(self.old, self.new)


def defects() -> list[Defect]:
    """All of them, in the order of the list."""
    return [Defect(**row) for row in tomllib.loads(LIST.read_text(encoding="utf-8"))["defect"]]
