"""Message catalogues without GNU gettext: find what the sources say, keep .po files in order, compile them to .mo.

`python tests/factories/catalogues.py` brings the catalogues up to date: new messages come in empty, old ones go, .mo
files are written.
"""

from __future__ import annotations

import ast
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "wayhome"
LANGUAGES = ("zh_Hans", "vi")
PLURALS = {"zh_Hans": 1, "vi": 1}
_CALLS = {"gettext": 1, "gettext_lazy": 1, "_": 1, "ngettext": 2, "pgettext": -1, "pgettext_lazy": -1}
_HEADER = """msgid ""
msgstr ""
"Project-Id-Version: wayhome\\n"
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"
"""


@dataclass(frozen=True, order=True)
class Key:
    """What a message is found by."""

    id: str
    plural: str = ""
    context: str = ""


@dataclass
class Catalogue:
    """The translations of one language, and which of them are doubtful."""

    said: dict[Key, str] = field(default_factory=dict)
    fuzzy: set[Key] = field(default_factory=set)


def messages() -> set[Key]:
    """Every message of the sources: of the pages, and of the papers that casework makes."""
    from django.utils.translation import templatize

    found: set[Key] = set()
    sources = [*sorted((SOURCE / "web").rglob("*.py")), *sorted((SOURCE / "casework").rglob("*.py"))]
    for path in [*sources, SOURCE / "config" / "settings.py"]:
        found |= set(_calls(ast.parse(path.read_text("utf-8"))))
    for path in sorted((SOURCE / "web" / "templates").rglob("*.html")):
        # Django turns a template into lines with calls of gettext; the rest is noise.
        for line in templatize(path.read_text("utf-8"), origin=str(path)).splitlines():
            for start in _starts(line):
                found |= set(_calls(_expression(line[start:])))
    return found


def _starts(line: str) -> Iterator[int]:
    for name in ("gettext(", "ngettext(", "pgettext("):
        start = line.find(f" {name}")
        while start >= 0:
            yield start + 1
            start = line.find(f" {name}", start + 1)


def _expression(text: str) -> ast.AST:
    depth = 0
    quote = ""
    for i, c in enumerate(text):
        if quote:
            quote = "" if c == quote and text[i - 1] != "\\" else quote
        elif c in "'\"":
            quote = c
        elif c == "(":
            depth += 1
        elif c == ")":
            depth -= 1
            if depth == 0:
                return ast.parse(text[: i + 1])
    return ast.parse("")


def _calls(tree: ast.AST) -> Iterator[Key]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id not in _CALLS:
            continue
        said = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
        if not said:
            continue
        kind = _CALLS[node.func.id]
        yield Key(said[1], context=said[0]) if kind < 0 else Key(said[0], said[1] if kind == 2 else "")


def path_of(language: str, suffix: str) -> Path:
    """A catalogue's file."""
    return SOURCE / "locale" / language / "LC_MESSAGES" / f"django.{suffix}"


def read(language: str) -> Catalogue:
    """A .po file."""
    catalogue = Catalogue()
    parts: dict[str, str] = {}
    fuzzy, last = False, ""

    def close() -> None:
        if parts.get("msgid"):
            key = Key(parts["msgid"], parts.get("msgid_plural", ""), parts.get("msgctxt", ""))
            catalogue.said[key] = parts.get("msgstr[0]", parts.get("msgstr", ""))
            if fuzzy:
                catalogue.fuzzy.add(key)

    for line in [*path_of(language, "po").read_text("utf-8").splitlines(), ""]:
        if line.startswith("#,") and "fuzzy" in line:
            fuzzy = True
        elif line.startswith("#"):
            continue
        elif not line.strip():
            close()
            parts, fuzzy = {}, False
        elif line.startswith('"'):
            parts[last] += ast.literal_eval(line)
        else:
            last, _, rest = line.partition(" ")
            parts[last] = ast.literal_eval(rest)
    return catalogue


def write(language: str, catalogue: Catalogue) -> None:
    """A .po file, in the order of its messages."""
    blocks = [_HEADER.format(language=language)]
    for key in sorted(catalogue.said):
        lines = ["#, fuzzy"] if key in catalogue.fuzzy else []
        lines += [f"msgctxt {_quoted(key.context)}"] if key.context else []
        lines.append(f"msgid {_quoted(key.id)}")
        if key.plural:
            lines += [f"msgid_plural {_quoted(key.plural)}", f"msgstr[0] {_quoted(catalogue.said[key])}"]
        else:
            lines.append(f"msgstr {_quoted(catalogue.said[key])}")
        blocks.append("\n".join(lines) + "\n")
    path_of(language, "po").write_text("\n".join(blocks), "utf-8")


def compiled(language: str) -> bytes:
    """The .mo file of a .po file: sorted, so that the same translations are the same bytes."""
    catalogue = read(language)
    header = _HEADER.format(language=language).split('msgstr ""\n')[1]
    rows = [(b"", "".join(ast.literal_eval(line) for line in header.splitlines()).encode())]
    for key, said in catalogue.said.items():
        if said and key not in catalogue.fuzzy:
            name = f"{key.context}\x04{key.id}" if key.context else key.id
            rows.append(((f"{name}\0{key.plural}" if key.plural else name).encode(), said.encode()))
    rows.sort()
    offset = 28 + 16 * len(rows)
    tables: list[list[tuple[int, int]]] = [[], []]
    body = b""
    for column in (0, 1):
        for row in rows:
            tables[column].append((len(row[column]), offset + len(body)))
            body += row[column] + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, len(rows), 28, 28 + 8 * len(rows), 0, 0)
    return head + b"".join(struct.pack("<2I", *entry) for table in tables for entry in table) + body


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def update() -> None:
    """Bring every catalogue up to date."""
    wanted = messages()
    for language in LANGUAGES:
        known = read(language) if path_of(language, "po").exists() else Catalogue()
        write(language, Catalogue({key: known.said.get(key, "") for key in wanted}, known.fuzzy & wanted))
        path_of(language, "mo").write_bytes(compiled(language))


if __name__ == "__main__":
    from django.conf import settings

    settings.configure(USE_I18N=False)
    update()
