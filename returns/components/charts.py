"""Charts from zero, drawn by the server."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from returns.components.drawing import share


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a bar chart: its name, its value, the figure written behind it and a soft remark (`36%`).

    `url` leads from the figure to what it counts.
    """

    label: str
    value: float
    figure: str
    remark: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class BarChart:
    """Bars from zero, one below the other; it is its own table, so it needs no second one."""

    caption: str
    bars: Sequence[Bar]
    label_heading: str = ""
    figure_heading: str = ""

    @property
    def drawn(self) -> list[tuple[Bar, str]]:
        """Each bar with its width for SVG; the longest leaves room for its figure."""
        longest = max((bar.value for bar in self.bars), default=0.0) or 1.0
        return [(bar, share(100 * max(bar.value, 0.0) / longest)) for bar in self.bars]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a column chart: one value for each series, from the ground up.

    `urls` lead from the values to what they count. A column without a `tick` has its label in the table alone, so that
    the labels of many columns don't meet.
    """

    label: str
    values: Sequence[float]
    figure: str = ""
    urls: Sequence[str] = ()
    tick: bool = True

    @property
    def figures(self) -> list[str]:
        """The values as the table writes them."""
        return [f"{value:g}" for value in self.values]

    @property
    def cells(self) -> list[tuple[str, str]]:
        """The same, each with where it leads."""
        return list(zip_longest(self.figures, self.urls, fillvalue=""))


@dataclass(frozen=True, slots=True)
class Block:
    """A drawn part of a column, in the units of SVG."""

    x: str
    y: str
    width: str
    height: str
    series: int


PLOT_HEIGHT = 160
"""Pixels from the ground line of a column chart to its top."""


@dataclass(frozen=True, slots=True)
class ColumnChart:
    """Columns from zero, stacked by series, with a table behind "Show as a table".

    ``series`` names the parts from the ground up; they differ by lightness and by pattern, never by hue alone.
    ``top`` is the value of the highest line of the grid. ``axis`` says what stands below: `weeks from Monday`.
    """

    caption: str
    columns: Sequence[Column]
    series: Sequence[str]
    top: float
    axis: str = ""
    label_heading: str = ""

    @property
    def steps(self) -> list[tuple[str, str]]:
        """The lines of the grid: height in pixels and the value written beside."""
        return [(f"{20 + PLOT_HEIGHT * (1 - share):g}", f"{self.top * share:g}") for share in (0, 1 / 3, 2 / 3, 1)]

    @property
    def blocks(self) -> list[Block]:
        """Every part of every column as a rectangle: x and width in percent, y and height in pixels."""
        pitch = 100 / max(len(self.columns), 1)
        drawn: list[Block] = []
        for number, column in enumerate(self.columns):
            ground = 20.0 + PLOT_HEIGHT
            for series, value in enumerate(column.values):
                height = PLOT_HEIGHT * value / (self.top or 1)
                ground -= height
                left = share(number * pitch + pitch * 0.12)
                drawn.append(Block(left, f"{ground:g}", share(pitch * 0.76), f"{height:g}", series + 1))
        return drawn

    @property
    def heads(self) -> list[tuple[str, str, Column]]:
        """For each column: the middle in percent, the height of its top in pixels, and the column."""
        pitch = 100 / max(len(self.columns), 1)
        return [
            (
                share((number + 0.5) * pitch),
                f"{14 + PLOT_HEIGHT * (1 - sum(column.values) / (self.top or 1)):g}",
                column,
            )
            for number, column in enumerate(self.columns)
        ]
