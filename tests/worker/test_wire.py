"""The wire carries every message unchanged, and nothing else."""

import dataclasses
import math
import types
from contextlib import suppress
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgpack
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sorterd.prediction import Prediction
from sorterd.worker import wire
from sorterd.worker.messages import WorkerMessage
from sorterd.worker.report_messages import Extracted, Predicted
from sorterd.worker.wire import Frames, WireError


def any_of(kind: Any) -> st.SearchStrategy[Any]:
    """Draw any value that fits the annotation, texts with lone surrogates included."""
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        hints = get_type_hints(kind)
        return st.builds(kind, **{field.name: any_of(hints[field.name]) for field in dataclasses.fields(kind)})
    parts = get_args(kind)
    if get_origin(kind) is tuple and parts[-1] is Ellipsis:
        return st.lists(any_of(parts[0]), max_size=4).map(tuple)
    if get_origin(kind) is tuple:
        return st.tuples(*map(any_of, parts))
    if get_origin(kind) is Literal:
        return st.sampled_from(parts)
    if get_origin(kind) is types.UnionType:
        return st.one_of(*map(any_of, parts))
    scalars: dict[Any, st.SearchStrategy[Any]] = {
        str: st.text(st.characters()) | st.binary().map(lambda raw: raw.decode("utf-8", "surrogateescape")),
        bytes: st.binary(),
        int: st.integers(-(2**63), 2**64 - 1),
        float: st.floats(allow_nan=False, allow_infinity=False),
        bool: st.booleans(),
        types.NoneType: st.none(),
    }
    return scalars[kind]


messages = st.one_of(*map(any_of, get_args(WorkerMessage)))


@given(messages)
def test_every_message_comes_back_equal(message: WorkerMessage) -> None:
    frame = wire.encode(message)
    assert wire.decode(frame[4:]) == message


@given(st.lists(messages, max_size=5), st.integers(1, 50))
def test_messages_survive_being_cut_anywhere(sent: list[WorkerMessage], step: int) -> None:
    stream = b"".join(map(wire.encode, sent))
    frames = Frames(wire.JOB_LIMIT)
    received = [m for at in range(0, len(stream), step) for m in frames.feed(stream[at : at + step])]
    assert received == sent


@given(st.binary())
def test_any_other_bytes_are_refused_and_nothing_else_is_raised(body: bytes) -> None:
    with pytest.raises(WireError):
        wire.decode(body)


@given(messages, st.data())
def test_a_damaged_frame_yields_a_message_or_a_wire_error(message: WorkerMessage, data: st.DataObject) -> None:
    body = bytearray(wire.encode(message)[4:])
    body[data.draw(st.integers(0, len(body) - 1))] ^= data.draw(st.integers(1, 255))
    with suppress(WireError):
        assert isinstance(wire.decode(body), WorkerMessage)


@pytest.mark.parametrize(
    ("plain", "complaint"),
    [
        (["Describe", "1"], "Describe.job: int expected, not str"),
        (["Describe", True], "Describe.job: int expected, not bool"),
        (["Describe"], "Describe: 1 fields expected"),
        (["Describe", 1, 2], "Describe: 1 fields expected"),
        (["Extract", 1, [["f"]], "", 0], "Extract.items: 2 fields expected"),
        (["Extract", 1, [["f", "not bytes"]], "", 0], "Extract.items.path: bytes expected, not str"),
        (["Extract", 1, "f", "", 0], "Extract.items: a list expected, not str"),
        (["Described", 1, "space", [1, 2], "clip", "cpu"], "Described.modalities: 3 fields expected"),
        (
            ["Predicted", 1, [["f", ["cats", math.nan, [], False, ""]]]],
            "Predicted.predictions.confidence: a finite number",
        ),
        (
            ["Setup", ["cliip", "", "", "", 5, "cpu", None, [], False], b"", 1.0, False, False],
            "Setup.features.models: one of",
        ),
        (["Item", "f", b"p"], "no message is called 'Item'"),
        (["os.system", "true"], "no message is called 'os.system'"),
        ([], "a frame without a message name"),
        ({"Describe": 1}, "not msgpack"),
    ],
)
def test_a_value_of_the_wrong_type_is_named_with_its_place(plain: object, complaint: str) -> None:
    with pytest.raises(WireError, match=complaint.replace("(", r"\(")):
        wire.decode(msgpack.packb(plain))


def test_a_frame_beyond_the_limit_is_refused_before_it_is_received() -> None:
    with pytest.raises(WireError, match="limit is 100"):
        list(Frames(100).feed((101).to_bytes(4, "big")))


def test_a_message_beyond_the_limit_is_not_sent() -> None:
    big = Extracted(1, "f", b"\0" * 200, "", "", "none")
    with pytest.raises(WireError, match="limit is 100"):
        wire.encode(big, limit=100)


def test_a_message_that_the_other_side_would_refuse_is_not_sent() -> None:
    guess = Prediction("cats", float("nan"), (), False, "")
    with pytest.raises(WireError, match=r"Predicted.predictions.confidence: a finite number"):
        wire.encode(Predicted(1, (("f", guess),)))


def test_a_list_that_claims_to_be_huge_takes_no_memory() -> None:
    with pytest.raises(WireError, match="not msgpack"):
        wire.decode(b"\xdd\xff\xff\xff\xff" * 1000)


def test_so_many_empty_lists_that_they_would_fill_the_memory_are_refused() -> None:
    """Each of them is one byte on the wire and sixty in memory."""
    frame = msgpack.packb([[[]] * 1000] * 1000)
    with pytest.raises(WireError, match="too many values"):
        wire.decode(frame, limit=len(frame))


def test_predictions_for_a_thousand_videos_fit_into_a_hundredth_of_a_frame() -> None:
    guess = "0" * 32, Prediction("cats", 0.9, (("cats", 0.9), ("dogs", 0.1)), True, "sure")
    report, limit = Predicted(1, (guess,) * 1_000), wire.REPORT_LIMIT // 100
    assert wire.decode(wire.encode(report, limit)[4:], limit) == report


def test_a_list_longer_than_any_of_ours_is_refused_before_memory_is_allocated() -> None:
    """A number takes one byte of the frame and eight of the memory."""
    length = 1 << 21
    with pytest.raises(WireError, match="not msgpack"):
        wire.decode(b"\xdd" + length.to_bytes(4, "big") + bytes(length))
