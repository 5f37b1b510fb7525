//! `auth-endpoint-without-rate-limit`: guess as often as you like.

use crate::lint::{Check, Confidence, Description, Profile, Rule, Scope, Severity, Sink};
use crate::model::words::{is_one_of, words};
use crate::model::{Api, Operation};
use crate::syntax::{Node, NodeId, Place};

pub(super) static RULE: Rule = Rule {
    id: "auth-endpoint-without-rate-limit",
    birth_id: "auth-endpoint-without-rate-limit",
    summary: "passwords or codes are checked by an operation whose calls nothing in the document limits",
    category: "resource-consumption",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    profile: Profile::Default,
    owasp: &["API2:2023", "API4:2023"],
    cwe: &[307],
    since: "0.1.0",
    scope: Scope::Root,
    subsumed_by: &[],
    options: &[],
    check: Check::Api(check),
    page: include_str!("../../../rules/resource-consumption/auth-endpoint-without-rate-limit.md"),
};

fn check<'a>(api: &'a Api<'a>, sink: &mut Sink<'a>) {
    let operations = api.ranked_operations();
    sink.examined(operations.len());
    let prose = api.document.root().info().and_then(|info| info.description());
    if api.has_quota() || prose.is_some_and(|prose| speaks_of_limits(prose.text())) {
        return;
    }
    let mut group = None;
    for operation in operations {
        // Few operations check secrets; only their prose is read.
        let Some(credential) = api.guessable_credential(operation) else { continue };
        if is_limited(operation) {
            continue;
        }
        let group = *group.get_or_insert_with(|| {
            sink.group(None, |members| Description {
                message: match members.count {
                    1 => format!("{} checks a secret, and nothing limits how often", members.first),
                    _ => format!("{} check secrets, and nothing limits how often", members.named()),
                },
                label: "secrets can be guessed here".into(),
                help: "limit the attempts for each account and each caller, and document the `429` response"
                    .into(),
            })
        });
        let message = format!("{} checks a secret, and nothing limits how often", operation.title());
        sink.report(Place::key(operation.object.node()), message)
            .related(at(credential), format!("`{}` can be guessed", credential.text()))
            .operation(operation.id)
            .exposure(operation.exposure())
            .subject(operation.title())
            .in_group(group);
    }
}

/// By a response for too many attempts or a locked account, a gateway's quota, or in words.
fn is_limited(operation: &Operation<'_>) -> bool {
    let prose = [operation.description(), operation.summary()];
    operation.is_rate_limited()
        || operation.documents_status(&["423"])
        || prose.into_iter().flatten().any(|text| speaks_of_limits(text.text()))
        || operation.responses().any(|response| {
            let description = response.object.and_then(|response| response.description());
            description.map(Node::text).is_some_and(speaks_of_limits)
        })
}

fn speaks_of_limits(prose: &str) -> bool {
    let mut before = "";
    words(prose).any(|word| {
        let is = |list: &[&str]| is_one_of(word, list);
        let after = |list: &[&str]| is_one_of(before, list);
        // All have at least five letters, as half of the words of any prose have not.
        let speaks = word.len() >= 5
            && (is(&["throttled", "throttling", "throttle", "lockout", "captcha", "recaptcha"])
                || is(&["limit", "limits", "limited", "limiting"])
                    && after(&["rate", "request", "call", "attempt"])
                || is(&["attempts", "requests", "tries"]) && after(&["many", "failed", "login"])
                || is(&["locked"]) && after(&["is", "account", "be", "gets", "temporarily"]));
        before = word;
        speaks
    })
}

/// The key of a property's schema is its name; a parameter's name is a value.
fn at(name: Node<'_>) -> Place<'_> {
    let value = name.sibling(NodeId(name.id().0 + 1));
    if value.key() == Some(name) { Place::key(value) } else { Place::value(name) }
}
