"""Backups are whole or absent; a restore replaces everything, or nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import create_engine, select, text

from ramsess import create_app, prepare_database
from ramsess.actions.ledger import Ledger
from ramsess.cli.upkeep.backup import back_up
from ramsess.cli.upkeep.restore import restore
from ramsess.cli.upkeep.tools import UpkeepError, program
from ramsess.database import close_connections, db
from ramsess.models import Beneficiary
from tests.counting.builder import Network
from tests.security import canaries
from tests.security.canaries import House


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    house = canaries.build(tmp_path_factory.mktemp("sauvegarde") / "instance")
    with house.session() as session:
        Network(session).person()
    return house


def names(house: House) -> list[str]:
    with house.session() as session:
        return list(session.scalars(select(Beneficiary.last_name).order_by(Beneficiary.id)))


def databases(house: House) -> list[str]:
    engine = create_engine(house.url)
    with engine.connect() as connection:
        found = list(connection.scalars(text("SELECT datname FROM pg_database ORDER BY 1")))
    engine.dispose()
    return found


def saved(house: House, folder: Path) -> Path:
    target = folder / "s.dump"
    back_up(house.url, target, embedded=True)
    return target


def test_what_was_there_comes_back_and_what_came_since_goes(house: House, tmp_path: Path) -> None:
    before = names(house)
    target = saved(house, tmp_path)
    assert target.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["s.dump"]
    with house.session() as session:
        session.add(Beneficiary(last_name="Fictif", first_name="Venue depuis"))
    assert len(names(house)) == len(before) + 1
    restore(house.settings, target, create_app)
    assert names(house) == before
    assert databases(house) == ["postgres", "template0", "template1"]


def test_the_restored_database_goes_on(house: House, tmp_path: Path) -> None:
    restore(house.settings, saved(house, tmp_path), create_app)
    with house.session() as session:
        session.add(Beneficiary(last_name="Fictif", first_name="Après"))
    with house.app.app_context():
        prepare_database(house.app)
        db.session.remove()
        close_connections()


def test_a_backup_that_fails_leaves_the_one_before(house: House, tmp_path: Path) -> None:
    target = tmp_path / "s.dump"
    target.write_bytes(b"avant")
    with pytest.raises(UpkeepError, match="a échoué"):
        back_up(house.url.replace("/postgres?", "/absente?"), target, embedded=True)
    assert target.read_bytes() == b"avant"
    assert [path.name for path in tmp_path.iterdir()] == ["s.dump"]


def test_a_folder_that_is_not_there_is_told(house: House, tmp_path: Path) -> None:
    with pytest.raises(UpkeepError, match="n’existe pas"):
        back_up(house.url, tmp_path / "rien" / "s.dump", embedded=True)


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9, 0.999])
def test_a_truncated_backup_is_refused_and_nothing_changes(
    house: House, tmp_path: Path, kept: float
) -> None:
    target = saved(house, tmp_path)
    content = target.read_bytes()
    target.write_bytes(content[: int(len(content) * kept)])
    refused(house, target, "incomplète ou abîmée")


def test_a_flipped_bit_is_refused(house: House, tmp_path: Path) -> None:
    target = saved(house, tmp_path)
    content = bytearray(target.read_bytes())
    content[len(content) // 2] ^= 0xFF
    target.write_bytes(bytes(content))
    refused(house, target, "abîmée")


def test_what_is_no_backup_is_refused(house: House, tmp_path: Path) -> None:
    text_file = tmp_path / "notes.txt"
    text_file.write_text("rien")
    refused(house, text_file, "n’est pas une sauvegarde de RAMSESS")
    refused(house, tmp_path / "absent.dump", "ne peut pas être lu")


def test_a_dump_of_something_else_is_refused(house: House, tmp_path: Path) -> None:
    other = house.url.replace("/postgres?", "/template1?")
    back = tmp_path / "autre.dump"
    with pytest.raises(UpkeepError, match="n’est pas une sauvegarde de RAMSESS"):
        back_up(other, back, embedded=True)
    assert not back.exists()


def test_a_backup_of_a_newer_version_is_refused(house: House, tmp_path: Path) -> None:
    engine = create_engine(house.url)
    with engine.begin() as owner:
        now = owner.scalar(text("SELECT version_num FROM alembic_version"))
        owner.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    target = saved(house, tmp_path)
    with engine.begin() as owner:
        owner.execute(text("UPDATE alembic_version SET version_num = :now"), {"now": now})
    engine.dispose()
    refused(house, target, "version plus récente")


def test_a_running_application_is_not_pulled_from_under_its_users(
    house: House, tmp_path: Path
) -> None:
    target = saved(house, tmp_path)
    engine = create_engine(house.url)
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
        with pytest.raises(UpkeepError, match="est en marche"):
            restore(house.settings, target, create_app)
    engine.dispose()
    refused_nothing(house)


def test_a_damaged_ledger_stops_the_restore(house: House, tmp_path: Path) -> None:
    target = saved(house, tmp_path)
    ledger = Ledger(house.instance)
    ledger.path.write_text("rien\n")
    refused(house, target, "registre des effacements")
    ledger.path.unlink()


def test_the_machine_without_postgresql_tools_uses_the_embedded_ones(
    monkeypatch: pytest.MonkeyPatch, house: House
) -> None:
    assert house
    monkeypatch.setenv("PATH", "")
    assert Path(program("pg_dump", embedded=False)).is_file()


def refused(house: House, source: Path, why: str) -> None:
    before = names(house)
    with pytest.raises(UpkeepError, match=why):
        restore(house.settings, source, create_app)
    assert names(house) == before
    refused_nothing(house)


def refused_nothing(house: House) -> None:
    assert databases(house) == ["postgres", "template0", "template1"]
