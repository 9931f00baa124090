"""Measure what several workers bring.

python benchmarks/pool.py sleeping     1, 2, 4, 8 and unequal workers that sleep instead of running models
python benchmarks/pool.py real         one machine on a core against two on two, with the real models and connections
python benchmarks/pool.py many         1, 2, 4, 8 such machines of two cores, as many as there are cores for
python benchmarks/pool.py newcomer     from the drop of a new video to its decision, stage by stage, while 5,000 wait
python benchmarks/pool.py million      what a library of 25,000 and of 100,000 videos costs home
"""

from __future__ import annotations

import sys

import pool_million
import pool_real
import pool_sleeping

WHAT = {
    "sleeping": pool_sleeping.scaling,
    "real": pool_real.real,
    "many": pool_real.many,
    "newcomer": pool_sleeping.newcomer,
    "million": pool_million.million,
}

if __name__ == "__main__":
    for what in sys.argv[1:] or WHAT:
        WHAT[what]()
