//! `oasguard lint`: check files, write the report, count.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use super::args::{Color, Lint, ReportFormat, of_word};
use super::output::{complain, is_colored, to_file, to_stderr, to_stdout};
use super::{Exit, Refusal, baseline, compare, inputs, session};
use crate::config::Run;
use crate::engine::Excerpts;
use crate::lint::{DocumentReport, DocumentStatus, Report};
use crate::report::{self, Full, visible, visible_line};
use crate::session::Session;
use crate::source::{display_path, resolve};

pub(super) fn run(options: &Lint) -> Result<Exit, Refusal> {
    let (mut session, mut run) = session(&options.reading, |layer, folder| options.say(layer, folder))?;
    if let Some(path) = &options.output.output_file {
        // As it is, whatever bytes its name has.
        run.output_file = Some(session.working_directory.join(path));
    }
    let run = run;
    let settings = Settings { format: of_word(&run.format), color: of_word(&run.color), run: &run };
    options.rules.apply(&mut session);
    if settings.format == ReportFormat::Full {
        session.excerpts = Excerpts::Cut;
    }
    let output = run.output_file.as_deref();
    check_output(&session, &run)?;
    let found = inputs::find(&mut session, &options.paths, &options.inputs, &run, output)?;
    let beside = baseline::beside(&options.baseline, run.baseline.as_deref(), &mut session, found)?;
    if let Some(name) = &options.diff_base {
        compare::with(&mut session, name, beside.inputs())?;
    }
    let (report, fixed) = beside.lint(&session, &options.paths);
    let exit =
        exit(&report, options, &settings).max(if fixed.is_empty() { Exit::Clean } else { Exit::Findings });
    let written = match output {
        Some(path) => to_file(path, |out| write(&report, options, &settings, out)),
        None => to_stdout(|out| write(&report, options, &settings, out)),
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
            Some(path) => format!("`{}` cannot be written: {error}", shown(path, &session)),
            None => format!("standard output cannot be written: {error}"),
        });
    }
    to_stderr(|out| report::summary(&report.summary, out));
    Ok(if written.is_err() { Exit::Trouble } else { exit })
}

/// What files, environment and options say about the report.
struct Settings<'r> {
    format: ReportFormat,
    color: Color,
    run: &'r Run,
}

fn shown(path: &Path, session: &Session) -> String {
    match path.starts_with(&session.working_directory) {
        true => display_path(path, &session.working_directory),
        false => path.display().to_string(),
    }
}

/// Whether the report can be written where it is to be: better said before the work than after it. What a file of
/// settings names must be in the folder of that file, so that no repository writes elsewhere.
fn check_output(session: &Session, run: &Run) -> Result<(), Refusal> {
    let Some(output) = run.output_file.as_deref() else { return Ok(()) };
    let Some(folder) = output.parent().filter(|folder| folder.is_dir()) else {
        let folder = output.parent().map(|folder| shown(folder, session)).unwrap_or_default();
        return Err(Refusal::usage(format!("`--output-file`: there is no folder `{}`", visible(&folder))));
    };
    let target = resolve(output)
        .or_else(|_| Ok::<_, std::io::Error>(resolve(folder)?.join(output.file_name().unwrap_or_default())));
    match (&run.output_within, target) {
        (Some(within), Ok(target)) if !target.starts_with(within) => Err(Refusal::failed(format!(
            "`output.file`: `{}` is outside the folder of the configuration",
            shown(output, session)
        ))),
        _ => Ok(()),
    }
}

/// 2 beats 1: what was not checked may hide anything.
fn exit(report: &Report, options: &Lint, settings: &Settings<'_>) -> Exit {
    if is_partial(report, options.inputs.allow_empty) {
        return Exit::Trouble;
    }
    let fails = |least| report.findings.iter().any(|finding| finding.severity >= least);
    let lists_files = options.show_files && settings.format == ReportFormat::Full;
    match settings.run.fail_on {
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

fn write(report: &Report, options: &Lint, settings: &Settings<'_>, out: &mut dyn Write) -> io::Result<()> {
    let output = &options.output;
    match settings.format {
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
    let color = is_colored(settings.color, settings.run.output_file.is_some());
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
