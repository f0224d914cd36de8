"""What the people of the demo say and write. ``{}`` fields are filled where a text is used."""

from __future__ import annotations

DETRACTOR = (
    "support is slow", "We wait days for an answer and explain everything twice.",
    "The last release broke our reports and nobody told us.", "Too many clicks for what we do every morning.",
    "We were promised an import that still does not work.", "The tool is fine, but we feel left alone with it.",
    "Hard to see what we pay for.", "Two outages in a month is two too many.",
)  # fmt: skip
PASSIVE = (
    "Does the job. The mobile view needs work.", "Good, but the reports could be quicker.", "Fine so far, ask again after the roll-out.",
    "Useful for planning, less so for the shop floor.", "OK.",
)  # fmt: skip
PROMOTER = (
    "Saved us a day a week in planning.", "My whole team starts the morning in it.", "Best onboarding we have had with any supplier.",
    "Your people know our business.", "We found the cause of our scrap in the first month.", "Easy to recommend.",
)  # fmt: skip
CSAT_GOOD = ("Quick and clear.", "Solved on the first call.", "Thank you, that was it.", "")
CSAT_BAD = (
    "Answered the question I did not ask.",
    "Took a week.",
    "Closed without being solved.",
    "Still waiting for the fix.",
)
TICKETS = (
    "Export stops at 10,000 rows", "Single sign-on loops back to the login page", "Dashboard does not load in the morning",
    "Wrong totals in the weekly report", "Cannot add a new user", "Sync with the ERP is two days behind",
    "Password reset mail does not arrive", "Filter forgets its setting", "Chart shows last month twice",
    "Slow since the last release", "Permission missing for shift leads", "Import refuses dates",
)  # fmt: skip
URGENT = ("Nobody can log in", "All reports are empty", "Data of two plants is mixed up", "Nightly sync stopped")
NEWS = {
    "acquisition": (
        "Acquired by {other}",
        "{name} was bought by {other}; contracts are to be reviewed by the new owner.",
    ),
    "layoffs": ("Layoffs announced", "Press: {name} cuts one job in ten; operations is affected."),
    "new_exec": ("New COO", "{person} joins {name} as COO."),
    "outage_hit": ("Hit by our outage", "Their morning shift could not work for two hours."),
}
ASKED = (
    "Wants a second workspace", "Asked for single sign-on", "Training for new starters", "Question about the price list",
    "Wants to talk to another customer", "Data export for an audit", "Needs a quarterly review", "Asked for a roadmap call",
    "New plant wants to join", "Wants usage by department", "Security questionnaire", "Contract copy and notice date",
    "Asked how others use alerts", "Wants API access", "Change of billing address", "Workshop on the new planner",
)  # fmt: skip
LEFT_NOTES = (
    "Called twice, no answer. Try the sponsor.", "Mail sent, answer expected next week.", "Speaks better German than English.",
    "Wait for support to close the ticket first.", "Prefers a call before ten.",
)  # fmt: skip
SNOOZES = (
    "Back from holiday then",
    "Budget decision due",
    "Waits for our fix",
    "Asked for a call next month",
    "Site closed until then",
)

MEETINGS = (
    ("Quarterly review", "Went through goals and usage. {person} wants fewer reports and more alerts."),
    ("Working session on reports", "Rebuilt two reports together; {person} takes over from here."),
    ("Roadmap call", "Showed what comes next. Interest in the planner, none in the mobile app."),
    ("Meet the team", "Met the people who use it daily. Two want training."),
    ("Value recap", "They count four hours saved a week and line. {person} will put that in writing."),
)
CALLS = (
    ("Check-in call", "All well. {person} asks when the export limit goes."),
    ("Call about last week's tickets", "{person} is content with the fix, less with the wait."),
    ("Short call on usage", "New shift plan, so fewer people log in. {person} will look at it."),
    ("Follow-up call", "Agreed the next two steps; {person} sends the list of users."),
)
EMAILS = (
    ("Monthly usage summary", "Sent the figures of the month with one suggestion."),
    ("Answer on licence terms", "Explained terms and notice date to {person}."),
    ("Tips for the new planner", "Three articles and a short video."),
    ("Invitation to the user group", "Invited {person} and two colleagues."),
)
UPDATES = (
    ("Internal: risk discussed", "Support sees no open cause; we watch the next two weeks."),
    ("Internal: account reviewed", "Nothing urgent. Value network to be widened."),
)
OUTREACH = (
    ("Value-add mail", "Sent the performance report from the template."),
    ("Second try", "Wrote to {person} after no answer by phone."),
)
STEPS = ("Send the list of open points", "Book the follow-up", "Share the training plan", "Ask for the new sponsor's name",
         "Send the offer", "Confirm the date of the workshop")  # fmt: skip

WORK_NOTES = (
    ("Looked into it", "Figures checked against the week before: the signal is right."),
    ("Asked support", "Support looks whether it is ours; answer expected tomorrow."),
    ("Prepared the call", "Read the last touches and wrote three questions."),
    ("Who decides", "Sales names the one who signs; we start with the key user."),
)
CLOSE_NOTES = {
    "success": ("Agreed a plan, on track.", "Solved with support, customer confirmed.", "Done in one call.", "Next review set.",
                "New sponsor met, network complete."),
    "unsuccessful": ("No way forward found, decision is theirs.", "Talked twice, they stay unhappy.", "Lost to a budget cut."),
    "no_action": ("Recovered by itself.", "No answer after three tries.", "Known already, nothing to do."),
    "invalid": ("Wrong figure after a late sync.", "Duplicate.", "Test users only."),
}  # fmt: skip
WORK_CALLS = {
    "success": ("Call: agreed the next steps", "Talked it through; they want this solved and named an owner."),
    "unsuccessful": ("Call: no agreement", "They see it differently; nothing agreed."),
    "no_action": ("Third try without answer", "Left a message."),
    "invalid": ("Checked the figures", "The signal was wrong."),
}
