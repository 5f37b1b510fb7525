//! `missing-rate-limit-response`: nothing says that calls are limited.

use crate::lint::{Check, Confidence, Description, Profile, Rule, Scope, Severity, Sink};
use crate::model::{Api, Operation};
use crate::syntax::{Atom, Place};

pub(super) static RULE: Rule = Rule {
    id: "missing-rate-limit-response",
    birth_id: "missing-rate-limit-response",
    summary: "operations document no 429 response, and no gateway quota applies: rates are probably unlimited",
    category: "resource-consumption",
    severity: Severity::Info,
    confidence: Confidence::Medium,
    profile: Profile::Default,
    owasp: &["API4:2023"],
    cwe: &[770, 799],
    since: "0.1.0",
    scope: Scope::Root,
    subsumed_by: &[],
    options: &[],
    check: Check::Api(check),
    page: include_str!("../../../rules/resource-consumption/missing-rate-limit-response.md"),
};

fn check<'a>(api: &'a Api<'a>, sink: &mut Sink<'a>) {
    let root = api.document.root();
    let Some(paths) = root.field(Atom::PATHS) else { return };
    if api.has_quota() {
        return;
    }
    // HEAD and OPTIONS carry no content that would need limiting.
    let counts = |operation: &&Operation<'a>| !matches!(operation.method.standard(), "head" | "options");
    let (limited, unlimited): (Vec<_>, Vec<_>) =
        api.ranked_operations().into_iter().filter(counts).partition(|o| o.is_rate_limited());
    sink.examined(limited.len() + unlimited.len());
    let most = limited.len() > unlimited.len();
    let (all, total) = (unlimited.len(), limited.len() + unlimited.len());
    let example = limited.iter().find_map(|operation| operation.rate_limit_response());
    let group = (!most && !unlimited.is_empty()).then(|| {
        let group = sink.group(Some(Place::key(paths)), move |members| Description {
            message: match members.count {
                // Of the others was spoken before.
                1 if all > 1 => format!("{} documents no `429` response", members.first),
                count if count < all => format!("{} document no `429` response", members.named()),
                count if count == total => "no operation documents a `429` response".to_owned(),
                count => format!("{count} of {total} operations document no `429` response"),
            },
            label: "nothing says that calls are limited".into(),
            help: "limit the rate of calls and document the `429` response with `Retry-After`".into(),
        });
        if let Some(response) = example {
            sink.group_mut(group).related(Place::key(response), "documented here");
        }
        group
    });
    sink.reserve(unlimited.len());
    for operation in unlimited {
        let responses = operation.field(Atom::RESPONSES).unwrap_or(operation.object.node());
        let occurrence =
            sink.report_of(Place::key(responses), operation.title(), "documents no `429` response");
        occurrence.operation(operation.id).exposure(operation.exposure());
        if let Some(group) = group {
            occurrence.in_group(group);
            continue;
        }
        occurrence
            .label("no `429` among these")
            .help("document the `429` response as the other operations do");
        if let Some(response) = example {
            occurrence.related(Place::key(response), "documented here");
        }
    }
}
