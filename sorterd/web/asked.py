"""The body of a request of the page's script."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


class Wrong(ValueError):
    """The request does not hold what it must."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A JSON object. What is missing or of another type raises Wrong."""

    values: Mapping[str, Any]

    def text(self, key: str) -> str:
        """Return a text that is not empty."""
        return self._text(key, self.values.get(key))

    def text_or_none(self, key: str) -> str | None:
        """Return a text, None if there is none."""
        return None if self.values.get(key) is None else self.text(key)

    def flag(self, key: str) -> bool:
        """Return whether it is true."""
        return self.values.get(key) is True

    def texts(self, key: str) -> list[str]:
        """Return a list of texts."""
        return [self._text(key, one) for one in self.list(key)]

    def numbers(self, key: str) -> list[int]:
        """Return a list of whole numbers that is not empty."""
        numbers = self.list(key)
        if not numbers or not all(type(one) is int for one in numbers):
            raise Wrong(f"{key} must be a list of numbers")
        return numbers

    def list(self, key: str) -> list[Any]:
        """Return a list of anything."""
        value = self.values.get(key)
        if not isinstance(value, list):
            raise Wrong(f"{key} must be a list")
        return value

    def _text(self, key: str, value: object) -> str:
        if not isinstance(value, str) or not value:
            raise Wrong(f"{key} must be a text")
        return value


def asked_in(body: bytes) -> Asked:
    """Return what a body asks for. Raise ValueError or RecursionError."""
    return as_asked(json.loads(body))


def as_asked(value: object) -> Asked:
    """Return a value of a request that must be a JSON object. Raise Wrong."""
    if not isinstance(value, dict):
        raise Wrong("the request must be a JSON object")
    return Asked(value)
