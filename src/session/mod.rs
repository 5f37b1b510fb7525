//! The library's API: files in, [`Report`] out.
//!
//! Each root document is read, parsed, linted and dropped by one worker, the largest file first; fragments that several
//! roots share are parsed once. The report is the same whatever the number of threads.

mod affected;
#[cfg(feature = "git")]
mod compare;
mod entries;
mod fragments;
mod merge;

use std::borrow::Cow;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use rustc_hash::FxHashSet;

use crate::config::{Configuration, Settings};
use crate::engine::{
    self, Excerpts, Inline, Known, LineHashes, Orders, Outcome, Recording, SuppressedFindings, Threads,
    operation_name,
};
use crate::lint::{
    Affected, Date, DocumentReport, DocumentStatus, Failure, Location, Public, Record, Report,
};
use crate::model::{Access, Api, Document, NotOpenApi, PublicReason, looks_like_openapi};
use crate::rules;
use crate::source::{Limits, LineIndex, ReadError, Reader, Root, display_path, resolve};
use crate::syntax::{ErrorKind, File, SyntaxError};
#[cfg(feature = "git")]
pub use compare::Before;
use fragments::Fragments;

/// What is looked for in folders.
const EXTENSIONS: [&str; 3] = ["json", "yaml", "yml"];

/// Below so many bytes one document alone is linted by one thread, unless another number is asked for: most of the time goes
/// into what happens once, and to start threads takes as long as a small document.
const SMALL: u64 = 8 << 20;

/// Whether a file that is found in a folder is looked at, by its extension: `.json`, `.yaml` and `.yml` are.
pub fn may_be_document(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    EXTENSIONS.iter().any(|known| extension.eq_ignore_ascii_case(known))
}

/// How a run reads and checks.
#[derive(Debug)]
pub struct Session {
    /// Where texts come from.
    pub reader: Reader,
    /// Budgets.
    pub limits: Limits,
    /// What holds for each document.
    pub configuration: Configuration,
    /// The folder out of which nothing is read; by default it depends on each document, see [`Root::of_document`].
    pub root: Option<Root>,
    /// Paths are shown relative to this folder.
    pub working_directory: PathBuf,
    /// How many threads lint; by default as many as there are cores.
    pub threads: Option<NonZeroUsize>,
    /// Whether findings carry excerpts.
    pub excerpts: Excerpts,
    /// Whether locations of findings carry the hash of their line.
    pub line_hashes: LineHashes,
    /// Whether the report has what is accepted.
    pub suppressed: SuppressedFindings,
    /// The date on which rules rely.
    pub today: Date,
    /// Whether directives in documents are heeded.
    pub inline: Inline,
    /// What was there before, and is not reported.
    pub known: Option<Known>,
    /// Folders (absolute, without symbolic links) of which the inputs are all documents: there, what the configuration
    /// says in vain can be told.
    pub searched: Vec<PathBuf>,
    /// If the run is about a change: the files that are changed ([`Reader::identity`]), be they there or gone. Inputs that
    /// are not among them and refer to none, through whatever files, are left out of the report.
    pub changed: Option<FxHashSet<PathBuf>>,
    /// How far a run has come, for whoever waits for it.
    pub progress: Arc<Progress>,
}

/// How many files of a run are done.
#[derive(Debug, Default)]
pub struct Progress {
    done: AtomicUsize,
    total: AtomicUsize,
}

impl Progress {
    /// The number of files that are done, and of all.
    pub fn counts(&self) -> (usize, usize) {
        (self.done.load(Ordering::Relaxed), self.total.load(Ordering::Relaxed))
    }
}

/// A file to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// Where it is.
    pub path: PathBuf,
    /// Whether the user named it or it was found in a folder.
    pub origin: InputOrigin,
}

/// How a file came to be looked at. Ordered by what the user insisted on: of two ways to the same file the later counts.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum InputOrigin {
    /// It was found in a folder.
    Walked,
    /// The user named it.
    Named,
    /// The user named it, and it cannot be looked at for the reason given: a path or glob that matches nothing.
    Lost(String),
}

/// What is the same for all inputs of one run.
struct Run<'r> {
    fragments: &'r Fragments,
    known: Option<&'r Known>,
    recording: Recording,
    threads: Threads,
}

/// What became of one input.
struct Linted {
    document: DocumentReport,
    /// Whether the run is about it: always, unless it is about a change.
    is_affected: bool,
    outcome: Outcome,
    bytes: u64,
    operations: usize,
    timings: [Duration; 3],
}

