//! Runs beside a baseline: where it is, what it accepts, and which of its entries occur no more.

use std::cell::RefCell;
use std::path::{Path, PathBuf};

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::Refusal;
use super::super::args::BaselineOptions;
use super::super::output::{complain, is_within, to_stderr};
use super::display;
use crate::baseline::{Baseline, Comparison, Conflicts, Coverage, Entry, FILE_NAME};
use crate::config::Run;
use crate::engine::Known;
use crate::lint::{Date, Failure, Record, Report, Severity};
use crate::report::visible;
use crate::rules;
use crate::session::{Input, InputOrigin, Session};
use crate::source::{Reader, resolve};

/// A baseline with the inputs of a run.
pub(in crate::cli) struct Beside {
    pub(super) path: PathBuf,
    pub(super) display: String,
    /// The folder that its paths are relative to.
    pub(super) folder: PathBuf,
    pub(super) working_directory: PathBuf,
    pub(super) baseline: Baseline,
    inputs: Vec<Input>,
}

/// What a run beside a baseline saw.
pub(super) struct Checked {
    pub(super) report: Report,
    pub(super) record: Record,
    pub(super) comparison: Comparison,
    /// The baseline's entries with the paths of today.
    pub(super) known: Known,
    pub(super) today: Date,
}

/// What `oasguard lint` looks at, beside a baseline or not.
pub(in crate::cli) enum Lintable {
    Beside { beside: Box<Beside>, strict: bool },
    Alone(Vec<Input>),
}

/// Opens the baseline that options or settings name or that is nearest.
pub(in crate::cli) fn beside(
    options: &BaselineOptions,
    run: &Run,
    session: &mut Session,
    inputs: Vec<Input>,
) -> Result<Lintable, Refusal> {
    let alone = |inputs| {
        if options.baseline_strict {
            let reason = format!("there is no `{FILE_NAME}`; `oasguard baseline write` creates it");
            return Err(Refusal::failed(format!("`--baseline-strict`: {reason}")));
        }
        Ok(Lintable::Alone(inputs))
    };
    if options.no_baseline {
        return alone(inputs);
    }
    let place = Located::of(options.baseline.as_deref(), run, session)?;
    if !place.is_named && place.path.symlink_metadata().is_err() {
        return alone(inputs);
    }
    let beside = Beside::open(place, true, Conflicts::Refuse, session, inputs)?;
    Ok(Lintable::Beside { beside: Box::new(beside), strict: options.baseline_strict })
}

/// Where a baseline is, or would be.
pub(super) struct Located {
    path: PathBuf,
    /// Whether an option or a file of settings says so.
    is_named: bool,
}

impl Located {
    /// The one that an option names, else the one that settings name, else the nearest. What a file of settings names
    /// must be in the folder of that file: `baseline write` writes there.
    pub(super) fn of(option: Option<&Path>, run: &Run, session: &Session) -> Result<Located, Refusal> {
        if let Some(path) = option {
            return Ok(Located { path: path.to_owned(), is_named: true });
        }
        let Some(path) = &run.baseline else {
            let start = run.baseline_from.as_deref().unwrap_or(&session.working_directory);
            let path = nearest(start).unwrap_or_else(|| start.join(FILE_NAME));
            return Ok(Located { path, is_named: false });
        };
        match &run.baseline_within {
            Some(within) if !is_within(path, within) => {
                let display = display(path, &session.working_directory);
                let reason = "is outside the folder of the configuration; `--baseline` may name any file";
                Err(Refusal::failed(format!("`baseline`: `{display}` {reason}")))
            }
            _ => Ok(Located { path: path.clone(), is_named: true }),
        }
    }
}

impl Lintable {
    /// The files to look at.
    pub(in crate::cli) fn inputs(&self) -> &[Input] {
        match self {
            Lintable::Alone(inputs) => inputs,
            Lintable::Beside { beside, .. } => &beside.inputs,
        }
    }

    /// The baseline and the file that it was read from.
    pub(in crate::cli) fn baseline(&self) -> Option<(&Path, &Baseline)> {
        match self {
            Lintable::Alone(_) => None,
            Lintable::Beside { beside, .. } => Some((&beside.path, &beside.baseline)),
        }
    }

    /// Lints; with the entries that occur no more, if the user insists that there are none.
    pub(in crate::cli) fn lint(&self, session: &Session, paths: &[PathBuf]) -> (Report, Vec<Entry>) {
        match self {
            Lintable::Alone(inputs) => (session.lint(inputs), Vec::new()),
            Lintable::Beside { beside, strict: false } => (session.lint(&beside.inputs), Vec::new()),
            Lintable::Beside { beside, strict: true } => {
                let checked = beside.check(session, paths);
                let fixed = beside.fixed(&checked.comparison).into_iter().cloned().collect();
                (checked.report, fixed)
            }
        }
    }
}

/// Says what was left out of a report, and which entries should be gone.
pub(in crate::cli) fn explain(report: &Report, fixed: &[Entry], today: Date) {
    to_stderr(|out| super::list(&fixed.iter().collect::<Vec<_>>(), out));
    if !fixed.is_empty() {
        let plural = if fixed.len() == 1 { "entry occurs" } else { "entries occur" };
        complain(&format!("{} {plural} no more; `oasguard baseline prune` removes that", fixed.len()));
    }
    let known = &report.summary.baselined;
    if known.count() == 0 {
        return;
    }
    let worst = Severity::ALL.iter().rev().find(|&&severity| known.of(severity) > 0);
    let mut remarks: Vec<String> =
        worst.into_iter().map(|severity| format!("{} {severity}", known.of(*severity))).collect();
    remarks.extend(known.oldest.map(|oldest| format!("oldest {} d", today.days_since(oldest))));
    to_stderr(|out| writeln!(out, "{} known ({})", known.count(), remarks.join(", ")));
}

