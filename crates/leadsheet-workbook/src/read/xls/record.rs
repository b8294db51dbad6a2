//! The records of a BIFF stream: two bytes of type, two of length, the body; long bodies go on in CONTINUE records.

/// One record as it lies in the stream.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Record<'a> {
    /// Its type.
    pub(crate) id: u16,
    /// Where its header begins.
    pub(crate) offset: usize,
    /// Its body, shorter than the header says where the stream ends before.
    pub(crate) body: &'a [u8],
}

impl<'a> Record<'a> {
    /// Two bytes of the body as a number.
    pub(crate) fn u16(&self, at: usize) -> Option<u16> {
        self.body
            .get(at..at + 2)
            .map(|bytes| u16::from_le_bytes([bytes[0], bytes[1]]))
    }

    /// Four bytes of the body as a number.
    pub(crate) fn u32(&self, at: usize) -> Option<u32> {
        self.body
            .get(at..at + 4)
            .map(|bytes| u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
    }

    /// Eight bytes of the body as a number.
    pub(crate) fn f64(&self, at: usize) -> Option<f64> {
        let bytes = self.body.get(at..at + 8)?;
        Some(f64::from_le_bytes(bytes.try_into().ok()?))
    }

    /// The body from `at` on.
    pub(crate) fn from(&self, at: usize) -> &'a [u8] {
        self.body.get(at..).unwrap_or_default()
    }
}

/// The records from some offset on.
#[derive(Clone, Debug)]
pub(crate) struct Records<'a> {
    stream: &'a [u8],
    at: usize,
    cut: bool,
}

impl<'a> Records<'a> {
    /// The records of `stream` from `offset` on.
    pub(crate) const fn new(stream: &'a [u8], offset: usize) -> Self {
        Self {
            stream,
            at: offset,
            cut: false,
        }
    }

    /// Whether the stream ended inside the last record.
    pub(crate) const fn is_cut(&self) -> bool {
        self.cut
    }

    /// Where the next record begins.
    pub(crate) const fn offset(&self) -> usize {
        self.at
    }

    /// The bodies of the CONTINUE records that come next.
    pub(crate) fn continuations(&mut self) -> Vec<&'a [u8]> {
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

/// The types of the records that are read or written (MS-XLS 2.3; those of BIFF2 to BIFF5 in the older specifications).
pub(crate) mod id {
    pub(crate) const BOF: [u16; 4] = [0x0009, 0x0209, 0x0409, 0x0809];
    pub(crate) const EOF: u16 = 0x000A;
    pub(crate) const CONTINUE: u16 = 0x003C;

    pub(crate) const FILEPASS: u16 = 0x002F;
    pub(crate) const FILELOCK: u16 = 0x0195;
    pub(crate) const USREXCL: u16 = 0x0194;
    pub(crate) const INTERFACEHDR: u16 = 0x00E1;
    pub(crate) const RRDHEAD: u16 = 0x0138;
    pub(crate) const RRDINFO: u16 = 0x0196;
    pub(crate) const CODEPAGE: u16 = 0x0042;
    pub(crate) const DATEMODE: u16 = 0x0022;
    pub(crate) const BOUNDSHEET: u16 = 0x0085;
    pub(crate) const SHEETHDR: u16 = 0x008F;
    pub(crate) const FORMAT_2: u16 = 0x001E;
    pub(crate) const FORMAT: u16 = 0x041E;
    pub(crate) const XF_3: u16 = 0x0243;
    pub(crate) const XF_4: u16 = 0x0443;
    pub(crate) const XF: u16 = 0x00E0;
    pub(crate) const SST: u16 = 0x00FC;

    pub(crate) const INTEGER_2: u16 = 0x0002;
    pub(crate) const NUMBER_2: u16 = 0x0003;
    pub(crate) const LABEL_2: u16 = 0x0004;
    pub(crate) const BOOLERR_2: u16 = 0x0005;
    pub(crate) const FORMULA: u16 = 0x0006;
    pub(crate) const STRING_2: u16 = 0x0007;
    pub(crate) const ROW_2: u16 = 0x0008;
    pub(crate) const COLWIDTH_2: u16 = 0x0024;
    pub(crate) const NUMBER: u16 = 0x0203;
    pub(crate) const LABEL: u16 = 0x0204;
    pub(crate) const BOOLERR: u16 = 0x0205;
    pub(crate) const FORMULA_3: u16 = 0x0206;
    pub(crate) const FORMULA_4: u16 = 0x0406;
    pub(crate) const STRING: u16 = 0x0207;
    pub(crate) const RK: u16 = 0x027E;
    pub(crate) const MULRK: u16 = 0x00BD;
    pub(crate) const RSTRING: u16 = 0x00D6;
    pub(crate) const LABELSST: u16 = 0x00FD;
    pub(crate) const ROW: u16 = 0x0208;
    pub(crate) const COLINFO: u16 = 0x007D;
    pub(crate) const MERGECELLS: u16 = 0x00E5;
    pub(crate) const WSBOOL: u16 = 0x0081;

    pub(crate) const ROW_INDEX: u16 = 0x020B;
    pub(crate) const ROW_BLOCK_INDEX: u16 = 0x00D7;
    pub(crate) const STRING_INDEX: u16 = 0x00FF;
    pub(crate) const BLANK: u16 = 0x0201;
    pub(crate) const MULBLANK: u16 = 0x00BE;
    pub(crate) const WINDOW1: u16 = 0x003D;
    pub(crate) const FONT: u16 = 0x0031;
    pub(crate) const STYLE: u16 = 0x0293;
    pub(crate) const PALETTE: u16 = 0x0092;
    pub(crate) const SUPBOOK: u16 = 0x01AE;
    pub(crate) const EXTERNSHEET: u16 = 0x0017;
    pub(crate) const NAME: u16 = 0x0018;
    pub(crate) const MSODRAWINGGROUP: u16 = 0x00EB;
    pub(crate) const SETUP: u16 = 0x00A1;
    pub(crate) const DEFAULTROWHEIGHT: u16 = 0x0225;
    pub(crate) const DEFCOLWIDTH: u16 = 0x0055;
    pub(crate) const AUTOFILTERINFO: u16 = 0x009D;
    pub(crate) const DIMENSIONS: u16 = 0x0200;
    pub(crate) const MSODRAWING: u16 = 0x00EC;
    pub(crate) const OBJ: u16 = 0x005D;
    pub(crate) const TXO: u16 = 0x01B6;
    pub(crate) const NOTE: u16 = 0x001C;
    pub(crate) const WINDOW2: u16 = 0x023E;
    pub(crate) const PANE: u16 = 0x0041;
    pub(crate) const SELECTION: u16 = 0x001D;
    pub(crate) const HLINK: u16 = 0x01B8;
    pub(crate) const DVAL: u16 = 0x01B2;
    pub(crate) const DV: u16 = 0x01BE;
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
