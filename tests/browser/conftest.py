"""The portal, the browser and the people of the browser tests."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.watch import DESK, PHONE, Gallery
from tests.browser.whole_portal import WholePortal, whole_portal
from tests.browser.window import Window, Windows

# As root Chromium has no sandbox to offer; the rest keeps it from phoning home and from running out of shared memory.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-dev-shm-usage",
]


HERE = Path(__file__).parent


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What asks whether all was seen comes last, and makes sense only where all of this folder runs."""
    last = [item for item in items if item.get_closest_marker("after_all")]
    items[:] = [item for item in items if item not in last] + last
    running = {item.path for item in items}
    if any(file not in running for file in HERE.glob("test_*.py")):
        for item in last:
            item.add_marker(pytest.mark.skip(reason="not all browser tests run"))


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WholePortal]:
    """The running portal. One for all browser tests: each journey has orders of its own."""
    with whole_portal(tmp_path_factory.mktemp("portal")) as running:
        yield running


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The machine's own Chromium, as devstack found it."""
    return {**browser_type_launch_args, "executable_path": os.environ["CHROMIUM"] or None, "args": FLAGS}


@pytest.fixture(scope="session")
def gallery() -> Gallery:
    """The pages seen so far in all tests; SCREENSHOTS=FOLDER keeps a picture of each."""
    wanted = os.environ.get("SCREENSHOTS")
    if not wanted:
        return Gallery()
    folder = Path(wanted)
    folder.mkdir(parents=True, exist_ok=True)
    return Gallery(folder)


@pytest.fixture(scope="session")
def all_windows(browser: Browser, portal: WholePortal, gallery: Gallery) -> Windows:
    """The windows of all tests."""
    return Windows(browser, portal, gallery)


@pytest.fixture
def windows(all_windows: Windows) -> Iterator[Windows]:
    """`windows.open(PHONE)` opens a browser window with cookies of its own."""
    yield all_windows
    all_windows.take_back()


@pytest.fixture
def customer(windows: Windows) -> Window:
    """Somebody's phone."""
    return windows.open(PHONE)


@pytest.fixture
def desk(windows: Windows) -> Window:
    """A window of the staff's."""
    return windows.open(DESK)


@pytest.fixture
def manager(windows: Windows) -> Window:
    """Another one, for whoever answers for the figures."""
    return windows.open(DESK)
