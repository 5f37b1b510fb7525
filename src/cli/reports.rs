//! The reports of a run: which ones, where to, and how.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::args::{Lint, OutputOptions, ReportFormat, When, of_word};
use super::output::{complain, has_links, is_colored, is_within, to_file, to_stderr, to_stdout, width};
use super::{Refusal, lint};
use crate::config::Run;
use crate::engine::{Excerpts, LineHashes, SuppressedFindings};
use crate::lint::Report;
use crate::report::{self, Full, SARIF_RESULTS, Setting, sarif_left_out, visible};
use crate::rules;
use crate::session::Session;
use crate::source::{Root, display_path};

/// A report that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) format: ReportFormat,
    /// The file; nothing is standard output.
    pub(super) file: Option<PathBuf>,
}

/// The reports that files, environment and options name. Standard output gets one at most, and each file one.
pub(super) fn wanted(options: &OutputOptions, run: &Run, session: &Session) -> Result<Vec<Wanted>, Refusal> {
    check_output(session, run)?;
    let further = options.report.iter().map(|(format, file)| Wanted {
        format: *format,
        file: (file.as_os_str() != "-").then(|| session.working_directory.join(file)),
    });
    let mut all: Vec<Wanted> = further.collect();
    for file in all.iter().filter_map(|wanted| wanted.file.as_deref()) {
        let folder = file.parent().unwrap_or(file);
        if !folder.is_dir() {
            return Err(Refusal::usage(format!("`--report`: there is no folder {}", shown(folder, session))));
        }
    }
    let is_taken = all.iter().any(|wanted| wanted.file.is_none());
    if is_taken && options.output_format.is_some() && run.output_file.is_none() {
        return Err(Refusal::usage(
            "standard output can have one report: `--output-format` writes there, and so does `--report` to `-`",
        ));
    }
    if !is_taken || run.output_file.is_some() {
        all.insert(0, Wanted { format: of_word(&run.format), file: run.output_file.clone() });
    }
    for (number, wanted) in all.iter().enumerate() {
        if all[..number].iter().any(|other| other.file == wanted.file) {
            let place =
                wanted.file.as_deref().map_or("standard output".to_owned(), |file| shown(file, session));
            return Err(Refusal::usage(format!("two reports cannot both be written to {place}")));
        }
    }
    Ok(all)
}

/// Whether the report can be written where it is to be: better said before the work than after it. What a file of
/// settings names must be in the folder of that file, so that no repository writes elsewhere.
fn check_output(session: &Session, run: &Run) -> Result<(), Refusal> {
    let Some(output) = run.output_file.as_deref() else { return Ok(()) };
    let folder = output.parent().unwrap_or(output);
    if !folder.is_dir() {
        let folder = shown(folder, session);
        return Err(Refusal::usage(format!("`--output-file`: there is no folder {folder}")));
    }
    match &run.output_within {
        Some(within) if !is_within(output, within) => Err(Refusal::failed(format!(
            "`output.file`: {} is outside the folder of the configuration",
            shown(output, session)
        ))),
        _ => Ok(()),
    }
}

/// A path as the user would write it here.
fn shown(path: &Path, session: &Session) -> String {
    let shown = match path.starts_with(&session.working_directory) {
        true => display_path(path, &session.working_directory),
        false => path.display().to_string(),
    };
    format!("`{}`", visible(&shown))
}

/// Makes the session collect what the reports show, and no more.
pub(super) fn prepare(session: &mut Session, all: &[Wanted], shows_suppressed: bool) {
    let has = |format| all.iter().any(|wanted| wanted.format == format);
    if has(ReportFormat::Full) {
        session.excerpts = Excerpts::Cut;
    }
    if has(ReportFormat::Sarif) {
        session.line_hashes = LineHashes::Compute;
    }
    if shows_suppressed
        && [ReportFormat::Sarif, ReportFormat::Json, ReportFormat::JsonLines].into_iter().any(has)
    {
        session.suppressed = SuppressedFindings::Keep;
    }
}

/// Writes all reports, and says whether that worked.
pub(super) fn write_all(
    report: &Report,
    all: &[Wanted],
    options: &Lint,
    run: &Run,
    session: &Session,
) -> bool {
    let working_directory = session.working_directory.as_path();
    let root = session.root.clone();
    let root = root.unwrap_or_else(|| Root::of_folder(working_directory, working_directory));
    let setting = Setting { root: root.folder(), working_directory, rules: &rules::all() };
    let mut is_written = true;
    for wanted in all {
        let look = Look { options, color: of_word(&run.color) };
        let write = |out: &mut dyn Write| write(report, wanted, &look, &setting, out);
        let written = match &wanted.file {
            Some(file) => to_file(file, write),
            None => to_stdout(write),
        };
        if let Err(error) = written {
            is_written = false;
            let place =
                wanted.file.as_deref().map_or("standard output".to_owned(), |file| shown(file, session));
            complain(&format!("{place} cannot be written: {error}"));
        }
    }
    let left_out = sarif_left_out(report);
    if left_out > 0 && all.iter().any(|wanted| wanted.format == ReportFormat::Sarif) {
        to_stderr(|out| {
            writeln!(out, "sarif: {left_out} findings left out: GitHub shows the {SARIF_RESULTS} most severe")
        });
    }
    is_written
}

fn write(
    report: &Report,
    wanted: &Wanted,
    look: &Look<'_>,
    setting: &Setting<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    match wanted.format {
        ReportFormat::Full => full(report, wanted, look, out),
        ReportFormat::Concise => report::concise(report, out),
        ReportFormat::Gcc => report::gcc(report, out),
        ReportFormat::Json => report::json(report, out),
        ReportFormat::JsonLines => report::json_lines(report, out),
        ReportFormat::Sarif => report::sarif(report, setting, out),
        ReportFormat::Github => report::github(report, setting, out),
        ReportFormat::Gitlab => report::gitlab(report, setting, out),
        ReportFormat::Junit => report::junit(report, setting, out),
        ReportFormat::Checkstyle => report::checkstyle(report, out),
        ReportFormat::Rdjson => report::rdjson(report, out),
        ReportFormat::Markdown => report::markdown(report, setting, out),
        ReportFormat::Csv => report::csv(report, out),
    }
}

/// How the report for people looks.
struct Look<'o> {
    options: &'o Lint,
    color: When,
}

fn full(report: &Report, wanted: &Wanted, look: &Look<'_>, out: &mut dyn Write) -> io::Result<()> {
    let Look { options, color } = look;
    if options.show_files {
        return lint::list_files(report, out);
    }
    let output = &options.output;
    if output.quiet && report.findings.is_empty() && report.errors.is_empty() {
        return Ok(());
    }
    let to_file = wanted.file.is_some();
    let full = Full {
        color: is_colored(*color, to_file),
        links: has_links(output.hyperlinks, to_file),
        all: output.all,
        verbose: output.verbose,
        width: width(to_file).unwrap_or(Full::default().width),
    };
    report::full(report, &full, out)
}
