//! `unused-suppression`: a directive that silences nothing.

use crate::lint::{Check, Confidence, Fate, Judged, Profile, Rule, Scope, Severity, Sink};

pub(super) static RULE: Rule = Rule {
    id: "unused-suppression",
    birth_id: "unused-suppression",
    summary: "a suppression silences nothing, so that it can only hide what comes later",
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
    page: include_str!("../../../rules/suppression/unused-suppression.md"),
};

fn check<'a>(directives: &[Judged<'_, 'a>], sink: &mut Sink<'a>) {
    for judged in directives {
        let useless = judged.names.iter().filter(|(_, fate)| *fate == Fate::Useless);
        for (name, _) in useless {
            let message = format!("nothing here is suppressed by `{}`", name.text);
            sink.report_in(judged, name.span, message)
                .label("silences nothing")
                .help(match judged.names.len() {
                    1 => "remove the directive, or move it to the place of the finding".to_owned(),
                    _ => format!("remove `{}` from the directive", name.text),
                })
                .discriminator(format!("unused {}", name.text));
        }
        if judged.is_moot {
            let message = "the operation is said to be public and demands authentication";
            sink.report_in(judged, judged.statement.span, message)
                .label("no operation here is open")
                .help("remove the statement, or the `security` that contradicts it")
                .discriminator("unused public");
        }
    }
}
