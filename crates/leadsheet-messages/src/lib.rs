//! leadsheet-messages
