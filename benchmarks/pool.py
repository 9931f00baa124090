"""Measure what several workers bring.

python benchmarks/pool.py sleeping     1, 2, 4, 8 and unequal workers that sleep instead of running models
python benchmarks/pool.py real         one machine on a core against two on two, with the real models and connections
python benchmarks/pool.py newcomer     from the moment a new video has settled to its decision, while 5,000 wait
"""

from __future__ import annotations

import sys

import pool_real
import pool_sleeping

WHAT = {"sleeping": pool_sleeping.scaling, "real": pool_real.real, "newcomer": pool_sleeping.newcomer}

if __name__ == "__main__":
    for what in sys.argv[1:] or list(WHAT):
        WHAT[what]()
