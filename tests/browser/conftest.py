"""A real server and a real browser: the application behind waitress, Chromium by Playwright."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
import waitress
from flask import Flask
from flask_security import hash_password
from playwright.sync_api import Browser, Page, expect, sync_playwright
from sqlalchemy.orm import Session

from tests.browser.axe import load_axe, run_axe
from tests.conftest import open_account as open_locked_account

PASSWORD = "un mistral de demonstration"
# What is awaited is awaited as long as what is done (30 s): a busy machine is no fault.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="session")
def address(app: Flask) -> Iterator[str]:
    """Where the application answers."""
    server = waitress.create_server(app, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, headless."""
    chromium = shutil.which("chromium")
    assert chromium, "Chromium manque : make test l’installe."
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=chromium,
            args=[
                *(["--no-sandbox"] if os.getuid() == 0 else []),
                "--disable-gpu",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
            ],
        )
        yield launched
        launched.close()


@pytest.fixture
def page(browser: Browser, address: str, session: Session) -> Iterator[Page]:
    """A page on a clean database, signed in as nobody; it fails on a script error."""
    context = browser.new_context(
        base_url=address, locale="fr-FR", viewport={"width": 1280, "height": 900}
    )
    opened = context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on(
        "console",
        lambda message: (
            errors.append(message.text) if "Content Security Policy" in message.text else None
        ),
    )
    yield opened
    context.close()
    assert errors == []


def open_account(session: Session, email: str, role: str, *posts: str) -> str:
    """Open an account whose password is known; returns the e-mail."""
    account = open_locked_account(session, role, *posts, email=email)
    account.password = hash_password(PASSWORD)
    session.commit()
    return email


def sign_in(page: Page, email: str, password: str = PASSWORD, lands: str = "**/") -> None:
    """Sign in by keyboard; *lands* is the address of the home that is found."""
    page.goto("/connexion")
    page.fill("input[name=email]", email)
    page.fill("input[name=password]", password)
    page.keyboard.press("Enter")
    page.wait_for_url(lands)


SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
# Darkness changes colours alone: the rest was looked at in the light.
RULES = {
    "light": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "dark": ["color-contrast"],
}


def assert_accessible(page: Page) -> None:
    """axe-core finds nothing against WCAG 2.2 AA on the page, light and dark, nor does the page
    overflow."""
    page.wait_for_load_state("load")  # with its style: before, links are as small as their words
    load_axe(page)
    for scheme in SCHEMES:
        # Without motion: a colour on its way to another one is neither.
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found = run_axe(page, RULES[scheme])
        assert found.violations_count == 0, f"{page.url}, {scheme}\n{found.generate_report()}"
    page.emulate_media(color_scheme="light")
    width, seen = page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    assert width <= seen, f"{page.url} : {width} px de large dans {seen} px"


def screenshot(page: Page, name: str) -> None:
    """Keep pictures, light and dark, when RAMSESS_SCREENSHOTS names a folder, to be looked at."""
    folder = os.environ.get("RAMSESS_SCREENSHOTS")
    for scheme in SCHEMES if folder else ():
        page.emulate_media(color_scheme=scheme)
        page.screenshot(path=Path(str(folder)) / f"{name}-{scheme}.png", full_page=True)
    page.emulate_media(color_scheme="light")
