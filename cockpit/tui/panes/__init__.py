"""The panes of an account, one a file. A new one is a Pane in its own file and a line in ``PANES``."""

from __future__ import annotations

from cockpit.tui.panes.base import Pane
from cockpit.tui.panes.commercial import CommercialPane
from cockpit.tui.panes.ctas import CtasPane
from cockpit.tui.panes.documents import DocumentsPane
from cockpit.tui.panes.interventions import InterventionsPane
from cockpit.tui.panes.people import PeoplePane
from cockpit.tui.panes.plan import PlanPane
from cockpit.tui.panes.scorecard import ScorecardPane
from cockpit.tui.panes.summary import SummaryPane
from cockpit.tui.panes.support import SupportPane
from cockpit.tui.panes.timeline import TimelinePane
from cockpit.tui.panes.transitions import TransitionsPane
from cockpit.tui.panes.usage import UsagePane

PANES: tuple[type[Pane], ...] = (
    SummaryPane,
    ScorecardPane,
    CtasPane,
    TimelinePane,
    PeoplePane,
    UsagePane,
    CommercialPane,
    SupportPane,
    InterventionsPane,
    PlanPane,
    TransitionsPane,
    DocumentsPane,
)
"""In the order of ``[`` and ``]``."""
