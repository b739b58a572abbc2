"""Kinds 51 to 60: cells that do not say what they seem to."""

from __future__ import annotations

from random import Random

from tests.exchange.corpus.making import (
    ANNE,
    STRUCTURE,
    book,
    changed,
    inline,
    kind,
    parts,
    saved,
    with_acts,
)


def _number(reference: str, text: str, style: str = "") -> str:
    return f'<c r="{reference}"{style}><v>{text}</v></c>'


@kind(51, "W")
def dates(variant: int, _random: Random) -> bytes:
    texts = ("29/02/2023", "02/13/2009", "12/03/0202")
    if variant < 3:
        return with_acts(B=inline("B2", texts[variant]))
    made = book()
    # Serials: the day that 1900 did not have, and a day before days were counted.
    content = saved(made)
    sheet = parts(content)["xl/worksheets/sheet5.xml"].decode()
    start = sheet.index('<c r="B2"')
    cell = sheet[start : sheet.index("</c>", start)]
    value = cell[cell.index("<v>") :]
    text = sheet.replace(cell, cell.replace(value, f"<v>{(60, -1)[variant - 3]}</v>"))
    return changed(("xl/worksheets/sheet5.xml", text.encode()))


@kind(52, "W")
def numbers(variant: int, _random: Random) -> bytes:
    cell = (
        _number("F2", "1E999"), _number("F2", "9" * 5000), inline("F2", "NaN"),
        inline("F2", "90,5"), inline("F2", "1\u202f440\u00a0000"),
    )[variant]  # fmt: skip
    return with_acts(F=cell)


@kind(53, "WRWWW")
def invisible_characters(variant: int, _random: Random) -> bytes:
    text = ("Du_x0000_pont", "mot\ufffe", "mot\u202dtom", "_x001B_[31m", "mot\x7f")[variant]
    return with_acts(G=inline("G2", text))


@kind(54, "N")
def leading_signs(variant: int, _random: Random) -> bytes:
    text = ("=cmd|'/C calc'!A0", "+1+1", "-2+3", "@SUM(1)", "\t=1+1\r")[variant]
    return with_acts(G=inline("G2", text))


@kind(55, "WWNNN")
def deceiving_letters(variant: int, _random: Random) -> bytes:
    text = ("mot\u202etom", "\u2066mot\u2069", "mo\u200bt", "m\u043et", "e\u0301t\u00e9")[variant]
    return with_acts(G=inline("G2", text))


@kind(56, "W")
def too_long(variant: int, _random: Random) -> bytes:
    length = (40_000, 32_768, 10_001, 100_000, 500_000)[variant]
    return with_acts(G=inline("G2", "mot " * (length // 4) + "x" * (length % 4 + 1)))


@kind(57, "WWNNW")
def other_types(variant: int, _random: Random) -> bytes:
    cell = (
        '<c r="F2" t="b"><v>1</v></c>', '<c r="F2" t="e"><v>#REF!</v></c>',
        '<c r="F2" t="inlineStr"><is><r><t>6</t></r><r><t>0</t></r></is></c>',
        '<c r="F2" t="str"><v>60</v></c>', '<c r="F2" t="e"><v>#N/A</v></c>',
    )[variant]  # fmt: skip
    return with_acts(F=cell)


@kind(58, "NRRRN")
def columns_astray(variant: int, _random: Random) -> bytes:
    made = book()
    titles = made.headings["Actes"]
    if variant == 0:
        titles.reverse()
    elif variant == 1:
        titles.remove("durée_minutes")
    elif variant == 2:
        titles[titles.index("durée_minutes")] = "Zzzz"
    elif variant == 3:
        titles.append("Durée minutes")
    else:
        # Reported, and not read.
        titles.append("Zzzz")
    return saved(made)


@kind(59, "W")
def another_structure(variant: int, _random: Random) -> bytes:
    made = book()
    made.structure["code_structure"] = ("KADO", "kado", "PLACE", " INTERMADE ", "AGODIS")[variant]
    return saved(made)


@kind(60, "R")
def another_version(variant: int, _random: Random) -> bytes:
    made = book()
    made.structure["version"] = (0, 2, "1.1", "un", 99)[variant]
    assert STRUCTURE
    assert ANNE
    return saved(made)
