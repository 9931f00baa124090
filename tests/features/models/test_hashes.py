import hashlib
from pathlib import Path

import pytest

from sorterd.features.models.errors import ModelsUnavailable
from sorterd.features.models.hashes import sha256, verified


def test_a_changed_file_has_another_hash(tmp_path: Path) -> None:
    file = tmp_path / "weights"
    file.write_bytes(b"one")
    assert sha256(file) == hashlib.sha256(b"one").hexdigest()
    file.write_bytes(b"other")
    assert sha256(file) == hashlib.sha256(b"other").hexdigest()


def test_the_error_of_a_damaged_or_missing_packaged_file_says_how_to_get_it_back(tmp_path: Path) -> None:
    file = tmp_path / "weights"
    with pytest.raises(ModelsUnavailable, match=r"missing.*pip install"):
        verified(file, "0" * 64)
    file.write_bytes(b"one")
    with pytest.raises(ModelsUnavailable, match=r"SHA-256.*pip install"):
        verified(file, "0" * 64)
    assert verified(file, hashlib.sha256(b"one").hexdigest()) == file
