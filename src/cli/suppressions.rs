//! `oasguard suppressions list`: what is suppressed, where, why and until when.

use std::io::{self, Write};

use super::args::{InputOptions, ListSuppressions, Suppressions, TextOrJson};
use super::output::{complain, to_stdout};
use super::{Exit, Refusal, inputs, session};
use crate::lint::{Claim, Profile, Report, Spelling, Standing, Suppression};
use crate::report::{self, visible};

pub(super) fn run(options: &Suppressions) -> Result<Exit, Refusal> {
    let Suppressions::List(options) = options;
    list(options)
}

/// Prints the directives of the documents. That some expire is no failure: `lint` reports those that have.
fn list(options: &ListSuppressions) -> Result<Exit, Refusal> {
    let (mut session, run) = session(&options.reading, |layer, folder| {
        layer.say_text("profile", "suppressions list", folder, Profile::Auditor.name());
        options.reading.say(layer, folder);
    })?;
    session.today = options.today.unwrap_or(session.today);
    let inputs = inputs::find(&mut session, &options.paths, &InputOptions::default(), &run, &[])?;
    let mut report = session.lint(&inputs);
    if let Some(days) = options.expiring {
        let last = session.today.later_by(days);
        report.suppressions.retain(|one| one.directive.until.is_some_and(|until| until <= last));
    }
    to_stdout(|out| match options.output_format {
        TextOrJson::Text => text(&report, out),
        TextOrJson::Json => report::suppressions(&report.suppressions, out),
    })?;
    report.errors.iter().for_each(|failure| complain(&failure.message));
    let is_incomplete = report.documents.iter().any(|document| document.incomplete);
    let is_trouble = !report.errors.is_empty() || report.summary.failed > 0 || is_incomplete;
    Ok(if is_trouble { Exit::Trouble } else { Exit::Clean })
}

/// One line a directive: `shop.yaml:12:5  ignore[cleartext-server]  3 occurrences  until 2027-03-31  behind the VPN`.
fn text(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for suppression in &report.suppressions {
        let Suppression { directive, names, standing, occurrences } = suppression;
        let location = &directive.location;
        let (line, column) = (location.start.line, location.start.column);
        write!(out, "{}:{line}:{column}  ", visible(&location.path))?;
        let noun = match directive.what {
            Claim::Ignore(_) => {
                write!(out, "ignore[{}]", visible(&names.join(", ")))?;
                "occurrence"
            }
            Claim::Public => {
                write!(out, "public")?;
                "operation"
            }
        };
        let plural = if *occurrences == 1 { "" } else { "s" };
        write!(out, "  {occurrences} {noun}{plural}")?;
        if directive.spelling == Spelling::Configuration {
            write!(out, "  in the configuration")?;
        }
        match (directive.until, standing) {
            (Some(until), Standing::Expired) => write!(out, "  expired after {until}")?,
            (Some(until), _) => write!(out, "  until {until}")?,
            (None, _) => {}
        }
        if *standing == Standing::Invalid {
            write!(out, "  invalid")?;
        }
        let reason = directive.reason.as_deref().map_or("no reason given".into(), visible);
        writeln!(out, "  {reason}")?;
    }
    let count = report.suppressions.len();
    let plural = if count == 1 { "" } else { "s" };
    writeln!(out, "{count} directive{plural}")
}
