//! Which files the command line means: literal paths, folders, globs, lists of paths, standard input.

use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use ignore::{DirEntry, WalkBuilder};

use super::Refusal;
use super::args::InputOptions;
use crate::config::{DocumentGlob, Exclude, FILE_NAMES, Run};
use crate::session::{Input, InputOrigin, Session, may_be_document};
use crate::source::{Root, resolve};

/// The name of standard input where no other is given. No file has it, so it hides none.
const STDIN: &str = "<stdin>";

/// Finds the files; standard input becomes a file of the session's reader.
pub(super) fn find(
    session: &mut Session,
    paths: &[PathBuf],
    options: &InputOptions,
    run: &Run,
    outputs: &[&Path],
) -> Result<Vec<Input>, Refusal> {
    let Given { mut found, listed } = given(session, paths, options)?;
    session.searched = searched(session, paths, options);
    let search = Search::new(session, options, run, outputs);
    if paths.is_empty() && options.files_from.is_none() {
        match run.documents.as_slice() {
            [] => search.path(Path::new("."), &mut found),
            documents => documents.iter().for_each(|glob| search.document(glob, &mut found)),
        }
    }
    for path in paths.iter().filter(|path| !is_stdin(path)) {
        let listed = run.documents.iter().filter(|glob| path.is_dir() && is_in(&glob.folder, path));
        let mut listed = listed.peekable();
        if listed.peek().is_some() {
            listed.for_each(|glob| search.document(glob, &mut found));
        } else {
            search.argument(path, &mut found);
        }
    }
    listed.iter().for_each(|path| search.path(path, &mut found));
    Ok(found)
}

/// Whether an argument stands for standard input.
pub(super) fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// What is named other than by arguments.
pub(super) struct Given {
    /// Standard input, and whatever cannot be read.
    pub(super) found: Vec<Input>,
    /// What `--files-from` lists.
    pub(super) listed: Vec<PathBuf>,
}

/// Reads standard input, as a document or as a list, and the list of files.
pub(super) fn given(
    session: &mut Session,
    paths: &[PathBuf],
    options: &InputOptions,
) -> Result<Given, Refusal> {
    let reads_stdin = paths.iter().any(|path| is_stdin(path));
    if options.stdin_filename.is_some() && !reads_stdin {
        return Err(Refusal::usage("`--stdin-filename` names standard input: add the path `-`"));
    }
    if reads_stdin && options.files_from.as_deref().is_some_and(is_stdin) {
        return Err(Refusal::usage(
            "standard input is either a document or a list of files: `-` is given twice",
        ));
    }
    let mut given = Given { found: Vec::new(), listed: Vec::new() };
    if reads_stdin {
        let name = options.stdin_filename.as_deref().unwrap_or(Path::new(STDIN));
        let origin = match read_stdin(session, name) {
            Ok(()) => InputOrigin::Named,
            Err(error) => InputOrigin::Lost(format!("standard input cannot be read: {error}")),
        };
        given.found.push(Input { path: name.to_owned(), origin });
    }
    if let Some(list) = &options.files_from {
        match listed(list, session.limits.file_bytes) {
            Ok(listed) => given.listed = listed,
            Err(error) => {
                let origin = InputOrigin::Lost(format!("the list of files cannot be read: {error}"));
                given.found.push(Input { path: list.clone(), origin });
            }
        }
    }
    Ok(given)
}

/// The folders of which all documents are looked at.
fn searched(session: &Session, paths: &[PathBuf], options: &InputOptions) -> Vec<PathBuf> {
    if !options.exclude.is_empty() {
        return Vec::new();
    }
    if paths.is_empty() && options.files_from.is_none() {
        return vec![session.working_directory.clone()];
    }
    paths.iter().filter(|path| path.is_dir()).map(|path| session.reader.identity(path)).collect()
}

/// Whether a folder is another or in it.
fn is_in(folder: &Path, other: &Path) -> bool {
    resolve(folder).ok().zip(resolve(other).ok()).is_some_and(|(folder, other)| folder.starts_with(other))
}

/// Makes standard input the content of a file.
fn read_stdin(session: &mut Session, name: &Path) -> io::Result<()> {
    let mut bytes = Vec::new();
    // One byte more than allowed, so that reading the file finds it too large.
    io::stdin().lock().take(session.limits.file_bytes + 1).read_to_end(&mut bytes)?;
    session.reader.overlay(name, bytes);
    Ok(())
}

/// The file of a command that takes exactly one.
pub(super) fn single(session: &mut Session, path: &Path) -> Result<PathBuf, Refusal> {
    if path.as_os_str() != "-" {
        return Ok(path.to_owned());
    }
    let read = read_stdin(session, Path::new(STDIN));
    read.map_err(|error| Refusal::failed(format!("standard input cannot be read: {error}")))?;
    Ok(PathBuf::from(STDIN))
}

