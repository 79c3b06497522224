"""The key that links are signed with: made once, whole, and never nothing."""

import stat
from pathlib import Path
from threading import Thread

import pytest

from px.core.errors import InvalidInput
from px.core.settings import host_settings


def key_in(folder: Path) -> str:
    return host_settings({"PX_DATA_DIR": str(folder)}).secret_key


def test_a_key_is_made_once_and_only_the_owner_may_read_it(tmp_path: Path) -> None:
    first = key_in(tmp_path / "data")
    assert len(first) == 64
    assert key_in(tmp_path / "data") == first
    mode = (tmp_path / "data" / "secret.key").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_the_key_of_the_environment_goes_before_the_one_that_is_kept(tmp_path: Path) -> None:
    kept = key_in(tmp_path)
    given = {"PX_DATA_DIR": str(tmp_path), "PX_SECRET_KEY": "given by the host"}
    assert host_settings(given).secret_key == "given by the host"
    assert key_in(tmp_path) == kept


@pytest.mark.parametrize("left", ["", " \n"])
def test_a_file_without_a_key_is_refused_for_anybody_could_sign_with_nothing(
    tmp_path: Path, left: str
) -> None:
    (tmp_path / "secret.key").write_text(left)
    with pytest.raises(InvalidInput, match=r"secret\.key holds no key"):
        key_in(tmp_path)


def test_who_comes_while_the_key_is_being_written_waits_for_it(tmp_path: Path) -> None:
    path, found = tmp_path / "secret.key", []
    path.touch()
    second = Thread(target=lambda: found.append(key_in(tmp_path)))
    second.start()
    second.join(0.05)
    path.write_text("written by the first")
    second.join()
    assert found == ["written by the first"]


def test_a_data_folder_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    with pytest.raises(InvalidInput, match="PX_DATA_DIR: cannot write to"):
        key_in(tmp_path / "data")
