"""Every property in the table `notes`, with its type. A value of another type counts as damage."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sorterd.store.notes import Property


def _having(**kinds: type) -> Callable[[dict[str, Any]], bool]:
    return lambda value: all(isinstance(value.get(key), kind) for key, kind in kinds.items())


def _of(*kinds: type) -> Callable[[list[Any]], bool]:
    return lambda value: len(value) == len(kinds) and all(map(isinstance, value, kinds))


def _each(fits: Callable[[Any], bool]) -> Callable[[list[Any]], bool]:
    return lambda value: all(isinstance(one, list) and fits(one) for one in value)


def _has_modalities(value: dict[str, Any]) -> bool:
    if "widths" in value:  # as versions wrote it that knew pictures and speech only
        return isinstance(value["widths"], list) and _of(int, int)(value["widths"])
    modalities = value.get("modalities")
    return isinstance(modalities, list) and bool(modalities) and _each(_of(str, int))(modalities)


VIDEOS = Property("videos", str)  # the folder of videos that this state belongs to
ROOT = Property("root", list[int], _of(int, int))  # its device and inode
MOUNTS = Property("mounts", dict[str, Any], _having(point=str, below=list))  # what was mounted at it and below
MODELS = Property("models", str, lambda value: value in ("clip", "embedded"))  # what `auto` was resolved to
CLIP = Property("clip", list[str], _of(str, str))  # CLIP's model and tag, if the config names none
_SPACE = _having(settings=str, id=str, models=str, device=str)
SPACE = Property("space", dict[str, Any], lambda value: _SPACE(value) and _has_modalities(value))
MODEL = Property(  # the summary of the model in use
    "model", dict[str, Any], _having(model_type=str, trained_at=str, feature_space=str, label_names=list)
)
HEARD_BY = Property("heard_by", int)  # the rules by which stored transcripts were judged
LEARNED = Property("learned", dict[str, Any], _having(labelled=int, signature=str))  # what it was trained on
LEARNED_NOTHING = Property("learned_nothing", str)  # the training key of a training that gave no better model
TRAINING = Property("last_training", dict[str, Any], _having(swapped=bool, worse=str, reason=str))
TRAINING_EFFECT = Property(  # what the last training changed that followed something that the user did
    "training_effect", dict[str, Any], _having(at=float, more=int, fewer=int, other=int)
)
NOTIFIED = Property("notified", dict[str, Any], _having(at=float, move=int))  # when, and the last move until then
IN_FLIGHT = Property("in_hand", list[str])  # the videos that the worker was given and has not answered
ENDS = Property("ends", list[Any], _of(str, int))  # (video, how many crashes in a row with it alone in flight)
CONTROLS = Property("controls", dict[str, Any], _having(of=str, vectors=dict))  # what our models make of clips of ours
SIDECARS_LEFT = Property("sidecars_left", list[Any], _each(_of(str, str)))  # (path, reason) of those that stay behind
LEFT_ALONE = Property("left_alone", dict[str, int])  # how many files are left alone, by reason
WAITING = Property("waiting", list[Any])  # (path, reason, until) of files that are not taken yet
MOVING_PAUSE = Property("moving_pause", dict[str, Any], _having(cause=str, reason=str, since=float))
MOVING_RESUMED = Property("moving_resumed", int)  # the last move before it was resumed
MADE_FOLDERS = Property(  # the inode of each category that we made, by its name
    "made_folders", dict[str, int], lambda value: all(isinstance(inode, int) for inode in value.values())
)
STRANGERS = Property("strangers", dict[str, Any], _having(model=str, share=float))  # share of unknown videos, by model
UPDATE_BEGAN = Property("update_began", float)
DECIDED_BY = Property("decision_method", int)
FORGOTTEN_MOVES = Property("forgotten_moves", dict[str, int], _having(total=int, undone=int, corrected=int))
LOST = Property("lost", dict[str, Any], _having(at=float, reason=str))  # when and why all knowledge was lost
JOURNAL_NUMBER = Property("spare", int)  # the last line of the journal
JOURNAL_OWNER = Property("spare_of", str)  # the id of this library

JOURNALED = (MODELS, CLIP, VIDEOS, ROOT, FORGOTTEN_MOVES)
"""Those that cannot be made again."""

PROPERTIES = {value.key: value for value in list(globals().values()) if isinstance(value, Property)}
