"""The machines that run these tests reach no hub. On one that does, the first tests prove nothing."""

import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from email.message import Message
from pathlib import Path

import huggingface_hub
import pytest
from huggingface_hub import constants

from sorterd.features.models import hub

TAG = {"hf_hub": "somebody/some-model/"}


@pytest.fixture(autouse=True)
def _asked_anew() -> Iterator[None]:
    reachable = hub.reachable  # the original, even if a test has replaced it
    reachable.cache_clear()
    yield
    reachable.cache_clear()


@pytest.fixture
def silent_hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A hub that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setattr(constants, "ENDPOINT", f"http://127.0.0.1:{server.getsockname()[1]}")
        yield


@pytest.mark.usefixtures("silent_hub")
def test_a_hub_that_never_answers_is_given_up_within_seconds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "PATIENCE", 0.5)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    started = time.monotonic()
    assert hub.clip_weights(TAG, fetch=True) is None
    assert hub.whisper_folder("tiny", fetch=True) is None
    assert time.monotonic() - started < 3


def test_a_refused_connection_is_an_answer_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    monkeypatch.setattr(constants, "ENDPOINT", f"http://127.0.0.1:{port}")
    started = time.monotonic()
    assert not hub.reachable()
    assert time.monotonic() - started < 1


def test_offline_mode_is_respected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(urllib.request, "urlopen", lambda *_, **__: pytest.fail("the hub was asked"))
    assert not hub.reachable()


def test_cached_weights_need_no_hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "reachable", lambda: pytest.fail("the hub was asked"))
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    repository = tmp_path / "models--somebody--some-model"
    snapshot = repository / "snapshots" / "0" / hub.SAFE
    snapshot.parent.mkdir(parents=True)
    snapshot.write_bytes(b"weights")
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text("0")
    assert hub.clip_weights(TAG, fetch=False) == snapshot


def test_a_hub_that_answers_is_asked_for_safetensors_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(hub, "reachable", lambda: True)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    asked: list[str] = []

    def download(repository: str, name: str) -> str:
        asked.append(f"{repository}/{name}")
        if name.endswith(".safetensors"):
            raise huggingface_hub.errors.LocalEntryNotFoundError("not there")
        return "/cache/weights.bin"

    monkeypatch.setattr(huggingface_hub, "hf_hub_download", download)
    assert hub.clip_weights({"hf_hub": "a/b/model.bin"}, fetch=True) == Path("/cache/weights.bin")
    assert asked == ["a/b/model.safetensors", "a/b/model.bin"]


def test_a_failed_download_is_no_crash_but_a_line_in_the_log(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def download(_repository: str, _name: str) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(hub, "reachable", lambda: True)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr(huggingface_hub, "hf_hub_download", download)
    assert hub.clip_weights(TAG, fetch=True) is None
    assert "No space left" in caplog.text


def test_a_hub_that_answers_with_an_error_has_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(*_: object, **__: object) -> None:
        raise urllib.error.HTTPError("http://hub", 403, "Forbidden", Message(), None)

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(urllib.request, "urlopen", answer)
    assert hub.reachable()
