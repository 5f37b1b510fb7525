//! `retry-after-missing`: refused, and not told for how long.

use rustc_hash::FxHashMap;

use crate::lint::{Check, Confidence, Description, Profile, Rule, Scope, Severity, Sink};
use crate::model::{Api, OperationId, Response};
use crate::syntax::Place;

pub(super) static RULE: Rule = Rule {
    id: "retry-after-missing",
    birth_id: "retry-after-missing",
    summary: "a 429 or 503 response does not say when to try again",
    category: "resource-consumption",
    severity: Severity::Low,
    confidence: Confidence::High,
    profile: Profile::Pedantic,
    owasp: &["API4:2023"],
    cwe: &[799],
    since: "0.1.0",
    scope: Scope::Definition,
    subsumed_by: &[],
    options: &[],
    check: Check::Api(check),
    page: include_str!("../../../rules/resource-consumption/retry-after-missing.md"),
};

fn check<'a>(api: &'a Api<'a>, sink: &mut Sink<'a>) {
    // Each Response Object once, with the status that it is first used for and the operations that use it.
    let mut index = FxHashMap::default();
    let mut found: Vec<(&str, Response<'a>, Vec<OperationId>)> = Vec::new();
    for operation in api.ranked_operations() {
        for response in operation.responses() {
            let status = response.written.key_text();
            let Some(object) = response.object.filter(|_| matches!(status, "429" | "503")) else { continue };
            sink.examined(1);
            let at = *index.entry(object.node().identity()).or_insert_with(|| {
                found.push((status, object, Vec::new()));
                found.len() - 1
            });
            found[at].2.push(operation.id);
        }
    }
    found.retain(|(_, response, _)| !says_when(*response));
    // One finding a document: the remedy is the same everywhere.
    let mut group = None;
    for (status, response, operations) in found {
        let first = api.operation(operations[0]);
        let group = *group.get_or_insert_with(|| {
            sink.group(None, |members| Description {
                message: match members.count {
                    1 => format!("{} has no `Retry-After` header", members.first),
                    2 => format!("{} and one more have no `Retry-After` header", members.first),
                    count => format!("{} and {} more have no `Retry-After` header", members.first, count - 1),
                },
                label: "clients try again at once".into(),
                help: "send `Retry-After` with the response, and document it under `headers`".into(),
            })
        });
        let subject = format!("the response `{status}` of {}", first.title());
        sink.report_of(Place::key(response.node()), subject, "has no `Retry-After` header")
            .operations(operations)
            .in_group(group);
    }
}

/// Whether a header tells when calls are welcome again; names of headers have no letter case (RFC 9110 §5.1).
fn says_when(response: Response<'_>) -> bool {
    const HEADERS: &[&str] =
        &["retry-after", "ratelimit", "ratelimit-reset", "x-ratelimit-reset", "x-rate-limit-reset"];
    response
        .headers()
        .any(|header| HEADERS.iter().any(|known| header.written.key_text().eq_ignore_ascii_case(known)))
}
