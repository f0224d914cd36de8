"""What a template of a document may say, with values as they look."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

UNKNOWN = "not known"

SAMPLE: Mapping[str, Any] = {
    "account": dict.fromkeys(
        ("name", "health", "arr", "renewal", "notice", "auto_renew", "segment", "region", "industry", "stage", "go_live", "owner", "pool",
         "served_by"), "words",
    ) | {"relationships": ["Acme EU"]},
    "network": {"says": "2 of 3 met", "coverage": "67%", "size": 3, "last_met": "3 days ago", "thread": "words",
                "people": [{"name": "Kim", "title": "COO", "role": "driver", "last_met": "never"}]},
    "money": {"mrr": "$1", "contract": "$12", "open": "none", "not_held": ["Plus"],
              "subscriptions": [{"product": "Core", "units": "9", "mrr": "$1", "starts": "1 Jan 2026", "ends": "it runs on"}]},
    "usage": {"metrics": [{"name": "logins", "last": "9", "change": "+1% in four weeks"}], "unused": ["exports"], "weeks": 26},
    "support": {"open": 1, "high": 0, "opened": 3, "nps": "+10 of 3 answers", "csat": UNKNOWN, "training": "none",
                "answers": [{"day": "1 Nov 2026", "kind": "NPS", "score": 9, "person": "", "comment": ""}]},
    "plan": {"goals": [{"title": "Faster", "measure": "", "says": "open"}], "escalations": [{"title": "Down", "clock": "2 days"}],
             "risks": [{"title": "Late", "severity": "high", "due": "", "owner": "Ops"}]},
    "work": {"ctas": [{"title": "Renewal", "owner": "Ana", "due": "1 Dec 2026"}], "promises": [{"what": "Send it", "due": ""}]},
    "timeline": [{"day": "1 Nov 2026", "type": "call", "subject": "Hello", "who": ""}],
    "shared": [{"day": "1 Nov 2026", "type": "call", "subject": "Hello", "who": ""}],
    "doc": {"day": "23 Nov 2026", "author": "Ana", "first": "1 Sep 2026", "last": "23 Nov 2026", "illustrative": False,
            "missing": ["a notice date"], "feeds": ["usage: 1 days old"]},
}  # fmt: skip
"""Everything there is to say, with which a template is tried before it is taken."""
