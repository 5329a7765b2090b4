"""Opens what was exported, with programs that know nothing of ours: the ZIP by WinZip's description of AE-2, written out here."""

from __future__ import annotations

import csv
import hashlib
import hmac
import io
import struct
import zipfile
import zlib
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from openpyxl import load_workbook


class Shut(Exception):
    """The passphrase is another, or somebody changed the file."""


def unpacked(data: bytes, passphrase: str) -> tuple[str, bytes]:
    """Name and content of the one file in a ZIP, which must be encrypted with AES-256, and tell nothing of what is in it."""
    (told,) = zipfile.ZipFile(io.BytesIO(data)).infolist()
    assert told.flag_bits & 1, "encrypted"
    assert (told.compress_type, told.CRC) == (99, 0), "AES, and no checksum of what is inside"
    extra = told.extra
    while struct.unpack("<H", extra[:2])[0] != 0x9901:
        extra = extra[4 + struct.unpack("<H", extra[2:4])[0] :]
    _, _, version, vendor, strength, method = struct.unpack("<HHH2sBH", extra[:11])
    assert (version, vendor, strength, method) == (2, b"AE", 3, zipfile.ZIP_DEFLATED), "AE-2, 256 bits"
    name_length, extra_length = struct.unpack("<HH", data[told.header_offset + 26 : told.header_offset + 30])
    begin = told.header_offset + 30 + name_length + extra_length
    whole = data[begin : begin + told.compress_size]
    salt, check, sealed, code = whole[:16], whole[16:18], whole[18:-10], whole[-10:]
    keys = hashlib.pbkdf2_hmac("sha1", passphrase.encode(), salt, 1000, 66)
    if keys[64:] != check or not hmac.compare_digest(hmac.new(keys[32:64], sealed, "sha1").digest()[:10], code):
        raise Shut
    blocks = -(-len(sealed) // 16)
    counters = b"".join((n + 1).to_bytes(16, "little") for n in range(blocks))
    stream = Cipher(algorithms.AES(keys[:32]), modes.ECB()).encryptor().update(counters)
    plain = bytes(a ^ b for a, b in zip(sealed, stream, strict=False))
    return told.filename, zlib.decompress(plain, -15)


def table(data: bytes, passphrase: str) -> list[list[Any]]:
    """Its rows, headings first; a cell of a sheet is text or a number, or nothing."""
    name, content = unpacked(data, passphrase)
    if name.endswith(".csv"):
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    (page,) = load_workbook(io.BytesIO(content)).worksheets
    kinds = {cell.data_type for row in page.iter_rows() for cell in row if cell.value is not None}
    assert kinds <= {"s", "n"}, "no formula, no date, no error"
    return [["" if cell.value is None else cell.value for cell in row] for row in page.iter_rows()]
