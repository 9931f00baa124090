"""The pool as the service opens it, with a real coordinator and a real machine."""

from dataclasses import replace
from pathlib import Path

import pytest
from support.cheap_service import WORKER

from pool.conftest import NOW
from pool.machines import invitation, machine
from sorterd.activity import Activity, Fault, Note
from sorterd.config import Config
from sorterd.config.schema import FeaturesConfig, PoolConfig, WatchConfig
from sorterd.daemon.app import RunOptions, open_app
from sorterd.daemon.other_machines import other_machines
from sorterd.pool import authority
from sorterd.pool.home.link import Taken
from sorterd.pool.home.pool import Pool
from sorterd.pool.messages import Listening

HELPS = Note("pc helps from now on, on cpu")


def config(tmp_path: Path) -> Config:
    (tmp_path / "videos" / "cats").mkdir(parents=True)
    (tmp_path / "state").mkdir(mode=0o700)
    return Config(
        videos=tmp_path / "videos",
        state_dir=tmp_path / "state",
        features=FeaturesConfig(models="embedded"),
        watch=WatchConfig(settle_seconds=0.1),
        pool=PoolConfig(listen="127.0.0.1:1"),
    )


def test_without_keys_the_service_runs_alone_and_says_what_to_type_and_without_an_address_nothing(
    tmp_path: Path,
) -> None:
    told: list[Activity] = []
    made = config(tmp_path)
    with open_app(made, RunOptions(worker=WORKER), told.append, print) as app:
        with other_machines(made, app, told.append, print) as others:
            assert others is not None
            status = others.status(lambda _: None)
        with other_machines(replace(made, pool=PoolConfig()), app, told.append, print) as none:
            assert none is None
    assert "'sorterd pool init'" in status["problem"]
    assert told == [Fault("", status["problem"])]


def test_a_machine_extracts_videos_of_the_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = config(tmp_path)
    keys = tmp_path / "state" / "pool"
    authority.make(keys, now=NOW)
    told: list[Activity] = []
    ports: list[int] = []
    take = Pool.take

    def listen(pool: Pool, message: Taken) -> None:
        if isinstance(message, Listening):
            ports.append(message.port)
            app.loop.stop()
        take(pool, message)

    monkeypatch.setattr(Pool, "take", listen)
    monkeypatch.setattr("sorterd.daemon.other_machines.split", lambda _: ("127.0.0.1", 0))
    with (
        open_app(made, RunOptions(worker=WORKER), told.append, print) as app,
        other_machines(made, app, told.append, print) as others,
    ):
        assert others is not None
        app.loop.run()
        address = f"tls://127.0.0.1:{ports[0]}"

        def turn() -> float:
            if HELPS in told and not any(made.videos.glob("cats/*")):
                for number in range(24):
                    (made.videos / "cats" / f"{number}.mp4").write_bytes(b"cats %d 100000\n" % number + bytes(1000))
            app.loop.stopping = app.loop.pipeline.progress.done >= 24
            app.loop.hint()
            return 0.2

        with machine(invitation(keys, "pc", address), address, tmp_path / "host"):
            app.loop.each_turn(turn)
            app.loop.stopping = False
            app.loop.run()
        counted = app.store.connection.execute("SELECT count(*) FROM features").fetchone()[0]
        (line,) = others.status(lambda _: 60.0)["machines"]
    assert counted == 24
    assert line["name"] == "pc"
    assert "pc" in app.loop.pipeline.progress._pace_of
    assert not [one for one in told if isinstance(one, Fault)]
