//! The report as workflow commands of GitHub Actions, which become annotations of the changed lines.

use std::io::{self, BufWriter, Write};

use super::concise::place;
use super::statistics::counted;
use super::visible::visible;
use super::{ERROR, Level, Setting, level, severest_first};
use crate::lint::{Failure, Finding, Location, Report};

/// How many annotations of one kind GitHub shows of one step.
const SHOWN: usize = 10;

/// Writes a command for each error and then each finding, most severe first, as many of each kind as GitHub shows. The
/// others follow in plain lines of the log, and a last command says how many they are.
pub fn github(report: &Report, setting: &Setting<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    let errors = report.errors.iter().map(Annotation::of_failure);
    let by_severity = severest_first(&report.findings);
    let all: Vec<Annotation<'_>> = errors.chain(by_severity.map(Annotation::of)).collect();
    let rest = rest(&all);
    let room = |kind: &str| if kind == "notice" && !rest.is_empty() { SHOWN - 1 } else { SHOWN };
    for kind in KINDS {
        for annotation in all.iter().filter(|one| one.level.github == kind).take(room(kind)) {
            annotation.command(setting, &mut out)?;
        }
    }
    for annotation in &rest {
        writeln!(out, "{}", annotation.line())?;
    }
    if !rest.is_empty() {
        let missing = counted(rest.len(), "more finding");
        let message = format!("{missing}: GitHub shows {SHOWN} annotations of a kind, the log shows all");
        writeln!(out, "::notice title={}::{}", property(env!("CARGO_PKG_NAME")), data(&message))?;
    }
    out.flush()
}

/// The commands that make annotations.
const KINDS: [&str; 3] = ["error", "warning", "notice"];

/// What GitHub would not show as annotations, in order. If there is anything, one notice must be left to say so.
fn rest<'r, 'a>(all: &'r [Annotation<'a>]) -> Vec<&'r Annotation<'a>> {
    let beyond = |room: fn(&str) -> usize| {
        let mut counts = [0; KINDS.len()];
        let is_beyond = |annotation: &&Annotation<'a>| {
            let kind = annotation.level.github;
            let at = KINDS.iter().position(|known| *known == kind).unwrap_or_default();
            counts[at] += 1;
            counts[at] > room(kind)
        };
        all.iter().filter(is_beyond).collect::<Vec<_>>()
    };
    match beyond(|_| SHOWN) {
        none if none.is_empty() => none,
        _ => beyond(|kind| if kind == "notice" { SHOWN - 1 } else { SHOWN }),
    }
}

/// One line of the diff with a remark.
struct Annotation<'a> {
    level: Level,
    rule: &'a str,
    message: &'a str,
    help: &'a str,
    path: &'a str,
    location: Option<&'a Location>,
}

impl<'a> Annotation<'a> {
    fn of(finding: &'a Finding) -> Annotation<'a> {
        Annotation {
            level: level(finding.severity),
            rule: finding.rule,
            message: &finding.message,
            help: &finding.help,
            path: &finding.location.path,
            location: Some(&finding.location),
        }
    }

    fn of_failure(failure: &'a Failure) -> Annotation<'a> {
        Annotation {
            level: ERROR,
            rule: failure.rule,
            message: &failure.message,
            help: &failure.help,
            path: &failure.path,
            location: failure.location.as_ref(),
        }
    }

    fn command(&self, setting: &Setting<'_>, out: &mut impl Write) -> io::Result<()> {
        let path = self.location.map_or(self.path, |location| &location.path);
        write!(out, "::{} file={}", self.level.github, property(&visible(&setting.in_root(path))))?;
        if let Some(Location { start, end, .. }) = self.location {
            write!(out, ",line={},endLine={}", start.line, end.line)?;
            // GitHub accepts columns for places on one line only.
            if start.line == end.line {
                write!(out, ",col={},endColumn={}", start.column, end.column)?;
            }
        }
        let title = format!("{} ({})", env!("CARGO_PKG_NAME"), self.rule);
        // The log shows the message alone, so it must say where.
        let mut message = self.line();
        if !self.help.is_empty() {
            message.push_str("\nhelp: ");
            message.push_str(&visible(self.help));
        }
        writeln!(out, ",title={}::{}", property(&title), data(&message))
    }

    /// `path:line:column: high[rule-id] message`.
    fn line(&self) -> String {
        let place = place(self.path, self.location);
        format!("{place}: {}[{}] {}", self.level.full, self.rule, visible(self.message))
    }
}

/// Escapes the message of a command, as the runner takes it apart again.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes the value of a property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_and_properties_are_escaped() {
        assert_eq!(data("100%\r\n::a,b:c%0A"), "100%25%0D%0A::a,b:c%250A");
        assert_eq!(property("a:b,c%\n"), "a%3Ab%2Cc%25%0A");
    }
}
