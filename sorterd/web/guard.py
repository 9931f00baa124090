"""Who may ask the page, and what may be asked of it: around everything that it serves.

Any program and any web site that the user has open can send requests to a port of this computer. So each must show what
only the printed address could give it, and must come from this page.

Browsers send a cookie to every port of a host, so any other server on this computer that the user visits would get it.
They do not send it to other paths than its own. So all of the page lies below a path that is a secret too.
"""

from __future__ import annotations

import hmac
import ipaddress
import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sorterd.web.templates import render

TOKEN = "token"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
MOST_BYTES = 64 * 1024  # of a request's body: what the service takes


@dataclass(frozen=True, slots=True)
class Access:
    """What lets somebody in: the token of the first address, and then the cookie and the path, two other secrets.

    `hosts` are the names by which this server is called, "*" for any address in digits: a site that has its own name
    lead to this computer (DNS rebinding) cannot use digits.
    """

    port: int
    hosts: Collection[str]
    scheme: str = "http"
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    path: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)

    @property
    def cookie(self) -> str:
        """Its name. Cookies do not tell ports apart."""
        return f"sorterd-{self.port}"

    def is_ours(self, host: str) -> bool:
        """Return whether a Host header names this server."""
        name, colon, port = host.rpartition(":")
        if not colon or port != str(self.port):
            return False
        return name.lower() in self.hosts or ("*" in self.hosts and _in_digits(name))

    def admits(self, token: str) -> bool:
        """Return whether it is the token of the first address."""
        return _same(token, self.token)

    def knows(self, cookies: str) -> bool:
        """Return whether a Cookie header holds our cookie. Another server may have set one of that name too."""
        pairs = (pair.strip().partition("=") for pair in cookies.split(";"))
        return any(name == self.cookie and _same(value, self.secret) for name, _, value in pairs)

    def inside(self, path: str) -> str | None:
        """Return the path below the secret one, None if it is another."""
        ours = f"/{self.path}/"
        return path[len(ours) - 1 :] if _same(path[: len(ours)], ours) else None

    def set_cookie(self) -> str:
        """Return the header that gives it."""
        secure = "; Secure" if self.scheme == "https" else ""
        return f"{self.cookie}={self.secret}; Path=/{self.path}/; HttpOnly; SameSite=Strict{secure}"


class Guard:
    """Lets only requests through that come from the page itself, and adds to every answer what keeps it to itself."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self._app, self._access = app, access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        answer = self._answer(scope, Headers(scope=scope))
        if isinstance(answer, str):
            await self._app({**scope, "path": answer}, receive, send_guarded)
        else:
            await answer(scope, receive, send_guarded)

    def _answer(self, scope: Scope, headers: Headers) -> Response | str:
        """Return what the guard itself answers, or the path in the page of a request that may pass."""
        access = self._access
        if not access.is_ours(headers.get("host", "")):
            return Response("This is not the address of this page.\n", 421, media_type="text/plain")
        if scope["method"] in ("GET", "HEAD"):
            token = parse_qs(scope["query_string"].decode("latin-1")).get(TOKEN, [""])[0]
            if scope["path"] == "/" and token:
                return self._enter() if access.admits(token) else self._refuse(scope)
        elif problem := self._why_not_a_write(scope, headers):
            return JSONResponse({"error": problem}, 403)
        path = access.inside(scope["path"])
        return path if path is not None and access.knows(headers.get("cookie", "")) else self._refuse(scope)

    def _enter(self) -> Response:
        """Return an answer with the cookie that leads on to the page without the token in its address.

        Not by a redirect: that would still count as coming from where the address was clicked, and a cookie that is
        strictly for this site would not be sent along.
        """
        return HTMLResponse(
            render("enter.html", path=self._access.path), headers={"Set-Cookie": self._access.set_cookie()}
        )

    def _refuse(self, scope: Scope) -> Response:
        said = "open the address that 'sorterd review --web' has printed"
        if scope["path"] == "/" or self._access.inside(scope["path"]) == "/":
            return HTMLResponse(render("refused.html"), 403)
        return JSONResponse({"error": f"this page is not known here: {said}"}, 403)

    def _why_not_a_write(self, scope: Scope, headers: Headers) -> str:
        if scope["method"] != "POST":
            return "only GET and POST are answered"
        if headers.get("origin") != f"{self._access.scheme}://{headers['host']}":
            return "this comes from another page"
        if headers.get("sec-fetch-site", "same-origin") != "same-origin":
            return "this comes from another site"
        if headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            return "only JSON is taken"
        length = headers.get("content-length", "")
        return "" if length.isdecimal() and int(length) <= MOST_BYTES else "this is too long"


def _same(told: str, secret: str) -> bool:
    return hmac.compare_digest(told.encode(errors="surrogatepass"), secret.encode())


def _in_digits(name: str) -> bool:
    try:
        ipaddress.ip_address(name.removeprefix("[").removesuffix("]"))
    except ValueError:
        return False
    return True
