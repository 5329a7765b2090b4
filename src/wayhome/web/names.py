"""Call names for a child without one: neutral, and never a name that anybody gave who had no right to."""

from __future__ import annotations

from collections.abc import Collection

CALL_NAMES = (
    "小荷 Hà", "小竹 Trúc", "小兰 Lan", "小松 Tùng", "小梅 Mai", "小枫 Phong", "小菊 Cúc", "小云 Vân", "小月 Nguyệt", "小星 Tinh",
    "小雨 Vũ", "小溪 Khê", "小禾 Hòa", "小麦 Mạch", "小燕 Yến", "小鹿 Lộc", "小桃 Đào", "小杏 Hạnh", "小柳 Liễu", "小桂 Quế",
    "小莲 Liên", "小茶 Trà", "小石 Thạch", "小山 Sơn", "小河 Giang", "小海 Hải", "小林 Lâm", "小雪 Tuyết",
    "小晨 Thần", "小晴 Tình",
)  # fmt: skip


def free(taken: Collection[str]) -> list[str]:
    """Those that no child in sight has, the others after them."""
    return [name for name in CALL_NAMES if name not in taken] + [name for name in CALL_NAMES if name in taken]
