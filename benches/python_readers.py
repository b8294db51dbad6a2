"""python_readers.py NAME FILE…: reads each file the way the library's own introduction shows, and prints
`rows=N cells=M`, headings included (`cells=0` where the library does not tell empty from filled)."""

import sys


def openpyxl_read_only(path):
    import openpyxl
    book = openpyxl.load_workbook(path, read_only=True)
    rows = cells = 0
    for sheet in book:
        for row in sheet.iter_rows(values_only=True):
            rows += 1
            cells += sum(value is not None for value in row)
    return rows, cells


def pandas_with(engine):
    def read(path):
        import pandas
        frame = pandas.read_excel(path, engine=engine)
        return len(frame) + 1, int(frame.notna().sum().sum()) + frame.shape[1]
    return read


def pandas_csv(path):
    import pandas
    frame = pandas.read_csv(path)
    return len(frame) + 1, int(frame.notna().sum().sum()) + frame.shape[1]


def python_calamine(path):
    from python_calamine import CalamineWorkbook
    rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    return len(rows), sum(value != "" for row in rows for value in row)


def fastexcel(path):
    import fastexcel
    batch = fastexcel.read_excel(path).load_sheet(0).to_arrow()
    return batch.num_rows + 1, sum(len(column) - column.null_count for column in batch.columns) + batch.num_columns


def filled(frame):
    return frame.height + 1, sum(column.len() - column.null_count() for column in frame) + frame.width


def polars_excel(path):
    import polars
    return filled(polars.read_excel(path))


def polars_csv(path):
    import polars
    return filled(polars.read_csv(path, infer_schema_length=10_000))


def duckdb_csv(path):
    import duckdb
    duckdb.sql(f"create table ledger as from read_csv('{path}')")
    return duckdb.sql("select count(*) from ledger").fetchone()[0] + 1, 0


def duckdb_excel(path):
    import duckdb
    from importlib.resources import files
    # The extension comes from the package index, so that nothing is fetched while a clock runs.
    extension = files("duckdb_extension_excel") / "extensions" / f"v{duckdb.__version__}" / "excel.duckdb_extension"
    duckdb.sql(f"load '{extension}'")
    duckdb.sql(f"create table ledger as from read_xlsx('{path}')")
    return duckdb.sql("select count(*) from ledger").fetchone()[0] + 1, 0


def xlrd(path):
    import xlrd
    rows = cells = 0
    for sheet in xlrd.open_workbook(path).sheets():
        rows += sheet.nrows
        cells += sum(kind not in (0, 6) for row in range(sheet.nrows) for kind in sheet.row_types(row))
    return rows, cells


READERS = {
    "openpyxl": openpyxl_read_only,
    "pandas-openpyxl": pandas_with("openpyxl"),
    "pandas-calamine": pandas_with("calamine"),
    "pandas-xlrd": pandas_with("xlrd"),
    "pandas-csv": pandas_csv,
    "python-calamine": python_calamine,
    "fastexcel": fastexcel,
    "polars": polars_excel,
    "polars-csv": polars_csv,
    "duckdb": duckdb_excel,
    "duckdb-csv": duckdb_csv,
    "xlrd": xlrd,
}

if __name__ == "__main__":
    name, *paths = sys.argv[1:]
    counts = [READERS[name](path) for path in paths]
    print(f"rows={sum(rows for rows, _ in counts)} cells={sum(cells for _, cells in counts)}")
