"""What the database itself refuses: a change of state that the table of states does not know or
that has no entry in the history, and an entry changed or removed afterwards."""

from collections.abc import Iterable, Sequence
from enum import StrEnum

from sqlalchemy import DDL, FromClause, Index, Table, event, text

from bot.tickets.states import SETTLED, TRANSITIONS, TicketState


def listed(values: Iterable[StrEnum]) -> str:
    """Values as SQL lists them."""
    return ", ".join(f"'{value.value}'" for value in values)


# Queries repeat these to the letter: only then does SQLite use the partial index.
LIVE = f"state NOT IN ({listed(SETTLED)})"
SETTLING = "settles_at IS NOT NULL"

_MOVES = ", ".join(f"'{each.start}>{each.event}>{each.end}'" for each in TRANSITIONS)
KNOWN_MOVE = (
    "(place IS NULL AND from_state IS NULL AND to_state IS NULL)"
    f" OR (place = 0 AND from_state IS NULL AND to_state = '{TicketState.SUBMITTED}')"
    " OR (place > 0 AND from_state IS NOT NULL AND to_state IS NOT NULL"
    f" AND from_state || '>' || what || '>' || to_state IN ({_MOVES}))"
)

# An entry may lose its words when a shopper's data is erased, and nothing else, ever.
LINE = "\n  "
_COLUMNS = ("id", "ticket_id", "who", "what", "place", "from_state", "to_state", "at")

SQLITE = (
    """CREATE TRIGGER tickets_move BEFORE UPDATE OF state, moves ON tickets
WHEN (NEW.state <> OLD.state OR NEW.moves <> OLD.moves) AND NOT (
  NEW.moves = OLD.moves + 1 AND EXISTS (
    SELECT 1 FROM ticket_events WHERE ticket_id = NEW.id AND place = NEW.moves
      AND from_state = OLD.state AND to_state = NEW.state))
BEGIN SELECT RAISE(ABORT, 'a case moves only with an entry in its history'); END""",
    f"""CREATE TRIGGER ticket_events_update BEFORE UPDATE ON ticket_events
WHEN NEW.why <> ''{"".join(f"{LINE}OR NEW.{name} IS NOT OLD.{name}" for name in _COLUMNS)}
BEGIN SELECT RAISE(ABORT, 'ticket_events is written once'); END""",
    """CREATE TRIGGER ticket_events_delete BEFORE DELETE ON ticket_events
BEGIN SELECT RAISE(ABORT, 'ticket_events is written once'); END""",
    """CREATE TRIGGER ticket_events_again BEFORE INSERT ON ticket_events
WHEN EXISTS (SELECT 1 FROM ticket_events WHERE id = NEW.id
  OR (ticket_id = NEW.ticket_id AND place = NEW.place))
BEGIN SELECT RAISE(ABORT, 'ticket_events is written once'); END""",
)

POSTGRES = (
    """CREATE OR REPLACE FUNCTION check_ticket_move() RETURNS trigger AS $$
BEGIN
  IF (NEW.state <> OLD.state OR NEW.moves <> OLD.moves) AND NOT (
    NEW.moves = OLD.moves + 1 AND EXISTS (
      SELECT 1 FROM ticket_events WHERE ticket_id = NEW.id AND place = NEW.moves
        AND from_state = OLD.state AND to_state = NEW.state)) THEN
    RAISE EXCEPTION USING ERRCODE = '23514',
      MESSAGE = 'a case moves only with an entry in its history';
  END IF;
  RETURN NEW;
END
$$ LANGUAGE plpgsql""",
    """CREATE TRIGGER tickets_move BEFORE UPDATE OF state, moves ON tickets
FOR EACH ROW EXECUTE FUNCTION check_ticket_move()""",
    f"""CREATE OR REPLACE FUNCTION check_ticket_event() RETURNS trigger AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF NEW.why = ''{"".join(f"{LINE}AND NEW.{c} IS NOT DISTINCT FROM OLD.{c}" for c in _COLUMNS)}
    THEN RETURN NEW; END IF;
  END IF;
  RAISE EXCEPTION USING MESSAGE = 'ticket_events is written once', ERRCODE = '23001';
END
$$ LANGUAGE plpgsql""",
    """CREATE TRIGGER ticket_events_written_once BEFORE UPDATE OR DELETE ON ticket_events
FOR EACH ROW EXECUTE FUNCTION check_ticket_event()""",
)


def partial_index(name: str, where: str, *columns: str, unique: bool = False) -> Index:
    """An index over the rows of a condition alone."""
    condition = text(where)
    return Index(name, *columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


def keep_history(events: FromClause) -> None:
    """Guard history and cases wherever their metadata makes them; the migration holds the same.

    The guards name both tables, so they wait for the history, which is made after the cases.
    """
    assert isinstance(events, Table)
    for dialect, statements in (("sqlite", SQLITE), ("postgresql", POSTGRES)):
        _after_create(events, dialect, statements)


def _after_create(table: Table, dialect: str, statements: Sequence[str]) -> None:
    for statement in statements:
        guard = DDL(statement)  # type: ignore[no-untyped-call]
        event.listen(table, "after_create", guard.execute_if(dialect=dialect))
