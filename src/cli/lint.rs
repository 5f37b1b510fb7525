//! `oasguard lint`: check files, write the report, count.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use super::args::{Lint, ReportFormat};
use super::baseline::Lintable;
use super::output::{complain, to_stderr};
use super::reports::{self, Wanted};
use super::{Exit, Refusal, affected, baseline, compare, inputs, progress, session};
use crate::lint::{DocumentReport, DocumentStatus, Report, Severity};
use crate::report::{self, visible, visible_line};
use crate::source::Reader;

pub(super) fn run(options: &Lint) -> Result<Exit, Refusal> {
    let (mut session, mut run) = session(&options.reading, |layer, folder| options.say(layer, folder))?;
    options.rules.apply(&mut session);
    let base = options.diff_base.as_ref().map(|name| compare::open(&session, name)).transpose()?;
    if let Some(base) = base.as_ref().filter(|_| options.config_from_base) {
        session.configuration = session.configuration.at(&Reader::of_revision(base.clone()));
        run = session.configuration.of_run(&session.reader).0;
        session.limits.clone_from(&run.limits);
        session.threads = run.threads;
    }
    if let Some(path) = &options.output.output_file {
        // As it is, whatever bytes its name has.
        run.output_file = Some(session.working_directory.join(path));
    }
    let reports = reports::wanted(&options.output, &run, &session)?;
    reports::prepare(&mut session, &reports, options.output.show_suppressed);
    let files: Vec<&Path> = reports.iter().filter_map(|report| report.file.as_deref()).collect();
    let found = match options.affected {
        true => affected::find(&mut session, options, &run, &files)?,
        false => inputs::find(&mut session, &options.paths, &options.inputs, &run, &files)?,
    };
    let beside = match options.config_from_base {
        // What the change accepts does not count, and what was accepted before is known anyway.
        true => Lintable::Alone(found),
        false => baseline::beside(&options.baseline, &run, &mut session, found)?,
    };
    let display = (!options.output.quiet).then(|| progress::show(session.progress.clone()));
    let before = match (&options.diff_base, base) {
        (Some(name), Some(base)) => Some((name, compare::with(&mut session, name, base, beside.inputs())?)),
        _ => None,
    };
    let (mut report, fixed) = beside.lint(&session, &options.paths);
    if let Some((name, before)) = &before {
        report.comparison = Some(compare::comparison(&session, name, before, &report, &beside));
    }
    drop(display);
    let fixed_exit = if fixed.is_empty() { Exit::Clean } else { Exit::Findings };
    let exit = exit(&report, options, &reports, run.fail_on).max(fixed_exit);
    let is_written = reports::write_all(&report, &reports, options, &run, &session);
    if options.output.statistics {
        to_stderr(|out| report::statistics(&report, out));
    }
    if options.output.timings {
        to_stderr(|out| report::timings(&report.timings, out));
    }
    let allow_empty = options.inputs.allow_empty || options.affected;
    if report.summary.linted + report.summary.failed == 0 && !allow_empty {
        complain("no OpenAPI documents found; `--allow-empty` accepts that");
    }
    explain_incomplete(&report);
    if let Some(comparison) = &report.comparison {
        compare::explain(comparison);
    }
    baseline::explain(&report, &fixed, session.today);
    to_stderr(|out| report::summary(&report.summary, out));
    // The process ends: to take a large report apart before took a twentieth of the time of a run.
    std::mem::forget(report);
    Ok(if is_written { exit } else { Exit::Trouble })
}

/// 2 beats 1: what was not checked may hide anything.
fn exit(report: &Report, options: &Lint, reports: &[Wanted], fail_on: Option<Severity>) -> Exit {
    if is_partial(report, options.inputs.allow_empty || options.affected) {
        return Exit::Trouble;
    }
    let fails = |least| report.findings.iter().any(|finding| finding.severity >= least);
    let lists_files = options.show_files && reports.iter().all(|report| report.format == ReportFormat::Full);
    match fail_on {
        Some(least) if !lists_files && fails(least) => Exit::Findings,
        _ => Exit::Clean,
    }
}

/// Whether anything was not checked that should have been.
pub(super) fn is_partial(report: &Report, allow_empty: bool) -> bool {
    let summary = &report.summary;
    let empty = summary.linted == 0 && !allow_empty;
    let incomplete = report.documents.iter().any(|document| document.incomplete);
    !report.errors.is_empty() || summary.failed > 0 || incomplete || empty
}

/// Says why a run without an error or finding that tells ends with 2: the rule that reports a lost reference may be
/// ignored, and its findings may be below what is shown.
pub(super) fn explain_incomplete(report: &Report) {
    let incomplete = report.documents.iter().filter(|document| document.incomplete);
    for document in incomplete.filter(|document| document.status == DocumentStatus::Linted) {
        let reason = match document.unresolved {
            0 => "it has too many operations".to_owned(),
            1 => "1 reference could not be resolved".to_owned(),
            count => format!("{count} references could not be resolved"),
        };
        let line = format!("{}: incomplete: {reason}", document.path);
        to_stderr(|out| writeln!(out, "{}", visible_line(&line)));
    }
}

/// One line a file, in the order of the paths: `linted    shop.yaml  (OpenAPI 3.0.3, 12 operations)`.
pub(super) fn list_files(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    let mut lines: BTreeMap<(&str, &str), String> = BTreeMap::new();
    for document in &report.documents {
        lines.insert((&document.path, document.status.name()), remark(document));
        for fragment in &document.files {
            // A part of several documents is listed once.
            match lines.entry((fragment, "fragment")) {
                Entry::Vacant(line) => drop(line.insert(format!("part of {}", document.path))),
                Entry::Occupied(mut line) => line.get_mut().extend([", ", &document.path]),
            }
        }
    }
    for ((path, status), remark) in lines {
        writeln!(out, "{status:<8}  {}  ({})", visible(path), visible(&remark))?;
    }
    out.flush()
}

fn remark(document: &DocumentReport) -> String {
    let plural = if document.operations == 1 { "" } else { "s" };
    match document.status {
        DocumentStatus::Linted => format!(
            "OpenAPI {}, {} operation{plural}{}",
            document.openapi.as_deref().unwrap_or("of no version"),
            document.operations,
            if document.incomplete { ", incomplete" } else { "" }
        ),
        _ => document.reason.clone().unwrap_or_default(),
    }
}
