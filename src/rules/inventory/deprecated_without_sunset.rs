//! `deprecated-without-sunset`: an end without a date.

use crate::lint::{Check, Confidence, Description, Profile, Rule, Scope, Severity, Sink};
use crate::model::Api;
use crate::syntax::Place;

pub(super) static RULE: Rule = Rule {
    id: "deprecated-without-sunset",
    birth_id: "deprecated-without-sunset",
    summary: "a deprecated operation does not say when it ends, so clients stay and it lives on unwatched",
    category: "inventory",
    severity: Severity::Info,
    confidence: Confidence::Medium,
    profile: Profile::Pedantic,
    owasp: &["API9:2023"],
    cwe: &[1059],
    since: "0.1.0",
    scope: Scope::Definition,
    subsumed_by: &[],
    options: &[],
    check: Check::Api(check),
    page: include_str!("../../../rules/inventory/deprecated-without-sunset.md"),
};

/// How many of the operations are shown.
const SHOWN: usize = 5;

fn check<'a>(api: &'a Api<'a>, sink: &mut Sink<'a>) {
    let mut group = None;
    for operation in api.ranked_operations() {
        let deprecated = operation.deprecated().filter(|node| node.as_bool() == Some(true));
        let Some(deprecated) = deprecated else { continue };
        sink.examined(1);
        if operation.announces_end() {
            continue;
        }
        let group = *group.get_or_insert_with(|| {
            let group = sink.group(None, |members| Description {
                message: format!(
                    "{} {} deprecated, and nothing says when to stop calling",
                    members.named(),
                    if members.count == 1 { "is" } else { "are" }
                ),
                label: "no date is announced".into(),
                help: "document the headers `Deprecation` and `Sunset` of the responses, or state the date in the description"
                    .into(),
            });
            sink.group_mut(group).show(SHOWN);
            group
        });
        sink.report(Place::key(deprecated), format!("{} is deprecated without a date", operation.title()))
            .operation(operation.id)
            .subject(operation.title())
            .exposure(operation.exposure())
            .in_group(group);
    }
}
