//! `--diff-base`: only what a change brought, and what it silences.

use std::sync::Arc;

use super::baseline::Lintable;
use super::output::to_stderr;
use super::{Refusal, baseline};
use crate::baseline::{Baseline, Conflicts};
use crate::config::loosened;
use crate::lint::{Claim, Comparison, Report, Silenced, SilencedBy, Spelling, Standing, Suppression};
use crate::report::visible_line;
use crate::session::{Before, Input, Session};
use crate::source::{Reader, Revision};

/// Opens the revision to compare with.
pub(super) fn open(session: &Session, name: &str) -> Result<Arc<Revision>, Refusal> {
    Ok(Arc::new(Revision::open(&session.working_directory, name).map_err(refused)?))
}

fn refused(error: impl std::fmt::Display) -> Refusal {
    Refusal::failed(format!("`--diff-base`: {error}"))
}

/// Makes the session report only what is new since a revision.
pub(super) fn with(
    session: &mut Session,
    name: &str,
    revision: Arc<Revision>,
    inputs: &[Input],
) -> Result<Before, Refusal> {
    let mut before = session.before(revision, inputs).map_err(refused)?;
    say(name, &before);
    let then = std::mem::take(&mut before.known);
    session.known = Some(match session.known.take() {
        Some(accepted) => accepted.and(then),
        None => then,
    });
    Ok(before)
}

/// Says what the documents are compared with, as far as that is not what one expects.
fn say(name: &str, before: &Before) {
    let commit = short(&before.revision);
    to_stderr(|out| {
        if before.revision.is_tip {
            let why =
                "its history is not in this shallow clone, so what others changed there counts as yours";
            writeln!(out, "compared with the tip of `{}` ({commit}): {why}", visible_line(name))?;
        }
        for failure in &before.report.errors {
            let (path, message) = (visible_line(&failure.path), visible_line(&failure.message));
            writeln!(out, "{path}: not compared, all of it counts as new: at {commit} {message}")?;
        }
        Ok(())
    });
}

fn short(revision: &Revision) -> &str {
    let commit = revision.commit();
    &commit[..commit.len().min(10)]
}

/// What a report was compared with, and what keeps findings out of it that was not there before.
pub(super) fn comparison(
    session: &Session,
    name: &str,
    before: &Before,
    report: &Report,
    beside: &Lintable,
) -> Comparison {
    let mut silenced = directives(session, before, report);
    silenced.extend(settings(session, before, report));
    silenced.extend(accepted(session, before, beside));
    silenced.sort();
    silenced.dedup();
    Comparison { base: name.to_owned(), commit: before.revision.commit().to_owned(), silenced }
}

/// Comments and extensions that the change added, or made to hold longer.
fn directives(session: &Session, before: &Before, report: &Report) -> Vec<Silenced> {
    let of_documents = |all: &[Suppression]| -> Vec<Suppression> {
        let held = all.iter().filter(|one| one.standing == Standing::Active);
        held.filter(|one| one.directive.spelling != Spelling::Configuration).cloned().collect()
    };
    let mut then = of_documents(&before.report.suppressions);
    let is_gone = |path: &str| !session.reader.exists(&session.working_directory.join(path));
    let says_the_same = |one: &Suppression, other: &Suppression| {
        let [one, other] = [one, other]
            .map(|s| (&s.names, &s.directive.what, s.directive.until, &s.directive.location.pointer));
        one == other
    };
    let mut added = Vec::new();
    for now in of_documents(&report.suppressions) {
        let path = &now.directive.location.path;
        let had =
            then.iter().position(|one| one.directive.location.path == *path && says_the_same(one, &now));
        // A file that was renamed keeps what it says.
        let had = had.or_else(|| {
            then.iter().position(|one| is_gone(&one.directive.location.path) && says_the_same(one, &now))
        });
        match had {
            Some(at) => drop(then.swap_remove(at)),
            None => added.push(of_directive(&now)),
        }
    }
    added
}

