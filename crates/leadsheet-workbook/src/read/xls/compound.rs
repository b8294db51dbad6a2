//! The compound file around a workbook stream (MS-CFB): a small file system of sectors chained by a table.
//!
//! The `cfb` crate refuses whatever is not sound, a FAT longer than the file for instance, where Excel and
//! `LibreOffice` still find the workbook. This one takes what can be followed: each sector once, none beyond the end
//! of the file, so that no chain can loop and no stream can be longer than the file.

/// A compound file, opened.
pub(crate) struct CompoundFile<'a> {
    bytes: &'a [u8],
    sector_shift: u32,
    mini_shift: u32,
    mini_cutoff: u64,
    fat: Vec<u32>,
    mini_fat: Vec<u32>,
    mini_stream: Vec<u8>,
    entries: Vec<Entry>,
}

#[derive(Clone, Debug)]
struct Entry {
    name: String,
    kind: u8,
    left: u32,
    right: u32,
    child: u32,
    first_sector: u32,
    size: u64,
}

const SIGNATURE: [u8; 8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
const STREAM: u8 = 2;
const ENTRY_SIZE: usize = 128;

impl<'a> CompoundFile<'a> {
    /// Whether the bytes are a compound file.
    pub(crate) fn is_one(bytes: &[u8]) -> bool {
        bytes.starts_with(&SIGNATURE)
    }

    /// Opens a compound file; `None` where not even its header is whole.
    pub(crate) fn open(bytes: &'a [u8]) -> Option<Self> {
        if !Self::is_one(bytes) || bytes.len() < 512 {
            return None;
        }
        // Excel writes 9 (512-byte sectors), rarely 12. Other values mean a damaged header.
        let sector_shift = if u16_at(bytes, 30)? == 12 { 12 } else { 9 };
        let mini_shift = match u16_at(bytes, 32)? {
            shift @ 4..=9 => u32::from(shift),
            _ => 6,
        };
        let mut file = Self {
            bytes,
            sector_shift,
            mini_shift,
            mini_cutoff: u64::from(u32_at(bytes, 56)?),
            fat: Vec::new(),
            mini_fat: Vec::new(),
            mini_stream: Vec::new(),
            entries: Vec::new(),
        };
        file.fat = file.read_fat()?;
        file.entries = file.read_directory(u32_at(bytes, 48)?);
        let mini_fat = file.read_chain(u32_at(bytes, 60)?);
        file.mini_fat = words(&mini_fat).collect();
        if let Some(root) = file.entries.first().cloned() {
            file.mini_stream = file.read_chain(root.first_sector);
        }
        Some(file)
    }

    /// The stream of this name in the root folder, whatever its case. Workbooks embedded in the workbook lie in
    /// folders of their own and are not meant.
    pub(crate) fn stream(&self, name: &str) -> Option<Vec<u8>> {
        let is_it = |entry: &&Entry| entry.kind == STREAM && entry.name.eq_ignore_ascii_case(name);
        let in_root = self.root_entries();
        let entry = in_root
            .iter()
            .filter_map(|&position| self.entries.get(position))
            .find(is_it);
        // Where the tree of names is damaged, any entry of the name is better than none.
        let entry = entry.or_else(|| self.entries.iter().find(is_it))?;
        let mut content = if entry.size < self.mini_cutoff {
            self.read_mini_chain(entry.first_sector)
        } else {
            self.read_chain(entry.first_sector)
        };
        content.truncate(usize::try_from(entry.size).unwrap_or(usize::MAX));
        Some(content)
    }

    /// Whether the root folder holds a stream of this name.
    pub(crate) fn has_stream(&self, name: &str) -> bool {
        self.entries
            .iter()
            .any(|entry| entry.kind == STREAM && entry.name.eq_ignore_ascii_case(name))
    }

    /// Positions of the entries of the root folder, which are a tree.
    fn root_entries(&self) -> Vec<usize> {
        let mut visited = vec![false; self.entries.len()];
        let mut found = Vec::new();
        let mut open: Vec<u32> = self
            .entries
            .first()
            .map(|root| root.child)
            .into_iter()
            .collect();
        while let Some(position) = open.pop() {
            let position = position as usize;
            let Some(entry) = self.entries.get(position) else {
                continue;
            };
            if std::mem::replace(&mut visited[position], true) {
                continue;
            }
            found.push(position);
            open.extend([entry.left, entry.right]);
        }
        found
    }

    fn read_fat(&self) -> Option<Vec<u32>> {
        let mut fat = Vec::new();
        let sectors = self.sector_count();
        let mut visited = vec![false; sectors];
        let mut add = |sector: u32| {
            // Entries beyond the last sector of the file say nothing.
            if fat.len() < sectors && visited.get(sector as usize) == Some(&false) {
                visited[sector as usize] = true;
                fat.extend(words(self.sector(sector).unwrap_or_default()));
            }
        };
        words(&self.bytes[76..512]).for_each(&mut add);
        let mut more = u32_at(self.bytes, 68)?;
        let mut seen = vec![false; sectors];
        while let Some(sector) = self.sector(more) {
            if std::mem::replace(&mut seen[more as usize], true) {
                break;
            }
            let links: Vec<u32> = words(sector).collect();
            let Some((&next, links)) = links.split_last() else {
                break;
            };
            links.iter().copied().for_each(&mut add);
            more = next;
        }
        Some(fat)
    }

    fn read_directory(&self, first_sector: u32) -> Vec<Entry> {
        let directory = self.read_chain(first_sector);
        directory
            .chunks_exact(ENTRY_SIZE)
            .filter_map(|entry| self.read_entry(entry))
            .collect()
    }

    fn read_entry(&self, entry: &[u8]) -> Option<Entry> {
        let name_bytes = usize::from(u16_at(entry, 64)?).saturating_sub(2).min(62);
        let name: Vec<u16> = entry[..name_bytes]
            .chunks_exact(2)
            .map(|unit| u16::from_le_bytes([unit[0], unit[1]]))
            .collect();
        let size = u64::from(u32_at(entry, 120)?);
        // Files with 512-byte sectors leave rubbish in the upper half.
        let upper = if self.sector_shift == 12 {
            u64::from(u32_at(entry, 124)?)
        } else {
            0
        };
        Some(Entry {
            name: String::from_utf16_lossy(&name),
            kind: entry[66],
            left: u32_at(entry, 68)?,
            right: u32_at(entry, 72)?,
            child: u32_at(entry, 76)?,
            first_sector: u32_at(entry, 116)?,
            size: upper << 32 | size,
        })
    }

    fn sector_count(&self) -> usize {
        (self.bytes.len() >> self.sector_shift).saturating_sub(1) + 1
    }

    /// A sector; the last one may be cut short.
    fn sector(&self, sector: u32) -> Option<&'a [u8]> {
        let start = (u64::from(sector) + 1) << self.sector_shift;
        let start = usize::try_from(start)
            .ok()
            .filter(|&start| start < self.bytes.len())?;
        let end = (start + (1 << self.sector_shift)).min(self.bytes.len());
        self.bytes.get(start..end)
    }

    fn read_chain(&self, first: u32) -> Vec<u8> {
        let sectors = follow(&self.fat, first, self.sector_count());
        sectors
            .filter_map(|sector| self.sector(sector))
            .flatten()
            .copied()
            .collect()
    }

    fn read_mini_chain(&self, first: u32) -> Vec<u8> {
        let size = 1_usize << self.mini_shift;
        let sectors = follow(&self.mini_fat, first, self.mini_stream.len().div_ceil(size));
        let content = sectors.filter_map(|sector| {
            let start = sector as usize * size;
            self.mini_stream
                .get(start..(start + size).min(self.mini_stream.len()))
        });
        content.flatten().copied().collect()
    }
}

