"""The cheap service, and it logs what it reads."""

from collections.abc import Callable
from pathlib import Path

from support import cheap_service
from support.service import program

from sorterd.library.files import FileId
from sorterd.library.fingerprint import PartlyRead, fingerprint
from sorterd.log import get_logger
from sorterd.sync import synchronizer

READING = program("hardship.reading_service")


def main() -> int:
    """Run it; the exit code."""

    def logged(
        path: Path, should_stop: Callable[[], bool], expected: FileId | None = None, partly: PartlyRead | None = None
    ) -> str:
        get_logger().info("read", path=path.name)
        return fingerprint(path, should_stop, expected, partly)

    synchronizer.fingerprint = logged  # type: ignore[attr-defined]
    return cheap_service.main()
