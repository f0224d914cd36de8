"""Reading queries: trees, errors that point, completion, help."""

from __future__ import annotations

import sqlite3
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from db.query import QueryError, compile_query, complete, field_help, parse, render, value_sql, widened
from db.query.ast import And, Node, Not, Or, Term, Text, Value
from db.query.help import tables
from db.query.parse import MAX_DEPTH, MAX_LENGTH, MAX_VALUES, MAX_WORD
from db.query.spec import Entity
from db.reads.cta import FROM
from db.values import moment_text

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PAGE = Path(__file__).parents[2] / "docs" / "queries.md"


def compiled(text: str, entity: str = "cta", **options: Any) -> Any:
    return compile_query(text, entity, **({"today": NOW.date(), "now": NOW, "me_id": 1} | options))


def error(text: str, entity: str = "cta", **options: Any) -> QueryError:
    with pytest.raises(QueryError) as caught:
        compiled(text, entity, **options)
    return caught.value


# ── trees ────────────────────────────────────────────────────────────────────


def term(name: str, *values: Value | str) -> Term:
    return Term(name, tuple(value if isinstance(value, Value) else Value(value) for value in values))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", And(())),
        ("  \t\n ", And(())),
        ("acme health", And((Text("acme"), Text("health")))),
        ('"acme health"', Text("acme health")),
        (r'"say \"hi\" \\"', Text(r'say "hi" \\'.replace("\\\\", "\\"))),
        ("type:risk,event", term("type", "risk", "event")),
        ("TYPE:Risk", term("type", "Risk")),
        ("no-touch:60d", term("no_touch", "60d")),
        ("arr>=50k", term("arr", Value("50k", ">="))),
        ("arr:==50k", term("arr", Value("50k", "="))),
        ("renewal:75d..90d", term("renewal", Value("75d", high="90d"))),
        ("renewal:..90d", term("renewal", Value("", high="90d"))),
        ("renewal:<7d,>90d", term("renewal", Value("7d", "<"), Value("90d", ">"))),
        ('reason:"a, b"', term("reason", Value("a, b", quoted=True))),
        ("served_by:(pool OR hybrid)", term("served_by", "pool", "hybrid")),
        ("served_by:( pool,hybrid )", term("served_by", "pool", "hybrid")),
        ("a b OR c", Or((And((Text("a"), Text("b"))), Text("c")))),
        ("a AND b", And((Text("a"), Text("b")))),
        ("(a OR b) c", And((Or((Text("a"), Text("b"))), Text("c")))),
        ("((a b) c)", And((Text("a"), Text("b"), Text("c")))),
        ("-type:risk", Not(term("type", "risk"))),
        ("NOT type:risk", Not(term("type", "risk"))),
        ("-(a OR b)", Not(Or((Text("a"), Text("b"))))),
        ("this or that", And((Text("this"), Text("or"), Text("that")))),
        ("region:OR", term("region", "OR")),
        ("10:30 follow-up", And((Text("10:30"), Text("follow-up")))),
    ],
)
def test_trees(text: str, tree: Node) -> None:
    assert parse(text) == tree
    assert parse(render(tree)) == tree


words = st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=8).filter(
    lambda word: word.strip()
)
bare = st.from_regex(r"[A-Za-z0-9_*%.-]{1,6}", fullmatch=True).filter(lambda word: ".." not in word and word[0] != "-")
ends = st.from_regex(r"[0-9]{1,3}d", fullmatch=True)
values = st.one_of(
    st.builds(Value, bare, st.sampled_from(["", "<", "<=", ">", ">=", "=", "!="])),
    st.builds(lambda text, op: Value(text, op, quoted=True), words, st.sampled_from(["", "=", "!="])),
    st.builds(lambda low, high: Value(low, high=high), ends, ends | st.just("")),
)
leaves = st.one_of(
    st.builds(Text, words),
    st.builds(
        lambda name, chosen: Term(name, tuple(chosen)),
        st.from_regex(r"[a-z][a-z0-9_]{0,7}", fullmatch=True),
        st.lists(values, min_size=1, max_size=3),
    ),
)


