# The readers beside each other: a Markdown table for each size. `--rows 1000000`, `--all`, `--only fastexcel`.
[group('benches')]
bench-readers *options:
    python3 benches/readers.py xlsx {{options}}

# Two thousand small workbooks in one process.
[group('benches')]
bench-small-files *options:
    python3 benches/readers.py small {{options}}

# Instructions that reading takes (needs valgrind), beside those in benches/instructions.toml; `--bless` records them.
[group('benches')]
bench-count *options:
    python3 benches/count.py {{options}}
