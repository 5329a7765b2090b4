from __future__ import annotations

from pathlib import Path

import pytest

from wayhome import kinship
from wayhome.cli.staging import check_free, staged


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_files_arrive_together(tmp_path: Path) -> None:
    with staged(tmp_path, force=False) as draft:
        (draft / "a").write_text("1", "utf-8")
        (draft / "b").write_text("2", "utf-8")
        assert len(_names(tmp_path)) == 1
    assert _names(tmp_path) == ["a", "b"]


@pytest.mark.parametrize("error", [kinship.FormatError("wrong"), ZeroDivisionError(), KeyboardInterrupt()])
def test_nothing_arrives_after_an_error(tmp_path: Path, error: BaseException) -> None:
    def fail() -> None:
        with staged(tmp_path / "new", force=False, make=True) as draft:
            (draft / "a").write_text("1", "utf-8")
            raise error

    with pytest.raises(type(error)):
        fail()
    assert _names(tmp_path) == []


def test_one_name_that_is_taken_keeps_all_away(tmp_path: Path) -> None:
    def write(*, force: bool) -> None:
        with staged(tmp_path, force=force) as draft:
            (draft / "a").write_text("new", "utf-8")
            (draft / "b").write_text("new", "utf-8")

    (tmp_path / "b").write_text("old", "utf-8")
    with pytest.raises(kinship.FormatError, match="exists already") as caught:
        write(force=False)
    assert caught.value.file == str(tmp_path / "b")
    assert _names(tmp_path) == ["b"]
    write(force=True)
    assert [(tmp_path / name).read_text("utf-8") for name in "ab"] == ["new", "new"]


def test_an_error_names_the_final_place(tmp_path: Path) -> None:
    def fail() -> None:
        with staged(tmp_path, force=False) as draft:
            raise kinship.FormatError("wrong", file=draft / "out.csv")

    with pytest.raises(kinship.FormatError) as caught:
        fail()
    assert caught.value.file == str(tmp_path / "out.csv")


def test_a_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    (tmp_path / "far" / "file").write_text("old", "utf-8")
    (tmp_path / "link").symlink_to(tmp_path / "far" / "file")
    with staged(tmp_path, force=True) as draft:
        (draft / "link").write_text("new", "utf-8")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "far" / "file").read_text("utf-8") == "new"


def test_folders_and_devices_are_never_overwritten(tmp_path: Path) -> None:
    with pytest.raises(kinship.FormatError, match="no regular file"):
        check_free([tmp_path], force=True)
    check_free([tmp_path / "none"], force=False)