def joined(kind: type[And] | type[Or], parts: list[Node]) -> Node:
    """As the parser builds them: no AND in an AND."""
    flat: list[Node] = []
    for part in parts:
        flat += part.parts if isinstance(part, kind) else (part,)
    return kind(tuple(flat))


trees = st.recursive(
    leaves,
    lambda parts: st.one_of(
        parts.map(Not),
        st.lists(parts, min_size=2, max_size=3).map(lambda found: joined(And, found)),
        st.lists(parts, min_size=2, max_size=3).map(lambda found: joined(Or, found)),
    ),
    max_leaves=6,
)


@given(trees)
def test_what_is_rendered_reads_the_same(tree: Node) -> None:
    assert parse(render(tree)) == tree


# ── any text at all ──────────────────────────────────────────────────────────

pieces = st.sampled_from(
    ["type:", "risk", "arr:", ">=", "<", "20k", "..", ",", "(", ")", "-", " ", '"', "OR", "AND", "NOT", "due:", "7d", "is:",
     "open", "me", "none", "any", "owner:", "health", ":", "=", "!", "\\", "%", "_", "*", "ä", "ß", "İ", "event:", "99999d",
     "9999-12-31", "0001-01-01", "renewal:", "opened:", "3h", "5bd", "nps_age:", "usage_drop:", "text:", "#17", "id:", "\x00",
     "\ud800", "\x1f", "1e9", "²", "٣", "account:", "priority:", "band:", "this_week", "no_touch:", "'", ";", "--", "\u2028"]
)  # fmt: skip


@pytest.fixture(scope="module")
def sqlite(sqlite_templates: dict[str, Path]) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{sqlite_templates['bare']}?mode=ro", uri=True)


HOSTS = {
    "cta": FROM, "account": "FROM account a", "person": "FROM person n",
    "activity": "FROM activity v JOIN account a ON a.id = v.account_id",
}  # fmt: skip


def run(raw: sqlite3.Connection, text: str, entity: str = "cta") -> QueryError | None:
    """Executes it both ways, or returns why it cannot be read."""
    for walk in (True, False):
        try:
            where = compiled(text, entity, walk=walk)
        except QueryError as refused:
            return refused
        params = {name: value.isoformat() if isinstance(value, date) else value for name, value in where.params.items()}
        moments = {name: moment_text(value) for name, value in where.params.items() if isinstance(value, datetime)}
        raw.execute(f"SELECT 1 {HOSTS[entity]} WHERE {where.sql}", params | moments).fetchall()
    return None


