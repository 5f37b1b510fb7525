//! `oasguard config`: what holds for a document and where it is said, and the JSON Schema of the file.

use std::io::{self, Write};

use serde::Serialize;

use super::args::{ConfigCommand, ConfigShow, TextOrJson};
use super::output::{to_stderr, to_stdout};
use super::{Exit, Refusal, session};
use crate::config::{Row, Shown};
use crate::lint::Failure;
use crate::report::{self, Full, visible};

pub(super) fn run(command: &ConfigCommand) -> Result<Exit, Refusal> {
    match command {
        ConfigCommand::Show(options) => show(options),
        ConfigCommand::Schema => {
            to_stdout(|out| report::pretty(&crate::config::schema(), out))?;
            Ok(Exit::Clean)
        }
    }
}

fn show(options: &ConfigShow) -> Result<Exit, Refusal> {
    let (session, _) = session(&options.reading, |layer, folder| options.reading.say(layer, folder))?;
    let document = match &options.file {
        Some(file) if !session.reader.exists(file) => {
            return Err(Refusal::failed(format!("`{}`: there is no such file", file.display())));
        }
        // Of a folder: what holds for a document in it.
        Some(folder) if folder.is_dir() => session.reader.identity(&folder.join("openapi.yaml")),
        Some(file) => session.reader.identity(file),
        None => session.working_directory.join("openapi.yaml"),
    };
    match session.configuration.shown(&session.reader, &document) {
        Ok(shown) => {
            to_stdout(|out| match options.output_format {
                TextOrJson::Text => text(&shown, out),
                TextOrJson::Json => report::pretty(&Listed::of(&shown), out),
            })?;
            Ok(Exit::Clean)
        }
        Err(failures) => {
            explain(failures);
            Ok(Exit::Trouble)
        }
    }
}

/// The errors as a lint would show them, on standard error: standard output is for settings.
fn explain(errors: Vec<Failure>) {
    let report = crate::lint::Report { errors, ..crate::lint::Report::default() };
    to_stderr(|out| report::full(&report, &Full::default(), out));
}

/// One line a value: key, value, origin. A key that is said several times stands once.
fn text(shown: &Shown, out: &mut dyn Write) -> io::Result<()> {
    let width =
        |of: fn(&Row) -> &str| shown.rows.iter().map(|row| of(row).chars().count()).max().unwrap_or(0);
    let key_width = width(|row| &row.key);
    // A long value moves its own origin only.
    let value_width = width(|row| &row.value).min(40);
    let mut before = "";
    for row in &shown.rows {
        let key = if row.key == before { "" } else { row.key.as_str() };
        before = &row.key;
        let value = if row.value.is_empty() { "-" } else { &row.value };
        let (value, origin) = (visible(value), row.origin.to_string());
        writeln!(out, "{key:<key_width$}  {value:<value_width$}  {}", visible(&origin))?;
    }
    let files: Vec<_> = shown.files.iter().map(|file| visible(file)).collect();
    match files.is_empty() {
        true => writeln!(out, "\nno file of settings"),
        false => writeln!(out, "\nfiles, the nearest last: {}", files.join(", ")),
    }
}

/// The list for programs, described by `schemas/config-show-v1.schema.json`. Frozen: fields may be added, none is removed
/// or changes its meaning within a version.
#[derive(Serialize)]
struct Listed<'s> {
    version: u32,
    files: &'s [String],
    settings: Vec<ListedRow<'s>>,
}

#[derive(Serialize)]
struct ListedRow<'s> {
    key: &'s str,
    value: Option<&'s str>,
    origin: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'s str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<u32>,
}

impl<'s> Listed<'s> {
    fn of(shown: &'s Shown) -> Listed<'s> {
        let settings = shown.rows.iter().map(|row| {
            let location = row.origin.location();
            ListedRow {
                key: &row.key,
                value: Some(row.value.as_str()).filter(|value| !value.is_empty()),
                origin: row.origin.to_string(),
                path: location.map(|at| at.path.as_str()),
                line: location.map(|at| at.start.line),
                column: location.map(|at| at.start.column),
            }
        });
        Listed { version: 1, files: &shown.files, settings: settings.collect() }
    }
}
