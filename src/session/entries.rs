//! Suppressions of the configuration that are of no use, since their last day is past or since they match nothing:
//! findings at their place in the file of settings.

use std::path::Path;

use rustc_hash::FxHashMap;

use super::Session;
use crate::config::Settings;
use crate::engine::{self, Excerpts, Orders, Outcome, Recording, SuppressedFindings};
use crate::lint::{
    Acceptance, Affected, Claim, Date, Directive, Finding, Recorded, Rule, Selected, Severity, Suppressed,
};
use crate::rules::{EXPIRED_SUPPRESSION, UNUSED_SUPPRESSION};

/// Adds what is to be said about the suppressions of the files that govern a document (display path) to what was found in
/// that. Several documents that a file governs find the same, and what one of them has a use for is not unused.
pub(super) fn report(
    session: &Session,
    settings: &Settings,
    orders: &Orders<'_>,
    document: &str,
    outcome: &mut Outcome,
) {
    let found = outcome.findings.len();
    let mut alike: FxHashMap<(String, String), u32> = FxHashMap::default();
    // What is said here can be suppressed by other entries, which are judged when that is done.
    let (late, early): (Vec<_>, Vec<_>) =
        settings.selected.iter().partition(|one| names(one, UNUSED_SUPPRESSION));
    for selected in early.into_iter().chain(late) {
        let directive = &selected.directive;
        let Claim::Ignore(rules) = &directive.what else { continue };
        // Without the rules: what a category stands for depends on the version.
        let reason = directive.reason.as_deref().unwrap_or_default();
        let (useless, text) = match expired(selected, orders.today) {
            Some(day) => (Useless::Expired(day), format!("expired {day} {reason}")),
            None if is_unused(session, settings, directive, rules, outcome) => {
                (Useless::Unused, format!("unused {reason}"))
            }
            None => continue,
        };
        let number = alike.entry((directive.location.path.clone(), text.clone())).or_default();
        *number += 1;
        let fingerprint = engine::fingerprint_of(useless.rule(), &text, *number);
        say(useless, directive, settings, orders, document, fingerprint, outcome);
    }
    if outcome.findings.len() > found {
        engine::sort(&mut outcome.findings);
    }
}

/// Why a suppression is of no use.
#[derive(Clone, Copy)]
enum Useless {
    /// It held until this day.
    Expired(Date),
    /// It silences nothing.
    Unused,
}

impl Useless {
    fn rule(self) -> &'static Rule {
        match self {
            Useless::Expired(_) => EXPIRED_SUPPRESSION,
            Useless::Unused => UNUSED_SUPPRESSION,
        }
    }
}

/// Whether a document has no use for a suppression. That it has, or that nobody can tell, is noted for all that are
/// governed by the same file.
fn is_unused(
    session: &Session,
    settings: &Settings,
    directive: &Directive,
    rules: &[&str],
    outcome: &mut Outcome,
) -> bool {
    let place = (directive.location.path.clone(), directive.location.bytes.start);
    if outcome.useful.contains(&place) {
        return false;
    }
    let ran = |rule: &&str| settings.plan.rules().iter().any(|planned| planned.rule.id == *rule);
    let file = session.working_directory.join(&place.0);
    let is_whole = session.has_searched(file.parent().unwrap_or(Path::new("")));
    let is_judged =
        rules.iter().all(ran) && outcome.unresolved == 0 && outcome.failures.is_empty() && is_whole;
    if !is_judged {
        outcome.useful.push(place);
    }
    is_judged
}

/// Adds one statement, unless it is suppressed itself or known.
fn say(
    useless: Useless,
    directive: &Directive,
    settings: &Settings,
    orders: &Orders<'_>,
    document: &str,
    fingerprint: String,
    outcome: &mut Outcome,
) {
    let rule = useless.rule();
    let Some(planned) = settings.plan.rules().iter().find(|planned| planned.rule.id == rule.id) else {
        return;
    };
    let severity = planned.severity.unwrap_or(rule.severity);
    let path = directive.location.path.clone();
    let mut others = settings.selected.iter().filter(|other| other.directive.location != directive.location);
    if let Some(by) = others.find(|other| silences(other, rule, &fingerprint, orders.today)) {
        note_suppressed(by, &path, &fingerprint, outcome);
        let finding = || finding(useless, directive, severity, fingerprint, document, orders.excerpts);
        accept(finding, Some(Acceptance::Directive(Box::new(by.directive.clone()))), orders, outcome);
        return;
    }
    let entry = orders.known.and_then(|known| known.find(&path, &fingerprint).map(|entry| (known, entry)));
    let is_known = entry.is_some_and(|(known, entry)| severity <= known.entries()[entry].severity);
    if orders.known.is_some() || orders.recording == Recording::Keep {
        outcome.record.push(Recorded {
            path,
            fingerprint: fingerprint.clone(),
            rule: rule.id,
            severity,
            root: Some(document.to_owned()),
            entry: entry.map(|(_, entry)| entry),
            is_known,
            reported: Some(severity),
        });
    }
    let finding = || finding(useless, directive, severity, fingerprint, document, orders.excerpts);
    if is_known {
        let since = entry.and_then(|(known, entry)| known.entries()[entry].since);
        accept(finding, since.map(Acceptance::Baseline), orders, outcome);
    } else {
        outcome.findings.push(finding());
    }
}