/// The sectors of a chain, each once, none beyond `count`.
fn follow(table: &[u32], first: u32, count: usize) -> impl Iterator<Item = u32> + '_ {
    let mut visited = vec![false; count];
    let mut next = Some(first);
    std::iter::from_fn(move || {
        let sector = next.take()?;
        let position = sector as usize;
        if std::mem::replace(visited.get_mut(position)?, true) {
            return None;
        }
        next = table.get(position).copied();
        Some(sector)
    })
}

fn words(bytes: &[u8]) -> impl Iterator<Item = u32> + '_ {
    bytes
        .chunks_exact(4)
        .map(|word| u32::from_le_bytes([word[0], word[1], word[2], word[3]]))
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes
        .get(at..at + 2)
        .map(|pair| u16::from_le_bytes([pair[0], pair[1]]))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4).and_then(|word| words(word).next())
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A compound file with one stream in sectors of 512 bytes, in order.
    pub(in super::super) fn around(name: &str, stream: &[u8]) -> Vec<u8> {
        let size = stream.len().max(4096).next_multiple_of(512);
        let sectors = size / 512;
        let fat_sectors = (sectors + 2).div_ceil(127);
        let mut header = vec![0; 512];
        header[..8].copy_from_slice(&SIGNATURE);
        header[24..34].copy_from_slice(&[0x3E, 0, 3, 0, 0xFE, 0xFF, 9, 0, 6, 0]);
        put(&mut header, 44, fat_sectors as u32);
        put(&mut header, 48, fat_sectors as u32);
        put(&mut header, 56, 4096);
        for at in [60, 68] {
            put(&mut header, at, 0xFFFF_FFFE);
        }
        for link in 0..109 {
            put(
                &mut header,
                76 + link * 4,
                if link < fat_sectors {
                    link as u32
                } else {
                    0xFFFF_FFFF
                },
            );
        }
        let mut fat = vec![0xFF; fat_sectors * 512];
        let first = fat_sectors + 1;
        put(&mut fat, fat_sectors * 4, 0xFFFF_FFFE);
        for sector in 0..sectors {
            let next = if sector + 1 == sectors {
                0xFFFF_FFFE
            } else {
                (first + sector + 1) as u32
            };
            put(&mut fat, (first + sector) * 4, next);
        }
        let mut directory = vec![0; 512];
        entry(&mut directory[..128], "Root Entry", 5, 1, 0xFFFF_FFFE, 0);
        entry(
            &mut directory[128..256],
            name,
            STREAM,
            0xFFFF_FFFF,
            first as u32,
            size as u32,
        );
        let mut content = stream.to_vec();
        content.resize(size, 0);
        [header, fat, directory, content].concat()
    }

    fn put(bytes: &mut [u8], at: usize, value: u32) {
        bytes[at..at + 4].copy_from_slice(&value.to_le_bytes());
    }

    fn entry(bytes: &mut [u8], name: &str, kind: u8, child: u32, first_sector: u32, size: u32) {
        let units: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        bytes[..units.len()].copy_from_slice(&units);
        bytes[64] = units.len() as u8 + 2;
        bytes[66] = kind;
        for at in [68, 72] {
            put(bytes, at, 0xFFFF_FFFF);
        }
        put(bytes, 76, child);
        put(bytes, 116, first_sector);
        put(bytes, 120, size);
    }

    #[test]
    fn a_stream_comes_back_from_its_sectors() {
        let stream: Vec<u8> = (0..100_000_u32).map(|byte| byte as u8).collect();
        let bytes = around("Workbook", &stream);
        let file = CompoundFile::open(&bytes).unwrap();
        assert_eq!(file.stream("WORKBOOK").unwrap()[..stream.len()], stream);
        assert!(file.stream("Book").is_none());
    }

    #[test]
    fn a_looping_chain_ends_where_it_began() {
        let mut bytes = around("Workbook", &[7; 5000]);
        // The last of the ten sectors points back to the first, and the stream claims 4 GiB.
        put(&mut bytes, 512 + 11 * 4, 2);
        put(&mut bytes, 1024 + 128 + 120, u32::MAX);
        let stream = CompoundFile::open(&bytes)
            .unwrap()
            .stream("Workbook")
            .unwrap();
        assert_eq!(stream.len(), 5120);
        // A directory that is its own successor, and a FAT that lists itself over and over.
        put(&mut bytes, 512 + 4, 1);
        for link in 0..109 {
            put(&mut bytes, 76 + link * 4, 0);
        }
        assert_eq!(
            CompoundFile::open(&bytes)
                .unwrap()
                .stream("Workbook")
                .unwrap()
                .len(),
            5120
        );
    }

    #[test]
    fn a_file_cut_anywhere_gives_what_is_left() {
        let bytes = around("Workbook", &[7; 5000]);
        for length in 0..bytes.len() {
            let Some(file) = CompoundFile::open(&bytes[..length]) else {
                continue;
            };
            let stream = file.stream("Workbook").unwrap_or_default();
            assert!(stream.len() <= length, "{length}");
        }
    }
}
