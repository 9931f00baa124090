"""The page as a person has it: the real command, a real browser, real moves. Only the models are cheap."""

import re
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from web.opened_page import NARROW, WIDE, assert_accessible, chromium, library, opened, served

FILED = {f"{word}s/{number}.mp4": word for word in ("cat", "dog") for number in range(3)}
EVIL = "<img src=x onerror=alert(1)>&quot;"
SAID = f"مرحبا {EVIL} 😀 " + "pottery " * 60


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A library that is looked at and not changed, and its page."""
    folder = tmp_path_factory.mktemp("shelf")
    config = library(folder, {**FILED, f"{EVIL}/x.mp4": "evil", f"{EVIL}.mp4": "fish", "b.mp4": "bird", "c.mp4": "cat"})
    (folder / "videos" / "b.txt").write_text(SAID)
    (folder / "videos" / "z.mkv").write_bytes(b"\x1a\x45\xdf\xa3 no video that anything plays")
    with served(config) as address:
        yield folder / "videos", address


def name(page: Page, text: str) -> None:
    expect(page.locator("#name")).to_have_text(text)


def count(page: Page, list: str, number: int) -> None:
    expect(page.locator(f"[data-list={list}] .count")).to_have_text(str(number))


def drawn_again(page: Page, part: Locator) -> None:
    """News has come, so that another element is in the place of this one."""

    def news(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, json={**answer.json(), "stamp": "another"})

    before = part.element_handle()
    page.route("**/progress", news)
    page.wait_for_function("part => !part.isConnected", arg=before)
    page.unroute("**/progress", news)


def at_rest(page: Page) -> None:
    """All that was asked of the service is done."""
    page.wait_for_selector("body[aria-busy=false]")


def test_a_person_with_nothing_but_a_keyboard(browser: Browser, tmp_path: Path) -> None:
    videos = tmp_path / "videos"
    inbox = {"bird.mp4": "bird", "cow.mp4": "cow", "fish.mp4": "fish", "my cat.mp4": "cat", "my dog.mp4": "dog"}
    with served(library(tmp_path, {**FILED, **inbox})) as address:
        page = opened(browser, address)
        count(page, "moved", 2)
        count(page, "waiting", 3)
        page.reload()  # the video that was shown while sorterd was still looking stays
        name(page, "bird.mp4")
        expect(page.locator(".choice").first).to_have_text(re.compile("1.*cats.*20%"))

        page.keyboard.press("1")  # a guess
        name(page, "cow.mp4")
        expect(page.locator("#toast")).to_contain_text("Filed into cats")
        expect(page.locator("#progress")).to_contain_text("1 of 3")
        page.keyboard.press("z")
        expect(page.locator("#toast")).to_contain_text("bird.mp4 is back")
        name(page, "bird.mp4")
        at_rest(page)
        assert (videos / "bird.mp4").exists()
        expect(page.locator(".choice").first).to_contain_text("20%")  # judged again, so in its place in the list

        page.keyboard.press("+")  # a new folder
        page.keyboard.type("birds & co")
        page.keyboard.press("Enter")
        name(page, "cow.mp4")
        expect(page.locator("#folders")).to_contain_text("birds & co")
        at_rest(page)
        assert (videos / "birds & co" / "bird.mp4").exists()

        page.keyboard.press("n")  # none of these
        name(page, "fish.mp4")
        page.keyboard.press("/")  # by a part of its name
        page.keyboard.type("irds")
        page.keyboard.press("Enter")
        expect(page.locator("#empty")).to_contain_text("Nothing waits for you")
        again = page.get_by_text("Look again at the one that you left")
        again.focus()
        drawn_again(page, again)
        expect(again).to_be_focused()
        page.keyboard.press("Enter")
        name(page, "cow.mp4")
        expect(page.locator("#choices")).not_to_contain_text("cats")  # what was rejected is not offered again
        page.keyboard.press("d")  # by its letter
        expect(page.locator("#empty")).to_contain_text("Nothing waits for you")
        at_rest(page)
        count(page, "waiting", 0)
        assert (videos / "birds & co" / "fish.mp4").exists()
        assert (videos / "dogs" / "cow.mp4").exists()

        page.locator("[data-list=moved]").focus()
        page.keyboard.press("Enter")
        first = page.locator("#name").inner_text()
        page.keyboard.press("p")  # put back
        at_rest(page)
        count(page, "moved", 1)
        assert (videos / first).exists()
        page.locator("body").focus()
        page.keyboard.press("1")  # it is right
        count(page, "moved", 0)
        count(page, "waiting", 1)
        assert page.complaints == []  # type: ignore[attr-defined]


def search(page: Page, words: str) -> None:
    page.keyboard.press(".")
    page.keyboard.press("Control+a")
    page.keyboard.type(words)
    page.keyboard.press("Enter")
    expect(page.locator("[data-list=found]")).to_have_attribute("aria-current", "page")
    at_rest(page)


def test_a_video_is_found_by_words_and_filed_from_there(browser: Browser, tmp_path: Path) -> None:
    videos, inbox = tmp_path / "videos", {"lemon pasta.mp4": "bird", "other.mp4": "cow"}
    with served(library(tmp_path, {**FILED, "dogs/pasta.mp4": "dog", **inbox})) as address:
        page = opened(browser, address)
        count(page, "waiting", 2)
        expect(page.locator("[data-list=found]")).to_be_hidden()
        search(page, "pasta LEMON")
        count(page, "found", 1)
        name(page, "lemon pasta.mp4")
        expect(page.locator("#why")).to_contain_text("In the inbox")
        page.keyboard.press("Enter")  # there is nothing to confirm
        page.keyboard.press("n")  # and nothing to leave
        search(page, "pasta")
        count(page, "found", 2)
        if page.locator("#name").inner_text() != "pasta.mp4":
            page.keyboard.press("ArrowRight")
        name(page, "pasta.mp4")
        expect(page.locator("#why")).to_contain_text("In dogs")
        page.keyboard.press("/")
        page.keyboard.type("cats")
        page.keyboard.press("Enter")
        at_rest(page)
        assert (videos / "cats" / "pasta.mp4").exists()
        count(page, "found", 2)  # it is still found, where it lies now
        page.keyboard.press("z")
        at_rest(page)
        assert (videos / "dogs" / "pasta.mp4").exists()
        search(page, '"nothing -has NEAR( this')
        expect(page.locator("#empty")).to_contain_text("Nothing was found")
        page.locator("[data-list=waiting]").click()
        name(page, "lemon pasta.mp4")
        assert page.complaints == []  # type: ignore[attr-defined]


def test_a_library_without_folders_begins_here_with_a_finger(browser: Browser, tmp_path: Path) -> None:
    with served(library(tmp_path, {"a.mp4": "cat", "b.mp4": "cat", "c.mp4": "dog"})) as address:
        page = opened(browser, address, NARROW)
        page.get_by_text("Make the first folder").tap()
        page.get_by_label("Its name").fill("cats")
        page.get_by_role("button", name="Make it and file the video").tap()
        count(page, "moved", 1)  # what it was taught at once
        assert {one.name for one in (tmp_path / "videos" / "cats").iterdir()} == {"a.mp4", "b.mp4"}
        name(page, "c.mp4")
        expect(page.locator(".choice")).to_contain_text("cats")
        swipe(page, 60, 330)
        expect(page.locator("#empty")).to_contain_text("Nothing waits for you")
        at_rest(page)
        assert (tmp_path / "videos" / "cats" / "c.mp4").exists()
        page.locator("#toast-undo").click()
        expect(page.locator("#toast")).to_contain_text("c.mp4 is back")
        at_rest(page)
        assert (tmp_path / "videos" / "c.mp4").exists()


def test_ten_folders_are_made_and_filed_into_by_letters_on_one_page(browser: Browser, tmp_path: Path) -> None:
    names = ["ants", "bees", "cows", "dogs", "eels", "foxes", "goats", "hens", "moths", "newts"]
    films = {f"{number:02}.mp4": word for number, word in enumerate([*(name[:-1] for name in names), "yak", "zebra"])}
    with served(library(tmp_path, films)) as address:
        page = opened(browser, address)
        count(page, "waiting", 12)
        for done, folder in enumerate(names, 1):
            page.keyboard.press("+")
            page.keyboard.type(folder)
            page.keyboard.press("Enter")
            expect(page.locator("#progress")).to_contain_text(f"{done} of ")
            at_rest(page)
        expect(page.locator("#folders button, #choices button").filter(has_text="newts")).to_have_count(1)
        for letter, folder in (("c", "cows"), ("h", "hens")):
            page.keyboard.press(letter)
            at_rest(page)
            assert len(list((tmp_path / "videos" / folder).iterdir())) == 2, folder
        assert all((tmp_path / "videos" / folder).is_dir() for folder in names)
        assert page.complaints == []  # type: ignore[attr-defined]


def swipe(page: Page, start: int, end: int) -> None:
    """A finger from left to right, or back, over the video."""
    session = page.context.new_cdp_session(page)
    for kind, x in (("touchStart", start), ("touchMove", (start + end) // 2), ("touchMove", end)):
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": 200}]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nobody_is_kept_out(browser: Browser, shelf: tuple[Path, str], size: tuple[int, int], scheme: str) -> None:
    page = opened(browser, shelf[1], size, scheme)
    count(page, "moved", 1)
    search(page, "cat")
    for list in ("found", "waiting", "moved", "misfiled"):
        page.locator(f"[data-list={list}]").click()
        assert_accessible(page)
    page.locator("[data-list=waiting]").click()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    while page.locator("#name").inner_text() != "z.mkv":
        page.keyboard.press("ArrowRight")
    expect(page.locator("#fallback")).to_be_visible()  # what cannot be played
    assert_accessible(page)
    page.keyboard.press("z")  # there is nothing to take back, which is said
    expect(page.locator("#toast")).to_contain_text("nothing to take back")
    assert_accessible(page)
    page.locator("#help").click()
    assert_accessible(page)


def test_every_button_is_reached_by_tab_seen_and_large_on_a_phone(browser: Browser, shelf: tuple[Path, str]) -> None:
    page = opened(browser, shelf[1], NARROW)
    count(page, "waiting", 3)
    there = page.evaluate(
        """[...document.querySelectorAll('button, input, a')]
        .filter((one) => one.checkVisibility() && !one.disabled)
        .map((one) => {
          one.dataset.seen = '';
          const box = one.getBoundingClientRect();
          return [one.outerHTML, box.width, box.height];
        })"""
    )
    assert [what for what, width, height in there if min(width, height) < 24 and 'type="range"' not in what] == []
    assert page.evaluate("document.documentElement.scrollWidth") == NARROW[0]
    page.evaluate("for (const one of document.querySelectorAll('.tab .count')) one.textContent = '999'")
    assert page.evaluate("(nav => nav.scrollWidth - nav.clientWidth)(document.querySelector('nav'))") == 0
    for _ in there:
        page.keyboard.press("Tab")
        page.evaluate("document.activeElement.dataset.seen = 'yes'")
        assert page.evaluate("document.activeElement.matches(':focus-visible')")
    assert page.locator("[data-seen='']").count() == 0


def test_a_video_plays_at_once_without_sound_and_a_key_gives_it(browser: Browser, shelf: tuple[Path, str]) -> None:
    page = opened(browser, shelf[1])
    page.evaluate("new Promise((played) => document.querySelector('video').addEventListener('timeupdate', played))")
    assert page.evaluate("document.querySelector('video').muted")
    page.keyboard.press("m")
    assert not page.evaluate("document.querySelector('video').muted")
    page.keyboard.press(" ")
    assert page.evaluate("document.querySelector('video').paused")


def test_a_name_is_text_and_what_cannot_be_played_can_be_had_outside(browser: Browser, shelf: tuple[Path, str]) -> None:
    page = opened(browser, shelf[1])
    count(page, "waiting", 3)
    names = set()
    for _ in range(3):
        names.add(page.locator("#name").inner_text())
        if page.locator("#name").inner_text() == "z.mkv":
            expect(page.locator("#fallback")).to_contain_text("cannot play this video")
            with page.expect_download() as download:
                page.get_by_text("Play outside").click()
            assert download.value.suggested_filename == "z.mkv"
        page.keyboard.press("ArrowRight")
    assert names == {f"{EVIL}.mp4", "b.mp4", "z.mkv"}
    assert EVIL in page.locator("#folders").inner_text() + page.locator("#choices").inner_text()
    assert page.locator("img[src=x]").count() == 0


def test_a_caption_is_shown_on_request_and_for_one_video_alone(browser: Browser, shelf: tuple[Path, str]) -> None:
    page = opened(browser, shelf[1])
    button, caption = page.get_by_role("button", name="Caption"), page.locator("#caption")
    while page.locator("#name").inner_text() != "b.mp4":
        page.keyboard.press("ArrowRight")
    expect(button).to_have_attribute("aria-expanded", "false")
    assert "pottery" not in page.content()
    page.keyboard.press(",")
    expect(caption).to_have_text(SAID.strip())
    expect(page.locator("#live")).to_have_text(SAID.strip())  # for who does not see it
    expect(button).to_have_attribute("aria-expanded", "true")
    assert caption.evaluate("one => getComputedStyle(one).direction") == "rtl"
    page.keyboard.press(",")
    expect(caption).to_be_hidden()
    button.click()
    expect(caption).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(caption).to_be_hidden()
    assert "pottery" not in page.content()
    button.click()
    expect(caption).to_have_text("no caption")
    assert page.complaints == []  # type: ignore[attr-defined]


def test_another_server_on_this_computer_gets_no_cookie_of_the_page(browser: Browser, shelf: tuple[Path, str]) -> None:
    asked: list[str | None] = []

    class Another(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.headers["Cookie"])
            self.send_response(200)
            self.send_header("Set-Cookie", "theirs=1")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    page = opened(browser, shelf[1])
    with HTTPServer(("127.0.0.1", 0), Another) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        other = page.context.new_page()
        other.goto(f"http://127.0.0.1:{server.server_port}/state")
        other.reload()
        server.shutdown()
    assert asked[0] is None
    assert set(asked) == {None, "theirs=1"}
    assert page.evaluate("document.cookie") == "theirs=1"  # one for all ports, as cookies are
    assert page.url.count("/") == 4  # the page lies below its own path, without the token
    assert "token" not in page.url
