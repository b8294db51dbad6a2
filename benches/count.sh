#!/usr/bin/env bash
# count.sh [--bless]: instructions that reading takes, counted by valgrind's callgrind, beside instructions.toml.
# Fails where one differs from its record by more than a tenth; --bless records instead. Counts hardly depend on how
# busy the machine is, so CI can watch them; they do depend on the compiler and on what the processor can do, so under
# another compiler or on another kind of processor than those of the record, differences are shown and fail nothing.
set -euo pipefail
cd "$(dirname "$0")/.."

rows=20000
tolerance=10
records=benches/instructions.toml
target=${CARGO_TARGET_DIR:-target}
data=$target/benches

command -v valgrind >/dev/null || { echo "valgrind is not installed" >&2; exit 2; }
cargo build --release --quiet --package leadsheet-benches
mkdir -p "$data"
for kind in shared inline csv; do
    extension=xlsx
    [ $kind = csv ] && extension=csv
    "$target/release/generate" $kind $rows "$data/count-$kind.$extension"
done

# One processor: the same work on the same thread each time.
instructions() {
    local name=$1
    shift
    taskset --cpu-list 0 valgrind --tool=callgrind --callgrind-out-file="$data/$name.callgrind" \
        "$target/release/read_ours" "$@" 2>&1 >/dev/null | sed -n 's/.*Collected : //p'
}

status=0
# The inflater and the scanners take other ways where the processor knows AVX-2.
kind=$(uname -m)$(grep -qw avx2 /proc/cpuinfo && echo " with AVX2" || true)
blessed="# Instructions for $rows rows × 14, by benches/count.sh. $(rustc --version | cut -d' ' -f1-2), $kind."$'\n'
like_the_record=
[ "$(head -1 $records 2>/dev/null)" = "${blessed%$'\n'}" ] && like_the_record=yes
compare() {
    local name=$1 counted recorded percent
    counted=$(instructions "$@")
    blessed+="$name = $counted"$'\n'
    recorded=$(sed -n "s/^$name = //p" $records 2>/dev/null || true)
    if [ -z "$recorded" ]; then
        printf '%-14s %14d  (no record)\n' "$name" "$counted"
        [ "${bless:-}" ] || status=1
        return
    fi
    percent=$(((counted - recorded) * 100 / recorded))
    printf '%-14s %14d  recorded %14d  %+d %%\n' "$name" "$counted" "$recorded" "$percent"
    if [ "${percent#-}" -gt $tolerance ] && [ -z "${bless:-}" ] && [ "$like_the_record" ]; then
        status=1
    fi
}

bless=
[ "${1:-}" = --bless ] && bless=yes
compare xlsx_shared "$data/count-shared.xlsx"
compare xlsx_inline "$data/count-inline.xlsx"
compare xlsx_tables --tables "$data/count-shared.xlsx"
compare csv "$data/count-csv.csv"
[ "$bless" ] && printf '%s' "$blessed" >$records
[ "$like_the_record$bless" ] || echo "The record is of another compiler or processor: nothing fails."
exit $status
