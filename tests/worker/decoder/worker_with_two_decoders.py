"""The real worker as on a larger machine, with decoders that really crash on files of that name."""

import ctypes

from sorterd.worker.child import file_reading
from sorterd.worker.child.main import main
from sorterd.worker.decoder import programs
from sorterd.worker.decoder.messages import Answer, Decode

decode = programs.do_preprocess


def fragile(order: Decode) -> tuple[Answer, int | None]:
    """Decode the file unless its name says otherwise."""
    if order.path.endswith(b"crash.mp4"):
        ctypes.string_at(0)
    return decode(order)


programs.do_preprocess = fragile
file_reading.decoders_here = lambda: 2  # type: ignore[attr-defined]
main()
