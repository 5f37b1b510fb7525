//! What ran and how long it took, as aligned text.

use std::io::{self, Write};
use std::time::Duration;

use super::visible;
use crate::lint::{Report, Statistics, Summary, Timings};

/// The last line of every run: `3 documents linted, 2 skipped, 0 failed`, and if there are any, `, 4 suppressed`.
pub fn summary(summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
    let Summary { linted, skipped, failed, suppressed, .. } = *summary;
    write!(out, "{} linted, {skipped} skipped, {failed} failed", counted(linted, "document"))?;
    if suppressed > 0 {
        write!(out, ", {} suppressed", grouped(suppressed as u64))?;
    }
    writeln!(out)
}

/// For each rule that ran: to how many nodes it was applied and how many occurrences it reported, in the order of the
/// rules' ids. A rule that found nothing is listed too: that it looked is the evidence.
pub fn statistics(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let Statistics { rules, operations, bytes } = &report.statistics;
    let mut rows = vec![["rule".to_owned(), "nodes".to_owned(), "occurrences".to_owned()]];
    for (rule, (nodes, occurrences)) in rules {
        rows.push([visible(rule).into_owned(), grouped(*nodes as u64), grouped(*occurrences as u64)]);
    }
    table(&rows, out)?;
    let linted = report.summary.linted;
    writeln!(
        out,
        "{} on {} of {}, {} read",
        counted(rules.len(), "rule"),
        counted(*operations, "operation"),
        counted(linted, "document"),
        counted(*bytes as usize, "byte"),
    )
}

/// Processor time by phase, summed over threads.
pub fn timings(timings: &Timings, out: &mut dyn Write) -> io::Result<()> {
    let Timings { read, parse, model, rules, findings } = *timings;
    let phases =
        [("read", read), ("parse", parse), ("model", model), ("rules", rules), ("findings", findings)];
    let total: Duration = phases.iter().map(|(_, time)| *time).sum();
    let mut rows = vec![["phase".to_owned(), "ms".to_owned(), "share".to_owned()]];
    for (phase, time) in phases.into_iter().chain([("total", total)]) {
        let share = 100.0 * time.as_secs_f64() / total.as_secs_f64().max(f64::MIN_POSITIVE);
        rows.push([phase.to_owned(), format!("{:.1}", time.as_secs_f64() * 1e3), format!("{share:.0} %")]);
    }
    table(&rows, out)
}

/// Rows in columns: the first to the left, the others to the right.
fn table(rows: &[[String; 3]], out: &mut dyn Write) -> io::Result<()> {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let [first, second, third] = [width(0), width(1), width(2)];
    for [name, left, right] in rows {
        writeln!(out, "{name:<first$}  {left:>second$}  {right:>third$}")?;
    }
    Ok(())
}

/// `1 document`, `2,000 documents`.
pub(super) fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", grouped(count as u64))
}

/// Digits in groups of three.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(write: impl Fn(&mut dyn Write) -> io::Result<()>) -> String {
        let mut out = Vec::new();
        write(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn every_rule_that_ran_is_a_row() {
        let mut report = Report::default();
        report.statistics.rules =
            [("unauthenticated-write", (12_345, 7)), ("api-key-in-query", (3, 0))].into_iter().collect();
        report.statistics.operations = 1;
        report.statistics.bytes = 1_234_567;
        report.summary.linted = 2;
        insta::assert_snapshot!(text(|out| statistics(&report, out)), @r"
            rule                    nodes  occurrences
            api-key-in-query            3            0
            unauthenticated-write  12,345            7
            2 rules on 1 operation of 2 documents, 1,234,567 bytes read
            ");
    }

    #[test]
    fn timings_are_milliseconds_and_shares() {
        let ms = Duration::from_millis;
        let all = Timings { read: ms(5), parse: ms(120), model: ms(40), rules: ms(30), findings: ms(5) };
        insta::assert_snapshot!(text(|out| timings(&all, out)), @r"
            phase        ms  share
            read        5.0    2 %
            parse     120.0   60 %
            model      40.0   20 %
            rules      30.0   15 %
            findings    5.0    2 %
            total     200.0  100 %
            ");
        assert!(text(|out| timings(&Timings::default(), out)).contains("0 %"));
    }

    #[test]
    fn the_last_line_counts_documents() {
        let one = Summary { linted: 1, skipped: 2, ..Summary::default() };
        assert_eq!(text(|out| summary(&one, out)), "1 document linted, 2 skipped, 0 failed\n");
    }
}
