//! leadsheet-benches
