#!/usr/bin/env python3
"""seeds.py TARGET FIXTURES OUT: takes the parts out of our workbooks that a target is fed with."""

import sys
import zipfile
from pathlib import Path

PARTS = {
    "sheet": ("xl/worksheets/sheet", ".xlsx"),
    "shared_strings": ("xl/sharedStrings", ".xlsx"),
    "styles": ("xl/styles", ".xlsx"),
    "patched_sheet": ("xl/worksheets/sheet", ".xlsx"),
    "patched_styles": ("xl/styles", ".xlsx"),
    "ods": ("content.xml", ".ods"),
    "xlsb": ("xl/worksheets/sheet", ".xlsb"),
}


def records(path):
    """The Workbook stream of a compound file whose sectors follow each other, as programs write them."""
    data = path.read_bytes()
    start = data.find(b"\x09\x08\x10\x00\x00\x06")
    return data[start:start + 65_536] if start > 0 else None


target, fixtures, out = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
for path in sorted(fixtures.iterdir()):
    if target == "biff" and path.suffix == ".xls":
        if stream := records(path):
            (out / path.stem).write_bytes(stream)
    elif target in PARTS and path.suffix == PARTS[target][1]:
        try:
            package = zipfile.ZipFile(path)
        except zipfile.BadZipFile:
            continue
        for name in package.namelist():
            if name.startswith(PARTS[target][0]):
                (out / f"{path.stem}-{Path(name).name}").write_bytes(package.read(name)[:65_536])
