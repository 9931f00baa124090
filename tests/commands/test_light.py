"""What neither trains nor looks at videos loads neither torch nor scikit-learn, which would take seconds."""

import subprocess
import sys

import numpy as np

from commands.filed_library import Library
from sorterd.artifact_names import artifacts_folder
from sorterd.classifier import save_classifier, train_classifier
from sorterd.config import load_config
from sorterd.features.settings import FeatureSpace, extracted_modalities
from sorterd.pipeline import feature_space
from sorterd.store.features import Features

COMMANDS = (
    "status",
    "log",
    "review",
    "explain cats/cats0.mp4",
    "evaluate",
    "report",
    "find --exact cats0",
    "find --like cats/cats0.mp4",
    "undo --last 1",
    "confirm cats",
    "file cats/cats0.mp4 dogs",
    "pause",
    "resume",
    "retry",
    "config check",
    "service show",
)
FIND_NOTHING = ("find --misfiled", "find --duplicates")
DAILY = ("status", "log", "review", "find --exact old", "undo --dry-run", "pause", "resume", "config show")
HEAVY = "torch sklearn open_clip faster_whisper av"
TYPE = """
import shlex, sys
from sorterd.cli import main
sys.modules |= dict.fromkeys(sys.argv[2].split())  # None: to import it fails
for command in sys.argv[3:]:
    print(command, main(["--config", sys.argv[1], *shlex.split(command)]), file=sys.stderr)
"""


def teach(library: Library) -> None:
    """Train a real model on two folders, and put it into use."""
    workspace = library.workspace
    workspace.open()
    for name in ("cats", "dogs"):
        workspace.lay_out({name: {f"{name}{number}.mp4": f"{name} {number}".encode() for number in range(5)}})
    workspace.synchronize()
    space = FeatureSpace("space-1", extracted_modalities(4, 4), "embedded", "cpu")
    feature_space.remember(workspace.store.notes, load_config(library.config).feature_settings(), space)
    random, rows = np.random.default_rng(0), {}
    for video in {file.fingerprint for file in workspace.store.files.known().files.values()}:
        row = rows[video] = random.normal(size=8)
        workspace.store.features.add(Features(video, row.astype("<f4").tobytes(), "", "", "none"), "space-1", now=1.0)
    labels = workspace.store.files.labels()
    model = train_classifier([rows[one] for one in labels], list(labels.values()), blocks=(4, 4), candidates=("knn",))
    folder = artifacts_folder(workspace.state)
    save_classifier(model, folder, feature_space="space-1", trained_at="2026-01-31T12:00:00+00:00")
    workspace.close()


def test_no_command_that_only_reads_or_files_loads_torch(library: Library) -> None:
    teach(library)
    typed = [sys.executable, "-c", TYPE, str(library.config), HEAVY, *COMMANDS, *FIND_NOTHING]
    done = subprocess.run(typed, cwd=library.workspace.root, capture_output=True, text=True, check=False)
    ended = [f"{command} 0" for command in COMMANDS] + [f"{command} 1" for command in FIND_NOTHING]
    assert [line for line in done.stderr.splitlines() if line in ended] == ended, done.stderr


def test_no_command_of_every_day_loads_what_only_a_log_or_a_vector_needs(library: Library) -> None:
    without = f"{HEAVY} structlog asyncio numpy jinja2 starlette cryptography"
    typed = [sys.executable, "-c", TYPE, str(library.config), without, *DAILY]
    done = subprocess.run(typed, capture_output=True, text=True, check=False)
    assert [line for line in done.stderr.splitlines() if line.endswith(" 0")] == [f"{one} 0" for one in DAILY], done
