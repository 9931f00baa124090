"""What the page serves, and at which addresses."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from sorterd.log import get_logger
from sorterd.pictures.files import poster_path, strip_path
from sorterd.store.database import StoreError
from sorterd.text import printable
from sorterd.web.actions import Actions, Refused
from sorterd.web.facts import places
from sorterd.web.guard import Access, Guard
from sorterd.web.library import PagedLibrary
from sorterd.web.pictures import send_picture
from sorterd.web.suggested import suggested, videos_of
from sorterd.web.templates import STATIC, render
from sorterd.web.videos import NotThere, send


@dataclass(frozen=True, slots=True)
class Site:
    """The answers. Whatever asks the disk, the store or the service does so in a thread."""

    library: PagedLibrary
    actions: Actions

    async def page(self, _request: Request) -> Response:
        """The page itself; its script asks for the rest."""
        return HTMLResponse(render("review.html", videos=printable(str(self.library.config.videos))))

    async def state(self, _request: Request) -> Response:
        """Lists, folders and progress."""
        return await _told(self.library.everything)

    async def progress(self, _request: Request) -> Response:
        """Progress only."""
        return await _told(self.library.progress)

    async def video(self, request: Request) -> Response:
        """A known video by its fingerprint."""
        return await run_in_threadpool(self._video, request)

    def _video(self, request: Request) -> Response:
        config = self.library.config
        for file in places(config, request.path_params["video"]):
            try:
                return send(
                    *(config.videos, file.path, request.headers.get("range")),
                    to_keep="outside" in request.query_params,
                    body=request.method == "GET",
                )
            except NotThere:
                continue
        return _json({"error": "this video is not there any more"}, 404)

    async def poster(self, request: Request) -> Response:
        """The poster of a known video."""
        return await run_in_threadpool(send_picture, self.library.config, request.path_params["video"], poster_path)

    async def strip(self, request: Request) -> Response:
        """The strip of a known video."""
        return await run_in_threadpool(send_picture, self.library.config, request.path_params["video"], strip_path)

    async def find(self, request: Request) -> Response:
        """Videos by words. A POST, so that the words are in no address."""
        return await _done(request, lambda asked: self.library.find(asked.text("words")))

    async def alike(self, request: Request) -> Response:
        """Videos by words and by what these mean, which may take a while."""
        return await _done(request, lambda asked: self.library.alike(asked.text("words")))

    async def caption(self, request: Request) -> Response:
        """The caption of one video, which is shown only on request. A POST, like all that the page's buttons do."""
        return await _done(request, lambda asked: self.library.caption(asked.text("id")))

    async def file(self, request: Request) -> Response:
        """Move a video into a folder."""

        def act(asked: _Asked) -> dict[str, Any]:
            video, here, folder = asked.text("id"), asked.text_or_none("here"), asked.text("folder")
            done = self.actions.file(video, here, folder, new=asked.flag("new"))
            self.library.session.decide(video)
            return done

        return await _done(request, act)

    async def suggest(self, request: Request) -> Response:
        """Groups of alike videos that have no folder."""
        return await _done(request, lambda _: suggested(self.library.config))

    async def make(self, request: Request) -> Response:
        """Make a folder of a group that was shown."""

        def act(asked: _Asked) -> dict[str, Any]:
            videos = videos_of(self.library.config, asked.text("group"))
            done = self.actions.make(videos, asked.text("folder"))
            self.library.session.decide(*videos)
            return done

        return await _done(request, act)

    async def unmake(self, request: Request) -> Response:
        """Take that back."""

        def act(asked: _Asked) -> dict[str, Any]:
            done = self.actions.undo(asked.numbers("moves"))
            self.library.session.reopen(*videos_of(self.library.config, asked.text("group")))
            return done

        return await _done(request, act)

    async def undo(self, request: Request) -> Response:
        """Take moves of one video back."""

        def act(asked: _Asked) -> dict[str, Any]:
            done = self.actions.undo(asked.numbers("moves"))
            self.library.session.reopen(asked.text("id"))
            return done

        return await _done(request, act)

    async def leave(self, request: Request) -> Response:
        """Say that a video belongs in none of these folders."""

        def act(asked: _Asked) -> dict[str, Any]:
            video, here = asked.text("id"), asked.text_or_none("here")
            done = self.actions.leave(video, here, asked.texts("folders"))
            if here is None:
                self.library.session.decide(video)
            return done

        return await _done(request, act)

    async def withdraw(self, request: Request) -> Response:
        """Take that back."""

        def act(asked: _Asked) -> dict[str, Any]:
            video = asked.text("id")
            done = self.actions.withdraw(video, asked.text_or_none("here"), asked.texts("folders"))
            self.library.session.reopen(video)
            return done

        return await _done(request, act)

    async def confirm(self, request: Request) -> Response:
        """Accept moves."""
        return await _done(request, lambda asked: self.actions.confirm(asked.pairs("videos")))

    async def retry(self, request: Request) -> Response:
        """Try again to read a video."""
        return await _done(request, lambda asked: self.actions.retry(asked.text("id")))


