//! `oasguard baseline show`: what is accepted, how bad it is, and for how long.

use std::io::{self, Write};

use serde::Serialize;

use super::super::args::{BaselineShow, TextOrJson};
use super::super::output::to_stdout;
use super::super::{Exit, Refusal, session_without_report};
use super::beside::{Beside, Located};
use crate::baseline::{Ages, Counts};
use crate::lint::{Date, Severity};
use crate::report::visible;

pub(super) fn run(options: &BaselineShow) -> Result<Exit, Refusal> {
    let (mut session, run) = session_without_report(&options.reading)?;
    let place = Located::of(options.baseline.as_deref(), &run, &session)?;
    let beside = Beside::alone(place, &mut session)?;
    let (ages, today) = (beside.baseline.ages(), options.today.unwrap_or(session.today));
    to_stdout(|out| match options.output_format {
        TextOrJson::Text => text(&ages, today, out),
        TextOrJson::Json => crate::report::pretty(&Shown::of(&beside.display, &ages, today), out),
    })?;
    Ok(Exit::Clean)
}

/// A row for each rule, the worst first.
fn text(ages: &Ages, today: Date, out: &mut dyn Write) -> io::Result<()> {
    let mut rules: Vec<_> = ages.rules.iter().collect();
    rules.sort_by_key(|(rule, counts)| (std::cmp::Reverse(worst(counts)), rule.as_str()));
    let mut rows = vec![["rule", "high", "medium", "low", "info", "oldest"].map(str::to_owned)];
    let row = |name: &str, counts: &Counts| {
        let [high, medium, low, info] = [Severity::High, Severity::Medium, Severity::Low, Severity::Info]
            .map(|severity| counts.of(severity).to_string());
        let oldest = counts.oldest.map_or_else(String::new, |day| format!("{} d", today.days_since(day)));
        [visible(name).into_owned(), high, medium, low, info, oldest]
    };
    rows.extend(rules.into_iter().map(|(rule, counts)| row(rule, counts)));
    rows.push(row("total", &ages.all));
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let [first, second, third, fourth, fifth, sixth] = [0, 1, 2, 3, 4, 5].map(width);
    for [rule, high, medium, low, info, oldest] in &rows {
        writeln!(
            out,
            "{rule:<first$}  {high:>second$}  {medium:>third$}  {low:>fourth$}  {info:>fifth$}  {oldest:>sixth$}"
        )?;
    }
    Ok(())
}

fn worst(counts: &Counts) -> Option<Severity> {
    Severity::ALL.iter().rev().copied().find(|&severity| counts.of(severity) > 0)
}

/// The counts for programs, described by `schemas/baseline-v1.schema.json`. Frozen: fields may be added, none is removed
/// or changes its meaning within a version.
#[derive(Serialize)]
struct Shown<'s> {
    version: u32,
    path: &'s str,
    files: usize,
    total: Counted,
    rules: Vec<OfRule<'s>>,
}

#[derive(Serialize)]
struct OfRule<'s> {
    rule: &'s str,
    #[serde(flatten)]
    counted: Counted,
}

#[derive(Serialize)]
struct Counted {
    count: usize,
    high: usize,
    medium: usize,
    low: usize,
    info: usize,
    oldest: Option<String>,
    oldest_days: Option<u64>,
}

impl<'s> Shown<'s> {
    fn of(path: &'s str, ages: &'s Ages, today: Date) -> Shown<'s> {
        let rules = ages.rules.iter();
        Shown {
            version: 1,
            path,
            files: ages.files,
            total: Counted::of(&ages.all, today),
            rules: rules.map(|(rule, counts)| OfRule { rule, counted: Counted::of(counts, today) }).collect(),
        }
    }
}

impl Counted {
    fn of(counts: &Counts, today: Date) -> Counted {
        Counted {
            count: counts.count(),
            high: counts.of(Severity::High),
            medium: counts.of(Severity::Medium),
            low: counts.of(Severity::Low),
            info: counts.of(Severity::Info),
            oldest: counts.oldest.map(|day| day.to_string()),
            oldest_days: counts.oldest.map(|day| today.days_since(day)),
        }
    }
}
