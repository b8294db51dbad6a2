//! leadsheet-cli
