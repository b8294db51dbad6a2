//! leadsheet-analytics
