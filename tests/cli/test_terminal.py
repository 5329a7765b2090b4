"""Tables keep their numbers whole."""

from __future__ import annotations

import pytest

from wayhome.cli.terminal import console, table


@pytest.mark.parametrize("width", [66, 70, 76])
def test_a_number_is_never_cut_off(width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """1.37e-13 cut to 1.37e-1 would be another number."""
    monkeypatch.setenv("COLUMNS", str(width))
    titles = ("log10 LR", "missing child", "stranger", "not less than", "not more than", "chance matches")
    made = table(*titles, numbers=titles)
    made.add_row("10", "1 - 2.6e-11", "1.37e-13", "1.31e-13", "1.43e-13", "1.1e-08")
    console().print(made)
    out = capsys.readouterr().out
    assert all(number in out for number in ("1.37e-13", "1.31e-13", "1.43e-13"))
