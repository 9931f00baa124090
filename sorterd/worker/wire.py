"""Messages as bytes, for the pipes between daemon and worker.

A frame is a 4-byte big-endian length and that many bytes of msgpack: `[class name, field, field, ...]`. A message
inside a message is the list of its fields. Unlike pickle, this can only yield the message classes listed here, and
every field is checked against its annotation: the worker handles hostile videos, so its messages are not trusted.

Text is packed with `surrogatepass`, not `surrogateescape`. Both carry a path that is not valid UTF-8, but only the
former brings back every str as it was: two escaped bytes that happen to form a character would come back as that
character.
"""

from __future__ import annotations

import math
import os
import types
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import msgpack

from sorterd.worker.messages import WorkerMessage

JOB_LIMIT = 1 << 30
"""Most bytes in a frame that the worker accepts: vectors of a hundred thousand videos."""
REPORT_LIMIT = 1 << 26
"""Most bytes in a frame that the daemon accepts: enough for predictions for 100,000 videos, and no threat to its
memory."""

_HEADER = 4
_LONGEST_LIST = 1 << 20  # msgpack sets memory aside for a list as soon as it has read the length
_BYTES_PER_VALUE = 32  # at least, of the limit: an empty list is one byte on the wire and sixty in memory
_CHUNK = 1 << 16  # what a Linux pipe holds
_CLASSES: dict[str, type] = {kind.__name__: kind for kind in get_args(WorkerMessage)}


class WireError(Exception):
    """Bytes that are not one of our messages, or a message that does not fit the protocol."""


def encode(message: WorkerMessage, limit: int = JOB_LIMIT) -> bytes:
    """Return the frame of `message`. Raise WireError for what the other side would refuse."""
    return framed(encode_body(message, limit))


def framed(body: bytes) -> bytes:
    """Return the frame of a body."""
    return len(body).to_bytes(_HEADER, "big") + body


def decode(body: bytes | bytearray, limit: int = JOB_LIMIT) -> WorkerMessage:
    """Return the message in the body of a frame from a stream with this limit. Raise WireError for anything else."""
    message: WorkerMessage = decode_body(body, _CLASSES, limit)
    return message


def encode_body(message: Any, limit: int) -> bytes:
    """Return a message, which may also be of other classes, as msgpack. Raise WireError as `encode` does."""
    kind: Any = type(message)
    name = kind.__name__
    body: bytes = msgpack.packb([name, *_plain(message)], use_bin_type=True, unicode_errors="surrogatepass")
    if len(body) > limit:
        raise WireError(f"{name} of {len(body):,} bytes; the limit is {limit:,}")
    _parser(kind)(_plain(message), name)
    return body


def decode_body(body: bytes | bytearray, classes: Mapping[str, type], limit: int) -> Any:
    """Return the message of one of these classes. Raise WireError for anything else."""
    values = 0

    def counted(found: list[Any]) -> list[Any]:
        nonlocal values
        values += 1 + len(found)
        if values > limit // _BYTES_PER_VALUE:
            raise ValueError("too many values")
        return found

    try:
        plain = msgpack.unpackb(
            body,
            raw=False,
            unicode_errors="surrogatepass",
            list_hook=counted,
            max_array_len=_LONGEST_LIST,
            max_map_len=0,
            max_ext_len=0,
        )
    except (ValueError, TypeError, msgpack.exceptions.UnpackException) as error:
        raise WireError(f"not msgpack: {error}") from error
    if not isinstance(plain, list) or not plain or not isinstance(plain[0], str):
        raise WireError("a frame without a message name")
    name = plain[0]
    if name not in classes:
        raise WireError(f"no message is called {name[:40]!r}")
    return _parser(classes[name])(plain[1:], name)


