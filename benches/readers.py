#!/usr/bin/env python3
"""Measures readers of spreadsheets beside each other and prints Markdown tables.

    readers.py xlsx  [--rows 10000,100000] [--strings shared,inline]
    readers.py xls | csv | small

Every reader is a whole process that reads one file and says how many rows it saw, which is checked. Readers take
turns, so that a busy moment of the machine hits all of them; a ratio is the median of the ratios to the floor
(inflating the same parts, nothing else) of the same turn. CPU time and peak memory are the kernel's account of the
process and its children. Needs cargo and Python 3.10 or later; LibreOffice where it is installed. The other readers
are installed into a virtual environment below target/.
"""

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import sys
import time
import venv
from dataclasses import dataclass, field
from pathlib import Path

BENCHES = Path(__file__).resolve().parent
ROOT = BENCHES.parent
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
RELEASE = TARGET / "release"
DATA = TARGET / "benches"
VENV = TARGET / "benches-venv"
OTHERS = BENCHES / "others"
OTHERS_RELEASE = TARGET / "benches-others" / "release"

# What BIFF8 holds: 65,536 rows with the headings.
XLS_ROWS = 65_535
SMALL_FILES = 2_000
SMALL_ROWS = 200
# A reader is run no more once it has used so much of our time on one file.
PATIENCE = 60


@dataclass
class Reader:
    name: str
    command: callable
    # Without `--all`, left out where the file has more rows.
    most_rows: int = 10_000_000
    # Where it converts to: counted by us after the clock stopped.
    output: Path | None = None
    headings: bool = True
    runs: list = field(default_factory=list)
    spent: float = 0.0
    trouble: str = ""


@dataclass
class Run:
    wall: float
    cpu: float
    peak: float


def rust(name, *options, release=RELEASE):
    return lambda files: [release / name, *options, *files]


def python(name):
    return lambda files: [VENV / "bin" / "python", BENCHES / "python_readers.py", name, *files]


