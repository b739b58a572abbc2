"""What programs read: no word of anybody, whoever gave them a token."""

from __future__ import annotations

from collections.abc import Iterator

from tests.security.canary.answers import Leak, Reader
from tests.security.canary.crawler import PERIOD, may_open
from tests.security.canary.words import STRUCTURES

ASKED = {
    "api.report": PERIOD.replace("debut", "from").replace("fin", "to"),
    "api.parcours": "limit=500",
    "api.acts": "limit=500",
    "api.sessions": "limit=500",
}
NAMED = {"<period>": "2009", "<table>": "B01", "<name>": "act_types"}


def read_by_program(reader: Reader) -> None:
    """Ask for all that the interface gives; a word in an answer is a leak, even one's own."""
    secret = reader.world.secrets.get(reader.principal.name, "")
    client = reader.world.app.test_client(use_cookies=False)
    opened = 0
    for path in addresses(reader):
        answer = client.get(path, headers={"Authorization": f"Bearer {secret}"} if secret else {})
        opened += answer.status_code == 200
        reader.met["JSON" if answer.status_code == 200 else "refusal"] += 1
        for text in reader.world.words.found(f"{answer.headers} {answer.get_data(as_text=True)}"):
            word = reader.world.words.known[text]
            reader.leaks.append(Leak(reader.principal.name, path, "interface", word))
    assert bool(secret) == (opened > 1)


def addresses(reader: Reader) -> Iterator[str]:
    """Every address of the interface; the report of each structure too."""
    for rule in reader.world.app.url_map.iter_rules():
        if rule.endpoint.startswith("api.") and "GET" in (rule.methods or ()):
            path = rule.rule
            for name, value in NAMED.items():
                path = path.replace(name, value)
            question = ASKED.get(rule.endpoint, "")
            yield f"{path}?{question}"
            if rule.endpoint == "api.report" and may_open(reader, rule):
                for code in STRUCTURES:
                    yield f"{path}?{question}&structure={code}"
