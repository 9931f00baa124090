"""Where videos went."""

from dataclasses import replace

from support.rows import fill, known

from sorterd.changes import Moved
from sorterd.store.relocations import Relocation
from sorterd.store.store import Store


def test_where_the_user_took_a_video_is_known_until_it_is_forgotten(store: Store) -> None:
    file = known("cats/a.mp4", "one")
    fill(store, file)
    store.files.apply([Moved(file, replace(file, path="dogs/a.mp4"))], {}, now=5.0, watching=True)
    assert store.relocations.all() == {file.path: Relocation(file.path, "dogs/a.mp4", "one", 5.0, by_user=True)}
    assert store.relocations.all("dogs/") == {}
    store.relocations.forget(before=5.0)
    assert file.path in store.relocations.all("cats/")
    store.relocations.forget(before=5.1)
    assert store.relocations.all() == {}
