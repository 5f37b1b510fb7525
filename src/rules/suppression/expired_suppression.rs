//! `expired-suppression`: a directive whose last day is past.

use crate::lint::{Check, Confidence, Judged, Profile, Rule, Scope, Severity, Sink};

pub(super) static RULE: Rule = Rule {
    id: "expired-suppression",
    birth_id: "expired-suppression",
    summary: "the last day of a suppression is past; what it silenced is reported again",
    category: "suppression",
    severity: Severity::Low,
    confidence: Confidence::High,
    profile: Profile::Default,
    owasp: &[],
    cwe: &[],
    since: "0.1.0",
    scope: Scope::Definition,
    subsumed_by: &[],
    options: &[],
    check: Check::Directives(check),
    page: include_str!("../../../rules/suppression/expired-suppression.md"),
};

fn check<'a>(directives: &[Judged<'_, 'a>], sink: &mut Sink<'a>) {
    for judged in directives.iter().filter(|judged| judged.is_expired) {
        let (Some(word), Some(Ok(day))) = (judged.statement.until, &judged.until) else { continue };
        let message = match judged.statement.rules.as_slice() {
            [only] => format!("the suppression of `{}` held until {day}", only.text),
            _ => format!("the {} held until {day}", super::noun(judged)),
        };
        sink.report_in(judged, word.span, message)
            .label("this day is past")
            .help("mend what it silenced and remove it, or decide anew and set a later day")
            .discriminator(format!("expired {} {day}", super::rules_of(judged)));
    }
}
