"""Ten million follow-ups in one parquet file: leadsheet's report beside DuckDB, polars and pandas counting the same.

    python benches/ten_million.py --leadsheet target/release/leadsheet --generate target/release/generate [ROWS]

Each program is a process of its own; wall time, CPU time and peak memory are what the system says of it. What the others
count is conversion by source, grade and stage reached: rows collapsed to leads by their number, source and grade of the
first row, outcome of the last, every stage up to the highest one shown. Their counts must be leadsheet's own, or the
comparison says nothing. leadsheet is not told which columns to read: it recognises the table and leaves out what the
report does not need. It also reads every date and number as it was typed, joins by mobile and name where a
number is missing, and makes the funnel; the others are given columns that are right already.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SQL = """
with ordered as (
  select 线索编号 as id, 线索来源 as source, 线索等级 as grade, 当前状态 as stage,
    row_number() over (partition by 线索编号 order by 跟进日期, file_row_number) as nth,
    row_number() over (partition by 线索编号 order by 跟进日期 desc, file_row_number desc) as back,
    max(case 当前状态 when '潜在客户' then 1 when '意向客户' then 2 when '高意向客户' then 3 when '成交客户' then 4 else 0 end)
      over (partition by 线索编号) as rung
  from read_parquet('{path}', file_row_number = true)),
leads as (
  select f.source, f.grade, l.stage = '成交客户' as won,
    case l.stage when '成交客户' then 4 when '流失客户' then greatest(f.rung, 1) else f.rung end as reached
  from ordered f join ordered l using (id) where f.nth = 1 and l.back = 1)
select 'source' as by, source as key, count(*) as leads, count(*) filter (won) as won from leads group by source
union all select 'grade', grade, count(*), count(*) filter (won) from leads group by grade
union all select 'stage', ['潜在客户', '意向客户', '高意向客户', '成交客户'][r], count(*), count(*) filter (won)
  from leads, range(1, 5) t(r) where reached >= r group by r
"""

# Much quicker in DuckDB than windows: the first and the last row of a lead as aggregates.
SQL_AGGREGATES = """
with leads as (
  select arg_min(线索来源, (跟进日期, file_row_number)) as source, arg_min(线索等级, (跟进日期, file_row_number)) as grade,
    arg_max(当前状态, (跟进日期, file_row_number)) as stage,
    max(case 当前状态 when '潜在客户' then 1 when '意向客户' then 2 when '高意向客户' then 3 when '成交客户' then 4 else 0 end) as rung
  from read_parquet('{path}', file_row_number = true) group by 线索编号),
facts as (
  select source, grade, stage = '成交客户' as won,
    case stage when '成交客户' then 4 when '流失客户' then greatest(rung, 1) else rung end as reached from leads)
select 'source' as by, source as key, count(*) as leads, count(*) filter (won) as won from facts group by source
union all select 'grade', grade, count(*), count(*) filter (won) from facts group by grade
union all select 'stage', ['潜在客户', '意向客户', '高意向客户', '成交客户'][r], count(*), count(*) filter (won)
  from facts, range(1, 5) t(r) where reached >= r group by r
