//! A change to a part as what it is: bytes taken out and put in at places. What is not named stays byte for byte,
//! and every change knows the way back.

use std::io::{self, Read, Write};

/// At byte `at` of the original, `remove` bytes give way to `insert`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Splice {
    pub(super) at: u64,
    pub(super) remove: u64,
    pub(super) insert: Vec<u8>,
}

impl Splice {
    pub(super) fn insert(at: u64, text: impl Into<Vec<u8>>) -> Self {
        Self::replace(at, 0, text)
    }

    pub(super) fn replace(at: u64, remove: u64, text: impl Into<Vec<u8>>) -> Self {
        Self {
            at,
            remove,
            insert: text.into(),
        }
    }
}

/// Puts splices into the order of their places; what is put in at a place comes before what is replaced there.
pub(super) fn sort(splices: &mut [Splice]) {
    splices.sort_by_key(|splice| (splice.at, splice.remove > 0));
}

/// Copies `source` to `out` with the splices, which are in order, made. What they take out goes to `removed`.
///
/// # Errors
/// Those of reading and writing; `InvalidInput` where splices overlap or lie beyond the end.
pub(super) fn apply(
    source: &mut impl Read,
    splices: &[Splice],
    out: &mut impl Write,
    removed: &mut impl Write,
) -> io::Result<()> {
    let mut at = 0;
    for splice in splices {
        let kept = splice
            .at
            .checked_sub(at)
            .ok_or(io::ErrorKind::InvalidInput)?;
        copy_exactly(source, kept, out)?;
        copy_exactly(source, splice.remove, removed)?;
        out.write_all(&splice.insert)?;
        at = splice.at + splice.remove;
    }
    io::copy(source, out).map(drop)
}

fn copy_exactly(source: &mut impl Read, length: u64, out: &mut impl Write) -> io::Result<()> {
    if io::copy(&mut source.take(length), out)? == length {
        Ok(())
    } else {
        Err(io::ErrorKind::InvalidInput.into())
    }
}

/// The one splice that makes `new` of `old`; `None` where they are equal.
pub(super) fn difference(old: &[u8], new: &[u8]) -> Option<Splice> {
    if old == new {
        return None;
    }
    let start = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let (old, new) = (old.get(start..)?, new.get(start..)?);
    let same = old.iter().rev().zip(new.iter().rev());
    let end = same.take_while(|(a, b)| a == b).count();
    Some(Splice::replace(
        start as u64,
        (old.len() - end) as u64,
        new.get(..new.len() - end)?,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn applied(old: &[u8], splices: &[Splice]) -> io::Result<(Vec<u8>, Vec<u8>)> {
        let (mut out, mut removed) = (Vec::new(), Vec::new());
        apply(&mut &old[..], splices, &mut out, &mut removed)?;
        Ok((out, removed))
    }

    #[test]
    fn what_is_not_named_stays() {
        let splices = [
            Splice::insert(0, "<"),
            Splice::replace(2, 2, ""),
            Splice::insert(4, "x"),
            Splice::insert(4, "y"),
            Splice::insert(6, ">"),
        ];
        let (out, removed) = applied(b"abcdef", &splices).unwrap();
        assert_eq!(
            (out.as_slice(), removed.as_slice()),
            (&b"<abxyef>"[..], &b"cd"[..])
        );
    }

    #[test]
    fn overlaps_and_places_beyond_the_end_are_refused() {
        for splices in [
            vec![Splice::replace(0, 3, ""), Splice::insert(2, "")],
            vec![Splice::insert(7, "")],
            vec![Splice::replace(5, 2, "")],
        ] {
            assert!(applied(b"abcdef", &splices).is_err(), "{splices:?}");
        }
    }

    proptest! {
        #[test]
        fn a_difference_leads_from_one_to_the_other(old: Vec<u8>, new: Vec<u8>, same in "a{0,9}") {
            let (old, new) = ([same.as_bytes(), &old, b"aa"].concat(), [same.as_bytes(), &new, b"a"].concat());
            let splices: Vec<_> = difference(&old, &new).into_iter().collect();
            prop_assert_eq!(applied(&old, &splices).unwrap().0, new);
        }
    }
}
