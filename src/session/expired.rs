//! Suppressions of the configuration whose last day is past: findings at their place in the file of settings.

use rustc_hash::FxHashMap;

use crate::config::Settings;
use crate::engine::{self, Excerpts, Orders, Outcome, Recording};
use crate::lint::{Affected, Claim, Date, Directive, Finding, Recorded, Selected, Severity};
use crate::rules::EXPIRED_SUPPRESSION;

/// Adds what is expired in the files that govern a document (display path) to what was found in that. Several documents
/// that a file governs find the same.
pub(super) fn report(settings: &Settings, orders: &Orders<'_>, document: &str, outcome: &mut Outcome) {
    let rule = EXPIRED_SUPPRESSION;
    let Some(planned) = settings.plan.rules().iter().find(|planned| planned.rule.id == rule.id) else {
        return;
    };
    let severity = planned.severity.unwrap_or(rule.severity);
    let is_recorded = orders.known.is_some() || orders.recording == Recording::Keep;
    let mut alike: FxHashMap<(String, String), u32> = FxHashMap::default();
    let found = outcome.findings.len();
    for selected in &settings.selected {
        let directive = &selected.directive;
        let Some(day) = expired(selected, orders.today) else { continue };
        let path = directive.location.path.clone();
        // Without the rules: what a category stands for depends on the version.
        let text = format!("expired {day} {}", directive.reason.as_deref().unwrap_or_default());
        let number = alike.entry((path.clone(), text.clone())).or_default();
        *number += 1;
        let fingerprint = engine::fingerprint_of(rule, &text, *number);
        if let Some(by) = settings.selected.iter().find(|other| silences(other, &fingerprint, orders.today)) {
            note_suppressed(by, &path, &fingerprint, outcome);
            continue;
        }
        let entry =
            orders.known.and_then(|known| known.find(&path, &fingerprint).map(|entry| (known, entry)));
        let is_known = entry.is_some_and(|(known, entry)| severity <= known.entries()[entry].severity);
        if is_recorded {
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
        if !is_known {
            outcome.findings.push(finding(directive, day, severity, fingerprint, document, orders.excerpts));
        }
    }
    if outcome.findings.len() > found {
        engine::sort(&mut outcome.findings);
    }
}

/// The last day of a suppression, if it is past.
fn expired(selected: &Selected, today: Date) -> Option<Date> {
    let is_ignored = matches!(selected.directive.what, Claim::Ignore(_));
    selected.directive.until.filter(|day| is_ignored && *day < today)
}

/// Whether a suppression covers what is said about another one: it names the rule, and nothing that is only in documents.
fn silences(selected: &Selected, fingerprint: &str, today: Date) -> bool {
    let Selected { directive, selector } = selected;
    let names_rule =
        matches!(&directive.what, Claim::Ignore(rules) if rules.contains(&EXPIRED_SUPPRESSION.id));
    let is_of_documents =
        selector.is_about_operations() || !selector.files.is_empty() || !selector.pointers.is_empty();
    let wanted = &selector.fingerprints;
    names_rule
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
    let listed = outcome.suppressions.iter_mut().find(|(one, _)| place(&one.directive.location) == wanted);
    if let Some((suppression, covered)) = listed {
        covered.push(identity);
        suppression.occurrences += 1;
    }
}

fn finding(
    directive: &Directive,
    day: Date,
    severity: Severity,
    fingerprint: String,
    document: &str,
    excerpts: Excerpts,
) -> Finding {
    let rule = EXPIRED_SUPPRESSION;
    let mut location = directive.location.clone();
    if excerpts == Excerpts::Omit {
        location.excerpt = None;
    }
    let subject = match &directive.what {
        Claim::Ignore(rules) if rules.len() == 1 => format!("the suppression of `{}`", rules[0]),
        _ => "the suppression".to_owned(),
    };
    Finding {
        rule: rule.id,
        category: rule.category,
        severity,
        confidence: rule.confidence,
        profile: rule.profile,
        message: format!("{subject} held until {day}"),
        label: "its day is past".to_owned(),
        help: "mend what it silenced and remove it, or decide anew and set a later day".to_owned(),
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