impl Session {
    /// A session over the disk with the default rules and limits, which reads no configuration.
    pub fn new(working_directory: &Path) -> Session {
        Session {
            reader: Reader::new(),
            limits: Limits::default(),
            configuration: Configuration::default(),
            root: None,
            working_directory: resolve(working_directory).unwrap_or_else(|_| working_directory.to_owned()),
            threads: None,
            excerpts: Excerpts::Omit,
            line_hashes: LineHashes::Omit,
            suppressed: SuppressedFindings::Omit,
            today: Date::by_the_clock(),
            inline: Inline::Heed,
            known: None,
            searched: Vec::new(),
            changed: None,
            progress: Arc::default(),
        }
    }

    /// Lints the inputs; each file once, however often it is named.
    pub fn lint(&self, inputs: &[Input]) -> Report {
        match &self.known {
            Some(known) => self.run(inputs, Some(&self.followed(known, inputs)), Recording::Keep).0,
            None => self.run(inputs, None, Recording::Omit).0,
        }
    }

    /// Lints the inputs and records every occurrence: with identities, before anything is grouped or hidden. The record
    /// refers to what is known by number; that is returned as well, with the paths of today.
    pub fn lint_recording(&self, inputs: &[Input]) -> (Report, Record, Known) {
        let known = self
            .known
            .as_ref()
            .map_or_else(Known::default, |known| self.followed(known, inputs).into_owned());
        let (report, record) = self.run(inputs, Some(&known), Recording::Keep);
        (report, record, known)
    }

    /// Records every occurrence of the inputs, whatever is known.
    pub fn record(&self, inputs: &[Input]) -> Record {
        self.run(inputs, None, Recording::Keep).1
    }

