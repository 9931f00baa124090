"""What the user rejects without moving the video."""

from __future__ import annotations

from support.house import House

from sorterd.sorting.rejecting import reject, withdraw


def test_a_rejection_outlives_the_database_and_so_does_its_withdrawal(house: House) -> None:
    house.lay_out({"a.mp4": b"a", "cats": {"tom.mp4": b"tom"}, "dogs": {"rex.mp4": b"rex"}})
    house.synchronize()
    file = house.at("a.mp4")
    assert reject(house.store, file, ["cats", "dogs", "cats", "birds"], now=1.0) == ["cats", "dogs"]
    assert withdraw(house.store, file, ["dogs", "birds"]) == ["dogs"]
    house.close()
    (house.state / "sorterd.sqlite3").unlink()
    house.open()
    assert house.store.files.rejections() == {file.fingerprint: {"cats"}}
