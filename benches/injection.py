"""Opens the files of `tests/injection.rs` in LibreOffice and says whether any of their texts became a formula or anything
else than it was: LEADSHEET_KEEP=FOLDER cargo test -p leadsheet-tests injection, then benches/injection.py FOLDER.
Needs soffice and openpyxl."""

import pathlib
import subprocess
import sys
import tempfile

import openpyxl


def main(folder):
    folder = pathlib.Path(folder)
    expected = [line.encode().decode("unicode_escape").encode("latin-1").decode()
                for line in (folder / "payloads.txt").read_text(encoding="ascii").splitlines()]
    failed = False
    for ending in ["xlsx", "xls", "ods", "csv"]:
        path = folder / f"payloads.{ending}"
        with tempfile.TemporaryDirectory() as made:
            read_as = ["--infilter=CSV:44,34,76,1"] if ending == "csv" else []
            subprocess.run(["soffice", "--headless", f"-env:UserInstallation=file://{made}/profile", *read_as,
                            "--convert-to", "xlsx", "--outdir", made, str(path)], check=True, capture_output=True)
            sheet = openpyxl.load_workbook(f"{made}/payloads.xlsx").worksheets[0]
            formulas, changed, texts = [], [], 0
            first = 2 if ending == "csv" else 1
            for row, text in enumerate(expected, first):
                for column in (2, 4):
                    cell = sheet.cell(row, column)
                    texts += 1
                    if cell.data_type == "f" or not (isinstance(cell.value, (str, int, float)) or cell.value is None):
                        formulas.append(cell.coordinate)
                    if ending != "csv" and str(cell.value) != text.replace("\r\n", "\n"):
                        changed.append((cell.coordinate, text, cell.value))
            print(f"{ending}: {texts} texts, {len(formulas)} evaluated, {len(changed)} changed", *formulas, *changed[:5])
            failed |= bool(formulas)
    sys.exit(failed)


main(sys.argv[1])
