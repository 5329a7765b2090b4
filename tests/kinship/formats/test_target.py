from __future__ import annotations

import stat
from pathlib import Path

import pytest

from wayhome.kinship.errors import FormatError
from wayhome.kinship.formats import target
from wayhome.kinship.formats.target import write_bytes, write_text


def test_text_is_written_in_its_encoding_and_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    write_text(path, "家\nb\n", encoding="gb18030", newline="\r\n")
    assert path.read_bytes() == "家\r\nb\r\n".encode("gb18030")
    write_text(path, "x\n")
    assert path.read_bytes() == b"x\n"
    assert [one.name for one in tmp_path.iterdir()] == ["a.txt"]


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(target.os, "fsync", full)
    with pytest.raises(FormatError, match="No space left") as caught:
        write_bytes(path, b"new" * 1000)
    assert caught.value.file == str(path)
    assert path.read_bytes() == b"old"
    assert [one.name for one in tmp_path.iterdir()] == ["a.txt"]


def test_an_interruption_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")

    def interrupted(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(target.os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_bytes(path, b"new")
    assert path.read_bytes() == b"old"
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("name", ["missing/a.txt", ".", "a\0b", "file/a.txt"])
def test_a_place_that_cannot_be_written_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(FormatError) as caught:
        write_text(tmp_path / name, "x")
    assert caught.value.file
    assert caught.value.remedy


def test_a_device_is_not_replaced() -> None:
    with pytest.raises(FormatError, match="no regular file"):
        write_bytes("/dev/null", b"x")
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


def test_permissions_and_links_stay(tmp_path: Path) -> None:
    real, link = tmp_path / "real.txt", tmp_path / "link.txt"
    real.write_bytes(b"old")
    real.chmod(0o640)
    link.symlink_to(real)
    write_bytes(link, b"new")
    assert link.is_symlink()
    assert real.read_bytes() == b"new"
    assert stat.S_IMODE(real.stat().st_mode) == 0o640


@pytest.mark.parametrize(
    ("text", "encoding", "line"), [("a\nb家", "cp1252", 2), ("a\n\ud800", "utf-8", 2), ("a", "no-such", None)]
)
def test_text_that_the_encoding_cannot_hold_is_refused(tmp_path: Path, text: str, encoding: str, line: int | None) -> None:
    with pytest.raises(FormatError) as caught:
        write_text(tmp_path / "a.txt", text, encoding=encoding)
    assert caught.value.line == line
    assert not list(tmp_path.iterdir())
