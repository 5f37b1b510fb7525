//! `invalid-suppression`: a directive that cannot be obeyed.

use super::spelled;
use crate::lint::{Check, Confidence, Fate, Judged, Profile, Rule, Scope, Severity, Sink};
use crate::model::{Fault, FaultKind, StatementForm, StatementKind, Word};
use crate::rules::suggest::{Suggestions, nearest};
use crate::rules::{all, categories, errors};

pub(super) static RULE: Rule = Rule {
    id: "invalid-suppression",
    birth_id: "invalid-suppression",
    summary: "a suppression is malformed, names no rule, or may not be used, and has no effect",
    category: "suppression",
    severity: Severity::Medium,
    confidence: Confidence::High,
    profile: Profile::Default,
    owasp: &[],
    cwe: &[],
    since: "0.1.0",
    scope: Scope::Definition,
    subsumed_by: &[],
    options: &[],
    check: Check::Directives(check),
    page: include_str!("../../../rules/suppression/invalid-suppression.md"),
};

const KEYWORDS: [&str; 3] = ["ignore", "ignore-file", "public"];

fn check<'a>(directives: &[Judged<'_, 'a>], sink: &mut Sink<'a>) {
    let mut suggestions = Suggestions::new();
    for judged in directives {
        for fault in &judged.statement.faults {
            let (message, help) = describe(judged, fault);
            sink.report_in(judged, fault.span, message)
                .label("the directive has no effect")
                .help(help)
                .discriminator(format!("{:?} {}", fault.kind, super::rules_of(judged)));
        }
        for (name, fate) in &judged.names {
            let (message, help) = match fate {
                Fate::Unknown => unknown(name, &mut suggestions),
                Fate::Locked => (
                    format!("`{}` may not be suppressed here: it is locked by the configuration", name.text),
                    "mend the finding, or have the configuration changed".to_owned(),
                ),
                Fate::Unjudged | Fate::Useless | Fate::Useful => continue,
            };
            sink.report_in(judged, name.span, message)
                .label("has no effect")
                .help(help)
                .discriminator(format!("{fate:?} {}", name.text));
        }
        if let (Some(word), Some(Err(problem))) = (judged.statement.until, &judged.until) {
            sink.report_in(judged, word.span, format!("`{}` is no date: {problem}", word.text))
                .label("the directive has no effect")
                .help("write the last day on which it holds, such as 2027-03-31")
                .discriminator(format!("date {}", super::rules_of(judged)));
        }
    }
}

fn unknown(name: &Word<'_>, suggestions: &mut Suggestions) -> (String, String) {
    let name = name.text;
    if errors().iter().any(|error| error.id == name) {
        let help = "mend the cause: what could not be checked may hide anything".to_owned();
        return (format!("`{name}` is an error, which cannot be suppressed"), help);
    }
    let names = all().into_iter().map(|rule| rule.id).chain(categories());
    let help = match suggestions.nearest(name, names) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => "`oasguard rules` lists the rules and their categories".to_owned(),
    };
    (format!("there is no rule or category `{name}`"), help)
}

/// What is wrong, and what to do.
fn describe(judged: &Judged<'_, '_>, fault: &Fault<'_>) -> (String, String) {
    let form = judged.statement.form;
    let (message, help) = match fault.kind {
        FaultKind::NoColon => ("a colon is missing after `oasguard`".into(), "write `# oasguard: ignore[rule]`".into()),
        FaultKind::UnknownKeyword("") => {
            ("the directive says nothing".into(), "write `ignore[rule]`, `ignore-file[rule]` or `public`".into())
        }
        FaultKind::UnknownKeyword(word) => {
            let help = match nearest(word, KEYWORDS) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => "write `ignore[rule]`, `ignore-file[rule]` or `public`".to_owned(),
            };
            (format!("`{word}` is no directive"), help)
        }
        FaultKind::NoBrackets => (
            "the rules to suppress are missing".into(),
            "name them in brackets: `ignore[rule, category]`; nothing stands for all rules".into(),
        ),
        FaultKind::OpenBracket => ("the bracket is not closed".into(), "write `]` after the last rule".into()),
        FaultKind::NoRule => ("no rule is named".into(), "name the rules or categories to suppress".into()),
        FaultKind::Repeated(name) => (format!("`{name}` is given twice"), "keep one of the two".into()),
        FaultKind::NoValue(name) => {
            (format!("{} is empty", spelled(form, name)), format!("write a text, or remove {}", spelled(form, name)))
        }
        FaultKind::OpenQuote => ("the quotation mark is not closed".into(), "write `\"` after the reason".into()),
        FaultKind::Unexpected(text) => (
            format!("`{text}` means nothing here"),
            match (form, judged.statement.kind) {
                (StatementForm::Comment, _) => "write `reason=…` before a reason, `until=…` before a day".into(),
                (_, StatementKind::Ignore) => "an object has `rule` or `rules`, `reason` and `until`".into(),
                (_, StatementKind::Public) => "an object has `reason` and `until`".into(),
            },
        ),
        FaultKind::WrongKind => (
            "a value of this kind means nothing here".into(),
            match judged.statement.kind {
                StatementKind::Ignore => {
                    "write a rule, an object with `rule` or `rules`, `reason` and `until`, or an array of these".into()
                }
                StatementKind::Public => "write `true`, or an object with `reason` and `until`".into(),
            },
        ),
        FaultKind::NoTarget => (
            "nothing begins after the comment, so that it belongs to nothing".into(),
            "put it above the entry that it is about, or write `ignore-file[rule]`".into(),
        ),
        FaultKind::NoOperation => (
            "only an operation or a path item can be public".into(),
            "put it at the method or at the path".into(),
        ),
    };
    (message, help)
}