@given(st.one_of(st.text(max_size=60), st.lists(pieces, max_size=14).map("".join)), st.sampled_from(list(Entity)))
@settings(max_examples=400, deadline=None)
@example("opened:>9000-12-31", Entity.CTA)
@example("due:<1000-01-01", Entity.CTA)
@example("arr:1e5", Entity.CTA)
@example("\ud83d", Entity.CTA)
def test_any_text_runs_or_is_refused_with_its_place(sqlite: sqlite3.Connection, text: str, entity: Entity) -> None:
    refused = run(sqlite, text, entity)
    if refused is not None:
        assert refused.position >= 0
        assert refused.position + refused.length <= max(len(text), 1)
        assert refused.message
        assert refused.pointed(text)
    for cursor in {0, len(text) // 2, len(text)}:
        for offer in complete(text, cursor, entity, lambda source: ["risk", "two words", 'q"uote', ""]):
            assert 0 <= offer.start <= offer.end <= len(text)


@pytest.mark.parametrize(
    "text",
    [
        "(" * (MAX_DEPTH - 1) + "type:risk OR acme" + ") x" * (MAX_DEPTH - 1),
        "-(" * (MAX_DEPTH // 2 - 1)
        + "event:a event_age:<3d OR network_coverage:<5%"
        + " OR y) z" * (MAX_DEPTH // 2 - 1),
        "NOT " * (MAX_DEPTH - 1) + "network_coverage:<5%",
        " ".join(f"w{n}" for n in range(MAX_VALUES)),
        " OR ".join(f"w{n}" for n in range(MAX_VALUES)),
        " OR ".join(f"größe{n} -type:risk" for n in range(MAX_VALUES // 2)),
        "id:" + ",".join(str(n) for n in range(MAX_VALUES)),
        "account:" + ",".join(f"größe{n}" for n in range(MAX_VALUES)),
        "event:" + ",".join(f"a_{n}<5d" for n in range(MAX_VALUES)),
        "ß" * MAX_WORD + " " + "Ä" * MAX_WORD,
        'account:"' + "*" * MAX_WORD + '"',
    ],
    ids=range(11),
)
def test_the_largest_queries_run(sqlite: sqlite3.Connection, text: str) -> None:
    assert run(sqlite, text) is None


@pytest.mark.parametrize(
    "text",
    [
        "(" * 5000,
        "-" * 5000,
        "-(" * 2000,
        "NOT " * 4000,
        "a " * 9000,
        "x" * (MAX_LENGTH + 1),
        "x" * (MAX_WORD + 1),
        "id:" + "1," * 9000,
    ],
    ids=range(8),
)
def test_larger_ones_are_refused(text: str) -> None:
    assert str(error(text))


# ── errors point ─────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "marked", "suggestion"),
    [
        ("type:risk helth:<60", "helth", "health"),
        ("Ownr:me", "ownr", "owner"),
        ("is:unasigned", "unasigned", "unassigned"),
        ("priority:hihg", "hihg", "high"),
        ("renewal:<90", "90", "90d"),
        ("usage_drop:>30k", "30k", "30%"),
        ("health:<60%", "60%", "60"),
        ("arr:>=20,000", "000", "20000"),
        ("due:tomorow", "tomorow", "tomorrow"),
        ("type: risk", ":", "type:risk"),
        ("health:<6o", "6o", None),
        ("due:2026-02-30", "2026-02-30", None),
        ("due:<99999y", "99999y", None),
        ("arr:>9999999999999999999", "9999999999999999999", None),
        ("type:<risk", "risk", None),
        ("band:>red", "red", None),
        ("due:<4h", "4h", None),
        ("opened:4h", "4h", None),
        ("acme (a OR", "or", None),
        ("(a b", "(", None),
        ("a )", ")", None),
        ("a OR OR b", "or", '"OR"'),
        ("OR a", "or", '"OR"'),
        ("()", "(", None),
        ("type:", ":", None),
        ("type:risk,", ",", None),
        ('"abc', '"', '"abc"'),
        ('""', '""', None),
        ("a -", "-", None),
        ("renewal:..", "..", None),
        ("renewal:<7d..9d", "<", None),
        ("due:overdue..7d", "overdue..7d", None),
        ("type:risk,!=event", "!=", None),
        ("wibble:x", "wibble", None),
        ("a\x00b", "\x00", None),
        ("account:*a*b*c*d*e", "*a*b*c*d*e", None),
    ],
)
def test_errors_point_at_the_place_and_name_the_nearest(text: str, marked: str, suggestion: str | None) -> None:
    found = error(text)
    assert text[found.position : found.position + found.length].lower() == marked
    assert found.suggestion == suggestion
    assert suggestion is None or suggestion in found.message or marked in (":", '"')


def test_a_field_of_something_else_is_said_to_be_one() -> None:
    assert error("health:<60", "person").message.startswith("health is not asked about people, but about CTAs")


def test_the_place_is_shown_under_the_query() -> None:
    assert error("type:risk helth:<60").pointed("type:risk helth:<60") == "type:risk helth:<60\n          ^^^^^"


def test_me_needs_somebody() -> None:
    for text in ("owner:me", "is:mine"):
        assert "Nobody is asking" in error(text, me_id=None).message


def test_known_names_are_checked_where_the_host_knows_them() -> None:
    names = {"segment.name": ["Enterprise", "Mid-market"]}
    known = {"values": lambda source: names.get(source, [])}
    assert error("segment:enterprize", **known).suggestion == "Enterprise"
    for text in ("segment:mid_market", "segment:ENTERPRISE", "segment:ent*", "segment:none", "type:risk"):
        compiled(text, **known)


def test_what_the_user_types_is_never_in_the_sql() -> None:
    text = (
        'type:zzz1 arr:>=71k "zzz2" due:<71d health:71 opened:<71h event:zzz3 external:zzz4 is:open zzz5ä owner:zzz6,me'
    )
    where = compiled(text)
    assert "zzz" not in where.sql
    assert "71" not in where.sql
    assert set(where.params) == {f"q{n}" for n in range(len(where.params))}
    assert where.joins == {"c", "a"}


# ── completion and help ──────────────────────────────────────────────────────

KNOWN = {"cta_type.name": ["risk", "event"], "csm.login": ["ana", "ben"], "segment.name": ["Mid market", "SMB"]}


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        ("ren|", "renewal:"),
        ("type:risk -seg|", "type:risk -segment:"),
        ("(arr:>=20k OR hea|", "(arr:>=20k OR health:"),
        ("hea| type:risk", "health: type:risk"),
        ("is:una|", "is:unassigned"),
        ("type:ri|", "type:risk"),
        ("type:risk,ev|", "type:risk,event"),
        ("type:ri|sk", "type:risk"),
        ("owner:m|", "owner:me"),
        ("owner:b|", "owner:ben"),
        ("segment:mid|", 'segment:"Mid market"'),
        ('segment:"mi|', 'segment:"Mid market"'),
        ("served_by:(pool OR hy|", "served_by:(pool OR hybrid"),
        ("due:tod|", "due:today"),
        ("priority:hi|", "priority:high"),
        ("health_change|:<3", "health_change_30d:<3"),
        ("nonsens|", None),
        ('"seg|', None),
    ],
)
def test_completion(text: str, becomes: str | None) -> None:
    cursor = text.index("|")
    typed = text.replace("|", "")
    offers = complete(typed, cursor, "cta", lambda source: KNOWN.get(source, []))
    first = offers[0] if offers else None
    assert (typed[: first.start] + first.insert + typed[first.end :] if first else None) == becomes


def test_an_empty_line_offers_every_field() -> None:
    assert [offer.insert for offer in complete("", 0, "person")] == [f"{known.name}:" for known in field_help("person")]
    assert all(offer.help for offer in complete("", 0, "cta"))


@pytest.mark.parametrize("entity", list(Entity))
def test_every_field_explains_itself(entity: Entity) -> None:
    for known in field_help(entity):
        assert known.meaning.endswith("."), known.name
        assert known.examples, known.name


def test_known_values_are_asked_for_with_sql_that_runs(sqlite: sqlite3.Connection) -> None:
    from db.query.fields import FIELDS

    for source in {field.source for field in FIELDS if field.source}:
        sqlite.execute(value_sql(source), {"limit": 1})


def test_the_page_is_what_the_fields_say() -> None:
    """``python -c "from db.query.help import tables; print(tables())"`` prints what belongs between the marks."""
    _, _, rest = PAGE.read_text().partition("<!-- fields -->\n")
    assert rest.partition("<!-- end of fields -->")[0].strip() == tables()


def test_the_page_s_examples_are_understood() -> None:
    page = PAGE.read_text().partition("<!-- fields -->")[0]
    queries = [line for block in page.split("```")[1::2] for line in block.splitlines()[1:] if line]
    assert len(queries) > 10
    for line in queries:
        compiled(line.partition("  #")[0].strip())


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("type:ri", "type:risk"), ("type:risk", "type:risk"), ("priority:h arr", "priority:h arr"), ("arr:>2", "arr:>2"),
        ("is:sno", "is:snoozed"), ("-is:sno", "-is:snoozed"), ("due:1", "due:1"), ("owner:b", "owner:ben,bo"), ("owner:ben", "owner:ben"),
        ("owner:z", "owner:z"), ("tpe:ri", "tpe:ri"), ("type:", "type:"), ("type:r*", "type:r*"), ("acme ri", "acme ri"),
        ("type:(ri", "type:(ri"), ("type:risk,op", "type:risk,opportunity"), ("owner:n", "owner:n"),
    ],
)  # fmt: skip
def test_half_a_value_is_read_as_all_that_begin_with_it(text: str, read: str):
    names = {"cta_type.name": ("risk", "opportunity", "event"), "csm.login": ("ben", "bo", "ana")}
    assert widened(text, len(text), "cta", lambda source: names.get(source, ())) == read
