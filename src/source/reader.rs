//! Reading files: from disk, a revision or an overlay, never outside the root, never more than the limit.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::{Limits, Root, TextError, decode, normalize, resolve};

/// Reads files, with an overlay of texts (standard input, editor buffers) that hides what is on disk.
#[derive(Clone, Debug, Default)]
pub struct Reader {
    overlay: BTreeMap<PathBuf, Vec<u8>>,
    #[cfg(feature = "git")]
    revision: Option<std::sync::Arc<super::Revision>>,
}

/// Why a file could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The path, its symbolic links resolved, is not in the root.
    #[error("it is outside the root of the run")]
    OutsideRoot,
    /// It is a folder, a device, a pipe or a socket.
    #[error("it is not a regular file")]
    NotAFile,
    /// The operating system refused.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// The file is larger than the limit.
    #[error("it has {bytes} bytes, more than the limit of {limit}")]
    TooLarge {
        /// Size of the file.
        bytes: u64,
        /// The limit.
        limit: u64,
    },
    /// The bytes are no text.
    #[error("{0}")]
    Text(#[from] TextError),
}

impl Reader {
    /// A reader of the disk.
    pub fn new() -> Reader {
        Reader::default()
    }

    /// A reader of a revision's files; what is on disk does not count.
    #[cfg(feature = "git")]
    pub fn of_revision(revision: std::sync::Arc<super::Revision>) -> Reader {
        Reader { revision: Some(revision), ..Reader::default() }
    }

    /// Makes `bytes` the content of `path`, whether or not a file is there.
    pub fn overlay(&mut self, path: &Path, bytes: Vec<u8>) {
        self.overlay.insert(self.identity(path), bytes);
    }

    /// The path that identifies a file: absolute, symbolic links resolved where the file exists.
    pub fn identity(&self, path: &Path) -> PathBuf {
        #[cfg(feature = "git")]
        if let Some(revision) = &self.revision {
            return revision.identity(path);
        }
        identity(path)
    }

    /// Whether anything is at `path`, a file or not.
    pub fn exists(&self, path: &Path) -> bool {
        let identity = self.identity(path);
        if self.overlay.contains_key(&identity) {
            return true;
        }
        #[cfg(feature = "git")]
        if let Some(revision) = &self.revision {
            return revision.exists(&identity);
        }
        path.exists()
    }

    /// Whether there is anything at a path whose folder is absolute and without symbolic links. Costs one look.
    pub fn has(&self, path: &Path) -> bool {
        self.overlay.contains_key(path) || path.symlink_metadata().is_ok()
    }

    /// Whether the overlay or the disk has a file at `path`.
    pub fn is_file(&self, path: &Path) -> bool {
        self.overlay.contains_key(&self.identity(path)) || path.is_file()
    }

    /// Reads a file that the user named. It may lie anywhere.
    pub fn read(&self, path: &Path, limits: &Limits) -> Result<String, ReadError> {
        Ok(decode(self.bytes(path, limits)?)?)
    }

    /// The bytes of a file that the user named.
    pub fn bytes(&self, path: &Path, limits: &Limits) -> Result<Vec<u8>, ReadError> {
        let path = self.identity(path);
        if let Some(bytes) = self.overlay.get(&path) {
            check_size(bytes.len() as u64, limits)?;
            return Ok(bytes.clone());
        }
        #[cfg(feature = "git")]
        if let Some(revision) = &self.revision {
            return revision.read(&path, limits.file_bytes);
        }
        read_disk(&path, limits)
    }

    /// Reads a file that a document refers to. It must lie in the root after its symbolic links are resolved.
    pub fn read_within(&self, path: &Path, root: &Root, limits: &Limits) -> Result<String, ReadError> {
        let resolved = self.identity(path);
        if !root.contains(&resolved) {
            return Err(ReadError::OutsideRoot);
        }
        self.read(&resolved, limits)
    }
}

fn identity(path: &Path) -> PathBuf {
    if let Ok(resolved) = resolve(path) {
        return resolved;
    }
    // The file does not exist: resolve its folder, so that an overlay and a link to its folder agree.
    let absolute = normalize(&std::path::absolute(path).unwrap_or_else(|_| path.to_owned()));
    match (absolute.parent().and_then(|folder| resolve(folder).ok()), absolute.file_name()) {
        (Some(folder), Some(name)) => folder.join(name),
        _ => absolute,
    }
}

fn read_disk(path: &Path, limits: &Limits) -> Result<Vec<u8>, ReadError> {
    // The type is checked before the file is opened: opening a named pipe would wait for a writer.
    if !std::fs::metadata(path)?.is_file() {
        return Err(ReadError::NotAFile);
    }
    let file = std::fs::File::open(path)?;
    let size = file.metadata()?.len();
    check_size(size, limits)?;
    let mut bytes = Vec::with_capacity(size as usize + 1);
    // The file may grow while it is read.
    file.take(limits.file_bytes + 1).read_to_end(&mut bytes)?;
    check_size(bytes.len() as u64, limits)?;
    Ok(bytes)
}

fn check_size(bytes: u64, limits: &Limits) -> Result<(), ReadError> {
    if bytes > limits.file_bytes {
        return Err(ReadError::TooLarge { bytes, limit: limits.file_bytes });
    }
    Ok(())
}