/// The paths of a list of so many bytes at most: one a line, or, if there is a NUL, separated by NUL.
fn listed(list: &Path, limit: u64) -> io::Result<Vec<PathBuf>> {
    let from: Box<dyn Read> = match list.as_os_str() == "-" {
        true => Box::new(io::stdin().lock()),
        false => Box::new(std::fs::File::open(list)?),
    };
    let mut bytes = Vec::new();
    // A device or a pipe may never end.
    from.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(io::Error::other(format!("it has more bytes than the limit of {limit}")));
    }
    Ok(split_list(&bytes))
}

fn split_list(bytes: &[u8]) -> Vec<PathBuf> {
    let separator = if bytes.contains(&0) { 0 } else { b'\n' };
    let entries = bytes.split(|byte| *byte == separator).map(|entry| match separator {
        0 => entry,
        _ => entry.strip_suffix(b"\r").unwrap_or(entry),
    });
    entries.filter(|entry| !entry.is_empty()).map(path_of_bytes).collect()
}

#[cfg(unix)]
fn path_of_bytes(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    PathBuf::from(std::ffi::OsStr::from_bytes(bytes))
}

#[cfg(not(unix))]
fn path_of_bytes(bytes: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}

fn is_glob(path: &Path) -> bool {
    path.to_string_lossy().contains(['*', '?', '[', '{'])
}

/// How folders are searched.
pub(super) struct Search<'a> {
    session: &'a Session,
    exclude: &'a [Exclude],
    no_ignore: bool,
    /// The report of the run before is no input of this one.
    outputs: Vec<PathBuf>,
}

impl<'a> Search<'a> {
    pub(super) fn new(
        session: &'a Session,
        options: &InputOptions,
        run: &'a Run,
        outputs: &[&Path],
    ) -> Search<'a> {
        let outputs = outputs.iter().map(|path| session.reader.identity(path)).collect();
        Search { session, exclude: &run.exclude, no_ignore: options.no_ignore, outputs }
    }

    /// A document or glob that a file of settings names.
    pub(super) fn document(&self, glob: &DocumentGlob, found: &mut Vec<Input>) {
        let path = glob.folder.join(&glob.text);
        let before = found.len();
        // As the user would write it here, so that it is shown so.
        let path = path.strip_prefix(&self.session.working_directory).map(Path::to_owned).unwrap_or(path);
        self.argument(&path, found);
        for input in &mut found[before..] {
            if let InputOrigin::Lost(reason) = &mut input.origin {
                reason.push_str(&format!(" (`documents` in {})", glob.origin));
            }
        }
    }

    fn exists(&self, path: &Path) -> bool {
        self.session.reader.exists(path) || path.symlink_metadata().is_ok()
    }

    /// A path or glob.
    pub(super) fn argument(&self, path: &Path, found: &mut Vec<Input>) {
        if !self.exists(path) && is_glob(path) {
            self.glob(path, found);
        } else {
            self.path(path, found);
        }
    }

    /// A path that the user wrote as it is.
    pub(super) fn path(&self, path: &Path, found: &mut Vec<Input>) {
        if path.is_dir() && !self.session.reader.is_file(path) {
            return self.folder(path, None, found);
        }
        let origin = match self.exists(path) {
            true => InputOrigin::Named,
            false => InputOrigin::Lost("there is no such file or folder".to_owned()),
        };
        found.push(Input { path: path.to_owned(), origin });
    }

    /// A pattern: what it matches, and what is in the folders that it matches.
    fn glob(&self, pattern: &Path, found: &mut Vec<Input>) {
        let (base, rest) = split_glob(pattern);
        let lost = |reason: String| Input { path: pattern.to_owned(), origin: InputOrigin::Lost(reason) };
        let glob = GlobBuilder::new(&rest).literal_separator(true).build();
        let glob = match glob.and_then(|glob| GlobSetBuilder::new().add(glob).build()) {
            Ok(glob) => glob,
            Err(error) => return found.push(lost(format!("it is no glob: {}", error.kind()))),
        };
        let before = found.len();
        if base.is_dir() {
            self.folder(&base, Some(&glob), found);
        }
        if found.len() == before {
            let hint = if self.no_ignore { "" } else { " (ignored and hidden files need `--no-ignore`)" };
            found.push(lost(format!("no file matches{hint}")));
        }
    }

    /// What is in a folder; with a glob, what it matches and what is below folders that it matches.
    pub(super) fn folder(&self, folder: &Path, glob: Option<&GlobSet>, found: &mut Vec<Input>) {
        let root = self.session.root.clone().unwrap_or_else(|| {
            let resolved = resolve(folder).unwrap_or_else(|_| folder.to_owned());
            Root::of_folder(&resolved, &self.session.working_directory)
        });
        let resolved = resolve(folder).unwrap_or_else(|_| folder.to_owned());
        let skip = Skip {
            exclude: self.exclude.to_vec(),
            // A folder that the user names is searched, wherever it is.
            roots: [root.folder().to_owned(), resolved],
        };
        let mut walk = WalkBuilder::new(folder);
        walk.standard_filters(!self.no_ignore)
            // What another person's machine ignores must not decide what is checked here.
            .git_global(false)
            .git_exclude(false)
            .require_git(false)
            .follow_links(true)
            .filter_entry(move |entry| !skip.is_skipped(entry));
        for entry in walk.build() {
            match entry {
                Ok(entry) => self.entry(folder, entry, glob, found),
                Err(error) => found.extend(lost_folder(&error)),
            }
        }
    }

    fn entry(&self, folder: &Path, entry: DirEntry, glob: Option<&GlobSet>, found: &mut Vec<Input>) {
        let path = entry.path();
        if !entry.file_type().is_some_and(|kind| kind.is_file()) {
            return;
        }
        if !self.outputs.is_empty() && self.outputs.contains(&self.session.reader.identity(path)) {
            return;
        }
        if FILE_NAMES.iter().any(|name| entry.file_name() == *name) {
            return;
        }
        let relative = path.strip_prefix(folder).unwrap_or(path);
        let is_match = match glob {
            None => may_be_document(path),
            Some(glob) if glob.is_match(relative) => true,
            Some(glob) => {
                may_be_document(path) && relative.ancestors().skip(1).any(|above| glob.is_match(above))
            }
        };
        if is_match {
            // `.` stands before every path of the working directory, which nobody wants to read.
            let path = path.strip_prefix(".").unwrap_or(path).to_owned();
            found.push(Input { path, origin: InputOrigin::Walked });
        }
    }
}

