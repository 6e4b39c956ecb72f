//! Documents in files, read in ranges and hashed in one pass.

use std::fs::File;
use std::io::{self, Read, Write};

use pades::{Hashed, Source};

/// What is read at once of a file that is hashed.
const BUFFER: usize = 256 * 1024;

/// A file of this size is read once, for it is touched in many places.
const SMALL: u64 = 1 << 20;

/// A file that is read in ranges. It must not change meanwhile.
pub struct FileSource {
    file: File,
    length: u64,
    /// All of a small file.
    whole: Option<Vec<u8>>,
}

impl FileSource {
    /// Reads `file`, all of it.
    pub fn new(file: File) -> io::Result<Self> {
        let length = file.metadata()?.len();
        let mut source = Self { file, length, whole: None };
        if length <= SMALL {
            let mut whole = vec![0; length as usize];
            source.read_at(0, &mut whole)?;
            source.whole = Some(whole);
        }
        Ok(source)
    }
}

impl Source for FileSource {
    fn length(&self) -> u64 {
        self.length
    }

    #[cfg(unix)]
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        std::os::unix::fs::FileExt::read_exact_at(&self.file, buffer, offset)
    }

    #[cfg(windows)]
    fn read_at(&self, mut offset: u64, mut buffer: &mut [u8]) -> io::Result<()> {
        while !buffer.is_empty() {
            match std::os::windows::fs::FileExt::seek_read(&self.file, buffer, offset)? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                read => (offset, buffer) = (offset + read as u64, &mut buffer[read..]),
            }
        }
        Ok(())
    }

    fn in_memory(&self) -> Option<&[u8]> {
        self.whole.as_deref()
    }
}

/// Copies `from` to `to` and hashes it on the way: every byte is touched once.
pub fn copy_hashed(mut from: impl Read, mut to: impl Write) -> io::Result<Hashed> {
    let mut hashed = Hashed::default();
    let mut buffer = vec![0; BUFFER];
    loop {
        match from.read(&mut buffer)? {
            0 => return Ok(hashed),
            read => {
                let bytes = buffer.get(..read).unwrap_or_default();
                hashed.update(bytes);
                to.write_all(bytes)?;
            }
        }
    }
}
