//! leadsheet-tests
