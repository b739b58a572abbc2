"""The ``ramsess`` command on a database of its own, files read back; twice as another process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from contextlib import chdir
from email import message_from_bytes
from email.policy import default as default_policy
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from ramsess.cli import main
from ramsess.reports.tables import TABLE_IDS

RAMSESS = Path(sys.executable).with_name("ramsess")


class Command:
    """Gives the command its words, in a folder; without starting Python anew each time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.env = {"RAMSESS_INSTANCE": str(folder / "instance")}

    def __call__(self, *words: str) -> Result:
        with chdir(self.folder):
            return CliRunner().invoke(main, words, env=self.env)

    def start(self, *words: str) -> subprocess.Popen[str]:
        """The command as people run it: another process."""
        env, pipe = os.environ | self.env, subprocess.PIPE
        return subprocess.Popen(
            [RAMSESS, *words], cwd=self.folder, env=env, stdout=pipe, stderr=pipe, text=True
        )


@pytest.fixture(scope="module")
def ramsess(tmp_path_factory: pytest.TempPathFactory) -> Command:
    command = Command(tmp_path_factory.mktemp("commande"))
    first = command.start("init")
    assert first.wait(120) == 0, first.communicate()
    return command


def test_init_twice_changes_nothing_and_asks_nothing(ramsess: Command) -> None:
    answer = ramsess("init")
    assert answer.exit_code == 0, answer.stderr
    assert "est prêt" in answer.stdout


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("init",),
        ("demo",),
        ("serve",),
        ("import",),
        ("report",),
        ("user", "add"),
        ("audit",),
        ("audit", "verify"),
        ("policy",),
        ("backup",),
        ("restore",),
        ("person", "erase"),
        ("retention",),
        ("user", "invite"),
    ],
)
def test_help_is_french(words: tuple[str, ...]) -> None:
    answer = CliRunner().invoke(main, [*words, "--help"])
    assert answer.exit_code == 0
    assert "Usage :" in answer.stdout
    assert "Afficher cette aide." in answer.stdout
    for english in ("Show this", "Commands:", "Usage:", "default:"):
        assert english not in answer.stdout


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("rapport",), "Commande inconnue : rapport."),
        (("report",), "Il manque l’option"),
        (("report", "--from", "2009-01-01", "--to", "2009-12-31"), "Indiquer au moins un fichier"),
        (("report", "--from", "hier", "--to", "2009-12-31"), "n’est pas une date"),
        (
            ("report", "--from", "2010-01-01", "--to", "2009-12-31", "--json", "x.json"),
            "précède le premier",
        ),
        (
            ("report", "--from", "2009-01-01", "--to", "2009-12-31", "--json", "x.json",
             "--compare-from", "2008-01-01"),
            "ou aucun des deux",
        ),
        (
            ("report", "--from", "2009-01-01", "--to", "2009-12-31", "--json", "x.json",
             "--compare-from", "2008-01-02", "--compare-to", "2008-01-01"),
            "(--compare-to) précède le premier (--compare-from)",
        ),
        (("import",), "Il manque l’argument"),
        (("import", "absent.xlsx"), "absent.xlsx"),
        (("user", "add", "x", "--name", "X", "--role", "admin"), "adresse électronique"),
        (("user", "add", "x@y.example", "--name", "X", "--role", "adviser"), "une structure"),
        (
            ("user", "add", "x@y.example", "--name", "X", "--role", "adviser", "--structure",
             "APEAS:0"),
            "de 1 à 100",
        ),
    ],
)  # fmt: skip
def test_bad_usage_is_told_in_french_with_code_2(
    ramsess: Command, words: tuple[str, ...], message: str
) -> None:
    answer = ramsess(*words)
    assert answer.exit_code == 2, answer.output
    assert message in answer.stderr
    assert "Traceback" not in answer.stderr


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("--structure", "Structure inconnue : « RIEN »"),
        ("--scheme", "Dispositif inconnu : « RIEN »"),
        ("--territory", "Territoire inconnu : « RIEN »"),
        ("--sector", "Secteur inconnu : « RIEN »"),
        ("--type", "Type d’acte inconnu : « RIEN »"),
    ],
)
def test_a_code_that_is_not_in_the_lists_is_told(
    ramsess: Command, option: str, message: str
) -> None:
    year = ("--from", "2009-01-01", "--to", "2009-12-31")
    answer = ramsess("report", *year, "--json", "x.json", option, "RIEN")
    assert answer.exit_code == 2, answer.stdout + answer.stderr
    assert message in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_file_that_is_no_workbook_writes_nothing(ramsess: Command) -> None:
    (ramsess.folder / "faux.xlsx").write_text("code;nom\n")
    answer = ramsess("import", "faux.xlsx")
    assert answer.exit_code == 2
    assert "faux.xlsx" in answer.stderr
    assert "rien n’a été écrit" in answer.stderr