fn of_directive(suppression: &Suppression) -> Silenced {
    let directive = &suppression.directive;
    let until = directive.until.map(|until| format!(" until {until}")).unwrap_or_default();
    let (by, what) = match directive.what {
        Claim::Ignore(_) => {
            (SilencedBy::Suppression, format!("ignore[{}]{until}", suppression.names.join(", ")))
        }
        Claim::Public => (SilencedBy::Public, format!("public{until}")),
    };
    Silenced {
        by,
        path: directive.location.path.clone(),
        line: Some(directive.location.start.line),
        what,
        reason: directive.reason.clone(),
    }
}

/// Settings that let more pass than those of the revision, for any document.
fn settings(session: &Session, before: &Before, report: &Report) -> Vec<Silenced> {
    let reader = Reader::of_revision(before.revision.clone());
    let then = session.configuration.at(&reader);
    let now = session.configuration.at(&session.reader);
    let mut silenced = Vec::new();
    for document in &report.documents {
        let path = session.reader.identity(&session.working_directory.join(&document.path));
        // Where nobody can say what holds, the run has errors; where nobody could, nothing held.
        let Ok(now) = now.shown(&session.reader, &path) else { continue };
        let then = then.shown(&reader, &path).map(|shown| shown.rows).unwrap_or_default();
        silenced.extend(loosened(&then, &now.rows).into_iter().map(|(what, row)| {
            let place = row.origin.location();
            let is_there = now.rows.iter().any(|other| std::ptr::eq(other, row));
            let line = place.filter(|_| is_there).map(|place| place.start.line);
            let path = place.map_or_else(|| row.origin.to_string(), |place| place.path.clone());
            Silenced { by: SilencedBy::Setting, path, line, what, reason: None }
        }));
    }
    silenced
}

/// Entries that the baseline of the revision did not have.
fn accepted(session: &Session, before: &Before, beside: &Lintable) -> Vec<Silenced> {
    let Some((path, now)) = beside.baseline() else { return Vec::new() };
    let reader = Reader::of_revision(before.revision.clone());
    let display = baseline::display(path, &session.working_directory);
    let text = reader.read(path, &session.limits).unwrap_or_default();
    let then = Baseline::read(path.to_owned(), display.clone(), text, Conflicts::Unite, &session.limits);
    let then = then.unwrap_or_default();
    let had: rustc_hash::FxHashSet<_> =
        then.entries.iter().map(|entry| (entry.path.as_str(), entry.fingerprint.as_str())).collect();
    let added =
        now.entries.iter().filter(|entry| !had.contains(&(entry.path.as_str(), entry.fingerprint.as_str())));
    let silenced = added.map(|entry| Silenced {
        by: SilencedBy::Baseline,
        path: display.clone(),
        line: None,
        what: format!(
            "{} in {} ({}…)",
            entry.rule,
            entry.path,
            entry.fingerprint.get(..8).unwrap_or_default()
        ),
        reason: None,
    });
    silenced.collect()
}

/// Says on standard error what was compared, and everything that the change silences.
pub(super) fn explain(comparison: &Comparison) {
    let Comparison { base, commit, silenced } = comparison;
    to_stderr(|out| {
        writeln!(out, "compared with `{}` ({})", visible_line(base), commit.get(..10).unwrap_or(commit))?;
        for one in silenced {
            let line = one.line.map(|line| format!(":{line}")).unwrap_or_default();
            let reason = one.reason.as_ref().map(|reason| format!(" ({reason})")).unwrap_or_default();
            let text = format!("{}{line}: the change adds {}: {}{reason}", one.path, noun(one.by), one.what);
            writeln!(out, "{}", visible_line(&text))?;
        }
        Ok(())
    });
}

fn noun(by: SilencedBy) -> &'static str {
    match by {
        SilencedBy::Suppression => "a suppression",
        SilencedBy::Public => "a public operation",
        SilencedBy::Baseline => "an accepted finding",
        SilencedBy::Setting => "a setting that lets more pass",
    }
}