    /// What is known under the names that files have today. Only where files are gone does that take a look at all
    /// inputs: on one's own an entry cannot be assigned, since documents are linted in no fixed order.
    fn followed<'k>(&self, known: &'k Known, inputs: &[Input]) -> Cow<'k, Known> {
        let former = |file: &str| {
            let path = self.working_directory.join(file);
            (!self.reader.exists(&path)).then(|| self.reader.identity(&path))
        };
        if known.files().into_iter().all(|file| former(file).is_none()) {
            return Cow::Borrowed(known);
        }
        let mut known = known.clone();
        known.follow(&self.record(inputs), former);
        Cow::Owned(known)
    }

    /// Lints the inputs on threads of its own: a waiting thread of a shared pool takes over whatever else is to be done, which
    /// would pile whole documents of other sessions onto its stack. A caller that runs on a thread pool itself is
    /// taken to do so for many sessions; then the caller's thread does the work, and so it does where one thread is
    /// wanted: memory of the first thread grows in larger steps, which saves a tenth of the time of a lint.
    fn run(&self, inputs: &[Input], known: Option<&Known>, recording: Recording) -> (Report, Record) {
        let fragments = Fragments::default();
        let inputs = self.distinct(inputs);
        let results: Vec<std::sync::OnceLock<Linted>> = inputs.iter().map(|_| Default::default()).collect();
        let next = AtomicUsize::new(0);
        self.progress.done.store(0, Ordering::Relaxed);
        self.progress.total.store(inputs.len(), Ordering::Relaxed);
        let work = |threads: Threads| {
            // Workers take the next file themselves, so that the largest really come first.
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                let Some((path, input)) = inputs.get(number) else { break };
                let run = Run { fragments: &fragments, known, recording, threads };
                let _ = results[number].set(self.look_at(path, input, &run));
                self.progress.done.fetch_add(1, Ordering::Relaxed);
            }
        };
        let pool =
            || rayon::ThreadPoolBuilder::new().num_threads(self.threads.map_or(0, NonZeroUsize::get)).build();
        let is_small = || matches!(inputs.as_slice(), [(path, _)] if length(path) < SMALL);
        let is_alone = rayon::current_thread_index().is_some()
            || self.threads.map_or_else(is_small, |threads| threads == NonZeroUsize::MIN);
        match (!is_alone).then(pool) {
            Some(Ok(pool)) => {
                pool.broadcast(|_| work(Threads::Many));
            }
            // Within a pool, or where no more threads can be had.
            _ => work(Threads::One),
        }
        let linted = results.into_iter().filter_map(std::sync::OnceLock::into_inner).collect();
        let (_, errors) = self.configuration.of_run(&self.reader);
        let (mut report, record) = merge::report(linted, errors, &self.settings_of_run(), known);
        if self.suppressed == SuppressedFindings::Omit {
            report.suppressed = None;
        }
        (report, record)
    }

    /// What holds where no document is.
    fn settings_of_run(&self) -> Arc<Settings> {
        let somewhere = self.working_directory.join("openapi.yaml");
        self.configuration.of_document(&self.reader, &somewhere).unwrap_or_default()
    }

    /// Whether the inputs are all documents of a folder.
    fn has_searched(&self, folder: &Path) -> bool {
        let folder = self.reader.identity(folder);
        self.searched.iter().any(|searched| folder.starts_with(searched))
    }

    /// Reads and parses one file, for commands that show a document. It may have syntax errors.
    pub fn parse(&self, path: &Path) -> Result<File, Vec<Failure>> {
        let display = self.display(path);
        let text = self.reader.read(path, &self.limits);
        let text = text.map_err(|error| vec![read_failure(&display, &error)])?;
        Ok(File::parse(self.reader.identity(path), display, text, &self.limits))
    }

    /// Builds the document of a file and of what it refers to.
    pub fn open(&self, file: Arc<File>) -> Result<Document, NotOpenApi> {
        self.document(file, &Fragments::default()).map(|(document, _)| document)
    }

    /// Reads a file and builds its document. It fails for one reason at least.
    pub fn load(&self, path: &Path) -> Result<Document, Vec<Failure>> {
        let file = self.parse(path)?;
        if !file.errors.is_empty() {
            return Err(self.syntax_failures(&file));
        }
        let display = file.display.clone();
        self.open(Arc::new(file)).map_err(|reason| {
            vec![Failure {
                rule: "unreadable",
                message: format!("`{display}` is no OpenAPI document: {reason}"),
                help: "name the root document".into(),
                path: display,
                location: None,
                related: Vec::new(),
            }]
        })
    }

    /// The syntax errors of a file as a report shows them.
    pub fn syntax_failures(&self, file: &File) -> Vec<Failure> {
        file.errors.iter().map(|error| syntax_failure(file, error, self.excerpts)).collect()
    }

    /// Inputs by identity, the largest first; a file that is named and walked counts as named.
    fn distinct(&self, inputs: &[Input]) -> Vec<(PathBuf, Input)> {
        let mut known: std::collections::BTreeMap<PathBuf, Input> = Default::default();
        for input in inputs {
            let identity = self.reader.identity(&input.path);
            let entry = known.entry(identity).or_insert_with(|| input.clone());
            // The same file under several names is shown under the first in the alphabet.
            if input.path < entry.path {
                entry.path.clone_from(&input.path);
            }
            if input.origin > entry.origin {
                entry.origin.clone_from(&input.origin);
            }
        }
        let mut inputs: Vec<_> = known.into_iter().collect();
        inputs.sort_by_cached_key(|(path, _)| std::cmp::Reverse(length(path)));
        inputs
    }

    /// Lints one input; what was merely skipped is of interest only if the run is about it.
    fn look_at(&self, path: &Path, input: &Input, run: &Run<'_>) -> Linted {
        let mut linted = self.lint_input(path, input, run);
        linted.is_affected &= linted.document.status != DocumentStatus::Skipped || self.is_changed(path);
        linted
    }

    fn lint_input(&self, path: &Path, input: &Input, run: &Run<'_>) -> Linted {
        let display = self.display(&input.path);
        let started = Instant::now();
        let text = match self.text(path, input, &display) {
            Ok(text) => text,
            Err(unread) => return *unread,
        };
        let read = started.elapsed();
        let names_itself = ["openapi", "swagger"]
            .iter()
            .any(|word| memchr::memmem::find(text.as_bytes(), word.as_bytes()).is_some());
        let is_other = || ["asyncapi", "arazzo", "overlay"].iter().any(|word| text.contains(word));
        if !names_itself && !is_other() {
            return Linted::skipped(display, "no `openapi` or `swagger` key");
        }
        let started = Instant::now();
        let file = File::parse(path.to_owned(), display.clone(), text, &self.limits);
        let parse = started.elapsed();
        if !file.errors.is_empty() {
            return self.broken(file, &input.origin);
        }
        let started = Instant::now();
        let (document, is_affected) = match self.document(Arc::new(file), run.fragments) {
            Ok(loaded) => loaded,
            Err(reason) => return Linted::skipped(display, &reason.to_string()),
        };
        if !is_affected {
            return Linted::unaffected(display, &document);
        }
        // Rules that were chosen by mistake would be worse than none.
        let settings = match self.configuration.of_document(&self.reader, path) {
            Ok(settings) => settings,
            Err(failures) => return Linted::failed(display, failures),
        };
        let orders =
            Orders { known: run.known, recording: run.recording, ..self.orders(&settings, run.threads) };
        let api = engine::api(&document, &orders);
        let model = started.elapsed();
        let mut outcome = engine::check(&api, &orders);
        entries::report(self, &settings, &orders, &display, &mut outcome);
        Linted::checked(display, &api, outcome, [read, parse, model])
    }

    /// The API of a document, with the operations that the document or the configuration says are public.
    pub fn api<'a>(&'a self, document: &'a Document, settings: &'a Settings) -> Api<'a> {
        engine::api(document, &self.orders(settings, Threads::One))
    }

    /// What the configuration says about a document.
    pub fn settings(&self, document: &Document) -> Result<Arc<Settings>, Vec<Failure>> {
        self.configuration.of_document(&self.reader, document.root().node().file_path())
    }

    fn orders<'o>(&self, settings: &'o Settings, threads: Threads) -> Orders<'o> {
        Orders {
            rules: settings.plan.rules(),
            adjustments: &settings.adjustments,
            excerpts: self.excerpts,
            line_hashes: self.line_hashes,
            threads,
            today: self.today,
            known: None,
            recording: Recording::Omit,
            accepted: self.suppressed,
            suppressions: &settings.selected,
            inline: self.inline,
            locked: &settings.locked,
            named: |name| {
                rules::by_id(name)
                    .map_or_else(|_| Vec::new(), |rules| rules.iter().map(|rule| rule.id).collect())
            },
        }
    }

    /// The text of an input, or what becomes of one that cannot be read.
    fn text(&self, path: &Path, input: &Input, display: &str) -> Result<String, Box<Linted>> {
        let failed = |failure| Err(Box::new(Linted::failed(display.to_owned(), vec![failure])));
        if let InputOrigin::Lost(reason) = &input.origin {
            return failed(lost(display, reason));
        }
        match self.reader.read(path, &self.limits) {
            Ok(text) => Ok(text),
            // A file that was merely found and is no text is an OpenAPI document only if it names itself one.
            Err(ReadError::Text(error))
                if input.origin == InputOrigin::Walked && !self.mentions_openapi(path) =>
            {
                Err(Box::new(Linted::skipped(display.to_owned(), &error.to_string())))
            }
            Err(error) => failed(read_failure(display, &error)),
        }
    }

    /// Whether the bytes of a file hold the word `openapi` or `swagger`.
    fn mentions_openapi(&self, path: &Path) -> bool {
        let bytes = self.reader.bytes(path, &self.limits).unwrap_or_default();
        ["openapi", "swagger"].iter().any(|word| memchr::memmem::find(&bytes, word.as_bytes()).is_some())
    }

    /// The document of a file, and whether the run is about it: also a file that is gone or cannot be read counts.
    fn document(&self, file: Arc<File>, fragments: &Fragments) -> Result<(Document, bool), NotOpenApi> {
        // To find the root asks the file system a dozen times, and most documents refer to no other file.
        let found = std::cell::OnceCell::new();
        let document = file.path.clone();
        let of_document = || Root::of_document(&document, &self.working_directory);
        let mut is_affected = self.is_changed(&document);
        let mut loader = |path: &Path| {
            is_affected = is_affected || self.is_changed(path);
            let root = self.root.as_ref().unwrap_or_else(|| found.get_or_init(of_document));
            fragments.load(self, path, root)
        };
        let document = Document::load(file, &mut loader, &self.limits)?;
        let is_affected = is_affected || self.may_be_affected(&document);
        Ok((document, is_affected))
    }

    fn display(&self, path: &Path) -> String {
        let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let relative = display_path(&absolute, &self.working_directory);
        if !relative.starts_with("..") {
            return relative;
        }
        // A working directory behind a symbolic link is the same folder under another name.
        let folder = absolute.parent().and_then(|folder| resolve(folder).ok());
        match folder.zip(absolute.file_name()) {
            Some((folder, name)) => display_path(&folder.join(name), &self.working_directory),
            None => relative,
        }
    }

    /// A file with syntax errors: an error if it is, or may be meant to be, an OpenAPI document.
    fn broken(&self, file: File, origin: &InputOrigin) -> Linted {
        let display = file.display.clone();
        let named_limit =
            *origin == InputOrigin::Named && file.errors.iter().any(|e| e.kind == ErrorKind::Limit);
        if !looks_like_openapi(&file.text) && !named_limit {
            return Linted::skipped(
                display,
                "not well-formed, and no `openapi` or `swagger` key at the top level",
            );
        }
        let is_affected = self.is_changed(&file.path) || self.names_changed(&file);
        Linted { is_affected, ..Linted::failed(display, self.syntax_failures(&file)) }
    }
}

