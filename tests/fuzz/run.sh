#!/usr/bin/env bash
# run.sh TARGET [SECONDS]: feeds a target (see src/targets.rs) with what makes it take new ways, for ten minutes unless
# told otherwise. Needs a C++ compiler for libFuzzer; any toolchain does. What brings it down is kept in finds/TARGET,
# which the tests read again ever after.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
target=${1:?which target? see src/targets.rs}
seconds=${2:-600}
corpus=$here/target/corpus/$target
mkdir -p "$corpus" "$here/finds/$target"

# Without RUSTFLAGS of one's own, and only for the code that is looked at: coverage counters at every edge.
export RUSTFLAGS="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
 -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1"
(cd "$here" && cargo build --release --quiet --target "$(rustc -vV | sed -n 's/^host: //p')")
program=$(ls "$here"/target/*/release/fuzz)

# To begin with: our own workbooks, whole for the targets that take files.
case $target in
    sniffing | package | text | patched_package) cp -n "$here"/../../fixtures/*.xls* "$corpus"/ 2>/dev/null || true ;;
    parquet) cp -n "$here"/../../fixtures/*.parquet "$corpus"/ 2>/dev/null || true ;;
    *) python3 "$here/seeds.py" "$target" "$here/../../fixtures" "$corpus" 2>/dev/null || true ;;
esac

LEADSHEET_FUZZ=$target exec "$program" "$corpus" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=512 \
    -max_len=65536 -artifact_prefix="$here/finds/$target/" -print_final_stats=1 -verbosity=0
