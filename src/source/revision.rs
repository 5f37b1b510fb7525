//! The files of a revision in a git repository, read from its objects: git is not run, nothing is fetched or executed.

use std::path::{Component, Path, PathBuf};

use gix::bstr::ByteSlice;
use gix::objs::tree::EntryKind;
use gix::{ObjectId, Repository, ThreadSafeRepository};

use super::{ReadError, normalize, resolve};

/// How many symbolic links lead to a file at most; as many as Linux follows.
const MOST_LINKS: usize = 40;

/// A revision with the files of its tree, each where it lies in the worktree.
pub struct Revision {
    repository: ThreadSafeRepository,
    tree: ObjectId,
    /// The top of the worktree, symbolic links resolved.
    folder: PathBuf,
    commit: String,
    /// Whether the tip of the named revision is meant, since no common ancestor is known.
    pub is_tip: bool,
}

/// Why there is no such revision.
#[derive(Debug, thiserror::Error)]
pub enum NoRevision {
    /// The folder is in no repository that has a worktree.
    #[error("`{0}` is in no git worktree")]
    NoRepository(String),
    /// The repository does not have it.
    #[error("there is no revision `{name}` in this repository{}", shallow_hint(*.is_shallow, .name))]
    Unknown {
        /// The revision as it was named.
        name: String,
        /// Whether the clone has only a part of the history.
        is_shallow: bool,
    },
    /// There is no commit to compare.
    #[error("the repository has no commits yet")]
    Empty,
    /// The histories have nothing in common.
    #[error("`{0}` and `HEAD` have no common ancestor")]
    Unrelated(String),
    /// The repository is damaged, or stores what it has in a way that is not known.
    #[error("the repository cannot be read: {0}")]
    Broken(String),
}

fn shallow_hint(is_shallow: bool, name: &str) -> String {
    match is_shallow {
        true => format!(
            ": the clone is shallow, fetch `{name}` first (`git fetch --unshallow`, or `fetch-depth: 0` in the checkout step)"
        ),
        false => "; `git fetch` may bring it".to_owned(),
    }
}

impl Revision {
    /// The common ancestor of a revision (`origin/main`, `HEAD~2`, a commit) and `HEAD` in the repository around a
    /// folder: what `HEAD` and the worktree have besides, they brought. Where a shallow clone does not know it, the tip of
    /// the revision stands in.
    pub fn open(folder: &Path, name: &str) -> Result<Revision, NoRevision> {
        let none = || NoRevision::NoRepository(folder.display().to_string());
        let repository = gix::discover(folder).map_err(|_| none())?;
        let top = resolve(repository.workdir().ok_or_else(none)?).map_err(|_| none())?;
        let is_shallow = repository.is_shallow().unwrap_or(false);
        let tip = commit_of(&repository, name)
            .ok_or_else(|| NoRevision::Unknown { name: name.to_owned(), is_shallow })?;
        let head = repository.head_id().map_err(|_| NoRevision::Empty)?.detach();
        // Parents beyond the border of a shallow clone are missing, which is not a fault of the repository.
        let ancestor = match repository.merge_base(tip, head) {
            Ok(ancestor) => ancestor.map(|id| id.detach()),
            Err(_) if is_shallow => None,
            Err(error) => return Err(NoRevision::Broken(error.to_string())),
        };
        let is_tip = ancestor.is_none();
        if is_tip && !is_shallow {
            return Err(NoRevision::Unrelated(name.to_owned()));
        }
        let commit = ancestor.unwrap_or(tip);
        let tree = repository.find_commit(commit).and_then(|commit| Ok(commit.tree_id()?.detach()));
        let tree = tree.map_err(|error| NoRevision::Broken(error.to_string()))?;
        let repository = repository.into_sync();
        Ok(Revision { repository, tree, folder: top, commit: commit.to_string(), is_tip })
    }

    /// The commit, in hexadecimal.
    pub fn commit(&self) -> &str {
        &self.commit
    }

