//! `unexplained-suppression`: a directive without a reason.

use crate::lint::{Check, Confidence, Judged, Profile, Rule, Scope, Severity, Sink};

pub(super) static RULE: Rule = Rule {
    id: "unexplained-suppression",
    birth_id: "unexplained-suppression",
    summary: "a suppression gives no reason",
    category: "suppression",
    severity: Severity::Info,
    confidence: Confidence::High,
    profile: Profile::Pedantic,
    owasp: &[],
    cwe: &[],
    since: "0.1.0",
    scope: Scope::Definition,
    subsumed_by: &[],
    options: &[],
    check: Check::Directives(check),
    page: include_str!("../../../rules/suppression/unexplained-suppression.md"),
};

fn check<'a>(directives: &[Judged<'_, 'a>], sink: &mut Sink<'a>) {
    let has_none =
        |judged: &&Judged<'_, 'a>| judged.statement.reason.is_none() && judged.statement.faults.is_empty();
    for judged in directives.iter().filter(has_none) {
        let reason = super::spelled(judged.statement.form, "reason");
        sink.report_in(judged, judged.statement.span, format!("the {} gives no reason", super::noun(judged)))
            .label("why?")
            .help(format!("add {reason}: who reads it later must be able to judge whether it still holds"))
            .discriminator(format!("unexplained {}", super::rules_of(judged)));
    }
}
