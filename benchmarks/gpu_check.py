"""Check what sorterd promises on an NVIDIA card. Prints one line for each check and takes under six minutes.

    python benchmarks/gpu_check.py                     all checks, 1 at the end if one failed
    python benchmarks/gpu_check.py --only texts,start  some of them
    python benchmarks/gpu_check.py --rehearse          the same steps on the processor, where there is no card

Each check runs in its own process, so it may crash, hang, or fill the card without harm to the others. `-` in place of
`ok` or `FAILED` marks a figure for information. If version 12 of CUDA's matrix library is missing, the checks of speech
on the card borrow version 13 under its name. `blocker` checks what happens without.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from card_checks import CHECKS, Result
from card_place import Place, linked

ENOUGH = 330.0
"""Seconds after which no further check is begun."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default=",".join(CHECKS))
    parser.add_argument("--rehearse", action="store_true")
    parser.add_argument("--seconds", type=float, default=ENOUGH, help="begin no further check after that")
    parser.add_argument("--step", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    device = "cpu" if options.rehearse else "cuda"
    if options.step:
        for result in CHECKS[options.step][0](Place(options.folder, device)):
            print(json.dumps(result), flush=True)
        return
    began, failed = time.monotonic(), False
    with tempfile.TemporaryDirectory(prefix="gpu-check-") as folder:
        borrowed = _borrow_cublas(Path(folder, "cublas"))
        for name in options.only.split(","):
            left = options.seconds - (time.monotonic() - began)
            if left <= 0:
                _print((name, "no time left for it", False))
                failed = True
                continue
            environment = os.environ | {"CUDA_CACHE_PATH": f"{folder}/kernels"}
            environment |= borrowed if CHECKS[name][1] else {}
            failed |= not _run(name, Path(folder), environment, max(left, 60.0), rehearse=options.rehearse)
    print(f"{time.monotonic() - began:.0f} s; {'something FAILED' if failed else 'all is well'}")
    raise SystemExit(failed)


def _run(name: str, folder: Path, environment: dict[str, str], seconds: float, *, rehearse: bool) -> bool:
    command = [sys.executable, __file__, "--step", name, "--folder", str(folder), *(["--rehearse"] * rehearse)]
    errors = folder / f"{name}.stderr"
    began, well = time.monotonic(), True
    with errors.open("w") as stderr:
        child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=stderr, text=True, env=environment)
        try:
            out, _ = child.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            child.kill()
            out, _ = child.communicate()
            _print((name, f"took more than {seconds:.0f} s", False))
            well = False
    for line in out.splitlines():
        if line.startswith("["):
            result = json.loads(line)
            _print(result)
            well &= result[2] is not False
    if child.returncode not in (0, -9):
        last = (errors.read_text().strip().splitlines() or ["nothing"])[-3:]
        _print((name, f"ended with {child.returncode}: {' | '.join(last)[:400]}", False))
        well = False
    print(f"      ({name}: {time.monotonic() - began:.0f} s)", flush=True)
    return well


def _print(result: Result) -> None:
    what, figure, well = result
    mark = {True: "ok", False: "FAILED", None: "-"}[well]
    print(f"{mark:6} {what}: {' '.join(figure.split())}", flush=True)


def _borrow_cublas(folder: Path) -> dict[str, str]:
    """Return an environment in which cuBLAS 13, which torch installs, is found as version 12, unless that is here."""
    from sorterd.features.packages import folder_of

    places = [
        *Path(sys.prefix, "lib").glob("python3*/site-packages/nvidia/*/lib"),
        *Path("/usr/local").glob("cuda*/lib64"),
    ]
    thirteen = next((file for place in places if (file := place / "libcublas.so.13").exists()), None)
    if thirteen is None or folder_of("nvidia.cublas") or linked("libcublas.so.12"):
        return {}
    folder.mkdir()
    for name in ("libcublas.so", "libcublasLt.so"):
        (folder / f"{name}.12").symlink_to(thirteen.with_name(f"{name}.13"))
    paths = [str(folder), str(thirteen.parent), os.environ.get("LD_LIBRARY_PATH", "")]
    return {"LD_LIBRARY_PATH": ":".join(path for path in paths if path)}


if __name__ == "__main__":
    main()
