"""What lasts is told once."""

from sorterd.activity import Activity, Decided, Fault, Note, Synchronized
from sorterd.daemon.news import AGAIN_SECONDS, news_only
from sorterd.prediction import Prediction

AWAY = Fault("", "/videos is not there; is the disk that holds it mounted?")
BROKEN = Fault("a.mp4", "cannot be read: Permission denied")
DECIDED = Decided("a.mp4", Prediction("cats", 0.9, (), True, "looks like cats"), "looks like cats", "cats/a.mp4")


class Listener:
    """Hears what is passed on; the time is set by hand."""

    def __init__(self) -> None:
        self.heard: list[Activity] = []
        self.now = 0.0
        self.report = news_only(self.heard.append, lambda: self.now)

    def hear(self, *happenings: Activity) -> list[Activity]:
        self.heard.clear()
        for one in happenings:
            self.report(one)
        return list(self.heard)


def test_a_state_that_lasts_is_told_when_it_begins() -> None:
    assert Listener().hear(*[AWAY] * 8640) == [AWAY]


def test_once_a_day_it_is_told_again() -> None:
    listener = Listener()
    listener.report(AWAY)
    listener.now = AGAIN_SECONDS
    assert listener.hear(AWAY, AWAY) == [AWAY]


def test_one_that_ended_and_came_again_is_told_again() -> None:
    back = Note("the folder of videos is back")
    assert Listener().hear(AWAY, back, AWAY) == [AWAY, back, AWAY]
    assert Listener().hear(BROKEN, DECIDED, BROKEN) == [BROKEN, DECIDED, BROKEN]


def test_another_trouble_is_told_and_what_is_none_is_passed_on() -> None:
    other = Fault("b.mp4", BROKEN.reason)
    looked = Synchronized(0, 0.1)
    assert Listener().hear(BROKEN, other, looked, BROKEN, looked) == [BROKEN, other, looked, looked]
