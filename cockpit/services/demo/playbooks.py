"""The bundled playbooks for CTAs, step by step: (title, business days after the start, required)."""

from __future__ import annotations

Steps = tuple[tuple[str, int, bool], ...]

PLAYBOOKS: dict[str, Steps] = {
    "adoption recovery": (
        ("See what fell: feature, people, since when", 1, True),
        ("Rule out our own cause (tickets, release, sync)", 1, True),
        ("Reach out to key user and sponsor", 2, True),
        ("Second try on another channel", 6, False),
        ("Agree a plan: 1–3 goals with dates", 10, True),
        ("Training or article for each gap", 15, False),
        ("Check against the on-track criterion", 30, True),
    ),
    "NPS detractor": (
        ("Read score, comment, last five touches", 0, True),
        ("Answer in person, no template text alone", 1, True),
        ("Call; write the root cause", 4, True),
        ("Risk to the department that can fix it", 5, False),
        ("Tell the customer what we do", 10, True),
        ("Ask again how it is (not a new NPS)", 30, True),
    ),
    "NPS promoter → advocacy": (
        ("Thank, ask what worked", 2, True),
        ("Check the reference criteria", 2, True),
        ("Offer one thing: review, call, story, referral", 5, True),
        ("Get consent in writing", 10, True),
        ("Hand to marketing/sales, note reference fatigue", 12, False),
    ),
    "post go-live check-in": (
        ("Compare go-live scope with what is used", 1, True),
        ("Check required training, per person", 2, True),
        ("30-min check-in: first result, blockers", 5, True),
        ("Name the network (at least the minimum)", 6, True),
        ("Goal for 90 days, written", 8, True),
        ("Show Support and help pages", 8, False),
    ),
    "renewal 90 days": (
        ("Own forecast: will, may, won't; signal beside it", 2, True),
        ("Value summary: goals, use, results", 8, True),
        ("Confirm who decides, who signs, terms, notice date", 10, True),
        ("Value conversation with sponsor", 15, True),
        ("Risks → plan", 16, False),
        ("Offer out (sales or CSM)", 30, True),
        ("Signed or lost, with reason", 60, True),
    ),
    "sponsor left": (
        ("Confirm and mark; where did they go (lead!)", 1, True),
        ("Ask the closest member who follows", 2, True),
        ("Reach the successor; do not wait", 4, True),
        ("Value recap for the newcomer, 30 min", 12, True),
        ("New driver in the network", 15, True),
        ("Renewal forecast again", 15, True),
    ),
    "value-network build": (
        ("Candidates: active users, meeting guests, ticket writers", 1, True),
        ("Mark generators and drivers", 3, True),
        ("Ask a known member for the missing", 5, True),
        ("Book the fewest meetings that reach coverage", 8, True),
        ("Hold them, log guests, value and bottleneck", 25, True),
    ),
    "new-CSM onboarding": (
        ("Access, calendar, pool, limits at 50 %", 1, True),
        ("Demo store: claim, log, snooze, undo", 2, True),
        ("Shadow five CTAs of three types", 7, True),
        ("Product basics test or demo given", 12, True),
        ("Ten own CTAs, buddy reads the notes", 15, True),
        ("First intervention with buddy", 25, False),
        ("Review; limits to 100 %", 30, True),
    ),
}


def rows() -> list[dict[str, object]]:
    """The playbooks as rows of their table."""
    return [
        {
            "name": name,
            "steps": [{"title": title, "due_in": due, "required": required} for title, due, required in steps],
        }
        for name, steps in PLAYBOOKS.items()
    ]
