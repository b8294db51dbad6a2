//! Changes of a stream: bytes that are put in, and bytes that give way to them. Everything else stays as it is, because
//! nobody copies it but byte by byte.

/// At `at`, `remove` bytes give way to `insert`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Splice {
    pub(super) at: usize,
    pub(super) remove: usize,
    pub(super) insert: Vec<u8>,
}

/// The changes of one stream.
#[derive(Debug, Default)]
pub(super) struct Splices(Vec<Splice>);

impl Splices {
    pub(super) fn insert(&mut self, at: usize, insert: Vec<u8>) {
        if !insert.is_empty() {
            self.replace(at, 0, insert);
        }
    }

    pub(super) fn replace(&mut self, at: usize, remove: usize, insert: Vec<u8>) {
        self.0.push(Splice { at, remove, insert });
    }

    /// Whether nothing changes.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn put_u16(&mut self, at: usize, value: u16) {
        self.replace(at, 2, value.to_le_bytes().to_vec());
    }

    pub(super) fn put_u32(&mut self, at: usize, value: u32) {
        self.replace(at, 4, value.to_le_bytes().to_vec());
    }

    /// By place; what is put in at one place keeps its order and comes before what is replaced there.
    pub(super) fn sort(&mut self) {
        self.0.sort_by_key(|splice| (splice.at, splice.remove > 0));
    }

    /// Where the byte at `at` will stand; the splices must be sorted.
    pub(super) fn moved(&self, at: usize) -> usize {
        let before = self.0.partition_point(|splice| splice.at < at);
        let shift: isize = self.0[..before]
            .iter()
            .map(|splice| splice.insert.len() as isize - splice.remove as isize)
            .sum();
        at.saturating_add_signed(shift)
    }

    /// The changed stream. `None` where two changes are in each other's way or beyond the end.
    pub(super) fn apply(mut self, stream: &[u8]) -> Option<Vec<u8>> {
        self.sort();
        let grown: usize = self.0.iter().map(|splice| splice.insert.len()).sum();
        let mut changed = Vec::with_capacity(stream.len() + grown);
        let mut done = 0;
        for splice in &self.0 {
            changed.extend_from_slice(stream.get(done..splice.at)?);
            changed.extend_from_slice(&splice.insert);
            done = splice.at + splice.remove;
        }
        changed.extend_from_slice(stream.get(done..)?);
        Some(changed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_applied_where_they_stand() {
        let mut splices = Splices::default();
        splices.replace(2, 3, b"x".to_vec());
        splices.insert(2, b"<".to_vec());
        splices.insert(8, b"yz".to_vec());
        splices.insert(2, b">".to_vec());
        splices.sort();
        assert_eq!([0, 2, 5, 8].map(|at| splices.moved(at)), [0, 2, 5, 8]);
        assert_eq!(splices.apply(b"abcdefgh").unwrap(), b"ab<>xfghyz");
    }

    #[test]
    fn changes_in_each_others_way_are_none() {
        let mut splices = Splices::default();
        splices.replace(2, 3, Vec::new());
        splices.replace(4, 1, Vec::new());
        assert!(splices.apply(b"abcdefgh").is_none());
        let mut splices = Splices::default();
        splices.replace(9, 0, b"x".to_vec());
        assert!(splices.apply(b"abcdefgh").is_none());
    }
}
