//! Files that documents refer to: each is read and parsed once a run, whoever needs it first.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rustc_hash::FxHashMap;

use super::Session;
use crate::model::LoadError;
use crate::source::{ReadError, Root};
use crate::syntax::File;

/// The fragments of a run, by identity.
#[derive(Default)]
pub(super) struct Fragments {
    files: Mutex<FxHashMap<PathBuf, Slot>>,
}

/// Filled by whoever needs the file first.
type Slot = Arc<OnceLock<Result<Arc<File>, Failed>>>;

/// Why a fragment cannot be used; the same for everyone who needs it.
#[derive(Clone)]
struct Failed {
    message: String,
    is_limit: bool,
}

impl Fragments {
    /// The file at `path`, if it is there and within `root`.
    pub(super) fn load(&self, session: &Session, path: &Path, root: &Root) -> Result<Arc<File>, LoadError> {
        // Whether a file outside the root exists is nobody's business: the check comes first.
        let identity = session.reader.identity(path);
        if !root.contains(&identity) {
            return Err(LoadError::OutsideRoot);
        }
        if !session.reader.exists(&identity) {
            return Err(LoadError::NotFound);
        }
        let slot = {
            let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
            files.entry(identity.clone()).or_default().clone()
        };
        let display = session.display(&identity);
        let file = slot.get_or_init(|| match session.reader.read_within(&identity, root, &session.limits) {
            Ok(text) => Ok(Arc::new(File::parse(identity, display.clone(), text, &session.limits))),
            Err(error) => {
                let is_limit = matches!(error, ReadError::TooLarge { .. });
                Err(Failed { message: error.to_string(), is_limit })
            }
        });
        match file {
            Ok(file) => Ok(file.clone()),
            Err(failed) => Err(LoadError::Unreadable {
                path: display,
                message: failed.message.clone(),
                is_limit: failed.is_limit,
            }),
        }
    }
}
