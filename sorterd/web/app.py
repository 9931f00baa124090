"""What the page serves, and at which addresses."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
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
from sorterd.web.asked import Asked, as_asked, asked_in
from sorterd.web.facts import places
from sorterd.web.guard import Access, Guard
from sorterd.web.library import PagedLibrary
from sorterd.web.lists import LISTS
from sorterd.web.pictures import send_picture
from sorterd.web.suggested import suggested, videos_of
from sorterd.web.templates import STATIC, render
from sorterd.web.videos import NotThere, send

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class GetRequests:
    """What can be looked at. Starlette calls these methods in threads, because they ask the disk and the store."""

    library: PagedLibrary

    def page(self, _request: Request) -> Response:
        """Return the page itself. Its script asks for the rest."""
        return HTMLResponse(render("review.html", videos=printable(str(self.library.config.videos)), lists=LISTS))

    def state(self, _request: Request) -> Response:
        """Return lists, folders and progress."""
        return _answered(self.library.everything)

    def progress(self, _request: Request) -> Response:
        """Return the progress only."""
        return _answered(self.library.progress)

    def video(self, request: Request) -> Response:
        """Return a known video by its fingerprint."""
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

    def poster(self, request: Request) -> Response:
        """Return the poster of a known video."""
        return send_picture(self.library.config, request.path_params["video"], poster_path)

    def strip(self, request: Request) -> Response:
        """Return the strip of a known video."""
        return send_picture(self.library.config, request.path_params["video"], strip_path)


@dataclass(frozen=True, slots=True)
class PostRequests:
    """What the page's buttons and searches do. A search is a POST too, so that its words are in no address."""

    library: PagedLibrary
    actions: Actions

    def find(self, asked: Asked) -> Json:
        """Return videos by words."""
        return self.library.find(asked.text("words"))

    def alike(self, asked: Asked) -> Json:
        """Return videos by words and by what these mean, which may take a while."""
        return self.library.alike(asked.text("words"))

    def caption(self, asked: Asked) -> Json:
        """Return the caption of one video, which is shown only on request."""
        return self.library.caption(asked.text("id"))

    def file(self, asked: Asked) -> Json:
        """Move a video into a folder."""
        video, here, folder = asked.text("id"), asked.text_or_none("here"), asked.text("folder")
        done = self.actions.file(video, here, folder, new=asked.flag("new"))
        self.library.session.decide(video)
        return done

    def suggest(self, _asked: Asked) -> Json:
        """Return groups of alike videos that have no folder."""
        return suggested(self.library.config)

    def make(self, asked: Asked) -> Json:
        """Make a folder of a group that was shown."""
        videos = videos_of(self.library.config, asked.text("group"))
        done = self.actions.make(videos, asked.text("folder"))
        self.library.session.decide(*videos)
        return done

    def unmake(self, asked: Asked) -> Json:
        """Take that back."""
        return self._undo(asked, *videos_of(self.library.config, asked.text("group")))

    def undo(self, asked: Asked) -> Json:
        """Take moves of one video back."""
        return self._undo(asked, asked.text("id"))

    def _undo(self, asked: Asked, *videos: str) -> Json:
        done = self.actions.undo(asked.numbers("moves"))
        self.library.session.reopen(*videos)
        return done

    def leave(self, asked: Asked) -> Json:
        """Say that a video belongs in none of these folders."""
        video, here = asked.text("id"), asked.text_or_none("here")
        done = self.actions.leave(video, here, asked.texts("folders"))
        if here is None:
            self.library.session.decide(video)
        return done

    def withdraw(self, asked: Asked) -> Json:
        """Take that back."""
        video = asked.text("id")
        done = self.actions.withdraw(video, asked.text_or_none("here"), asked.texts("folders"))
        self.library.session.reopen(video)
        return done

    def confirm(self, asked: Asked) -> Json:
        """Accept moves."""
        videos = map(as_asked, asked.list("videos"))
        return self.actions.confirm([(one.text("id"), one.text("folder")) for one in videos])

    def retry(self, asked: Asked) -> Json:
        """Try again to read a video."""
        return self.actions.retry(asked.text("id"))


def site(library: PagedLibrary, actions: Actions, access: Access) -> ASGIApp:
    """Return the whole page, with its guard."""
    shown, posted = GetRequests(library), PostRequests(library, actions)
    acts: tuple[Callable[[Asked], Json], ...] = (
        *(posted.find, posted.alike, posted.caption, posted.file, posted.undo, posted.leave, posted.withdraw),
        *(posted.confirm, posted.retry, posted.suggest, posted.make, posted.unmake),
    )
    routes = [
        Route("/", shown.page),
        Route("/state", shown.state),
        Route("/progress", shown.progress),
        Route("/video/{video}", shown.video),
        Route("/poster/{video}", shown.poster),
        Route("/strip/{video}", shown.strip),
        Mount("/static", StaticFiles(directory=STATIC)),
        *(Route(f"/{act.__name__}", partial(_done, act), methods=["POST"]) for act in acts),
    ]
    return Guard(Starlette(routes=routes), access)


def _json(document: Mapping[str, Any], code: int = 200) -> Response:
    """ASCII: a name that is not valid UTF-8 travels as escapes, and comes back as it is."""
    return Response(json.dumps(document), code, media_type="application/json")


def _answered(answer: Callable[[], Json]) -> Response:
    try:
        return _json(answer())
    except Refused as error:
        return _json({"error": printable(str(error))}, 409)
    except (StoreError, sqlite3.Error) as error:
        get_logger().warning("the review page could not read what is known", reason=str(error))
        return _json({"error": printable(f"what is known cannot be read: {error}")}, 503)


async def _done(act: Callable[[Asked], Json], request: Request) -> Response:
    body = await request.body()
    try:
        return await run_in_threadpool(_answered, lambda: act(asked_in(body)))
    except (ValueError, RecursionError) as error:
        return _json({"error": printable(str(error))}, 400)
