"""What the worker is kept from is told, and what it is not kept from as well."""

from __future__ import annotations

import pytest

from sorterd.doctor.confinement import judge_confinement


def test_where_the_kernel_can_do_it_all_is_well() -> None:
    assert judge_confinement(files=True, calls=True, linux=True).level == "ok"


@pytest.mark.parametrize(("files", "calls", "named"), [(False, True, "Landlock"), (True, False, "seccomp")])
def test_what_the_kernel_lacks_is_a_warning_that_names_it(files: bool, calls: bool, named: str) -> None:
    found = judge_confinement(files=files, calls=calls, linux=True)
    assert (found.level, named in found.says) == ("warning", True)


def test_another_system_is_not_blamed_for_being_one() -> None:
    assert judge_confinement(files=False, calls=False, linux=False).level == "ok"