/// What is never entered.
struct Skip {
    exclude: Vec<Exclude>,
    /// Links may lead into these folders.
    roots: [PathBuf; 2],
}

impl Skip {
    fn is_skipped(&self, entry: &DirEntry) -> bool {
        let path = entry.path();
        if entry.depth() > 0 && entry.file_name() == ".git" {
            return true;
        }
        if entry.path_is_symlink() && entry.depth() > 0 {
            let leads_inside =
                resolve(path).is_ok_and(|target| self.roots.iter().any(|root| target.starts_with(root)));
            if !leads_inside {
                return true;
            }
        }
        if self.exclude.is_empty() || entry.depth() == 0 {
            return false;
        }
        let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        self.exclude.iter().any(|exclude| exclude.matches(&absolute))
    }
}

/// A folder that cannot be read. Links that lead nowhere or in a circle hide no file.
fn lost_folder(error: &ignore::Error) -> Option<Input> {
    let (mut path, mut at) = (None, error);
    loop {
        at = match at {
            ignore::Error::WithPath { path: named, err } => {
                path = Some(named.clone());
                err
            }
            ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => err,
            ignore::Error::Io(cause) => {
                let path = path?;
                let is_link = path.symlink_metadata().is_ok_and(|metadata| metadata.is_symlink());
                let origin = InputOrigin::Lost(format!("it cannot be searched: {cause}"));
                return (!is_link).then_some(Input { path, origin });
            }
            _ => return None,
        };
    }
}

/// The folder in which a pattern starts, and the pattern from there. What exists literally is part of the folder.
fn split_glob(pattern: &Path) -> (PathBuf, String) {
    let mut base = PathBuf::new();
    let mut components = pattern.components().peekable();
    while let Some(component) = components.peek() {
        let next = base.join(component);
        let is_plain = !matches!(component, Component::Normal(_)) || !is_glob(Path::new(component));
        if !is_plain && !next.is_dir() {
            break;
        }
        base = next;
        components.next();
    }
    // In patterns `/` separates on every platform.
    let rest: Vec<_> = components.map(|component| component.as_os_str().to_string_lossy()).collect();
    if base.as_os_str().is_empty() {
        base.push(".");
    }
    (base, rest.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_separated_by_nul_if_it_has_one_else_by_lines() {
        let paths = |text: &str| split_list(text.as_bytes());
        assert_eq!(paths("a\r\n\nb c\nd"), ["a", "b c", "d"].map(PathBuf::from));
        assert_eq!(paths("a\nb\0c\0"), ["a\nb", "c"].map(PathBuf::from));
        assert!(paths("").is_empty());
    }

    #[test]
    fn a_glob_starts_in_the_last_folder_that_is_named_or_exists() {
        let folder = std::env::temp_dir().join(format!("oasguard-inputs-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("v[1]")).unwrap();
        let split = |pattern: &str| {
            let (base, rest) = split_glob(&folder.join(pattern));
            (base.strip_prefix(&folder).unwrap().to_owned(), rest)
        };
        assert_eq!(split("a/b*/c.yaml"), (PathBuf::from("a"), "b*/c.yaml".to_owned()));
        assert_eq!(split("v[1]/*.yaml"), (PathBuf::from("v[1]"), "*.yaml".to_owned()));
        assert_eq!(split("v[2]/*.yaml"), (PathBuf::new(), "v[2]/*.yaml".to_owned()));
        assert_eq!(split_glob(Path::new("*.yaml")), (PathBuf::from("."), "*.yaml".to_owned()));
        assert_eq!(split_glob(Path::new("../*")), (PathBuf::from(".."), "*".to_owned()));
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn what_is_looked_for_is_told_by_the_extension() {
        assert!(["a.json", "b.YML", "c.d.yaml"].iter().all(|name| may_be_document(Path::new(name))));
        assert!(["json", "a.jsonc", "yaml/x", ".yaml"].iter().all(|name| !may_be_document(Path::new(name))));
    }
}