    /// The files of the revision, by the paths that they would have in the worktree. Links and submodules are left out.
    pub fn files(&self) -> Result<Vec<PathBuf>, NoRevision> {
        let repository = self.repository.to_thread_local();
        let broken = |error: gix::Error| NoRevision::Broken(error.to_string());
        let tree = repository.find_tree(self.tree).map_err(broken)?;
        let entries = tree.traverse().breadthfirst.files().map_err(broken)?;
        let files = entries.into_iter().filter(|entry| entry.mode.is_blob());
        let paths = files.filter_map(|entry| Some(self.folder.join(entry.filepath.to_path().ok()?)));
        Ok(paths.collect())
    }

    /// The path that identifies a file of the revision: the links of the revision are resolved, those that the worktree
    /// has now above its top as well.
    pub(super) fn identity(&self, path: &Path) -> PathBuf {
        let absolute = normalize(&std::path::absolute(path).unwrap_or_else(|_| path.to_owned()));
        let Some(inside) = self.inside(&absolute) else { return absolute };
        let repository = self.repository.to_thread_local();
        let inside = self.resolved(&repository, &inside).map_or(inside, |(path, ..)| path);
        self.folder.join(inside)
    }

    /// A path relative to the top of the worktree, if it is in there.
    fn inside(&self, absolute: &Path) -> Option<PathBuf> {
        if let Ok(inside) = absolute.strip_prefix(&self.folder) {
            return Some(inside.to_owned());
        }
        // The way to the worktree may have another name.
        absolute.ancestors().find_map(|above| {
            let inside = absolute.strip_prefix(above).ok()?;
            (resolve(above).ok()? == self.folder).then(|| inside.to_owned())
        })
    }

    /// Whether the revision has a file at a path.
    pub(super) fn exists(&self, path: &Path) -> bool {
        let Some(inside) = self.inside(path) else { return false };
        self.resolved(&self.repository.to_thread_local(), &inside).is_some()
    }

    /// The bytes of a file.
    pub(super) fn read(&self, path: &Path, limit: u64) -> Result<Vec<u8>, ReadError> {
        let missing = || ReadError::Io(std::io::ErrorKind::NotFound.into());
        let repository = self.repository.to_thread_local();
        let inside = self.inside(path).ok_or_else(missing)?;
        let (_, kind, id) = self.resolved(&repository, &inside).ok_or_else(missing)?;
        if !matches!(kind, EntryKind::Blob | EntryKind::BlobExecutable) {
            return Err(ReadError::NotAFile);
        }
        let lost = |error: gix::Error| ReadError::Io(std::io::Error::other(error.to_string()));
        // The size is asked for before the object is unpacked.
        let bytes = repository.find_header(id).map_err(lost)?.size();
        if bytes > limit {
            return Err(ReadError::TooLarge { bytes, limit });
        }
        Ok(repository.find_blob(id).map_err(lost)?.take_data())
    }

    /// The entry at a path of the tree, behind symbolic links.
    fn resolved(&self, repository: &Repository, inside: &Path) -> Option<(PathBuf, EntryKind, ObjectId)> {
        let tree = repository.find_tree(self.tree).ok()?;
        let mut path = inside.to_owned();
        for _ in 0..MOST_LINKS {
            let mut walked = PathBuf::new();
            let mut components = path.components();
            let mut link = None;
            while let Some(component) = components.next() {
                let Component::Normal(name) = component else { return None };
                walked.push(name);
                let entry = tree.lookup_entry_by_path(&walked).ok()??;
                match entry.mode().kind() {
                    EntryKind::Link => {
                        let target = repository.find_blob(entry.object_id()).ok()?;
                        let target = target.data.to_path().ok()?.to_owned();
                        link = Some(walked.with_file_name("").join(target).join(components.as_path()));
                        break;
                    }
                    kind if components.as_path().as_os_str().is_empty() => {
                        return Some((walked, kind, entry.object_id()));
                    }
                    _ => {}
                }
            }
            path = normalize(&link?);
        }
        None
    }
}

impl std::fmt::Debug for Revision {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "revision {} of {:?}", self.commit, self.folder)
    }
}

/// The commit that a revision names.
fn commit_of(repository: &Repository, name: &str) -> Option<ObjectId> {
    let id = repository.rev_parse_single(name).ok()?;
    Some(id.object().ok()?.peel_to_kind(gix::object::Kind::Commit).ok()?.id)
}
