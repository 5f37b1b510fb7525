//! Paths: lexical normalisation, the root of a run, and how a path is shown.

use std::io;
use std::path::{Component, Path, PathBuf};

/// The folder out of which nothing is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Root {
    folder: PathBuf,
}

impl Root {
    /// A root given by the user. Fails if the folder does not exist.
    pub fn at(folder: &Path) -> io::Result<Root> {
        Ok(Root { folder: resolve(folder)? })
    }

    /// The default root of a document: the nearest `.git` (file or folder) at or above it, else the working
    /// directory if that contains the document, else the document's folder.
    pub fn of_document(document: &Path, working_directory: &Path) -> Root {
        let document = resolve(document).unwrap_or_else(|_| normalize(document));
        let folder = document.parent().unwrap_or(Path::new("/")).to_owned();
        Root::of_folder(&folder, working_directory)
    }

    /// The default root of the documents directly in `folder`, which must be absolute.
    pub fn of_folder(folder: &Path, working_directory: &Path) -> Root {
        if let Some(repository) = folder.ancestors().find(|above| above.join(".git").exists()) {
            return Root { folder: repository.to_owned() };
        }
        let working_directory = resolve(working_directory).unwrap_or_else(|_| normalize(working_directory));
        let folder =
            if folder.starts_with(&working_directory) { working_directory } else { folder.to_owned() };
        Root { folder }
    }

    /// The folder, absolute and without symbolic links.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Whether a path with its symbolic links resolved lies in the root.
    pub fn contains(&self, resolved: &Path) -> bool {
        resolved.starts_with(&self.folder)
    }
}

/// The absolute path of what exists, without symbolic links. On Windows in the form in which people write it
/// (`C:\api`, not `\\?\C:\api`) where that form can name it, so that it can be compared with what they wrote.
pub fn resolve(path: &Path) -> io::Result<PathBuf> {
    dunce::canonicalize(path)
}

/// Removes `.` and `..` without asking the file system.
pub fn normalize(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                let ends_in_name = matches!(normal.components().next_back(), Some(Component::Normal(_)));
                if ends_in_name {
                    normal.pop();
                } else if !normal.has_root() {
                    normal.push("..");
                }
            }
            other => normal.push(other),
        }
    }
    normal
}

/// A path as every output shows it: relative to `base`, with `/` on every platform, `../` where needed.
pub fn display_path(path: &Path, base: &Path) -> String {
    let (path, base) = (normalize(path), normalize(base));
    let shared = path.components().zip(base.components()).take_while(|(left, right)| left == right).count();
    let comparable = path.has_root() == base.has_root() && (shared > 0 || !path.has_root());
    if !comparable {
        return slashes(&path);
    }
    let mut relative = PathBuf::new();
    for _ in base.components().skip(shared) {
        relative.push("..");
    }
    relative.extend(path.components().skip(shared));
    slashes(&relative)
}

fn slashes(path: &Path) -> String {
    let text = path.to_string_lossy();
    if cfg!(windows) { text.replace('\\', "/") } else { text.into_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_shown_relative_to_the_base() {
        for (path, base, shown) in [
            ("/a/b/c.yaml", "/a", "b/c.yaml"),
            ("/a/c.yaml", "/a/b/d", "../../c.yaml"),
            ("/a/./b/../c.yaml", "/a", "c.yaml"),
            ("x/y.json", "", "x/y.json"),
        ] {
            assert_eq!(display_path(Path::new(path), Path::new(base)), shown);
        }
    }

    #[test]
    fn dots_are_removed_without_leaving_the_top() {
        assert_eq!(normalize(Path::new("/a/../../b")), Path::new("/b"));
        assert_eq!(normalize(Path::new("a/../../b")), Path::new("../b"));
        assert_eq!(normalize(Path::new("./a/./b/")), Path::new("a/b"));
    }
    #[cfg(windows)]
    #[test]
    fn paths_of_windows_are_shown_with_slashes() {
        for (path, base, shown) in [
            (r"C:\api\v1\c.yaml", r"C:\api", "v1/c.yaml"),
            (r"C:\api\c.yaml", r"C:\api\v1\x", "../../c.yaml"),
            (r"D:\api\c.yaml", r"C:\api", "D:/api/c.yaml"),
            (r"\\host\share\c.yaml", r"C:\api", "//host/share/c.yaml"),
        ] {
            assert_eq!(display_path(Path::new(path), Path::new(base)), shown);
        }
        assert_eq!(normalize(Path::new(r"C:\a\..\..\b/c")), Path::new(r"C:\b\c"));
        let folder = resolve(&std::env::temp_dir()).expect("a folder for temporary files");
        assert!(
            !folder.to_string_lossy().starts_with(r"\\?\"),
            "{folder:?} can be compared with other paths"
        );
        assert!(Root::at(&folder).expect("a folder").contains(&folder.join("a")));
    }
}
