//! The report as a short table in GitHub's Markdown, for the summary of a job or a comment on a pull request.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::statistics::counted;
use super::{ERROR, Setting, level, severest_first, visible};
use crate::lint::{Failure, Finding, Location, Report, Severity};

/// How many bytes a comment on GitHub may have at most; the summary of a job may have more. It takes as many characters,
/// which are never more than bytes.
pub const MARKDOWN_BYTES: usize = 65_536;

/// Characters of one cell.
const CELL: usize = 400;

/// Writes the counts and a table of the errors and the findings, most severe first, as many as a comment can hold. If
/// some are left out, a last line says how many.
pub fn markdown(report: &Report, setting: &Setting<'_>, out: &mut dyn Write) -> io::Result<()> {
    let head = head(report);
    out.write_all(head.as_bytes())?;
    let errors = report.errors.iter().map(|failure| of_failure(failure, setting));
    let by_severity = severest_first(&report.findings);
    let total = report.errors.len() + report.findings.len();
    if total == 0 {
        return out.flush();
    }
    out.write_all(TABLE.as_bytes())?;
    let mut room = MARKDOWN_BYTES - head.len() - TABLE.len() - left_out(total).len();
    let mut written = 0;
    for row in errors.chain(by_severity.map(|finding| of_finding(finding, setting))) {
        let Some(rest) = room.checked_sub(row.len()) else { break };
        out.write_all(row.as_bytes())?;
        room = rest;
        written += 1;
    }
    if written < total {
        out.write_all(left_out(total - written).as_bytes())?;
    }
    out.flush()
}

const TABLE: &str = "\n| severity | where | what | rule |\n| --- | --- | --- | --- |\n";

fn left_out(count: usize) -> String {
    let missing = counted(count, "more finding");
    format!("\n… and {missing}: the text would be too long for a comment. Other formats have all.\n")
}

/// The heading and the counts.
fn head(report: &Report) -> String {
    let summary = &report.summary;
    let of = |severity: &Severity| (level(*severity).full, summary.of(*severity));
    let mut counts: Vec<String> = Vec::new();
    if !report.errors.is_empty() {
        counts.push(counted(report.errors.len(), ERROR.full));
    }
    let by_severity = Severity::ALL.iter().rev().map(of).filter(|(_, count)| *count > 0);
    counts.extend(by_severity.map(|(word, count)| format!("{count} {word}")));
    if counts.is_empty() {
        counts.push("no findings".to_owned());
    }
    let silent = [("suppressed", summary.suppressed), ("known", summary.baselined.count())];
    let silent = silent.into_iter().filter(|(_, count)| *count > 0);
    counts.extend(silent.map(|(word, count)| format!("{count} {word}")));
    let mut documents = vec![format!("{} checked", counted(summary.linted, "document"))];
    let others = [("skipped", summary.skipped), ("failed", summary.failed)];
    let others = others.into_iter().filter(|(_, count)| *count > 0);
    documents.extend(others.map(|(word, count)| format!("{count} {word}")));
    let incomplete = report.documents.iter().filter(|document| document.incomplete).count();
    let incomplete = incomplete.saturating_sub(summary.failed);
    if incomplete > 0 {
        documents.push(format!("{incomplete} of them not as a whole"));
    }
    format!("### {}\n\n**{}** · {}\n", env!("CARGO_PKG_NAME"), counts.join(", "), documents.join(", "))
}

fn of_finding(finding: &Finding, setting: &Setting<'_>) -> String {
    let rule = format!("[{}]({})", text(finding.rule), address(&finding.url));
    let word = level(finding.severity).full;
    row(word, &place(&finding.location.path, Some(&finding.location), setting), &finding.message, &rule)
}

fn of_failure(failure: &Failure, setting: &Setting<'_>) -> String {
    let location = failure.location.as_ref();
    let path = location.map_or(&failure.path, |location| &location.path);
    row(ERROR.full, &place(path, location, setting), &failure.message, &text(failure.rule))
}

fn row(word: &str, place: &str, message: &str, rule: &str) -> String {
    format!("| {word} | {} | {} | {rule} |\n", code(&short(place)), message_text(&short(message)))
}

/// `path:line`.
fn place(path: &str, location: Option<&Location>, setting: &Setting<'_>) -> String {
    let path = setting.in_root(path);
    location.map_or_else(|| path.clone(), |location| format!("{path}:{}", location.start.line))
}

fn short(text: &str) -> String {
    let text = visible(text);
    match text.char_indices().nth(CELL) {
        None => text.into_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}

/// A message: what stands between backticks becomes code, all else shows as it is. Names of a document may have backticks
/// of their own, so neither part is trusted.
fn message_text(message: &str) -> String {
    let parts: Vec<&str> = message.split('`').collect();
    // Each pair of backticks encloses an odd part; one without its pair is a backtick.
    let pairs = (parts.len() - 1) / 2;
    let mut shown = String::new();
    for (number, part) in parts.iter().enumerate() {
        match number {
            _ if number % 2 == 1 && number / 2 < pairs => shown.push_str(&code(part)),
            _ if number > 2 * pairs => shown.push_str(&text(&format!("`{part}"))),
            _ => shown.push_str(&text(part)),
        }
    }
    shown
}

/// Text as code, in which nothing is markup.
fn code(part: &str) -> String {
    let is_blank = part.trim().is_empty();
    // A bar ends a cell even within code, and code cannot be empty.
    if is_blank || part.contains(['|', '`', '\\']) || part.starts_with(' ') || part.ends_with(' ') {
        return text(part);
    }
    format!("`{part}`")
}

/// Text as text: characters that Markdown knows are written as references, and those that would make GitHub link or notify
/// somebody (`@name`, `#1`, `https:`, `www.`) are followed by an empty comment that parts them from what comes next.
fn text(part: &str) -> String {
    let mut shown = String::with_capacity(part.len());
    for character in part.chars() {
        match character {
            ' ' | ',' | '-' | '/' | '(' | ')' | '\'' | ';' | '?' | '%' | '=' => shown.push(character),
            '@' | '#' | ':' | '.' => {
                let _ = write!(shown, "&#{};<!-- -->", character as u32);
            }
            _ if character.is_ascii_punctuation() => {
                let _ = write!(shown, "&#{};", character as u32);
            }
            _ => shown.push(character),
        }
    }
    shown
}

/// An address that may stand in a link: whatever could end it is percent-encoded.
fn address(url: &str) -> String {
    let is_safe = |character: char| {
        character.is_ascii_alphanumeric()
            || matches!(character, ':' | '/' | '.' | '-' | '_' | '~' | '#' | '?' | '=')
    };
    let is_ours = url.starts_with("https://") && url.chars().all(is_safe);
    if is_ours { url.to_owned() } else { String::new() }
}