impl Beside {
    /// Opens a baseline and tells the session what it accepts. One that need not exist is empty until it is written.
    pub(super) fn open(
        place: Located,
        must_exist: bool,
        conflicts: Conflicts,
        session: &mut Session,
        mut inputs: Vec<Input>,
    ) -> Result<Beside, Refusal> {
        let working_directory = session.working_directory.clone();
        let Located { path, is_named } = place;
        let display = display(&path, &working_directory);
        let baseline = match path.symlink_metadata().is_ok() {
            true => read(&path, &display, conflicts, session)?,
            false if must_exist => {
                let create = match is_named {
                    true => format!("oasguard baseline write --baseline {display}"),
                    false => "oasguard baseline write".to_owned(),
                };
                return Err(Refusal::failed(format!(
                    "there is no baseline `{display}`; `{create}` creates it"
                )));
            }
            false => Baseline::default(),
        };
        let folder = folder_of(&path);
        session.known = Some(baseline.known(&folder, &working_directory));
        // It is a YAML file in a folder of documents, but none of them.
        let own = session.reader.identity(&path);
        inputs.retain(|input| {
            input.origin != InputOrigin::Walked || session.reader.identity(&input.path) != own
        });
        Ok(Beside { path, display, folder, working_directory, baseline, inputs })
    }

    /// Lints, and compares what was seen with the baseline.
    pub(super) fn check(&self, session: &Session, paths: &[PathBuf]) -> Checked {
        let (report, record, known) = session.lint_recording(&self.inputs);
        let asked = RefCell::new(FxHashMap::default());
        let has_rule = |document: &str, id: &str| {
            let mut asked = asked.borrow_mut();
            let asked = asked.entry(document.to_owned()).or_insert_with(|| asked_of(session, document));
            match rules::by_id(id) {
                Ok(rules) => rules.iter().any(|rule| asked.contains(rule.id)),
                // A rule that is no more finds nothing any more.
                Err(_) => true,
            }
        };
        let folders = searched(paths, &self.working_directory);
        let is_missed = |document: &str| {
            let path = self.working_directory.join(document);
            let is_searched =
                folders.iter().any(|folder| crate::source::normalize(&path).starts_with(folder));
            is_searched && !session.reader.exists(&path)
        };
        let coverage = Coverage { record: &record, has_rule: &has_rule, is_missed: &is_missed };
        let before = self.baseline.known(&self.folder, &self.working_directory);
        let comparison = self.baseline.compare(&known, &before, &coverage);
        Checked { report, record, comparison, known, today: session.today }
    }
}

/// The rules that are asked about all of a document (display path): not those that an override ignores for some of its
/// operations, since an entry does not say which operations it is about.
fn asked_of(session: &Session, document: &str) -> FxHashSet<&'static str> {
    let path = session.reader.identity(&session.working_directory.join(document));
    let Ok(settings) = session.configuration.of_document(&session.reader, &path) else {
        return FxHashSet::default();
    };
    let is_ignored = |id: &&str| settings.adjustments.iter().any(|change| change.ignore.contains(id));
    let planned = settings.plan.rules().iter().map(|planned| planned.rule.id);
    planned.filter(|id| !is_ignored(id)).collect()
}

/// The folders among the arguments, the working directory if there are none: what was below them would have been found.
fn searched(paths: &[PathBuf], working_directory: &Path) -> Vec<PathBuf> {
    let named = if paths.is_empty() { vec![PathBuf::from(".")] } else { paths.to_vec() };
    let folders = named.into_iter().map(|path| working_directory.join(path)).filter(|path| path.is_dir());
    folders.filter_map(|path| resolve(&path).ok()).collect()
}

/// The baseline in a folder, or in the nearest one above it, up to the repository's. Outside of a repository nobody
/// vouches for the folders above.
fn nearest(start: &Path) -> Option<PathBuf> {
    let repository = start.ancestors().find(|folder| folder.join(".git").exists());
    let top = repository.unwrap_or(start);
    let folders = start.ancestors().take_while(|folder| folder.starts_with(top));
    folders.map(|folder| folder.join(FILE_NAME)).find(|path| path.symlink_metadata().is_ok())
}

fn folder_of(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let folder = absolute.parent().unwrap_or(&absolute).to_owned();
    resolve(&folder).unwrap_or(folder)
}

fn read(path: &Path, display: &str, conflicts: Conflicts, session: &Session) -> Result<Baseline, Refusal> {
    let text = Reader::new().read(path, &session.limits);
    let text =
        text.map_err(|error| Refusal::failed(format!("the baseline `{display}` cannot be read: {error}")))?;
    let read = Baseline::read(path.to_owned(), display.to_owned(), text, conflicts, &session.limits);
    read.map_err(|failures| refused(&failures))
}

/// All that is wrong with a file, each in a line; the last one ends the run.
pub(super) fn refused(failures: &[Failure]) -> Refusal {
    let mut lines: Vec<String> = failures.iter().map(line).collect();
    let last = lines.pop().unwrap_or_default();
    lines.iter().for_each(|line| complain(line));
    Refusal::failed(last)
}

fn line(failure: &Failure) -> String {
    let place = failure.location.as_ref().map_or_else(
        || failure.path.clone(),
        |location| format!("{}:{}:{}", failure.path, location.start.line, location.start.column),
    );
    format!("{}: {}; {}", visible(&place), failure.message, failure.help)
}

impl Beside {
    /// The baseline alone, for commands that need no documents.
    pub(super) fn alone(place: Located, session: &mut Session) -> Result<Beside, Refusal> {
        Beside::open(place, true, Conflicts::Refuse, session, Vec::new())
    }
}
