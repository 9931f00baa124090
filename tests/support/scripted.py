"""A worker that does what the paths of its items tell it, for the tests of the supervisor. No limits, no models."""

import os
import signal
import sys
import threading
from collections.abc import Callable

from sorterd.features.settings import extracted_modalities
from sorterd.worker import wire
from sorterd.worker.embed_messages import Embed, TextEmbedded
from sorterd.worker.job_messages import Describe, Extract, Pictures
from sorterd.worker.messages import Ready, Setup, WorkerMessage
from sorterd.worker.report_messages import (
    Described,
    Extracted,
    ExtractFailed,
    JobDone,
    JobFailed,
    PicturesFailed,
    Started,
)

never = threading.Event()


def send(message: WorkerMessage) -> None:
    wire.write_all(1, wire.encode(message))


def die(sig: int) -> None:
    os.kill(os.getpid(), sig)
    never.wait()


def deaf() -> None:
    """Neither the end of stdin nor SIGTERM counts."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    never.wait()


def fail(text: str) -> None:
    raise ValueError(text)


def abort() -> None:
    os.write(2, b"terminate called: std::bad_alloc\n")
    die(signal.SIGABRT)


def mute() -> None:
    os.close(1)
    never.wait()


def leave_a_grandchild() -> None:
    if os.fork() == 0:
        never.wait()
    os.kill(os.getpid(), signal.SIGSEGV)


def leave_a_noisy_grandchild() -> None:
    """In a session of its own, so that nobody ends it with its parent, and without the other pipes."""
    ready, begun = os.pipe()
    if os.fork() == 0:
        os.setsid()
        os.close(0)
        os.close(1)
        os.write(begun, b"!")
        signal.alarm(20)  # longer than anybody waits for its parent
        babble()
    os.read(ready, 1)
    os.kill(os.getpid(), signal.SIGSEGV)


def babble() -> None:
    """Faster than anybody reads."""
    lines = b"x\n" * 30_000
    while True:
        os.write(2, lines)


def ready_again() -> None:
    send(Ready())
    never.wait()


def drip() -> None:
    """A frame that is under way for ever."""
    os.write(1, wire.REPORT_LIMIT.to_bytes(4, "big"))
    while True:
        os.write(1, b"x")
        never.wait(0.01)


TRICKS: dict[bytes, Callable[[], object]] = {
    b"exit": lambda: os._exit(3),
    b"raise": lambda: fail("no such codec: \x1b[31mred"),
    b"segv": lambda: die(signal.SIGSEGV),
    b"abort": abort,
    b"oom": lambda: die(signal.SIGKILL),
    b"term": lambda: die(signal.SIGTERM),
    b"hang": never.wait,
    b"deaf": deaf,
    b"garbage": lambda: (os.write(1, b"frame= 1 fps=0.0 q=0.0\n" * 10), never.wait()),
    b"half": lambda: (os.write(1, b"\0\0\1\0half a frame"), os._exit(0)),
    b"mute": mute,
    b"grandchild": leave_a_grandchild,
    b"noisy grandchild": leave_a_noisy_grandchild,
    b"babble": babble,
    b"drip": drip,
    b"ready": ready_again,
    b"stranger": lambda: send(Extracted(1, "stranger", b"", "", "", "none")),
    b"flood": lambda: os.write(2, b"[h264] error while decoding MB\n" * 20_000),
    b"tick": lambda: threading.Event().wait(0.25),
    b"large": lambda: None,
}


def main() -> None:
    boot = sys.argv[1:]
    for message in wire.messages_from(0, wire.JOB_LIMIT):
        match message:
            case Setup():
                if boot == ["hang"]:
                    never.wait()
                send(Ready())
            case Describe(job):
                send(Described(job, "space", extracted_modalities(2, 2), "embedded", "cpu"))
                if boot == ["die idle"]:
                    os._exit(1)
            case Embed(job, text, towers):
                if text == "unasked":
                    send(TextEmbedded(job + 1, ()))
                elif text != "silence":
                    send(TextEmbedded(job, tuple((tower, bytes(8)) for tower in towers if tower != "not loaded")))
            case Pictures(job, items):
                for item in items:
                    send(Started(job, item.fingerprint))
                    send(PicturesFailed(job, item.fingerprint, "drawn by nobody", False))
                send(JobDone(job))
            case Extract(job, items):
                if not items:
                    send(JobFailed(job, "nothing to do"))
                    continue
                held = [item.fingerprint for item in items if item.path == b"hold"]
                for fingerprint in held:  # decoded first, answered last
                    send(Started(job, fingerprint))
                for item in items:
                    if item.path == b"hold":
                        continue
                    send(Started(job, item.fingerprint))
                    TRICKS.get(item.path, lambda: None)()
                    if item.path == b"bad":
                        send(ExtractFailed(job, item.fingerprint, "bad", True))
                    else:
                        vector = bytes(3_000_000 if item.path == b"large" else 16)
                        send(Extracted(job, item.fingerprint, vector, "hi", "en", "speech"))
                for fingerprint in held:
                    send(Extracted(job, fingerprint, bytes(16), "", "", "none"))
                send(JobDone(job))


main()
