"""What the components in templates/components/ show: finished values, with nothing left for a template to decide.

Wording and views make them, the tags of `returns.templatetags.house` draw them. Amounts stay `Decimal` up to the page
so that a ledger can check itself; whatever else people read is a finished sentence.
"""

from returns.components.charts import Bar, BarChart, Column, ColumnChart
from returns.components.grid import QueueRow, ViewLink
from returns.components.kinds import KIND_ICONS, OUTCOME_LOOKS, STATUS_LOOKS, Kind, StatusLook
from returns.components.ledger import AfterRow, Ledger, LedgerRow, UnbalancedLedgerError
from returns.components.pages import (
    CheckRow,
    ChoiceText,
    Difference,
    Found,
    MessageView,
    NavItem,
    StorefrontFace,
    Voice,
)
from returns.components.photos import PhotoView
from returns.components.progress import Due, Progress, Promise, Stage, Turn, Whose
from returns.components.ruler import Ruler, Segment, Stretch, Tick, Window
from returns.components.verdict import Clause, VerdictStrip

__all__ = [
    "KIND_ICONS",
    "OUTCOME_LOOKS",
    "STATUS_LOOKS",
    "AfterRow",
    "Bar",
    "BarChart",
    "CheckRow",
    "ChoiceText",
    "Clause",
    "Column",
    "ColumnChart",
    "Difference",
    "Due",
    "Found",
    "Kind",
    "Ledger",
    "LedgerRow",
    "MessageView",
    "NavItem",
    "PhotoView",
    "Progress",
    "Promise",
    "QueueRow",
    "Ruler",
    "Segment",
    "Stage",
    "StatusLook",
    "StorefrontFace",
    "Stretch",
    "Tick",
    "Turn",
    "UnbalancedLedgerError",
    "VerdictStrip",
    "ViewLink",
    "Voice",
    "Whose",
    "Window",
]
