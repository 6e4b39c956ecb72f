//! Where the local mode keeps everything.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The data folder, readable by its owner alone.
#[derive(Clone, Debug)]
pub struct DataFolder(PathBuf);

impl DataFolder {
    /// Opens the folder, making it when it is missing.
    pub fn open(path: &Path) -> io::Result<Self> {
        let folder = Self(path.to_owned());
        for path in [path.to_owned(), folder.keys(), folder.documents(), folder.certificates()] {
            fs::create_dir_all(&path)?;
            owner_only(&path, 0o700)?;
        }
        Ok(folder)
    }

    /// A folder that was made before, as it is; `None` when there is no such thing at `path`.
    pub fn existing(path: &Path) -> Option<Self> {
        let folder = Self(path.to_owned());
        folder.database().is_file().then_some(folder)
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Sign requests.
    pub fn database(&self) -> PathBuf {
        self.0.join("sigill.sqlite")
    }

    /// The signing function's journal.
    pub fn journal(&self) -> PathBuf {
        self.0.join("signing-journal.sqlite")
    }

    /// PKCS #8 files.
    pub fn keys(&self) -> PathBuf {
        self.0.join("keys")
    }

    /// Documents by digest.
    pub fn documents(&self) -> PathBuf {
        self.0.join("documents")
    }

    /// Signs addresses of uploads and downloads.
    pub fn transfer_key(&self) -> PathBuf {
        self.keys().join("transfers.key")
    }

    /// DER files.
    pub fn certificates(&self) -> PathBuf {
        self.0.join("certificates")
    }

    /// A file's content, made by `make` the first time and kept.
    pub fn file(&self, path: &Path, make: impl FnOnce() -> Vec<u8>) -> io::Result<Vec<u8>> {
        match fs::read(path) {
            Ok(content) => Ok(content),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let content = make();
                write_whole(path, &content)?;
                Ok(content)
            }
            Err(error) => Err(error),
        }
    }
}

/// Writes beside and renames, so that the file is there whole or not at all.
pub fn write_whole(path: &Path, content: &[u8]) -> io::Result<()> {
    use std::io::Write;
    write_with(path, |file| file.write_all(content))
}

/// The same with a content that `write` makes.
pub(crate) fn write_with(path: &Path, write: impl FnOnce(&mut fs::File) -> io::Result<()>) -> io::Result<()> {
    let mut part = Part::beside(path)?;
    write(&mut part.file)?;
    part.publish(path)
}

/// A file that is being written; gone again unless it is published.
pub(crate) struct Part {
    pub file: fs::File,
    path: PathBuf,
}

impl Part {
    /// A new one beside `path`.
    pub fn beside(path: &Path) -> io::Result<Self> {
        use std::sync::atomic::{AtomicU64, Ordering};
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let beside = path.with_extension(format!("{}-{}.part", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed)));
        let part = Self { file: fs::File::create(&beside)?, path: beside };
        owner_only(&part.path, 0o600)?;
        Ok(part)
    }

    /// Puts it at `path`, on disk.
    pub fn publish(self, path: &Path) -> io::Result<()> {
        self.file.sync_all()?;
        fs::rename(&self.path, path)
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        // Gone when it was published.
        let _ = fs::remove_file(&self.path);
    }
}

#[cfg(unix)]
fn owner_only(path: &Path, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn owner_only(_: &Path, _: u32) -> io::Result<()> {
    Ok(())
}
