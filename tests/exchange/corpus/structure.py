"""Kinds 31 to 42: workbooks that contradict themselves."""

from __future__ import annotations

from random import Random

from tests.exchange.corpus.making import (
    ACTS,
    CONTENT_TYPES,
    NS,
    PEOPLE,
    STRINGS,
    STRUCTURE,
    WORKBOOK,
    acts,
    changed,
    kind,
    packed,
    parts,
    replaced,
    sheet,
    with_acts,
    with_strings,
    without,
)


@kind(31, "N")
def lying_dimension(variant: int, _random: Random) -> bytes:
    area = (b"A1:A1", b"A1:XFD1048576", b"B7", b"A1", b"Z9:A1")[variant]
    return replaced(ACTS, b'<dimension ref="A1:M2"', b'<dimension ref="' + area + b'"')


@kind(32, "R")
def no_content_types(variant: int, _random: Random) -> bytes:
    if variant:
        text = (b"", b"<Types/>", b"<Types>", b"x")[variant - 1]
        return changed((CONTENT_TYPES, text))
    return without(CONTENT_TYPES)


@kind(33, "R")
def no_shared_strings(variant: int, _random: Random) -> bytes:
    named = acts(G='<c r="G2" t="s"><v>1</v></c>')
    if variant == 0:
        return changed((ACTS, named))
    text = ("", f"<sst {NS}/>", "<a/>", f"<sst {NS}><si/></sst>")[variant - 1]
    return with_strings(text.encode(), (ACTS, named))


@kind(34, "R")
def string_out_of_range(variant: int, _random: Random) -> bytes:
    number = ("999999", "-999999", "1e3", "abc", "99999999999999999999")[variant]
    return with_acts(G=f'<c r="G2" t="s"><v>{number}</v></c>')


@kind(35, "R")
def never_closed(variant: int, _random: Random) -> bytes:
    name = (ACTS, PEOPLE, WORKBOOK, STRUCTURE, ACTS)[variant]
    data = parts()[name]
    return changed((name, data[: len(data) * (variant + 2) // 8]))


@kind(36, "R")
def deeply_nested(variant: int, _random: Random) -> bytes:
    name, tag = ((ACTS, "a"), (STRINGS, "r"), (WORKBOOK, "ext"), (ACTS, "row"), (ACTS, "is"))[
        variant
    ]
    depth = 100_000
    text = f"<{tag}>" * depth + f"</{tag}>" * depth
    if name == ACTS:
        return changed((ACTS, sheet(text)))
    if name == STRINGS:
        return with_strings(f"<sst {NS}><si>{text}</si></sst>".encode())
    return changed((name, parts()[name].replace(b"</", text.encode() + b"</", 1)))


@kind(37, "N")
def wide_letters(variant: int, _random: Random) -> bytes:
    name = (ACTS, PEOPLE, WORKBOOK, STRUCTURE, ACTS)[variant]
    text = parts()[name].decode()
    body = text[text.index("?>") + 2 :] if text.startswith("<?xml") else text
    declared = "" if variant == 4 else '<?xml version="1.0" encoding="UTF-16"?>'
    return changed((name, (declared + body).encode("utf-16")))


@kind(38, "R")
def strange_encoding(variant: int, _random: Random) -> bytes:
    name = ("utf-7", "cp037", "utf-32", "x-inconnu", "shift_jis")[variant]
    text = f'<?xml version="1.0" encoding="{name}"?><worksheet {NS}><sheetData/></worksheet>'
    return changed((ACTS, text.encode(name if variant < 3 else "ascii")))


@kind(39, "R")
def no_sheet(variant: int, _random: Random) -> bytes:
    text = parts()[WORKBOOK].decode()
    start, end = text.index("<sheets>"), text.index("</sheets>") + len("</sheets>")
    stand_in = ("<sheets/>", "", "<sheets></sheets>", "<sheets><sheet/></sheets>",
                '<sheets><sheet name="Actes" sheetId="1"/></sheets>')[variant]  # fmt: skip
    return changed((WORKBOOK, (text[:start] + stand_in + text[end:]).encode()))


@kind(40, "RRNNR")
def hidden_sheet(variant: int, _random: Random) -> bytes:
    state = ("hidden", "veryHidden")[variant % 2].encode()
    data = parts()
    if variant in (2, 3):
        # A sheet that is not read may be hidden.
        text = data[WORKBOOK].replace(
            b"</sheets>", b'<sheet name="Brouillon" sheetId="99" state="' + state + b'" '
            b'r:id="rId1" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/'
            b'relationships"/></sheets>')  # fmt: skip
        return changed((WORKBOOK, text))
    text = data[WORKBOOK].replace(b'state="visible"', b'state="' + state + b'"')
    assert text != data[WORKBOOK]
    return changed((WORKBOOK, text))


@kind(41, "R")
def hundreds_of_sheets(variant: int, _random: Random) -> bytes:
    data = parts()
    return packed(
        data | {f"xl/worksheets/sheet{number}.xml": acts() for number in range(10, 210 + variant)}
    )


@kind(42, "R")
def references_astray(variant: int, _random: Random) -> bytes:
    rows = (
        '<row r="0"><c r="A0"><v>1</v></c></row>',
        '<row r="2"><c r="ZZZZ1"><v>1</v></c></row>',
        '<row r="2"><c r="A2"><v>1</v></c><c r="A2"><v>2</v></c></row>',
        '<row r="5"><c r="A5"><v>1</v></c></row><row r="2"><c r="A2"><v>1</v></c></row>',
        '<row r="2"><c r="A7"><v>1</v></c></row>',
    )[variant]
    return changed((ACTS, sheet(rows)))