def site(library: PagedLibrary, actions: Actions, access: Access) -> ASGIApp:
    """The whole page, with its guard."""
    here = Site(library, actions)
    routes = [
        Route("/", here.page),
        Route("/state", here.state),
        Route("/progress", here.progress),
        Route("/video/{video}", here.video),
        Route("/poster/{video}", here.poster),
        Route("/strip/{video}", here.strip),
        Mount("/static", StaticFiles(directory=STATIC)),
        *(
            Route(f"/{act.__name__}", act, methods=["POST"])
            for act in (
                here.find,
                here.alike,
                here.caption,
                here.file,
                here.undo,
                here.leave,
                here.withdraw,
                here.confirm,
                here.retry,
                here.suggest,
                here.make,
                here.unmake,
            )
        ),
    ]
    return Guard(Starlette(routes=routes), access)


class _Wrong(ValueError):
    """The request does not hold what it must."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """The body of a request; what is missing or of another type raises _Wrong."""

    values: Mapping[str, Any]

    def text(self, key: str) -> str:
        value = self.values.get(key)
        if not isinstance(value, str) or not value:
            raise _Wrong(f"{key} must be a text")
        return value

    def text_or_none(self, key: str) -> str | None:
        return None if self.values.get(key) is None else self.text(key)

    def flag(self, key: str) -> bool:
        return self.values.get(key) is True

    def texts(self, key: str) -> list[str]:
        value = self.values.get(key)
        if not (isinstance(value, list) and all(isinstance(one, str) and one for one in value)):
            raise _Wrong(f"{key} must be a list of texts")
        return value

    def numbers(self, key: str) -> list[int]:
        value = self.values.get(key)
        if not (isinstance(value, list) and value and all(type(one) is int for one in value)):
            raise _Wrong(f"{key} must be a list of numbers")
        return value

    def pairs(self, key: str) -> list[tuple[str, str]]:
        value = self.values.get(key)
        if not (isinstance(value, list) and all(isinstance(one, dict) for one in value)):
            raise _Wrong(f"{key} must be a list")
        return [(_Asked(one).text("id"), _Asked(one).text("folder")) for one in value]


def _json(document: Mapping[str, Any], code: int = 200) -> Response:
    """ASCII: a name that is not valid UTF-8 travels as escapes, and comes back as it is."""
    return Response(json.dumps(document), code, media_type="application/json")


async def _told(answer: Callable[[], dict[str, Any]]) -> Response:
    try:
        return _json(await run_in_threadpool(answer))
    except (StoreError, sqlite3.Error) as error:
        get_logger().warning("the review page could not read what is known", reason=str(error))
        return _json({"error": printable(f"what is known cannot be read: {error}")}, 503)


async def _done(request: Request, act: Callable[[_Asked], dict[str, Any]]) -> Response:
    try:
        asked = json.loads(await request.body())
        if not isinstance(asked, dict):
            raise _Wrong("the request must be a JSON object")
        return _json(await run_in_threadpool(act, _Asked(asked)))
    except (ValueError, RecursionError) as error:
        return _json({"error": printable(str(error))}, 400)
    except Refused as error:
        return _json({"error": printable(str(error))}, 409)
    except (StoreError, sqlite3.Error) as error:
        return _json({"error": printable(f"what is known cannot be read: {error}")}, 503)
