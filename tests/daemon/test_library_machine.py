"""Whatever the user does, whatever we do in between, whenever we look: nothing is lost and nobody is misunderstood.

Random sequences of what people do in a file manager (`machine/user_rules.py`), of our own moves and undos
(`our_rules.py`), and of crashes and restarts (`crash_rules.py`), on real files and a real database. Beside it are a
model of what a person would expect (`model.py`: which content lies where and what the user has filed, and in
`expectations.py` what that means), and a second daemon that synchronises after every single action, as if no
event were ever lost.

More of it: `SORTERD_EXAMPLES=2000 SORTERD_STEPS=60 pytest tests/daemon/test_library_machine.py`
"""

import os

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize

from daemon.machine.crash_rules import CrashRules
from daemon.machine.names import FOLDERS, SIDECARS, any_content, stem
from daemon.machine.user_rules import UserRules

pytestmark = pytest.mark.timeout(3600)  # with SORTERD_EXAMPLES, or on a busy machine, this takes long


class LibraryMachine(UserRules, CrashRules):
    """User and daemon in any order, on a library with a few videos."""

    @initialize(contents=st.lists(any_content, min_size=4, max_size=8, unique=True))
    def there_is_a_library(self, contents: list[bytes]) -> None:
        with self.the_user():
            for folder in FOLDERS[:2]:
                (self.root / folder).mkdir()
                self.folders[folder] = self.next_number()
            for nr, content in enumerate(contents):
                video = self.free(["", FOLDERS[0], "", FOLDERS[1]][nr % 4], "a.mp4")
                self.write(video, content)
                for sidecar in SIDECARS[nr % len(SIDECARS) :]:
                    self.write(sidecar.format(video=video, stem=stem(video)), content)
        self.we_synchronize()


TestLibrary = LibraryMachine.TestCase
TestLibrary.settings = settings(
    max_examples=int(os.environ.get("SORTERD_EXAMPLES", "80")),
    # The same lives in every ordinary run: a change is measured by what it breaks. Chance is for the long runs.
    derandomize="SORTERD_EXAMPLES" not in os.environ,
    stateful_step_count=int(os.environ.get("SORTERD_STEPS", "30")),
    deadline=None,
)
