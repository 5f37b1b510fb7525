//! `oasguard baseline`: accept what is found today; and the part of `oasguard lint` that leaves out what is accepted.

mod beside;
mod show;

use std::io::{self, Write};
use std::path::Path;

use super::args::{Baseline as Command, BaselineRun};
use super::lint::{explain_incomplete, is_partial};
use super::output::{complain, to_file, to_stderr, to_stdout};
use super::{Exit, Refusal, inputs, session};
use crate::baseline::{Baseline, Conflicts, Entry, Places};
use crate::lint::{Report, Severity};
use crate::report::{self, visible};
use beside::{Beside, Checked, Located};

pub(super) use beside::{Lintable, beside, explain};

pub(super) fn run(command: &Command) -> Result<Exit, Refusal> {
    match command {
        Command::Write(options) => write(options),
        Command::Check(options) => check(options),
        Command::Prune(options) => prune(options),
        Command::Show(options) => show::run(options),
    }
}

/// What a run over documents found, and what that means for the baseline.
struct Compared {
    beside: Beside,
    checked: Checked,
    exit: Exit,
    /// The least severity that fails a run.
    fail_on: Option<Severity>,
}

fn compare(options: &BaselineRun, conflicts: Conflicts, must_exist: bool) -> Result<Compared, Refusal> {
    let (mut session, run) = session(&options.reading, |layer, folder| options.say(layer, folder))?;
    options.rules.apply(&mut session);
    let found = inputs::find(&mut session, &options.paths, &options.inputs, &run, &[])?;
    let place = Located::of(options.baseline.as_deref(), &run, &session)?;
    let beside = Beside::open(place, must_exist, conflicts, &mut session, found)?;
    let checked = beside.check(&session, &options.paths);
    let partial = is_partial(&checked.report, options.inputs.allow_empty);
    let exit = if partial { Exit::Trouble } else { Exit::Clean };
    Ok(Compared { beside, checked, exit, fail_on: run.fail_on })
}

fn write(options: &BaselineRun) -> Result<Exit, Refusal> {
    let Compared { beside, checked, exit, .. } = compare(options, Conflicts::Unite, false)?;
    let Checked { report, record, comparison, known, today } = &checked;
    let is_empty = report.summary.linted == 0 && !options.inputs.allow_empty;
    let updated = beside.baseline.updated(comparison, known, record, &beside.places(), *today);
    if !is_empty {
        beside.save(&updated)?;
        let new =
            (updated.entries.len() + comparison.fixed.len()).saturating_sub(beside.baseline.entries.len());
        let remarks = [
            (new, "new"),
            (comparison.fixed.len(), "fixed and removed"),
            (comparison.moved, "moved with their files"),
            (comparison.unseen, "of documents that were not checked"),
        ];
        to_stdout(|out| counts(out, &beside.display, &updated, &remarks))?;
    }
    finish(report, exit)
}

fn prune(options: &BaselineRun) -> Result<Exit, Refusal> {
    let Compared { beside, checked, exit, .. } = compare(options, Conflicts::Refuse, true)?;
    let Checked { report, comparison, known, .. } = &checked;
    let pruned = beside.baseline.pruned(&comparison.fixed, known, &beside.places());
    if pruned != beside.baseline {
        beside.save(&pruned)?;
    }
    let remarks = [
        (comparison.fixed.len(), "fixed and removed"),
        (comparison.moved, "moved with their files"),
        (comparison.unseen, "of documents that were not checked"),
    ];
    to_stdout(|out| counts(out, &beside.display, &pruned, &remarks))?;
    finish(report, exit)
}

fn check(options: &BaselineRun) -> Result<Exit, Refusal> {
    let Compared { beside, checked, mut exit, fail_on } = compare(options, Conflicts::Refuse, true)?;
    let Checked { report, comparison, .. } = &checked;
    let fixed = beside.fixed(comparison);
    to_stdout(|out| {
        report::concise(report, out)?;
        list(&fixed, out)?;
        let remarks = [
            (report.findings.len(), "new"),
            (fixed.len(), "fixed"),
            (comparison.moved, "moved with their files"),
            (comparison.unseen, "of documents that were not checked"),
        ];
        counts(out, &beside.display, &beside.baseline, &remarks)
    })?;
    if fails(report, fail_on) || !fixed.is_empty() {
        exit = exit.max(Exit::Findings);
    }
    finish(report, exit)
}

fn fails(report: &Report, least: Option<Severity>) -> bool {
    least.is_some_and(|least| report.findings.iter().any(|finding| finding.severity >= least))
}

/// What every run says last.
fn finish(report: &Report, exit: Exit) -> Result<Exit, Refusal> {
    for failure in &report.errors {
        let place = failure.location.as_ref().map_or_else(String::new, |location| {
            format!(":{}:{}", location.start.line, location.start.column)
        });
        complain(&format!("{}{place}: {}; {}", failure.path, failure.message, failure.help));
    }
    if report.summary.linted + report.summary.failed == 0 && exit == Exit::Trouble {
        complain("no OpenAPI documents found; `--allow-empty` accepts that");
    }
    explain_incomplete(report);
    to_stderr(|out| report::summary(&report.summary, out));
    Ok(exit)
}

/// `oasguard-baseline.yaml: 233 entries (12 new, 3 fixed and removed)`.
fn counts(
    out: &mut dyn Write,
    display: &str,
    baseline: &Baseline,
    remarks: &[(usize, &str)],
) -> io::Result<()> {
    let remarks: Vec<_> = remarks.iter().filter(|(count, _)| *count > 0).collect();
    let remarks: Vec<_> = remarks.iter().map(|(count, what)| format!("{count} {what}")).collect();
    let remarks = if remarks.is_empty() { String::new() } else { format!(" ({})", remarks.join(", ")) };
    let count = baseline.entries.len();
    let noun = if count == 1 { "entry" } else { "entries" };
    writeln!(out, "{}: {count} {noun}{remarks}", visible(display))
}

/// A line for each entry that occurs no more.
fn list(fixed: &[&Entry], out: &mut dyn Write) -> io::Result<()> {
    for entry in fixed {
        let Entry { path, rule, severity, since, fingerprint, .. } = entry;
        let (path, rule) = (visible(path), visible(rule));
        writeln!(out, "{path}: fixed[{rule}] {severity}, accepted since {since} ({fingerprint})")?;
    }
    Ok(())
}

impl Beside {
    fn save(&self, baseline: &Baseline) -> Result<(), Refusal> {
        let written = to_file(&self.path, |out| baseline.write(out));
        let refusal = |error| Refusal::failed(format!("`{}` cannot be written: {error}", self.display));
        written.map_err(refusal)
    }

    fn places(&self) -> Places<'_> {
        Places { folder: &self.folder, working_directory: &self.working_directory }
    }

    fn fixed(&self, comparison: &crate::baseline::Comparison) -> Vec<&Entry> {
        comparison.fixed.iter().map(|&number| &self.baseline.entries[number]).collect()
    }
}

/// The name of a baseline as messages have it.
pub(super) fn display(path: &Path, working_directory: &Path) -> String {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    crate::source::display_path(&absolute, working_directory)
}
