"""HTTP headers of every answer: a strict content policy, nothing kept by caches."""

from __future__ import annotations

from flask import Flask, Response, current_app, request

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
# Security keys are all that our pages ask of the machine.
DEVICES = ("camera", "display-capture", "geolocation", "microphone", "midi", "payment", "usb")
PERMISSIONS = ", ".join(
    [
        *(f"{device}=()" for device in DEVICES),
        "publickey-credentials-create=(self)",
        "publickey-credentials-get=(self)",
    ]
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": PERMISSIONS,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
STATIC = ("static", "bootstrap.static", "security.static")


def add_headers(response: Response) -> Response:
    """Forbid inline scripts and styles, framing, sniffing; keep pages out of caches."""
    response.headers.update(HEADERS)
    if current_app.config["SESSION_COOKIE_SECURE"]:
        response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    # What is sealed never changes: a program keeps it, and asks whether it is still so.
    kept = request.endpoint in STATIC or (request.blueprint == "api" and response.cache_control)
    if not kept or response.status_code >= 400:
        response.headers["Cache-Control"] = "no-store"
    if request.endpoint == "security.logout" and response.status_code < 400:
        # Not "cookies": that would sign out of every site of the same domain.
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def init_headers(app: Flask) -> None:
    """Put the headers on every answer of *app*; to be called before what refuses requests."""
    app.after_request(add_headers)
