"""Why a video is still in the inbox: the real reason, not only the model's sentence."""

from dataclasses import replace

import pytest

from commands.filed_library import MODEL, Library
from sorterd.commands.insight import why_it_waits
from sorterd.config import MoveConfig, load_config
from sorterd.pipeline.model_in_use import predictor_id
from sorterd.prediction import Prediction
from sorterd.sorting.moving_pause import MovingPauses


def sure(library: Library, path: str) -> None:
    content, predictor = library.workspace.at(path).fingerprint, predictor_id(MODEL, 0.85)
    word = Prediction("cats", 0.95, (("cats", 0.95),), True, "looks like cats (95%)")
    library.workspace.store.predictions.put(content, predictor, word, now=1.0)


def why(library: Library, path: str, **move: object) -> str:
    config = replace(load_config(library.config), move=MoveConfig(**move))  # type: ignore[arg-type]
    return why_it_waits(config, library.workspace.store, library.workspace.at(path))


def test_each_reason_is_told(library: Library) -> None:
    workspace = library.workspace
    workspace.open()
    workspace.take_in({"dup.mp4": b"one", "new.mp4": b"five"})
    assert why(library, "odd\x1b.mp4") == "not sure enough"
    assert why(library, "new.mp4").startswith("the model in use has not judged it yet: 'sorterd status'")
    sure(library, "dup.mp4")
    assert why(library, "dup.mp4").startswith("the same video is already filed as cats/a.mp4: delete this copy, or ")
    sure(library, "new.mp4")
    assert why(library, "new.mp4") == (
        "it would be moved into cats, but no service runs that does it: 'sorterd setup' starts one"
    )
    assert why(library, "new.mp4", enabled=False).endswith("(move.enabled, move.dry_run)")
    assert "never to move into cats" in why(library, "new.mp4", never_into=["cats"])
    MovingPauses(workspace.store).pause(workspace.clock())
    assert "but moving is paused: you paused it; 'sorterd resume'" in why(library, "new.mp4")


@pytest.mark.parametrize("typed", ["Cats/A.mp4", "CATS/a.MP4"])
def test_another_case_names_what_is_known_also_while_the_disk_is_away(library: Library, typed: str) -> None:
    assert library.type("confirm", typed)[1] == "cats/a.mp4 now teaches what belongs into cats.\n"
    library.workspace.root.rename(library.workspace.root.with_name("elsewhere"))
    assert "cats/a.mp4 is already labelled cats by you" in library.type("confirm", typed)[2]
    assert "cats/a.mp4 has not been looked at yet" in library.type("explain", typed)[2]


def test_a_file_that_exists_is_not_taken_for_one_of_another_case(library: Library) -> None:
    (library.workspace.root / "cats" / "A.mp4").write_bytes(b"just written")
    if (library.workspace.root / "cats" / "A.MP4").exists():
        pytest.skip("case does not count on this disk")
    assert "cats/A.mp4 has not been looked at yet" in library.type("explain", "cats/A.mp4")[2]


def test_the_unicode_form_does_not_matter(library: Library) -> None:
    library.workspace.open()
    library.workspace.take_in({"cats": {"Cafe\u0301.mp4": b"six"}})
    library.workspace.close()
    assert "cats/Cafe\u0301.mp4 has not been looked at yet" in library.type("explain", "cats/Caf\u00e9.mp4")[2]
