//! Workbooks that Excel encrypts without asking for a password: protecting the structure of a workbook encrypts
//! the file with one that is the same everywhere (MS-OFFCRYPTO 2.3.5 and 2.3.6, MS-XLS 2.2.10). Excel and
//! `LibreOffice` open such files unasked.

use md5::{Digest, Md5};
use sha1::Sha1;

use super::record::{Records, id};

/// The password that Excel uses where the user gave none.
const BUILT_IN: &str = "VelvetSweatshop";
/// The key changes every so many bytes of the stream.
const BLOCK: usize = 1024;

/// The stream in plain text, its FILEPASS record left in place; `None` where the user's own password is needed.
/// `file_pass` is the body of that record.
pub(super) fn decrypted(stream: &[u8], file_pass: &[u8]) -> Option<Vec<u8>> {
    let key = Key::derive(file_pass, BUILT_IN)?;
    let mut plain = stream.to_vec();
    let mut cipher = Cipher::new(&key);
    for record in Records::new(stream, 0) {
        let body = record.offset + 4;
        let encrypted = match record.id {
            // What a program must know before it can decrypt.
            id::FILEPASS
            | id::INTERFACEHDR
            | id::FILELOCK
            | id::USREXCL
            | id::RRDINFO
            | id::RRDHEAD => continue,
            _ if id::BOF.contains(&record.id) => continue,
            // Where the sheet begins.
            id::BOUNDSHEET => body + 4..body + record.body.len(),
            _ => body..body + record.body.len(),
        };
        for at in encrypted {
            plain[at] ^= cipher.byte_at(at);
        }
    }
    Some(plain)
}

/// What the keys of the blocks are made of.
enum Key {
    /// RC4 as Excel 97 and 2000 use it.
    Md5([u8; 5]),
    /// RC4 of the cryptography interface of Windows, from Excel 2002 on, and the bytes of a key.
    Sha1([u8; 20], usize),
}

impl Key {
    /// The key, if `password` is the right one.
    fn derive(file_pass: &[u8], password: &str) -> Option<Self> {
        let short = |at: usize| {
            Some(u16::from_le_bytes(
                file_pass.get(at..at + 2)?.try_into().ok()?,
            ))
        };
        let long = |at: usize| {
            Some(u32::from_le_bytes(file_pass.get(at..at + 4)?.try_into().ok()?) as usize)
        };
        let bytes = |at: usize, count: usize| file_pass.get(at..at.checked_add(count)?);
        let password: Vec<u8> = password.encode_utf16().flat_map(u16::to_le_bytes).collect();
        // Type 0 is the obfuscation of Excel 95.
        let (key, verifier, hash) = match (short(0)?, short(2)?) {
            (1, 1) => {
                let salt = bytes(6, 16)?;
                let first = Md5::digest(&password);
                let salted = [&first[..5], salt].concat().repeat(16);
                let key = Self::Md5(Md5::digest(salted)[..5].try_into().ok()?);
                (key, bytes(22, 16)?, bytes(38, 16)?)
            }
            (1, 2..=4) => {
                let header = 14;
                let key_bits = match long(header + 16)? {
                    0 => 40,
                    bits @ 40..=128 => bits,
                    _ => return None,
                };
                let verifier = long(10)?.checked_add(header)?;
                let salt = bytes(verifier.checked_add(4)?, 16)?;
                let first = Sha1::digest([salt, &password].concat());
                (
                    Self::Sha1(first.into(), key_bits / 8),
                    bytes(verifier + 20, 16)?,
                    bytes(verifier + 40, 20)?,
                )
            }
            _ => return None,
        };
        let mut rc4 = key.rc4(0);
        let mut decrypt = |bytes: &[u8]| {
            bytes
                .iter()
                .map(|byte| byte ^ rc4.next())
                .collect::<Vec<_>>()
        };
        let (verifier, hash) = (decrypt(verifier), decrypt(hash));
        let expected = match key {
            Self::Md5(_) => Md5::digest(verifier).to_vec(),
            Self::Sha1(..) => Sha1::digest(verifier).to_vec(),
        };
        (hash == expected).then_some(key)
    }

    /// The cipher of a block.
    fn rc4(&self, block: u32) -> Rc4 {
        let block = block.to_le_bytes();
        match self {
            Self::Md5(key) => Rc4::new(&Md5::digest([&key[..], &block].concat())),
            Self::Sha1(key, length) => {
                let digest = Sha1::digest([&key[..], &block].concat());
                let mut key = digest[..*length].to_vec();
                // A key of 40 bits is one of 128 whose rest is zero.
                if *length == 5 {
                    key.resize(16, 0);
                }
                Rc4::new(&key)
            }
        }
    }
}

/// The key stream over a whole stream, asked for from front to back.
struct Cipher<'a> {
    key: &'a Key,
    block: usize,
    used: usize,
    rc4: Rc4,
}

impl<'a> Cipher<'a> {
    fn new(key: &'a Key) -> Self {
        Self {
            key,
            block: 0,
            used: 0,
            rc4: key.rc4(0),
        }
    }

    fn byte_at(&mut self, at: usize) -> u8 {
        if at / BLOCK != self.block {
            (self.block, self.used) = (at / BLOCK, 0);
            self.rc4 = self.key.rc4(self.block as u32);
        }
        // Record headers and what is not encrypted use up the key all the same.
        while self.used < at % BLOCK {
            self.rc4.next();
            self.used += 1;
        }
        self.used += 1;
        self.rc4.next()
    }
}

/// The RC4 stream cipher; it keeps no secret, but it is what these files use.
struct Rc4 {
    state: [u8; 256],
    i: u8,
    j: u8,
}

impl Rc4 {
    fn new(key: &[u8]) -> Self {
        let mut state: [u8; 256] = std::array::from_fn(|position| position as u8);
        let mut j = 0_u8;
        for (i, key) in (0..256).zip(key.iter().cycle()) {
            j = j.wrapping_add(state[i]).wrapping_add(*key);
            state.swap(i, j.into());
        }
        Self { state, i: 0, j: 0 }
    }

    fn next(&mut self) -> u8 {
        self.i = self.i.wrapping_add(1);
        self.j = self.j.wrapping_add(self.state[usize::from(self.i)]);
        self.state.swap(self.i.into(), self.j.into());
        let sum = self.state[usize::from(self.i)].wrapping_add(self.state[usize::from(self.j)]);
        self.state[usize::from(sum)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Test vectors of RFC 6229 (key of 40 bits, offset 0) and of the cipher's first publication.
    #[test]
    fn the_cipher_gives_its_published_stream() {
        let stream = |key: &[u8], count: usize| {
            let mut rc4 = Rc4::new(key);
            (0..count).map(|_| rc4.next()).collect::<Vec<_>>()
        };
        assert_eq!(
            stream(&[1, 2, 3, 4, 5], 8),
            [0xB2, 0x39, 0x63, 0x05, 0xF0, 0x3D, 0xC0, 0x27]
        );
        assert_eq!(
            stream(b"Key", 8),
            [0xEB, 0x9F, 0x77, 0x81, 0xB7, 0x34, 0xCA, 0x72]
        );
    }

    #[test]
    fn another_password_is_not_taken_for_the_built_in_one() {
        for length in 0..60 {
            assert!(
                Key::derive(
                    &[&[1, 0, 1, 0, 1, 0][..], &[7; 60]].concat()[..length],
                    BUILT_IN
                )
                .is_none()
            );
        }
    }
}
