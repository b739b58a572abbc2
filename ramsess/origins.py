"""Under which name, through which proxies and from which site a request comes: checked first."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, abort, request
from werkzeug.exceptions import SecurityError
from werkzeug.middleware.proxy_fix import ProxyFix

from ramsess.access import METHODS
from ramsess.config import Settings
from ramsess.logs import security_event

UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})


def init_origins(app: Flask, settings: Settings) -> None:
    """Trust exactly the proxies that *settings* say, and refuse other hosts and other sites."""
    if settings.proxies:
        # Not X-Forwarded-Host: a proxy that forgets to set it would let the visitor choose it.
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # as Flask says to
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=0
        )

    def refuse_other_hosts() -> Response | None:
        if _host() in settings.hosts and not isinstance(request.routing_exception, SecurityError):
            return None
        security_event("host_refused")
        # No page of ours: its links would need the host.
        return Response("Adresse inconnue.\n", 400, mimetype="text/plain")

    def refuse_other_sites() -> None:
        if request.method not in METHODS:
            abort(404)
        if request.method in UNSAFE and _from_elsewhere(settings.secure_cookies):
            security_event("cross_site_refused")
            abort(400)

    app.before_request(refuse_other_hosts)
    app.before_request(refuse_other_sites)


def _host() -> str:
    """The host asked for, without its port."""
    host: str = request.environ.get("HTTP_HOST") or request.environ.get("SERVER_NAME", "")
    name, colon, port = host.lower().rpartition(":")
    return name if colon and port.isdigit() else host.lower()


def _from_elsewhere(secure: bool) -> bool:
    """True when the browser says that another site sends the form.

    Our pages send no referrer, so a browser says ``Origin: null`` of our own forms too: then
    ``Sec-Fetch-Site`` decides. A client that says nothing has the form's token to show.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site not in ("same-origin", "none"):
        return True
    origin = request.headers.get("Origin")
    if origin is None or origin == "null":
        return False
    try:
        said = urlsplit(origin)
        ours = urlsplit(f"//{request.host}")
        scheme = "https" if secure else request.scheme
        usual = {"http": 80, "https": 443}.get(scheme)
        return (said.scheme, said.hostname, said.port or usual) != (
            scheme,
            ours.hostname,
            ours.port or usual,
        )
    except ValueError:
        return True
