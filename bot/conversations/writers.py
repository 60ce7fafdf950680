"""Database guards of who may write: the fence grows with each change, and no bot line is written
while a person has the conversation."""

from sqlalchemy import DDL, Table, event

# What must hold of a conversation after each change of it, as `NEW` and `OLD` see it.
_FENCE = (
    "NEW.fence < OLD.fence OR (NEW.fence = OLD.fence AND (NEW.mode <> OLD.mode "
    "OR COALESCE(NEW.agent, '') <> COALESCE(OLD.agent, '')))"
)
_HOLDER = (
    "(NEW.mode = 'human') <> (NEW.agent IS NOT NULL) "
    "OR (NEW.mode = 'waiting' AND NEW.waiting_since IS NULL)"
)
_MODE = "(SELECT mode FROM conversations WHERE id = NEW.conversation_id)"
_WRITER = (
    f"(NEW.author = 'bot' AND {_MODE} = 'human') OR (NEW.author = 'agent' AND {_MODE} <> 'human')"
)

# Trigger: table, statement before which it looks, what is refused, and the words of the refusal.
GUARDS = {
    "conversations_fence": ("conversations", "UPDATE", _FENCE, "the fence must grow"),
    "conversations_holder": ("conversations", "UPDATE", _HOLDER, "human means an agent"),
    "messages_writer": ("messages", "INSERT", _WRITER, "another writes here now"),
}


def guard(table: Table) -> None:
    """Guard a table wherever its metadata makes it; migrations hold the same statements."""
    for statement in sqlite_guards(table.name):
        _after_create(table, statement, "sqlite")
    for statement in postgres_guards(table.name):
        _after_create(table, statement, "postgresql")


def sqlite_guards(of: str) -> list[str]:
    """The triggers of SQLite on a table."""
    return [
        f"CREATE TRIGGER {name} BEFORE {verb} ON {table} WHEN {refused} "
        f"BEGIN SELECT RAISE(ABORT, '{words}'); END"
        for name, (table, verb, refused, words) in GUARDS.items()
        if table == of
    ]


def postgres_guards(of: str) -> list[str]:
    """The triggers of PostgreSQL on a table, each with its function."""
    return [
        statement
        for name, (table, verb, refused, words) in GUARDS.items()
        if table == of
        for statement in (
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger AS $$ BEGIN "
            f"IF {refused} THEN RAISE EXCEPTION USING MESSAGE = '{words}', ERRCODE = '23514'; "
            "END IF; RETURN NEW; END $$ LANGUAGE plpgsql",
            f"CREATE TRIGGER {name} BEFORE {verb} ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {name}()",
        )
    ]


def _after_create(table: Table, statement: str, dialect: str) -> None:
    trigger = DDL(statement)  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped
    event.listen(table, "after_create", trigger.execute_if(dialect=dialect))