def test_a_report_in_four_formats(ramsess: Command) -> None:
    answer = ramsess(
        "report", "--from", "01/01/2009", "--to", "2009-12-31",
        "--xlsx", "b.xlsx", "--pdf", "b.pdf", "--json", "b.json", "--csv", "b.zip",
    )  # fmt: skip
    assert answer.exit_code == 0, answer.stderr
    data = json.loads((ramsess.folder / "b.json").read_text())
    assert data["period"] == {"from": "2009-01-01", "to": "2009-12-31"}
    assert len(data["tables"]) == len(TABLE_IDS)
    assert "Lisez-moi" in openpyxl.load_workbook(ramsess.folder / "b.xlsx").sheetnames
    assert (ramsess.folder / "b.pdf").read_bytes().startswith(b"%PDF-")
    names = zipfile.ZipFile(ramsess.folder / "b.zip").namelist()
    assert set(names) == {"Lisez-moi.txt", *(f"{name}.csv" for name in data["tables"])}


def test_a_report_limited_and_compared(ramsess: Command) -> None:
    answer = ramsess(
        "report", "--from", "2009-01-01", "--to", "2009-12-31", "--json", "b.json",
        "--territory", "13", "--sector", "CUL", "--type", "CSL",
        "--compare-from", "2007-01-01", "--compare-to", "2007-12-31",
    )  # fmt: skip
    assert answer.exit_code == 0, answer.stderr
    data = json.loads((ramsess.folder / "b.json").read_text())
    assert data["filters"] == {"territory": "13", "sector": "CUL", "type": "CSL"}
    assert data["compared"] == {"from": "2007-01-01", "to": "2007-12-31"}


def test_a_mutualised_adviser_gets_an_account(ramsess: Command) -> None:
    words = ("user", "add", "Ana@demo.example", "--name", "Ana Fictive", "--role", "adviser",
             "--structure", "APEAS:60", "--structure", "PLACE:40")  # fmt: skip
    first = ramsess(*words)
    assert first.exit_code == 0, first.stderr
    assert "Mot de passe provisoire" in first.stdout
    again = ramsess(*words)
    assert again.exit_code == 0
    assert "Mot de passe" not in again.stdout


def test_two_commands_share_the_embedded_database(ramsess: Command) -> None:
    both = [ramsess.start("init"), ramsess.start("init")]
    told = [one.communicate(timeout=120) for one in both]
    assert [one.returncode for one in both] == [0, 0], told
    assert all("est prêt" in said for said, _ in told)


def test_somebody_invited_gets_a_link_by_mail_and_on_the_screen(ramsess: Command) -> None:
    answer = ramsess("user", "invite", "bob@demo.example", "--name", "Bob Fictif", "--role",
                     "coordinator")  # fmt: skip
    assert answer.exit_code == 0, answer.stderr
    assert "http://127.0.0.1:5000/invitation/" in answer.stdout
    link = answer.stdout.split("une fois : ")[1].split()[0]
    [mail] = (ramsess.folder / "instance" / "mail").glob("*.eml")
    written = message_from_bytes(mail.read_bytes(), policy=default_policy)
    body = written.get_body()
    assert body
    assert written["To"] == "bob@demo.example"
    assert link in body.get_content()
    assert "invité" in ramsess("user", "list").stdout


def test_an_account_is_changed_by_command(ramsess: Command) -> None:
    email = "eve@demo.example"
    assert ramsess("user", "add", email, "--name", "Ève Fictive", "--role", "adviser",
                   "--structure", "APEAS").exit_code == 0  # fmt: skip
    for words, said in (
        (("sign-out", email), "Connexions fermées : 0."),
        (("reset-factor", email), "Second facteur oublié"),
        (("disable", email), "Compte désactivé"),
        (("enable", email), "Compte actif"),
        (("revoke", email, "--role", "adviser", "--structure", "APEAS"), "Rôle retiré"),
    ):
        answer = ramsess("user", *words)
        assert answer.exit_code == 0, answer.stderr
        assert said in answer.stdout
    again = ramsess("user", "revoke", email, "--role", "adviser")
    assert again.exit_code == 2
    assert "n’a pas ce rôle" in again.stderr
    assert ramsess("user", "disable", "nul@demo.example").exit_code == 2
