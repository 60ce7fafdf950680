"""Photos of shoppers go with their lines, and those that no line came to carry by themselves."""

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.attachments.service import Album
from bot.privacy import repository, service
from bot.privacy.jobs import Retention
from tests.fixtures.cases import Cases


@pytest.fixture
def album(tmp_path: Path) -> Album:
    return Album(tmp_path / "attachments")


def test_photos_are_gone_from_the_disk(small_cases: Cases, album: Album) -> None:
    talk = small_cases.talk()
    line, photo = small_cases.line(talk), "ab000000-0000-4000-8000-000000000001"
    for thumb in (False, True):
        _file(album, photo, small_cases.clock.now(), thumb=thumb)
    _photo_of(small_cases, talk, line, photo)

    with small_cases.db.write() as session:
        whose = service.subject(session, conversation=talk)
        service.erase(session, whose, album, "boss", small_cases.clock.now())

    assert not album.path(photo).exists()
    assert not album.path(photo, thumb=True).exists()
    with small_cases.db.read() as session:
        assert repository.photos(session, [talk]) == []


def test_a_photo_that_no_line_carries_goes_after_a_day(small_cases: Cases, album: Album) -> None:
    talk = small_cases.talk()
    line, photo = small_cases.line(talk), "ab000000-0000-4000-8000-000000000001"
    _photo_of(small_cases, talk, line, photo)
    now = small_cases.clock.now()
    old, young = now - timedelta(hours=25), now - timedelta(hours=23)
    kept = [_file(album, photo, old), _file(album, photo, old, thumb=True)]
    kept.append(_file(album, "ab000000-0000-4000-8000-000000000002", young))
    stray = [_file(album, "ab000000-0000-4000-8000-000000000003", old)]
    stray.append(_file(album, "cd000000-0000-4000-8000-000000000004", old, thumb=True))
    half = album.path(photo).with_name("tmpx1y2z3.part")
    half.write_bytes(b"ph")
    os.utime(half, (old.timestamp(),) * 2)

    retention = Retention(small_cases.db, small_cases.clock, album, 0)
    assert [retention.forget_strays() for _ in range(2)] == [3, 0]
    assert all(file.exists() for file in kept)
    assert not any(file.exists() for file in (*stray, half))


def _file(album: Album, photo: str, at: datetime, *, thumb: bool = False) -> Path:
    path = album.path(photo, thumb=thumb)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"photo")
    os.utime(path, (at.timestamp(),) * 2)
    return path


def _photo_of(cases: Cases, talk: str, line: str, photo: str) -> None:
    with cases.db.write() as session:
        row = {"id": photo, "conversation_id": talk, "message_id": line}
        size = {"width": 1, "height": 1, "size": 5, "created_at": cases.clock.now()}
        session.execute(repository.table("attachments").insert().values(**row, **size))