def libreoffice():
    """LibreOffice Calc, without a window, to csv."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        print("LibreOffice is not installed: left out", file=sys.stderr)
        return []
    profile, folder = DATA / "libreoffice", DATA / "out"

    def command(files):
        folder.mkdir(exist_ok=True)
        [file] = files
        return [program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", "csv",
                "--outdir", folder, file]

    def output(files):
        return folder / (Path(files[0]).stem + ".csv")

    if not profile.exists():
        # The first start makes a profile, which takes seconds and is not reading.
        generate("csv", 1, DATA / "warm-up.csv")
        subprocess.run([program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", "ods",
                        "--outdir", folder, DATA / "warm-up.csv"], check=True, capture_output=True)
    return [Reader("LibreOffice → csv", command, 100_000, output)]


def xlsx2csv():
    def command(files):
        [file] = files
        return [VENV / "bin" / "xlsx2csv", file, DATA / "xlsx2csv.csv"]
    return [Reader("xlsx2csv", command, 100_000, lambda files: DATA / "xlsx2csv.csv")]


def others():
    """Readers in Rust that nothing of ours depends on: a package of its own, with its own lock file."""
    return [
        Reader("quick-xml, events only", rust("read_events", release=OTHERS_RELEASE)),
        Reader("xlsx_batch_reader", rust("read_batches", release=OTHERS_RELEASE), 100_000),
        Reader("umya-spreadsheet", rust("read_umya", release=OTHERS_RELEASE), 100_000),
    ]


def xlsx_readers():
    return [
        Reader("**leadsheet**", rust("read_ours")),
        Reader("**leadsheet**, tables recognised", rust("read_ours", "--tables"), headings=False),
        *others(),
        Reader("calamine, cell by cell", rust("read_calamine", "cells")),
        Reader("calamine, `worksheet_range`", rust("read_calamine", "range")),
        Reader("fastexcel", python("fastexcel")),
        Reader("polars", python("polars")),
        Reader("DuckDB", python("duckdb")),
        Reader("python-calamine", python("python-calamine"), 100_000),
        Reader("pandas + calamine", python("pandas-calamine"), 100_000),
        *libreoffice(),
        Reader("openpyxl, read-only", python("openpyxl"), 100_000),
        *xlsx2csv(),
        Reader("pandas + openpyxl", python("pandas-openpyxl"), 100_000),
    ]


def xls_readers():
    return [
        Reader("**leadsheet**", rust("read_ours")),
        Reader("calamine, `worksheet_range`", rust("read_calamine", "range")),
        Reader("python-calamine", python("python-calamine")),
        Reader("polars", python("polars")),
        Reader("xlrd", python("xlrd")),
        Reader("pandas + xlrd", python("pandas-xlrd")),
        *libreoffice(),
    ]


def csv_readers():
    return [
        Reader("**leadsheet**", rust("read_ours")),
        Reader("polars", python("polars-csv")),
        Reader("DuckDB", python("duckdb-csv")),
        Reader("pandas", python("pandas-csv")),
        *libreoffice(),
    ]


def small_readers():
    return [
        Reader("**leadsheet**", rust("read_ours")),
        Reader("**leadsheet**, on every core", rust("read_ours", "--parallel")),
        Reader("**leadsheet**, tables recognised", rust("read_ours", "--tables"), headings=False),
        Reader("**leadsheet**, tables recognised, on every core", rust("read_ours", "--parallel", "--tables"), headings=False),
        Reader("calamine, `worksheet_range`", rust("read_calamine", "range")),
        Reader("fastexcel", python("fastexcel")),
        Reader("polars", python("polars")),
        Reader("openpyxl, read-only", python("openpyxl"), 100_000),
    ]


def fresh(out):
    """Whether `out` is there and no older than what it is generated by."""
    sources = [*(BENCHES / "src").glob("*.rs"), BENCHES / "make_xls.py"]
    return out.exists() and out.stat().st_mtime > max(source.stat().st_mtime for source in sources)


def generate(kind, count, out):
    if not fresh(out):
        print(f"generating {out.relative_to(TARGET)}", file=sys.stderr)
        DATA.mkdir(parents=True, exist_ok=True)
        unfinished = out.with_name("unfinished-" + out.name)
        subprocess.run([RELEASE / "generate", kind, str(count), unfinished], check=True)
        if out.is_dir():
            shutil.rmtree(out)
        unfinished.rename(out)
    return out


def generate_xls(rows):
    out = DATA / f"ledger-{rows}.xls"
    if not fresh(out):
        source = generate("csv", rows, DATA / f"ledger-{rows}.csv")
        subprocess.run([VENV / "bin" / "python", BENCHES / "make_xls.py", source, out], check=True)
    return out


def measure(command):
    """Runs one process to its end: what it took, and what it printed."""
    started = time.perf_counter()
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    printed = process.stdout.read()
    complaint = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stdout.close()
    process.stderr.close()
    if process.returncode != 0:
        lines = complaint.decode(errors="replace").strip().splitlines() or [f"status {process.returncode}"]
        raise RuntimeError(lines[0])
    # Linux counts in KiB, macOS in bytes.
    mebibyte = 1 << (20 if sys.platform == "darwin" else 10)
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / mebibyte), printed.decode()


def progress(text):
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


def rows_seen(reader, printed, files):
    if reader.output is None:
        return int(dict(pair.split("=") for pair in printed.split())["rows"])
    out = reader.output(files)
    with open(out, "rb") as lines:
        count = sum(1 for _ in lines)
    out.unlink()
    return count


def run_all(readers, files, expected, sheets, turns, floor):
    """Lets all readers take turns; gives the floor's runs, one for each turn."""
    measured = [floor, *readers] if floor else readers
    for reader in readers[:1]:
        measure(reader.command(files))  # the files are in the page cache from here on
    for turn in range(turns):
        for reader in measured:
            if reader.trouble or (turn and reader.spent > PATIENCE):
                continue
            progress(f"{turn + 1}/{turns} {reader.name}")
            try:
                run, printed = measure(reader.command(files))
                if reader is not floor:
                    seen = rows_seen(reader, printed, files)
                    wanted = expected + (sheets if reader.headings else 0)
                    if seen != wanted:
                        raise RuntimeError(f"saw {seen} rows instead of {wanted}")
            except RuntimeError as error:
                reader.trouble = str(error)
                continue
            reader.runs.append(run)
            reader.spent += run.wall
    progress("")


def table(readers, floor):
    median = statistics.median
    head = ["program", "wall s", "CPU s"] + (["× inflate (wall)", "× inflate (CPU)"] if floor else ["× leadsheet (wall)"])
    lines = [head + ["peak MiB", "runs"]]
    base = floor or readers[0]

    def ratio(reader, what):
        return median(getattr(run, what) / getattr(other, what) for run, other in zip(reader.runs, base.runs))

    for reader in ([floor] if floor else []) + readers:
        if reader.trouble:
            lines.append([reader.name, f"– ({reader.trouble})"] + [""] * (len(head)))
            continue
        wall, cpu, peak = (median(getattr(run, what) for run in reader.runs) for what in ("wall", "cpu", "peak"))
        row = [reader.name, f"{wall:.2f}", f"{cpu:.2f}"]
        if not base.trouble:
            row += [f"{ratio(reader, what):.2f}" for what in (("wall", "cpu") if floor else ("wall",))]
        lines.append(row + [f"{peak:,.0f}", str(len(reader.runs))])
    rule = ["---"] + ["---:"] * (len(lines[0]) - 1)
    return "\n".join("| " + " | ".join(line) + " |" for line in [lines[0], rule, *lines[1:]])


