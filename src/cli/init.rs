//! `oasguard init`: writes a commented `oasguard.yaml` after looking at the documents.

use std::fmt::Write as _;
use std::path::Path;

use super::args::{Init, InputOptions};
use super::output::{to_file, to_stderr, to_stdout};
use super::{Exit, Refusal, inputs, session};
use crate::config::FILE_NAMES;
use crate::lint::{DocumentStatus, Report, Severity};
use crate::report::visible;

/// More documents than this are searched for rather than listed.
const LISTED: usize = 20;

pub(super) fn run(options: &Init) -> Result<Exit, Refusal> {
    let (mut session, run) = session(&options.reading, |layer, folder| options.reading.say(layer, folder))?;
    let folder = session.working_directory.clone();
    if let Some(name) = FILE_NAMES.iter().find(|name| folder.join(name).symlink_metadata().is_ok()) {
        return Err(Refusal::failed(format!(
            "`{name}` is already here; `oasguard config show` prints what it says"
        )));
    }
    let found = inputs::find(&mut session, &[], &InputOptions::default(), &run, &[])?;
    let report = session.lint(&found);
    let path = Path::new(FILE_NAMES[0]);
    let text = starter(&report);
    to_file(&folder.join(path), |out| out.write_all(text.as_bytes()))
        .map_err(|error| Refusal::failed(format!("`{}` cannot be written: {error}", path.display())))?;
    to_stdout(|out| {
        writeln!(out, "wrote {}: {}", path.display(), counted(report.summary.linted, "document"))?;
        writeln!(out, "`oasguard lint` finds {} there", findings(&report))
    })?;
    for failure in &report.errors {
        to_stderr(|out| writeln!(out, "note: {}: {}", visible(&failure.path), visible(&failure.message)));
    }
    Ok(Exit::Clean)
}

/// The file with what is usual, and in comments what else there is.
fn starter(report: &Report) -> String {
    let linted = report.documents.iter().filter(|document| document.status == DocumentStatus::Linted);
    let paths: Vec<&str> = linted.map(|document| document.path.as_str()).collect();
    let mut text = String::from(concat!(
        "# Settings of oasguard for this folder and all below it. `oasguard config show` prints what holds and why,\n",
        "# `oasguard config schema` prints the JSON Schema of this file, `oasguard rules` lists the rules.\n\n",
    ));
    if !paths.is_empty() && paths.len() <= LISTED {
        text.push_str("# The documents. Without this list, folders are searched for what calls itself OpenAPI.\ndocuments:\n");
        for path in &paths {
            // As JSON, which YAML contains: a path may have any character.
            let _ = writeln!(text, "  - {}", serde_json::Value::from(*path));
        }
        text.push('\n');
    }
    let _ = writeln!(
        text,
        "# For whom the rules speak: default, pedantic or auditor. Today the default finds {}.",
        findings(report)
    );
    text.push_str("profile: default\n\n");
    text.push_str(
        "# The least severity that fails a run: high, medium, low, info or never.\nfail-on: low\n\n",
    );
    text.push_str(concat!(
        "# An old API need not be perfect today: a baseline accepts what is known, and only what is new fails a run.\n",
        "# baseline: oasguard-baseline.yaml\n\n",
        "# Rules that are not wanted here, and severities that are other ones here.\n",
        "# ignore: [unversioned-api]\n",
        "# rules:\n",
        "#   unbounded-string: { severity: info }\n\n",
        "# Operations that anyone may call on purpose.\n",
        "# public:\n",
        "#   - paths: [/health, /public/**]\n",
        "#     reason: monitored from outside\n\n",
        "# Findings that are accepted.\n",
        "# suppressions:\n",
        "#   - rules: [unauthenticated-read]\n",
        "#     paths: [/prices/**]\n",
        "#     reason: the price list is printed in our catalogue\n",
        "#     until: 2027-03-31\n",
    ));
    text
}

fn findings(report: &Report) -> String {
    let summary = &report.summary;
    let total: usize = summary.findings.iter().sum();
    let by = [Severity::High, Severity::Medium, Severity::Low, Severity::Info];
    let by = by.into_iter().filter(|severity| summary.of(*severity) > 0);
    let by: Vec<_> = by.map(|severity| format!("{} {severity}", summary.of(severity))).collect();
    match total {
        0 => "nothing".to_owned(),
        _ => format!("{} ({})", counted(total, "finding"), by.join(", ")),
    }
}

fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
