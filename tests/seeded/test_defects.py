"""The list of seeded defects fits the code, so that it can be tried at any time (`python -m tests.seeded`)."""

import pytest

from tests.seeded.defects import ROOT, Defect, defects

FEWEST = 36


def test_there_are_enough_and_each_has_a_name_of_its_own() -> None:
    names = [defect.id for defect in defects()]
    assert len(names) == len(set(names)) >= FEWEST


@pytest.mark.parametrize("defect", defects(), ids=lambda defect: defect.id)
def test_a_defect_still_fits_the_code(defect: Defect) -> None:
    text = (ROOT / defect.file).read_text(encoding="utf-8")
    broken = defect.applied(text)
    if defect.file.endswith(".py"):
        compile(broken, defect.file, "exec")
    for test in defect.tests:
        path, _, name = test.partition("::")
        assert f"def {name}" in (ROOT / path).read_text(encoding="utf-8")