def compare(title, readers, files, rows, sheets, arguments, floor=True):
    if arguments.only:
        wanted = arguments.only.split(",")
        readers = [reader for reader in readers if any(name in reader.name for name in wanted)]
    if not arguments.all:
        readers = [reader for reader in readers if rows <= reader.most_rows]
    floor = Reader("inflate only (zlib-rs): the floor", rust("floor")) if floor else None
    before = os.getloadavg()[0]
    run_all(readers, files, rows, sheets, arguments.turns, floor)
    size = sum(Path(file).stat().st_size for file in files)
    print(f"### {title}\n\n{size / 1e6:,.1f} MB; load average {before:.1f} before, {os.getloadavg()[0]:.1f} after.\n")
    print(table(readers, floor) + "\n", flush=True)


def annotating(file, turns):
    """Marking a thousand cells beside unpacking and packing the sheet."""
    out = DATA / "annotated.xlsx"
    pairs = []
    for turn in range(turns):
        progress(f"{turn + 1}/{turns}")
        pairs.append([measure([RELEASE / "annotate", *arguments])[0] for arguments in (["--floor", file], [file, out])])
    progress("")
    out.unlink()
    floor, ours = (statistics.median(pair[which].cpu for pair in pairs) for which in (0, 1))
    ratio = statistics.median(ours.cpu / floor.cpu for floor, ours in pairs)
    peak = statistics.median(ours.peak for _, ours in pairs)
    print("### 1,000 cells marked in an xlsx of 1,000,000 rows × 14\n")
    print(f"Unpacking and packing the sheet {floor:.2f} s of CPU, marking {ours:.2f} s: {ratio:.2f} ×; {peak:.0f} MiB.\n")


def prepare(arguments):
    subprocess.run(["cargo", "build", "--release", "--quiet", "--package", "leadsheet-benches"], cwd=ROOT, check=True)
    subprocess.run(["cargo", "build", "--release", "--quiet", "--target-dir", OTHERS_RELEASE.parent], cwd=OTHERS,
                   check=True)
    requirements = BENCHES / "requirements.txt"
    installed = VENV / "requirements.txt"
    if not installed.exists() or installed.read_text() != requirements.read_text():
        print(f"installing {requirements.name} into {VENV}", file=sys.stderr)
        venv.create(VENV, with_pip=True)
        subprocess.run([VENV / "bin" / "pip", "install", "--quiet", "--requirement", requirements], check=True)
        shutil.copy(requirements, installed)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=["xlsx", "xls", "csv", "small", "annotate"], nargs="?", default="xlsx")
    parser.add_argument("--rows", default="10000,100000", help="sizes, with commas (xlsx, csv)")
    parser.add_argument("--strings", default="shared,inline", help="shared, inline, regulars, with commas (xlsx)")
    parser.add_argument("--turns", type=int, default=5, help="runs of each reader; slow ones are run less")
    parser.add_argument("--all", action="store_true", help="slow readers too, however large the file")
    parser.add_argument("--only", help="readers whose names hold one of these words")
    arguments = parser.parse_args()
    prepare(arguments)

    cpu = platform.processor() or platform.machine()
    smallest, _ = measure([RELEASE / "floor"])
    print(f"{platform.system()} {cpu}, {os.cpu_count()} cores. Peaks below {smallest.peak:.0f} MiB cannot be seen.\n")
    sizes = [int(rows) for rows in arguments.rows.split(",")]
    match arguments.kind:
        case "xlsx":
            for rows in sizes:
                for strings in arguments.strings.split(","):
                    file = generate(strings, rows, DATA / f"{strings}-{rows}.xlsx")
                    compare(f"xlsx, {rows:,} rows × 14, {strings} strings", xlsx_readers(), [file], rows, 1, arguments)
        case "xls":
            compare(f"xls, {XLS_ROWS:,} rows × 14", xls_readers(), [generate_xls(XLS_ROWS)], XLS_ROWS, 1, arguments,
                    floor=False)
        case "csv":
            for rows in sizes:
                file = generate("csv", rows, DATA / f"ledger-{rows}.csv")
                compare(f"csv, {rows:,} rows × 14", csv_readers(), [file], rows, 1, arguments, floor=False)
        case "small":
            folder = generate("small", SMALL_FILES, DATA / f"small-{SMALL_FILES}")
            compare(f"{SMALL_FILES:,} xlsx of {SMALL_ROWS} rows, one process", small_readers(), sorted(folder.iterdir()),
                    SMALL_FILES * SMALL_ROWS, SMALL_FILES, arguments)
        case "annotate":
            annotating(generate("shared", 1_000_000, DATA / "shared-1000000.xlsx"), arguments.turns)


if __name__ == "__main__":
    main()
