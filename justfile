# The commands of every day; `just` lists them.

_default:
    @just --list

# What CI runs, no more and no less
ci: fmt-check lint doc test

# Check the formatting
fmt-check:
    cargo fmt --all --check

# Clippy, warnings denied
lint:
    cargo clippy --workspace --all-targets -- -D warnings

# Build the documentation, warnings denied
doc:
    RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps

# Every test
test:
    cargo test --workspace

# Accept new snapshots and RULES.md after looking at them
bless:
    INSTA_UPDATE=always LEADSHEET_BLESS=1 cargo test --workspace

# Licences, advisories, sources (needs cargo-deny)
deny:
    cargo deny check

# Readers of spreadsheets beside each other (`--rows 1000000`, `--all`, `--only fastexcel`)
bench-readers *options:
    python3 benches/readers.py xlsx {{options}}

# The same over two thousand small workbooks in one process
bench-small-files *options:
    python3 benches/readers.py small {{options}}

# A million cells that are hard to keep, written and read in every format
come-back cells="1000000":
    cargo run --release -p leadsheet-benches --bin come_back -- {{cells}}

# Texts that a spreadsheet program would run, opened in LibreOffice (needs soffice and openpyxl)
injection folder:
    LEADSHEET_KEEP={{folder}} cargo test -p leadsheet-tests injection
    python3 benches/injection.py {{folder}}

# Marking a thousand cells of a million rows, beside unpacking and packing the sheet
bench-annotate *options:
    python3 benches/readers.py annotate {{options}}

# A report on ten million rows beside DuckDB, polars and pandas (needs both programs built in release)
bench-ten-million *options:
    python3 benches/ten_million.py --leadsheet target/release/leadsheet --generate target/release/generate {{options}}

# What reading a ledger and checking it by every rule take, and each rule alone (`FILE` as `generate shared ROWS FILE` makes it)
bench-rules file:
    cargo run --release --quiet --package leadsheet-benches --bin check -- --rules {{file}}

# Instructions that reading takes, beside those recorded (needs valgrind; `--bless` records)
bench-count *options:
    benches/count.sh {{options}}