/// How many bytes a file has; none if nobody can say.
fn length(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(0, |metadata| metadata.len())
}

/// The operations that are open on purpose, most exposed first, with the reasons.
fn public_operations(api: &Api<'_>) -> Public {
    let mut public = Public::default();
    for operation in api.path_operations().filter(|operation| operation.access().is_unauthenticated()) {
        let stated = operation.access() == Access::Open
            && operation.security.origin == crate::model::Origin::Operation;
        let reason = match api.public_reason(operation) {
            Some(reason @ PublicReason::Asserted(_)) => reason.to_string(),
            _ if stated => "declared with an empty `security`".to_owned(),
            Some(reason) => reason.to_string(),
            None => continue,
        };
        public.count += 1;
        if public.operations.len() < Affected::<()>::SHOWN {
            public.operations.push((operation_name(operation), reason));
        }
    }
    public
}

impl Linted {
    fn checked(path: String, api: &Api<'_>, outcome: Outcome, timings: [Duration; 3]) -> Linted {
        Linted {
            is_affected: true,
            bytes: api.document.files().iter().map(|(_, file)| file.text.len() as u64).sum(),
            operations: api.operations.len(),
            timings,
            document: DocumentReport {
                path,
                status: DocumentStatus::Linted,
                openapi: Some(api.document.written_version().to_owned()),
                reason: None,
                operations: api.path_operations().count(),
                files: fragments_of(api.document),
                incomplete: outcome.unresolved > 0 || api.has_too_many_operations,
                unresolved: outcome.unresolved,
                public: public_operations(api),
            },
            outcome,
        }
    }

