//! `--affected`: the paths are changed files, and the inputs are the documents that they may be part of.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use rustc_hash::FxHashSet;

use super::Refusal;
use super::args::Lint;
use super::inputs::{Given, Search, given, is_stdin};
use crate::baseline;
use crate::config::{Exclude, FILE_NAMES, Run};
use crate::session::{Input, InputOrigin, Session};
use crate::source::Root;

/// Finds the changed files, of which the session keeps a list, and everything that could refer to them.
pub(super) fn find(
    session: &mut Session,
    options: &Lint,
    run: &Run,
    outputs: &[&Path],
) -> Result<Vec<Input>, Refusal> {
    if options.paths.is_empty() && options.inputs.files_from.is_none() {
        return Err(Refusal::usage("`--affected` needs the changed files, as PATHs or with `--files-from`"));
    }
    let Given { found: mut inputs, listed } = given(session, &options.paths, &options.inputs)?;
    let search = Search::new(session, &options.inputs, run, outputs);
    let mut named = Vec::new();
    inputs.retain(|input| {
        let is_lost = matches!(input.origin, InputOrigin::Lost(_));
        named.extend((!is_lost).then(|| input.clone()));
        is_lost
    });
    options.paths.iter().filter(|path| !is_stdin(path)).for_each(|path| search.argument(path, &mut named));
    listed.iter().for_each(|path| search.path(path, &mut named));

    let mut changed: FxHashSet<PathBuf> = named.iter().map(|input| identity(session, &input.path)).collect();
    let roots = roots(session, &changed);
    let mut candidates = Vec::new();
    match run.documents.as_slice() {
        [] => roots.iter().for_each(|root| search.folder(root, None, &mut candidates)),
        documents => documents.iter().for_each(|glob| search.document(glob, &mut candidates)),
    }
    // What is gone governed its folder by its name; what is there may also be named by other files.
    let governed: Vec<&Path> =
        changed.iter().filter(|path| governs(path)).filter_map(|path| path.parent()).collect();
    let baseline = options.baseline.baseline.as_ref().or(run.baseline.as_ref());
    let is_baseline_changed = baseline.is_some_and(|path| changed.contains(&identity(session, path)));
    let is_concerned = |path: &PathBuf| {
        is_baseline_changed
            || governed.iter().any(|folder| path.starts_with(folder))
            || session.configuration.is_governed_by(&session.reader, path, &changed)
    };
    let concerned = candidates.iter().map(|input| identity(session, &input.path));
    let concerned: Vec<_> = concerned.filter(is_concerned).collect();
    changed.extend(concerned);

    let is_wanted = |input: &Input| {
        let path = identity(session, &input.path);
        session.reader.is_file(&path) && !governs(&path) && !is_excluded(&path, &roots, &run.exclude)
    };
    named.retain(is_wanted);
    // As if they had been found in a folder: any other file in YAML is no error.
    named.iter_mut().for_each(|input| input.origin = InputOrigin::Walked);
    inputs.append(&mut named);
    inputs.append(&mut candidates);
    session.changed = Some(changed);
    Ok(inputs)
}

/// An argument that is read as an option and is the name of a file here: who lists files for `--affected` did not write
/// them, and a file must not become an option by its name.
pub(super) fn ambiguous(arguments: &[OsString]) -> Option<&OsStr> {
    let options = || arguments.iter().skip(1).take_while(|argument| *argument != "--");
    let is_option =
        |argument: &&OsString| argument.len() > 1 && argument.as_encoded_bytes().starts_with(b"-");
    let mut options_and_files =
        options().filter(is_option).filter(|argument| Path::new(argument).symlink_metadata().is_ok());
    options()
        .any(|argument| argument == "--affected")
        .then(|| options_and_files.next())?
        .map(OsString::as_os_str)
}

fn identity(session: &Session, path: &Path) -> PathBuf {
    session.reader.identity(&session.working_directory.join(path))
}

/// The folders in which documents of the files are looked for.
fn roots(session: &Session, files: &FxHashSet<PathBuf>) -> Vec<PathBuf> {
    let root_of = |path: &PathBuf| match &session.root {
        Some(root) => root.folder().to_owned(),
        None => Root::of_document(path, &session.working_directory).folder().to_owned(),
    };
    let roots: BTreeSet<PathBuf> = files.iter().map(root_of).collect();
    roots.into_iter().collect()
}

/// Whether a file decides what is reported about all documents of its folder.
fn governs(path: &Path) -> bool {
    let mut names = FILE_NAMES.iter().chain([&baseline::FILE_NAME]);
    path.file_name().is_some_and(|file| names.any(|name| file == *name))
}

/// Whether a search of the roots would not enter a path, as the settings say: also what is named then stays out.
fn is_excluded(path: &Path, roots: &[PathBuf], exclude: &[Exclude]) -> bool {
    let below = path.ancestors().take_while(|above| !roots.iter().any(|root| root == above));
    below.into_iter().any(|above| exclude.iter().any(|exclude| exclude.matches(above)))
}
