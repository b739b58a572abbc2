"""The pages of the lists: on screen, searched, as a workbook; each made from its declaration."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from flask import Blueprint, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ramsess.actions.saved_lists import kept_lists
from ramsess.database import db
from ramsess.lists.asking import SORT, ListForm, asking_form
from ramsess.lists.listing import (
    COUNTED,
    EXPORTED,
    Asked,
    Listing,
    Page,
    read_all,
    read_page,
    said_by,
)
from ramsess.models.calendar import today
from ramsess.reports.list_workbook import ListWorkbook, write_list
from ramsess.reports.report import Detail, DetailColumn
from ramsess.views.guard import action
from ramsess.views.noting import show_list
from ramsess.views.search import remember, remembered

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NOTHING = Page((), 0, False, 1)


def serve(
    blueprint: Blueprint,
    listing: Listing,
    beside: Callable[[], dict[str, Any]] = dict,
    at: str = "",
) -> None:
    """Give *blueprint* the pages of *listing*; *beside*: what its template shows besides."""

    @action(listing.action)
    def index() -> ResponseReturnValue:
        """The rows that answer the filters of the address and the words last searched for."""
        form = asking_form(db.session(), listing, request.args)
        status = 200 if form.validate() else 422
        return _page(listing, form, **beside()), status

    @action(listing.action)
    def search() -> ResponseReturnValue:
        """Search; what was typed holds names and stays out of the address, filters stay in it."""
        remember(listing.name)
        form = asking_form(db.session(), listing, request.args)
        return redirect(url_for(listing.endpoint, **(form.asked if form.validate() else {})))

    @action(listing.action)
    def export() -> ResponseReturnValue:
        """The same rows as a workbook; whoever filters wrongly is shown where."""
        form = asking_form(db.session(), listing, request.args)
        if not form.validate():
            return _page(listing, form, **beside()), 422
        show_list("export_list", record=listing.name)
        target = io.BytesIO()
        write_list(_workbook(listing, form), target)
        target.seek(0)
        name = f"ramsess-{listing.name}-{today()}.xlsx"
        return send_file(target, XLSX, as_attachment=True, download_name=name)

    blueprint.add_url_rule(at, "index", index, methods=["GET"])
    blueprint.add_url_rule(f"{at}/liste.xlsx", "export", export, methods=["GET"])
    if listing.searched:
        blueprint.add_url_rule(at, "search", search, methods=["POST"])


def _asked(listing: Listing, form: ListForm) -> Asked:
    return form.answer(remembered(listing.name) if listing.searched else "")


def _page(listing: Listing, form: ListForm, **beside: Any) -> str:
    right = not form.errors
    page, text = NOTHING, remembered(listing.name) if listing.searched else ""
    if right:
        if listing.noted:
            show_list(listing.noted)
        number = request.args.get("page", 1, type=int)
        page = read_page(db.session(), listing, current_user, _asked(listing, form), number)
    asked = form.asked if right else {}
    return render_template(
        f"{listing.endpoint.partition('.')[0]}/index.html",
        listing=listing,
        form=form,
        asked=asked,
        filtered=[name for name in asked if name != SORT],
        page=page,
        counted=COUNTED,
        text=text,
        kept=[one for one in kept_lists(db.session(), current_user) if one.list == listing.name],
        query=url_for(listing.endpoint, **asked).partition("?")[2],
        export=f"{listing.endpoint.partition('.')[0]}.export",
        **beside,
    )


def _workbook(listing: Listing, form: ListForm) -> ListWorkbook:
    session, asked = db.session(), _asked(listing, form)
    found = list(read_all(session, listing, current_user, asked))
    rows = [[getattr(row, one.name) for one in listing.columns] for row in found[:EXPORTED]]
    said = said_by(session, listing, asked)
    if asked.text:
        said.insert(0, ("Recherche", asked.text))
    if asked.sort:
        column = listing.column(asked.sort.removeprefix("-"))
        down = ", du dernier au premier" if asked.sort.startswith("-") else ""
        said.append(("Tri", f"{column.label if column else ''}{down}"))
    columns = tuple(DetailColumn(one.label, one.kind, one.width) for one in listing.columns)
    rule = " ; ".join(f"{label} : {value}" for label, value in said) or "Sans filtre."
    return ListWorkbook(
        Detail(listing.title, listing.title, columns, rows, rule),
        by=current_user.name,
        structures=", ".join(one.name for one in current_user.structures()) or "le réseau",
        on=today(),
        said=said,
        cut=len(found) > EXPORTED,
    )