class Frames:
    """Cuts a stream of bytes into messages of these classes. Use one per stream and direction."""

    def __init__(self, limit: int, classes: Mapping[str, type] = _CLASSES) -> None:
        self._limit = limit
        self._classes = classes
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[Any]:
        """Yield the messages that `data` completes. Raise WireError. The stream cannot be used after that."""
        self._buffer += data
        while len(self._buffer) >= _HEADER:
            size = int.from_bytes(self._buffer[:_HEADER], "big")
            if size > self._limit:
                raise WireError(f"a frame of {size:,} bytes; the limit is {self._limit:,}")
            end = _HEADER + size
            if len(self._buffer) < end:
                return
            body = self._buffer[_HEADER:end]
            del self._buffer[:end]
            yield decode_body(body, self._classes, self._limit)


def messages_from(fd: int, limit: int) -> Iterator[WorkerMessage]:
    """Yield the messages that arrive on a blocking file descriptor, until its end. Raise WireError."""
    frames = Frames(limit)
    while data := os.read(fd, _CHUNK):
        yield from frames.feed(data)


def write_all(fd: int, frame: bytes) -> None:
    """Write a whole frame to a blocking file descriptor. Raises OSError."""
    rest = memoryview(frame)
    while rest:
        rest = rest[os.write(fd, rest) :]


def _plain(value: Any) -> Any:
    """Return `value` as lists and scalars."""
    if is_dataclass(value):
        return [_plain(getattr(value, field.name)) for field in fields(value)]
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return value


Parser = Callable[[Any, str], Any]


@cache
def _parser(kind: Any) -> Parser:
    """Return the function that turns a plain value into a `kind`, or raises WireError naming the place.

    Cached per annotation.
    """
    if is_dataclass(kind):
        return _parse_fields(kind)
    origin, parts = get_origin(kind), get_args(kind)
    if origin is tuple and parts[-1] is Ellipsis:
        return _parse_many(_parser(parts[0]))
    if origin is tuple:
        return _parse_each(tuple(_parser(part) for part in parts))
    if origin is Literal:
        return _parse_choice(parts)
    if origin in (Union, types.UnionType) and len(parts) == 2 and parts[1] is types.NoneType:
        return _parse_optional(_parser(parts[0]))
    if kind is float:
        return _parse_float
    if kind in (str, bytes, int, bool):
        return _parse_scalar(kind)
    raise TypeError(f"the wire does not carry {kind}")


def _parse_fields(kind: Any) -> Parser:
    hints = get_type_hints(kind)
    parsers = [(field.name, _parser(hints[field.name])) for field in fields(kind)]

    def parse(value: Any, place: str) -> Any:
        if not isinstance(value, list) or len(value) != len(parsers):
            raise WireError(f"{place}: {len(parsers)} fields expected")
        return kind(*(parser(part, f"{place}.{name}") for (name, parser), part in zip(parsers, value, strict=True)))

    return parse


def _parse_many(parser: Parser) -> Parser:
    def parse(value: Any, place: str) -> Any:
        if not isinstance(value, list):
            raise WireError(f"{place}: a list expected, not {type(value).__name__}")
        return tuple(parser(part, place) for part in value)

    return parse


def _parse_each(parsers: tuple[Parser, ...]) -> Parser:
    def parse(value: Any, place: str) -> Any:
        if not isinstance(value, list) or len(value) != len(parsers):
            raise WireError(f"{place}: {len(parsers)} values expected")
        return tuple(parser(part, place) for parser, part in zip(parsers, value, strict=True))

    return parse


def _parse_choice(choices: tuple[Any, ...]) -> Parser:
    def parse(value: Any, place: str) -> Any:
        if value not in choices:
            raise WireError(f"{place}: one of {choices} expected")
        return value

    return parse


def _parse_optional(parser: Parser) -> Parser:
    return lambda value, place: None if value is None else parser(value, place)


def _parse_float(value: Any, place: str) -> float:
    if type(value) not in (float, int) or not math.isfinite(value):
        raise WireError(f"{place}: a finite number expected")
    return float(value)


def _parse_scalar(kind: type) -> Parser:
    def parse(value: Any, place: str) -> Any:
        if type(value) is not kind:  # not isinstance: True is an int
            raise WireError(f"{place}: {kind.__name__} expected, not {type(value).__name__}")
        return value

    return parse
