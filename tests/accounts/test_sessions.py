"""Signing in, staying signed in, being locked out."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot.accounts import repository
from bot.accounts.models import AuditEntry, SignIn
from bot.accounts.roles import May, Role
from bot.accounts.secrets import Passwords, SecondFactor, WeakPassword
from bot.accounts.service import Forbidden, Identity, NewUser, Users
from bot.accounts.sessions import Entered, LockedOut, Sessions, SignedOut, WrongLogin
from bot.db import Database
from bot.errors import Conflict
from tests.fixtures.desk import database_url, postgres_desk_url
from tests.fixtures.tables import with_tables

__all__ = ["database_url", "postgres_desk_url"]

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
OWN = "yu-hou-de-shan-lu-9"


@dataclass
class House:
    """Accounts on a real database, and a clock moved by hand."""

    db: Database
    users: Users
    sessions: Sessions
    now: datetime = NOON

    def hire(self, login: str, *roles: Role) -> tuple[str, str]:
        with self.db.write() as session:
            new = NewUser(login, login.title(), frozenset(roles or (Role.AGENT,)))
            user, password = self.users.add(session, new, "test", self.now)
            return user.id, password

    def enter(self, login: str, password: str) -> Entered:
        with self.db.write() as session:
            result = self.sessions.enter(session, login, password, "127.0.0.1", self.now)
        if isinstance(result, Entered):
            return result
        raise result

    def change(self, token: str, old: str, new: str = OWN) -> str:
        with self.db.write() as session:
            result = self.sessions.change_password(session, token, old, new, self.now)
        if isinstance(result, str):
            return result
        raise result

    def confirm(self, token: str, code: str) -> str:
        with self.db.write() as session:
            result = self.sessions.confirm(session, token, code, self.now)
        if isinstance(result, str):
            return result
        raise result

    def who(self, token: str) -> Identity | None:
        with self.db.write() as session:
            present = self.sessions.who(session, token, self.now)
            if present and present.unseen:
                self.sessions.saw(session, present.sign_in, self.now)
            return present.identity if present else None

    def at_work(self, login: str = "lin", *roles: Role) -> str:
        _, password = self.hire(login, *roles)
        return self.change(self.enter(login, password).token, password)


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    db = with_tables(database_url)
    passwords = Passwords(Argon2Hasher(time_cost=1, memory_cost=64, parallelism=1))
    yield House(db, Users(passwords), Sessions(passwords, SecondFactor("a key of this house")))
    db.close()


def test_the_first_password_opens_nothing_until_it_is_changed(house: House) -> None:
    _, password = house.hire("lin")
    entered = house.enter("lin", password)
    assert entered.todo == "password"
    assert house.who(entered.token) is None

    token = house.change(entered.token, password)

    identity = house.who(token)
    assert identity is not None
    assert identity.login == "lin"
    assert house.who(entered.token) is None  # the token was changed for a fresh one
    assert house.enter("lin", OWN).todo is None


@pytest.mark.parametrize("new", ["short", "1234567890", "linlinlin-99", "aaaaaaaaaaaa", "x" * 129])
def test_a_weak_password_is_refused(house: House, new: str) -> None:
    _, password = house.hire("lin")
    entered = house.enter("lin", password)
    with pytest.raises(WeakPassword):
        house.change(entered.token, password, new)


def test_the_old_password_is_no_new_one(house: House) -> None:
    _, password = house.hire("lin")
    with pytest.raises(WeakPassword):
        house.change(house.enter("lin", password).token, password, password)


@pytest.mark.parametrize(("login", "password"), [("lin", "wrong"), ("nobody", "x"), ("", "")])
def test_what_was_wrong_is_not_told(house: House, login: str, password: str) -> None:
    house.hire("lin")
    with pytest.raises(WrongLogin) as refused:
        house.enter(login, password)
    assert refused.value.details == {}


def test_failures_lock_the_account_twice_as_long_each_time(house: House) -> None:
    _, password = house.hire("lin")
    for _ in range(5):
        with pytest.raises(WrongLogin):
            house.enter("lin", "wrong")
    with pytest.raises(LockedOut) as first:
        house.enter("lin", password)  # not even with the right one
    house.now += timedelta(seconds=31)
    with pytest.raises(WrongLogin):
        house.enter("lin", "wrong")
    with pytest.raises(LockedOut) as second:
        house.enter("lin", password)

    assert (first.value.details["retry_after"], second.value.details["retry_after"]) == (31, 61)
    house.now += timedelta(seconds=61)
    assert house.enter("lin", password)


def test_a_session_ends_when_idle_and_at_the_latest_after_a_shift(house: House) -> None:
    token = house.at_work()
    house.now += timedelta(minutes=31)
    assert house.who(token) is None

    token = house.enter("lin", OWN).token
    for _ in range(25):
        house.now += timedelta(minutes=29)
        house.who(token)
    assert house.who(token) is None


def test_a_token_is_changed_for_a_new_one_every_hour(house: House) -> None:
    token = house.at_work()
    for _ in range(3):
        house.now += timedelta(minutes=25)
        assert house.who(token)
    with house.db.write() as session:
        fresh = house.sessions.renewed(session, token, house.now)
        again = house.sessions.renewed(session, token, house.now)
    assert fresh is not None
    assert again is None
    assert house.who(token) is None
    assert house.who(fresh)


def test_stopping_an_account_ends_its_sessions_at_once(house: House) -> None:
    house.at_work("boss", Role.ADMIN)
    token = house.at_work("lin")
    identity = house.who(token)
    assert identity is not None
    with house.db.write() as session:
        house.users.stop(session, identity.user_id, "boss", house.now)
    assert house.who(token) is None
    with pytest.raises(WrongLogin):
        house.enter("lin", OWN)


def test_other_powers_need_a_new_sign_in(house: House) -> None:
    token = house.at_work("lin", Role.AGENT)
    identity = house.who(token)
    assert identity is not None
    with house.db.write() as session:
        roles = [Role.AGENT, Role.SUPERVISOR]
        house.users.set_roles(session, identity.user_id, roles, "boss", house.now)
    assert house.who(token) is None
    identity = house.who(house.enter("lin", OWN).token)
    assert identity is not None
    assert identity.may(May.SUPERVISE)
    with pytest.raises(Forbidden):
        identity.need(May.MANAGE_USERS)


def test_the_last_administrator_cannot_be_removed(house: House) -> None:
    boss, _ = house.hire("boss", Role.ADMIN)
    with pytest.raises(Conflict), house.db.write() as session:
        house.users.stop(session, boss, "boss", house.now)
    with pytest.raises(Conflict), house.db.write() as session:
        house.users.set_roles(session, boss, [Role.AGENT], "boss", house.now)


def test_a_second_factor_is_asked_for_and_a_code_counts_once(house: House) -> None:
    token = house.at_work()
    plain = _turn_on_second_factor(house, token)
    entered = house.enter("lin", OWN)
    assert entered.todo == "code"
    assert house.who(entered.token) is None
    with pytest.raises(SignedOut):  # nor can it be gone round by changing the password
        house.change(entered.token, OWN, "another-long-road-7")

    house.now += timedelta(seconds=60)
    code = pyotp.TOTP(plain).at(house.now)
    fresh = house.confirm(entered.token, code)

    assert house.who(fresh)
    with pytest.raises(WrongLogin):
        house.confirm(house.enter("lin", OWN).token, code)


def test_guessing_codes_locks_the_account(house: House) -> None:
    _turn_on_second_factor(house, house.at_work())
    entered = house.enter("lin", OWN)
    for _ in range(5):
        with pytest.raises(WrongLogin):
            house.confirm(entered.token, "000000")
    with pytest.raises(LockedOut):
        house.confirm(entered.token, "000000")
    with pytest.raises(LockedOut):  # and the right password does not start the count anew
        house.enter("lin", OWN)


def test_a_reset_gives_a_new_first_password_and_opens_the_lock(house: House) -> None:
    token = house.at_work()
    _turn_on_second_factor(house, token)
    identity = house.who(token)
    assert identity is not None
    with house.db.write() as session:
        password = house.users.reset_password(session, identity.user_id, "boss", house.now)
    assert house.who(token) is None
    assert house.enter("lin", password).todo == "password"


def test_only_hashes_of_tokens_and_passwords_are_kept(house: House) -> None:
    token = house.at_work()
    plain = _turn_on_second_factor(house, token)
    with house.db.read() as session:
        kept = str([row.__dict__ for row in session.scalars(select(SignIn))])
        kept += str([user.__dict__ for user in repository.users(session)])
    assert token not in kept
    assert OWN not in kept
    assert plain not in kept


def test_privileged_acts_stand_in_a_log_that_cannot_be_edited(house: House) -> None:
    token = house.at_work("lin")
    identity = house.who(token)
    assert identity is not None
    with house.db.write() as session:
        house.users.set_roles(session, identity.user_id, [Role.AUDITOR], "boss", house.now)
    with house.db.read() as session:
        acts = [(entry.who, entry.what) for entry in repository.audit(session, 10)]
    assert acts[0] == ("boss", "roles_changed")
    assert ("lin", "password_changed") in acts
    for change in ("UPDATE audit_log SET who = 'me'", "DELETE FROM audit_log"):
        with pytest.raises(DBAPIError), house.db.write() as session:
            session.execute(text(change))
    assert _count(house) == len(acts)


def test_a_new_installation_gets_one_administrator_once(house: House) -> None:
    with house.db.write() as session:
        first = house.users.first(session, house.now)
        second = house.users.first(session, house.now)
    assert first is not None
    assert second is None
    user, password = first
    assert house.enter(user.login, password).todo == "password"


def _count(house: House) -> int:
    with house.db.read() as session:
        return len(session.scalars(select(AuditEntry)).all())


def _turn_on_second_factor(house: House, token: str) -> str:
    identity = house.who(token)
    assert identity is not None
    with house.db.write() as session:
        plain = _begin(house, session, identity.user_id)
        code = pyotp.TOTP(plain).at(house.now)
        user = house.users.get(session, identity.user_id)
        assert house.sessions.finish_factor(session, user, code, house.now)
    return plain


def _begin(house: House, session: Session, user_id: str) -> str:
    address, plain = house.sessions.begin_factor(session, house.users.get(session, user_id))
    assert address.startswith("otpauth://totp/")
    return plain


def test_an_open_page_learns_that_its_session_has_ended(house: House) -> None:
    token = house.at_work()
    with house.db.write() as session:
        present = house.sessions.who(session, token, house.now)
        assert present is not None
        assert house.sessions.still(session, present.sign_in, house.now) == present
        assert house.sessions.open_ones(session, [present.sign_in, "other"], house.now) == {
            present.sign_in
        }
        house.sessions.leave(session, token, house.now)
        assert house.sessions.still(session, present.sign_in, house.now) is None
        assert house.sessions.open_ones(session, [present.sign_in], house.now) == set()
