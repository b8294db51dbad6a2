"""make_xls.py IN.csv OUT.xls: the same ledger as an Excel 97 workbook, with real dates (column H)."""

import csv
import datetime as dt
import sys

import xlwt

source, out = sys.argv[1:]
book = xlwt.Workbook(encoding="utf-8")
sheet = book.add_sheet("线索跟进")
date = xlwt.easyxf(num_format_str="yyyy-mm-dd")
with open(source, encoding="utf-8", newline="") as lines:
    for number, row in enumerate(csv.reader(lines)):
        for column, value in enumerate(row):
            if number and column == 7:
                sheet.write(number, column, dt.date.fromisoformat(value), date)
            elif value:
                sheet.write(number, column, value)
book.save(out)
