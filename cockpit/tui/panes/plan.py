"""Plan: goals, risks and escalations of the account; how it feels; the renewal as called and as signalled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from textual.app import ComposeResult

from cockpit.tui.modals import plan_ask
from cockpit.tui.modals.field import FormSpec, Values
from cockpit.tui.panes.base import ListPane
from cockpit.tui.render import plan as render
from cockpit.tui.render.columns import Table
from cockpit.tui.render.line import paragraph
from cockpit.tui.render.plan import Item
from cockpit.tui.sources import FixedSource
from cockpit.tui.widgets.lines import LinesView
from cockpit.tui.widgets.row_list import RowList
from cockpit.tui.widgets.row_reader import Source

if TYPE_CHECKING:
    from cockpit.services.success import Plan

KEEPS = 6
"""Lines that the list keeps when there is much to say above it."""


class PlanPane(ListPane[Item]):
    """What is agreed, feared and felt."""

    name_ = "plan"
    letter = "r"
    title = "Plan"
    plan: Plan | None = None
    DEFAULT_CSS = "PlanPane #plan-head { height: 5; }"
    things = frozenset({"goal", "risk", "escalation", "sentiment", "renewal_call", "account"})
    head = render.COPY_HEAD

    def compose(self) -> ComposeResult:
        """What is felt, called and dated over the list."""
        yield LinesView(id="plan-head")
        yield RowList[Item](self.table(), self._run, self.host.cockpit.keys.moves())

    def table(self) -> Table[Item]:
        """What, how it stands, whose, when."""
        return render.table()

    def source(self) -> Source[Item]:
        """Everything, what is open first; the lines above come with it."""

        def read() -> Sequence[Item]:
            from cockpit.services.success import plan

            found = plan(self.host.desk, self.account_id)
            self.app.call_later(self._tell, found)
            return render.items(found)

        return FixedSource(read)

    def _tell(self, plan: Plan) -> None:
        self.plan = plan
        if self.is_attached:
            self.draw()

    def draw(self) -> None:
        """Draw the lines above the list, as many as their words take."""
        plan, today = self.plan, self.host.desk.today()
        if plan is None or not self.size.width:
            return
        view = self.query_one("#plan-head", LinesView)
        lines = len(render.head_lines(plan, today, self.size.width, self.host.palette))
        view.styles.height = min(lines, max(self.size.height - KEEPS, 3))
        view.show(lambda width, p: render.head_lines(plan, today, width, p), self.host.palette)

    def on_resize(self) -> None:
        """Another width breaks lines elsewhere."""
        self.draw()

    def failed(self, why: Exception) -> None:
        """The rows that are there stay."""
        self.query_one("#plan-head", LinesView).show(lambda width, p: paragraph(str(why), width, p.bad), self.host.palette)
        super().failed(why)

    def focus_it(self) -> None:
        """The list takes the keys."""
        self.rows.focus()

    def repaint(self) -> None:
        """Other colours: the lines above are drawn when the plan is read again."""
        super().repaint()
        self.load()

    def cells(self, row: Item) -> Sequence[str]:
        """A row of a copy."""
        return render.as_text(row)

    def why_empty(self) -> Sequence[str]:
        """Nothing is agreed or feared."""
        keys = "a adds a goal, a risk, an escalation, a feeling or a renewal call"
        return ("Nothing is agreed with this customer, feared or escalated.", keys)

    def row_word(self) -> str:
        """What kind of line the cursor stands on."""
        row = self.rows.row
        return row.kind if row is not None else ""

    # Keys --------------------------------------------------------------------------------------

    def act_add(self) -> None:
        """Which kind of thing, then its form."""
        from cockpit.tui.modals.pick import Pick

        adds = {
            "goal": self._add_goal, "risk": self._add_risk, "escalation": self._add_escalation, "feeling": self._feel, "call": self._call,
        }  # fmt: skip

        def chosen(kind: str | None) -> None:
            if kind is not None:
                adds[kind]()

        self.app.push_screen(Pick(f"Add to the plan · {self.host.account_name}", plan_ask.ADDS, self.host.palette), chosen)

    def _logins(self) -> Sequence[str]:
        return tuple(self.host.cockpit.names.logins)

    def _asked(self, spec: FormSpec, use_case: Callable[[Values], Any]) -> None:
        """Show a form and do something with its answers."""
        self.host.ask(spec, lambda values: self.host.do(lambda: use_case(values)))

    def _add_goal(self) -> None:
        from cockpit.services.goal import new_goal

        spec = plan_ask.goal(self.host.account_name, None, self._logins(), self.host.desk)
        self._asked(spec, lambda values: new_goal(self.host.desk, self.account_id, values.pop("title"), **_filled(values)))

    def _add_risk(self) -> None:
        from cockpit.services.risk import new_risk

        spec = plan_ask.risk(self.host.account_name, None, self._logins(), self.host.desk)
        self._asked(
            spec, lambda values: new_risk(self.host.desk, self.account_id, values.pop("title"), values.pop("kind"), **_filled(values))
        )

    def _add_escalation(self) -> None:
        from cockpit.services.escalation import escalate

        spec = plan_ask.escalation(self.host.account_name, None, self._logins(), self.host.desk)
        self._asked(spec, lambda values: escalate(self.host.desk, self.account_id, values.pop("title"), **_filled(values)))

    def _feel(self) -> None:
        from cockpit.services.opinion import set_sentiment

        self._asked(
            plan_ask.feeling(self.host.account_name),
            lambda values: set_sentiment(self.host.desk, self.account_id, values["feeling"], values["note"], values["on"]),
        )

    def _call(self) -> None:
        from cockpit.services.opinion import call_renewal
        from cockpit.services.success import plan

        def arrived(found: Plan) -> None:
            told = f"the facts: {found.signal_why}"
            self._asked(
                plan_ask.call(self.host.account_name, told),
                lambda values: call_renewal(self.host.desk, self.account_id, values["call"], values["reason"]),
            )

        self.host.later("signal", lambda: plan(self.host.desk, self.account_id), arrived)

    def act_edit(self) -> None:
        """The fields of a line; what somebody else changed meanwhile is told, not overwritten."""
        from cockpit.services import escalation, goal, risk

        item = self.rows.row
        if item is None:
            self.host.refuse("There is nothing here to edit yet: a adds a goal, a risk, an escalation.")
            return
        desk, row = self.host.desk, item.data
        form: Any = {"goal": plan_ask.goal, "risk": plan_ask.risk, "escalation": plan_ask.escalation}[item.kind]
        edit: Any = {"goal": goal.edit_goal, "risk": risk.edit_risk, "escalation": escalation.edit_escalation}[item.kind]
        self.host._edit(form(row.account, row, self._logins(), desk), lambda new, old: edit(desk, row.id, new, old))

    def act_close(self) -> None:
        """End a goal, close a risk, settle an escalation."""
        from cockpit.services import escalation, goal, risk

        item, desk = self.rows.row, self.host.desk
        if item is None:
            self.host.refuse("There is nothing under the cursor to end.")
        elif item.kind == "goal":
            self._asked(plan_ask.end_goal(item.what), lambda values: goal.end_goal(desk, item.data.id, values["status"], values["note"]))
        elif item.kind == "risk":
            self._asked(plan_ask.close_risk(item.what), lambda values: risk.close_risk(desk, item.data.id, values["resolution"]))
        else:
            self._asked(plan_ask.settle(item.what), lambda values: escalation.close_escalation(desk, item.data.id, values["note"]))

    def act_reopen(self) -> None:
        """Take up again what was over."""
        from cockpit.services import escalation, goal, risk

        item, desk = self.rows.row, self.host.desk
        if item is None:
            self.host.refuse("There is nothing under the cursor to open again.")
            return
        acts: dict[str, Callable[[], Any]] = {
            "goal": lambda: goal.end_goal(desk, item.data.id, "open"),
            "risk": lambda: risk.reopen_risk(desk, item.data.id),
            "escalation": lambda: escalation.reopen_escalation(desk, item.data.id),
        }
        self.host.do(acts[item.kind])

    def act_due(self) -> None:
        """Another day; for an escalation what is new, and when the customer hears again."""
        from cockpit.services import escalation, goal, risk

        item, desk = self.rows.row, self.host.desk
        if item is None:
            self.host.refuse("There is nothing under the cursor.")
        elif item.kind == "escalation":
            self._asked(
                plan_ask.news(item.what, desk),
                lambda values: escalation.update_escalation(desk, item.data.id, values["news"], values["next_update"]),
            )
        else:
            edit: Any = goal.edit_goal if item.kind == "goal" else risk.edit_risk
            now = item.due.isoformat() if item.due else ""
            self._asked(plan_ask.day_of(item.what, now, desk), lambda values: edit(desk, item.data.id, values, {"due": now}))

    def act_open(self) -> None:
        """All of it."""
        item = self.rows.row
        if item is not None:
            from cockpit.tui.modals.sheet import Sheet

            today = self.host.desk.today()
            title = f"{item.kind.capitalize()} {item.data.id} · {item.data.account}"
            self.app.push_screen(Sheet(title, lambda width, p: render.whole_lines(item, today, width, p), self.host.palette))


def _filled(values: Values) -> Values:
    return {name: value for name, value in values.items() if value}