"""

COLUMNS = ["线索编号", "线索来源", "线索等级", "跟进日期", "当前状态"]
LADDER = ["潜在客户", "意向客户", "高意向客户", "成交客户"]


def duckdb(path, text):
    import duckdb
    rows = duckdb.sql(text.format(path=path)).fetchall()
    return {(by, key): (leads, won) for by, key, leads, won in rows}


def polars(path):
    import polars as pl
    rung = pl.col("当前状态").replace_strict({name: n for n, name in enumerate(LADDER, 1)}, default=0, return_dtype=pl.Int8)
    leads = (
        pl.scan_parquet(path).select(COLUMNS).with_row_index("row").sort("跟进日期", "row")
        .group_by("线索编号", maintain_order=False)
        .agg(pl.first("线索来源").alias("source"), pl.first("线索等级").alias("grade"),
             pl.last("当前状态").alias("stage"), rung.max().alias("rung"))
        .with_columns(won=pl.col("stage") == "成交客户")
        .with_columns(reached=pl.when("won").then(4).when(pl.col("stage") == "流失客户")
                      .then(pl.max_horizontal("rung", pl.lit(1))).otherwise("rung"))
        .collect(engine="streaming"))
    return counted(leads.to_pandas())


def pandas(path):
    import pandas as pd
    rows = pd.read_parquet(path, columns=COLUMNS)
    rows = rows.sort_values("跟进日期", kind="stable")
    rows["rung"] = rows["当前状态"].map({name: n for n, name in enumerate(LADDER, 1)}).fillna(0).astype("int8")
    groups = rows.groupby("线索编号", sort=False)
    leads = pd.DataFrame({"source": groups["线索来源"].first(), "grade": groups["线索等级"].first(),
                          "stage": groups["当前状态"].last(), "rung": groups["rung"].max()})
    leads["won"] = leads["stage"] == "成交客户"
    lost = leads["stage"] == "流失客户"
    leads["reached"] = leads["rung"].where(~lost, leads["rung"].clip(lower=1)).where(~leads["won"], 4)
    return counted(leads)


def counted(leads):
    counts = {}
    for by in ("source", "grade"):
        for key, group in leads.groupby(by)["won"]:
            counts[(by, key)] = (len(group), int(group.sum()))
    for rung, name in enumerate(LADDER, 1):
        there = leads["won"][leads["reached"] >= rung]
        counts[("stage", name)] = (len(there), int(there.sum()))
    return counts


OTHERS = {
    "DuckDB, windows": lambda path: duckdb(path, SQL),
    "DuckDB, aggregates": lambda path: duckdb(path, SQL_AGGREGATES),
    "polars, streaming": polars,
    "pandas": pandas,
}


def measured(command):
    """Runs a command; its output, seconds on the clock, seconds of CPU and peak MiB."""
    began = time.monotonic()
    child = subprocess.Popen(command, stdout=subprocess.PIPE)
    output = child.stdout.read()
    _, status, used = os.wait4(child.pid, 0)
    if status:
        sys.exit(f"{command[0]} ended with {status}")
    return output, time.monotonic() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--leadsheet", type=Path, required=True)
    arguments.add_argument("--generate", type=Path, required=True)
    arguments.add_argument("--only")
    arguments.add_argument("--file", type=Path)
    arguments.add_argument("rows", nargs="?", type=int, default=10_000_000)
    given = arguments.parse_args()
    if given.only:
        counts = OTHERS[given.only](str(given.file))
        print(json.dumps([[*key, *value] for key, value in counts.items()], ensure_ascii=False))
        return
    path = given.file or Path(tempfile.gettempdir()) / f"follow_ups_{given.rows}.parquet"
    if not path.exists():
        subprocess.run([given.generate, "parquet", str(given.rows), path], check=True)
    print(f"{given.rows:,} rows, {path.stat().st_size / 1e6:.1f} MB\n", flush=True)
    print("| program | wall s | CPU s | × leadsheet (CPU) | peak MiB |\n| --- | ---: | ---: | ---: | ---: |", flush=True)
    ours = None
    for name, options in [("conversion and funnel", ["--show", "none"]), ("every topic", ["--show", "all"])]:
        command = [given.leadsheet, "report", path, *options, "--format", "json", "--no-progress", "--quiet"]
        output, wall, cpu, peak = measured(command)
        report = json.loads(output)
        if ours is None:
            ours = cpu
            expected = {(by, group["key"]): (group["leads"], group["won"])
                        for by, groups in report["conversion"].items() for group in groups}
        print(f"| **leadsheet**, {name} | {wall:.1f} | {cpu:.1f} | {cpu / ours:.2f} | {peak:,.0f} |", flush=True)
    for name in OTHERS:
        command = [sys.executable, __file__, "--leadsheet", "x", "--generate", "x", "--only", name, "--file", path]
        output, wall, cpu, peak = measured(command)
        counts = {(by, key): (leads, won) for by, key, leads, won in json.loads(output)}
        same = counts == expected
        print(f"| {name} | {wall:.1f} | {cpu:.1f} | {cpu / ours:.2f} | {peak:,.0f} |", flush=True)
        if not same:
            differing = {key: (counts.get(key), expected.get(key)) for key in counts.keys() | expected.keys()
                         if counts.get(key) != expected.get(key)}
            sys.exit(f"{name} counts otherwise: {differing}")


if __name__ == "__main__":
    main()