    /// A document that has none of the changed files.
    fn unaffected(display: String, document: &Document) -> Linted {
        let mut linted = Linted::skipped(display, "no part of it is changed");
        linted.document.files = fragments_of(document);
        Linted { is_affected: false, ..linted }
    }

    fn skipped(display: String, reason: &str) -> Linted {
        Linted::unchecked(display, DocumentStatus::Skipped, reason.to_owned(), Vec::new())
    }

    fn failed(display: String, failures: Vec<Failure>) -> Linted {
        let reason = failures.first().map_or_else(String::new, |failure| failure.message.clone());
        Linted::unchecked(display, DocumentStatus::Failed, reason, failures)
    }

    fn unchecked(path: String, status: DocumentStatus, reason: String, failures: Vec<Failure>) -> Linted {
        Linted {
            document: DocumentReport {
                path,
                status,
                openapi: None,
                reason: Some(reason),
                operations: 0,
                files: Vec::new(),
                incomplete: status == DocumentStatus::Failed,
                unresolved: 0,
                public: Public::default(),
            },
            is_affected: true,
            outcome: Outcome { failures, ..Outcome::default() },
            bytes: 0,
            operations: 0,
            timings: Default::default(),
        }
    }
}

/// The display paths of the files that a document refers to, in order.
fn fragments_of(document: &Document) -> Vec<String> {
    let mut names: Vec<_> = document.files().iter().skip(1).map(|(_, file)| file.display.clone()).collect();
    names.sort();
    names
}

/// The error for a path or glob that leads to no file.
fn lost(display: &str, reason: &str) -> Failure {
    Failure {
        rule: "unreadable",
        message: format!("`{display}`: {reason}"),
        help: "check the path and the permissions".into(),
        path: display.to_owned(),
        location: None,
        related: Vec::new(),
    }
}

/// The error for a file that cannot be read.
pub(crate) fn read_failure(display: &str, error: &ReadError) -> Failure {
    let (rule, help) = match error {
        ReadError::TooLarge { .. } => ("limit-exceeded", "raise the limit, or split the document"),
        ReadError::Text(_) => ("unreadable", "save the file as UTF-8"),
        _ => ("unreadable", "check the path and the permissions"),
    };
    let reason = match error {
        ReadError::Io(error) if error.kind() == std::io::ErrorKind::NotFound => {
            "there is no such file".to_owned()
        }
        error => error.to_string(),
    };
    Failure {
        rule,
        message: format!("`{display}` cannot be read: {reason}"),
        help: help.into(),
        path: display.to_owned(),
        location: None,
        related: Vec::new(),
    }
}

/// The error for a fault in a file's syntax.
fn syntax_failure(file: &File, error: &SyntaxError, excerpts: Excerpts) -> Failure {
    let lines = LineIndex::new(&file.text);
    let range = error.start as usize..error.end as usize;
    let location = Location {
        excerpt: (excerpts == Excerpts::Cut).then(|| crate::lint::cut(&file.text, &lines, range.clone())),
        ..Location::of(&file.display, &file.text, &lines, range)
    };
    Failure::of_syntax(file, error, location)
}
