//! `oasguard lint`: check files, write the report, count.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use super::args::{Lint, Reading, ReportFormat, RuleOptions};
use super::output::{complain, is_colored, to_file, to_stderr, to_stdout};
use super::{Exit, Refusal, baseline, compare, inputs, session};
use crate::config::{Plan, Selection};
use crate::engine::{Excerpts, Inline};
use crate::lint::{DocumentReport, DocumentStatus, Report};
use crate::report::{self, Full, visible, visible_line};
use crate::session::Session;

pub(super) fn run(options: &Lint) -> Result<Exit, Refusal> {
    let output = options.output.output_file.as_deref();
    if let Some(folder) = output.and_then(Path::parent).filter(|folder| !folder.as_os_str().is_empty()) {
        // Better said before the work than after it.
        if !folder.is_dir() {
            let message =
                format!("`--output-file`: there is no folder `{}`", visible(&folder.to_string_lossy()));
            return Err(Refusal::usage(message));
        }
    }
    let mut session = session_of(options)?;
    let found = inputs::find(&mut session, &options.paths, &options.inputs, output)?;
    let beside = baseline::beside(&options.baseline, &mut session, found)?;
    if let Some(name) = &options.diff_base {
        compare::with(&mut session, name, beside.inputs())?;
    }
    let (report, fixed) = beside.lint(&session, &options.paths);
    let exit = exit(&report, options).max(if fixed.is_empty() { Exit::Clean } else { Exit::Findings });
    let written = match output {
        Some(path) => to_file(path, |out| write(&report, options, out)),
        None => to_stdout(|out| write(&report, options, out)),
    };
    if options.output.statistics {
        to_stderr(|out| report::statistics(&report, out));
    }
    if options.output.timings {
        to_stderr(|out| report::timings(&report.timings, out));
    }
    if report.summary.linted + report.summary.failed == 0 && !options.inputs.allow_empty {
        complain("no OpenAPI documents found; `--allow-empty` accepts that");
    }
    explain_incomplete(&report);
    baseline::explain(&report, &fixed, session.today);
    if let Err(error) = &written {
        complain(&match output {
            Some(path) => format!("`{}` cannot be written: {error}", path.display()),
            None => format!("standard output cannot be written: {error}"),
        });
    }
    to_stderr(|out| report::summary(&report.summary, out));
    Ok(if written.is_err() { Exit::Trouble } else { exit })
}

fn session_of(options: &Lint) -> Result<Session, Refusal> {
    let mut session = checking(&options.reading, &options.rules)?;
    if options.output.output_format == ReportFormat::Full {
        session.excerpts = Excerpts::Cut;
    }
    Ok(session)
}

/// A session with rules.
pub(super) fn checking(reading: &Reading, rules: &RuleOptions) -> Result<Session, Refusal> {
    let mut session = session(reading)?;
    let selection = Selection {
        profile: rules.profile,
        select: rules.select.clone(),
        extend_select: rules.extend_select.clone(),
        ignore: rules.ignore.clone(),
    };
    let plan = Plan::new(&selection);
    session.plan = plan.map_err(|unknown| {
        Refusal::usage(unknown.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
    })?;
    if rules.no_inline_suppression {
        session.inline = Inline::Disregard;
    }
    if let Some(today) = rules.today {
        session.today = today;
    }
    Ok(session)
}

/// 2 beats 1: what was not checked may hide anything.
fn exit(report: &Report, options: &Lint) -> Exit {
    if is_partial(report, options.inputs.allow_empty) {
        return Exit::Trouble;
    }
    let fails = |least| report.findings.iter().any(|finding| finding.severity >= least);
    let lists_files = options.show_files && options.output.output_format == ReportFormat::Full;
    match options.rules.fail_on.severity() {
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

fn write(report: &Report, options: &Lint, out: &mut dyn Write) -> io::Result<()> {
    let output = &options.output;
    match output.output_format {
        ReportFormat::Full => {}
        ReportFormat::Concise => return report::concise(report, out),
        ReportFormat::Gcc => return report::gcc(report, out),
        ReportFormat::Json => return report::json(report, out),
        ReportFormat::JsonLines => return report::json_lines(report, out),
    }
    if options.show_files {
        return list_files(report, out);
    }
    if output.quiet && report.findings.is_empty() && report.errors.is_empty() {
        return Ok(());
    }
    let color = is_colored(output.color, output.output_file.is_some());
    let full = Full { color, all: output.all, verbose: output.verbose, ..Full::default() };
    report::full(report, &full, out)
}

/// One line a file, in the order of the paths: `linted    shop.yaml  (OpenAPI 3.0.3, 12 operations)`.
fn list_files(report: &Report, out: &mut dyn Write) -> io::Result<()> {
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
