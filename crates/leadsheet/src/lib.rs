//! leadsheet
