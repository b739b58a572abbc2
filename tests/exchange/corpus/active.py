"""Kinds 43 to 50: what would act when the file is opened."""

from __future__ import annotations

from random import Random

from tests.exchange.corpus.making import ACTS, changed, kind, parts, with_acts

RELS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def _formula(letter: str, formula: str, cached: str | None = None) -> bytes:
    value = f"<v>{cached}</v>" if cached is not None else ""
    return with_acts(**{letter: f'<c r="{letter}2"><f>{formula}</f>{value}</c>'})


@kind(43, "W")
def formula_with_value(variant: int, _random: Random) -> bytes:
    letter, formula, cached = (
        ("F", "30+30", "60"), ("B", "TODAY()", "39874"), ("F", "SUM(1,2)", "3"),
        ("A", 'CONCATENATE("A","1")', "0"), ("F", "F3", "60"),
    )[variant]  # fmt: skip
    return _formula(letter, formula, cached)


@kind(44, "W")
def formula_without_value(variant: int, _random: Random) -> bytes:
    return _formula("FBGAC"[variant], ("30+30", "TODAY()", "A1", "1", "NOW()")[variant])


@kind(45, "W")
def dde(variant: int, _random: Random) -> bytes:
    formula = ("cmd|'/C calc'!A0", "MSEXCEL|'\\..\\cmd.exe'!''", "DDE(\"cmd\",\"/C calc\",\"x\")",
               "+cmd|' /C calc'!A0", "rundll32|'URL.dll,OpenURL x'!A")[variant]  # fmt: skip
    return _formula("G", formula, "0")


@kind(46, "W")
def reaching_out(variant: int, _random: Random) -> bytes:
    formula = ('WEBSERVICE("http://127.0.0.1:9/")', 'HYPERLINK("http://127.0.0.1:9/","x")',
               'IMAGE("http://127.0.0.1:9/a.png")', '_xlfn.WEBSERVICE("file:///etc/passwd")',
               'IMPORTXML("http://127.0.0.1:9/","//a")')[variant]  # fmt: skip
    return _formula("G", formula, "0")


@kind(47, "R")
def external_link(variant: int, _random: Random) -> bytes:
    name = ("xl/externalLinks/externalLink1.xml", "xl/ExternalLinks/a.xml",
            "xl/externalLinks/_rels/externalLink1.xml.rels")  # fmt: skip
    if variant < 3:
        return changed((name[variant], b"<externalLink/>"))
    return _related(
        "externalLinkPath", ("file:///C:/a.xlsx", "http://127.0.0.1:9/a.xlsx")[variant - 3]
    )


@kind(48, "R")
def data_connection(variant: int, _random: Random) -> bytes:
    name = ("connections.xml", "queryTables/queryTable1.xml", "Connections.xml",
            "queryTables/a.xml", "model/item.data.bin")[variant]  # fmt: skip
    return changed((f"xl/{name}", b"<connections/>"))


@kind(49, "R")
def embedded_object(variant: int, random: Random) -> bytes:
    name = ("embeddings/oleObject1.bin", "activeX/activeX1.xml", "embeddings/a.pdf",
            "activeX/activeX1.bin", "media/oleObject2.wmf")[variant]  # fmt: skip
    return changed((f"xl/{name}", random.randbytes(64)))


@kind(50, "R")
def remote_image(variant: int, _random: Random) -> bytes:
    target = ("http://127.0.0.1:9/a.png", "https://127.0.0.1/a.png", "file:///etc/passwd",
              "\\\\127.0.0.1\\a.png", "//127.0.0.1/a.png")[variant]  # fmt: skip
    return _related("image", target, "xl/drawings/_rels/drawing1.xml.rels", variant)


def _related(
    kind_of: str, target: str, name: str = "xl/worksheets/_rels/sheet5.xml.rels", variant: int = 0
) -> bytes:
    """A part that names something outside of the file."""
    external = ('TargetMode="External"', "TargetMode='External'")[variant % 2]
    line = f'<Relationship Id="rId1" Type="{OFFICE}/{kind_of}" Target="{target}" {external}/>'
    text = RELS.format(line)
    assert ACTS in parts()
    return changed((name, text.encode("utf-16" if variant == 3 else "utf-8")))