/// Keeps what somebody accepts, if that is wanted.
fn accept(
    finding: impl FnOnce() -> Finding,
    by: Option<Acceptance>,
    orders: &Orders<'_>,
    outcome: &mut Outcome,
) {
    if let Some(by) = by.filter(|_| orders.accepted == SuppressedFindings::Keep) {
        outcome.accepted.push(Suppressed { finding: finding(), by: vec![by] });
    }
}

/// Whether a suppression is about a rule.
fn names(selected: &Selected, rule: &Rule) -> bool {
    matches!(&selected.directive.what, Claim::Ignore(rules) if rules.contains(&rule.id))
}

/// The last day of a suppression, if it is past.
fn expired(selected: &Selected, today: Date) -> Option<Date> {
    let is_ignored = matches!(selected.directive.what, Claim::Ignore(_));
    selected.directive.until.filter(|day| is_ignored && *day < today)
}

/// Whether a suppression covers what is said about another one: it names the rule, and nothing that is only in documents.
fn silences(selected: &Selected, rule: &Rule, fingerprint: &str, today: Date) -> bool {
    let selector = &selected.selector;
    let is_of_documents =
        selector.is_about_operations() || !selector.files.is_empty() || !selector.pointers.is_empty();
    let wanted = &selector.fingerprints;
    names(selected, rule)
        && !is_of_documents
        && expired(selected, today).is_none()
        && (wanted.is_empty() || wanted.iter().any(|wanted| fingerprint.starts_with(wanted.as_str())))
}

/// Counts what a suppression covers.
fn note_suppressed(by: &Selected, path: &str, fingerprint: &str, outcome: &mut Outcome) {
    let identity = engine::identity_of(path, fingerprint);
    outcome.suppressed.insert(identity);
    let place = |location: &crate::lint::Location| (location.path.clone(), location.bytes.start);
    let wanted = place(&by.directive.location);
    outcome.useful.push(wanted.clone());
    let listed = outcome.suppressions.iter_mut().find(|(one, _)| place(&one.directive.location) == wanted);
    if let Some((suppression, covered)) = listed {
        covered.push(identity);
        suppression.occurrences += 1;
    }
}

fn finding(
    useless: Useless,
    directive: &Directive,
    severity: Severity,
    fingerprint: String,
    document: &str,
    excerpts: Excerpts,
) -> Finding {
    let rule = useless.rule();
    let mut location = directive.location.clone();
    if excerpts == Excerpts::Omit {
        location.excerpt = None;
    }
    let subject = match &directive.what {
        Claim::Ignore(rules) if rules.len() == 1 => format!("the suppression of `{}`", rules[0]),
        _ => "the suppression".to_owned(),
    };
    let (message, label, help) = match useless {
        Useless::Expired(day) => (
            format!("{subject} held until {day}"),
            "its day is past",
            "mend what it silenced and remove it, or decide anew and set a later day",
        ),
        Useless::Unused => (
            format!("{subject} matches nothing"),
            "nothing here is silenced",
            "remove it, or correct what it selects",
        ),
    };
    Finding {
        rule: rule.id,
        category: rule.category,
        severity,
        confidence: rule.confidence,
        profile: rule.profile,
        message,
        label: label.to_owned(),
        help: help.to_owned(),
        location,
        related: Vec::new(),
        because: Vec::new(),
        operation: None,
        affected: Affected { count: 0, items: Vec::new() },
        occurrences: Affected { count: 0, items: Vec::new() },
        roots: vec![document.to_owned()],
        owasp: rule.owasp,
        cwe: rule.cwe,
        fingerprint,
        url: rule.url(),
    }
}
