//! The records of a BIFF stream: two bytes of type, two of length, the body; long bodies go on in CONTINUE records.

/// One record as it lies in the stream.
#[derive(Clone, Copy, Debug)]
pub(super) struct Record<'a> {
    /// Its type.
    pub(super) id: u16,
    /// Where its header begins.
    pub(super) offset: usize,
    /// Its body, shorter than the header says where the stream ends before.
    pub(super) body: &'a [u8],
}

impl<'a> Record<'a> {
    /// Two bytes of the body as a number.
    pub(super) fn u16(&self, at: usize) -> Option<u16> {
        self.body
            .get(at..at + 2)
            .map(|bytes| u16::from_le_bytes([bytes[0], bytes[1]]))
    }

    /// Four bytes of the body as a number.
    pub(super) fn u32(&self, at: usize) -> Option<u32> {
        self.body
            .get(at..at + 4)
            .map(|bytes| u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
    }

    /// Eight bytes of the body as a number.
    pub(super) fn f64(&self, at: usize) -> Option<f64> {
        let bytes = self.body.get(at..at + 8)?;
        Some(f64::from_le_bytes(bytes.try_into().ok()?))
    }

    /// The body from `at` on.
    pub(super) fn from(&self, at: usize) -> &'a [u8] {
        self.body.get(at..).unwrap_or_default()
    }
}

/// The records from some offset on.
#[derive(Clone, Debug)]
pub(super) struct Records<'a> {
    stream: &'a [u8],
    at: usize,
    cut: bool,
}

impl<'a> Records<'a> {
    /// The records of `stream` from `offset` on.
    pub(super) const fn new(stream: &'a [u8], offset: usize) -> Self {
        Self {
            stream,
            at: offset,
            cut: false,
        }
    }

    /// Whether the stream ended inside the last record.
    pub(super) const fn is_cut(&self) -> bool {
        self.cut
    }

    /// The bodies of the CONTINUE records that come next.
    pub(super) fn continuations(&mut self) -> Vec<&'a [u8]> {
        let mut bodies = Vec::new();
        loop {
            let before = self.clone();
            match self.next() {
                Some(record) if record.id == id::CONTINUE => bodies.push(record.body),
                _ => {
                    *self = before;
                    return bodies;
                }
            }
        }
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Record<'a>> {
        let offset = self.at;
        let header = self.stream.get(offset..offset + 4)?;
        let id = u16::from_le_bytes([header[0], header[1]]);
        let end = offset + 4 + usize::from(u16::from_le_bytes([header[2], header[3]]));
        self.cut = end > self.stream.len();
        self.at = end.min(self.stream.len());
        Some(Record {
            id,
            offset,
            body: &self.stream[offset + 4..self.at],
        })
    }
}

/// The types of the records that are read (MS-XLS 2.3; those of BIFF2 to BIFF5 in the older specifications).
pub(super) mod id {
    pub(in super::super) const BOF: [u16; 4] = [0x0009, 0x0209, 0x0409, 0x0809];
    pub(in super::super) const EOF: u16 = 0x000A;
    pub(in super::super) const CONTINUE: u16 = 0x003C;

    pub(in super::super) const FILEPASS: u16 = 0x002F;
    pub(in super::super) const CODEPAGE: u16 = 0x0042;
    pub(in super::super) const DATEMODE: u16 = 0x0022;
    pub(in super::super) const BOUNDSHEET: u16 = 0x0085;
    pub(in super::super) const SHEETHDR: u16 = 0x008F;
    pub(in super::super) const FORMAT_2: u16 = 0x001E;
    pub(in super::super) const FORMAT: u16 = 0x041E;
    pub(in super::super) const XF_3: u16 = 0x0243;
    pub(in super::super) const XF_4: u16 = 0x0443;
    pub(in super::super) const XF: u16 = 0x00E0;
    pub(in super::super) const SST: u16 = 0x00FC;

    pub(in super::super) const INTEGER_2: u16 = 0x0002;
    pub(in super::super) const NUMBER_2: u16 = 0x0003;
    pub(in super::super) const LABEL_2: u16 = 0x0004;
    pub(in super::super) const BOOLERR_2: u16 = 0x0005;
    pub(in super::super) const FORMULA: u16 = 0x0006;
    pub(in super::super) const STRING_2: u16 = 0x0007;
    pub(in super::super) const ROW_2: u16 = 0x0008;
    pub(in super::super) const COLWIDTH_2: u16 = 0x0024;
    pub(in super::super) const NUMBER: u16 = 0x0203;
    pub(in super::super) const LABEL: u16 = 0x0204;
    pub(in super::super) const BOOLERR: u16 = 0x0205;
    pub(in super::super) const FORMULA_3: u16 = 0x0206;
    pub(in super::super) const FORMULA_4: u16 = 0x0406;
    pub(in super::super) const STRING: u16 = 0x0207;
    pub(in super::super) const RK: u16 = 0x027E;
    pub(in super::super) const MULRK: u16 = 0x00BD;
    pub(in super::super) const RSTRING: u16 = 0x00D6;
    pub(in super::super) const LABELSST: u16 = 0x00FD;
    pub(in super::super) const ROW: u16 = 0x0208;
    pub(in super::super) const COLINFO: u16 = 0x007D;
    pub(in super::super) const MERGECELLS: u16 = 0x00E5;
    pub(in super::super) const WSBOOL: u16 = 0x0081;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_that_runs_past_the_end_is_cut() {
        let stream = [
            0x0A, 0, 1, 0, 9, 0x3C, 0, 1, 0, 8, 0x03, 0x02, 0xFF, 0xFF, 7,
        ];
        let mut records = Records::new(&stream, 0);
        assert_eq!(
            records.next().map(|record| (record.id, record.body)),
            Some((id::EOF, &[9][..]))
        );
        assert_eq!(records.continuations(), [[8]]);
        assert!(!records.is_cut());
        assert_eq!(
            records.next().map(|record| (record.id, record.body)),
            Some((id::NUMBER, &[7][..]))
        );
        assert!(records.is_cut());
        assert!(records.next().is_none());
    }
}
