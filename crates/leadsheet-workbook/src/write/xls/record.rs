//! Records on their way out: two bytes of type, two of length, the body; a body that is too long goes on in CONTINUE
//! records.

use crate::read::xls::record::id;

/// The longest body of a record (MS-XLS §2.1.4).
pub(crate) const MAX_BODY: usize = 8224;

/// A stream of records.
#[derive(Debug, Default)]
pub(crate) struct Stream(pub(crate) Vec<u8>);

impl Stream {
    /// Adds a record; what is too long for one goes on in CONTINUE records.
    pub(crate) fn record(&mut self, id: u16, body: &[u8]) {
        let (first, rest) = body.split_at(body.len().min(MAX_BODY));
        self.one(id, first);
        for part in rest.chunks(MAX_BODY) {
            self.one(id::CONTINUE, part);
        }
    }

    fn one(&mut self, id: u16, body: &[u8]) {
        self.0.extend_from_slice(&id.to_le_bytes());
        self.0.extend_from_slice(&(body.len() as u16).to_le_bytes());
        self.0.extend_from_slice(body);
    }

    /// Where the next record will begin.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }
}

/// The body of a record, put together field by field.
#[derive(Clone, Debug, Default)]
pub(crate) struct Body(pub(crate) Vec<u8>);

impl Body {
    pub(crate) fn u8(mut self, value: u8) -> Self {
        self.0.push(value);
        self
    }

    pub(crate) fn u16(mut self, value: u16) -> Self {
        self.0.extend_from_slice(&value.to_le_bytes());
        self
    }

    pub(crate) fn u32(mut self, value: u32) -> Self {
        self.0.extend_from_slice(&value.to_le_bytes());
        self
    }

    pub(crate) fn f64(mut self, value: f64) -> Self {
        self.0.extend_from_slice(&value.to_le_bytes());
        self
    }

    pub(crate) fn bytes(mut self, bytes: &[u8]) -> Self {
        self.0.extend_from_slice(bytes);
        self
    }
}
