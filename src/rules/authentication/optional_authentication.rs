//! `optional-authentication`: who leaves the credential out gets in as well.

use crate::lint::{Check, Confidence, Description, GroupId, Profile, Rule, Scope, Severity, Sink};
use crate::model::{Access, Api, Origin};
use crate::syntax::Place;

pub(super) static RULE: Rule = Rule {
    id: "optional-authentication",
    birth_id: "optional-authentication",
    summary: "a requirement may be skipped: anonymous access is one of its alternatives",
    category: "authentication",
    severity: Severity::Medium,
    confidence: Confidence::High,
    profile: Profile::Default,
    owasp: &["API2:2023"],
    cwe: &[306],
    since: "0.1.0",
    scope: Scope::Root,
    subsumed_by: &[super::NO_SCHEMES, super::GLOBALLY_OPEN],
    options: &[],
    check: Check::Api(check),
    page: include_str!("../../../rules/authentication/optional-authentication.md"),
};

fn check<'a>(api: &'a Api<'a>, sink: &mut Sink<'a>) {
    let operations = api.ranked_operations();
    sink.examined(operations.len());
    let optional = operations.into_iter().filter(|operation| operation.access() == Access::Optional);
    let mut groups = Groups::default();
    for operation in optional.filter(|operation| api.public_reason(operation).is_none()) {
        let security = &operation.security;
        let find =
            |anonymous: bool| security.alternatives.iter().find(|one| one.schemes.is_empty() == anonymous);
        let (Some(anonymous), Some(stronger)) = (find(true), find(false)) else { continue };
        let anonymous = Place::value(anonymous.node);
        // What is inherited has one cause: the item at the root.
        let (place, group) = match security.origin {
            Origin::Root => {
                let group = groups.inherited.get_or_insert_with(|| open_group(Some(anonymous), sink));
                (Place::key(operation.object.node()), *group)
            }
            _ => (anonymous, *groups.own.get_or_insert_with(|| open_group(None, sink))),
        };
        let occurrence = sink.report(place, format!("{} also accepts anonymous callers", operation.title()));
        occurrence
            .label("authentication may be left out")
            .help("remove `{}` if every caller must authenticate; requirements are alternatives, and the weakest counts")
            .related(Place::value(stronger.node), "can be skipped")
            .operation(operation.id)
            .subject(operation.title())
            .exposure(operation.exposure())
            .in_group(group);
        if !operation.changes() {
            // Reading more when signed in is common.
            occurrence.severity(Severity::Low).profile(Profile::Pedantic);
        }
    }
}

/// The findings of a document: one for what its operations write themselves, one for what they inherit.
#[derive(Default)]
struct Groups {
    own: Option<GroupId>,
    inherited: Option<GroupId>,
}

fn open_group<'a>(place: Option<Place<'a>>, sink: &mut Sink<'a>) -> GroupId {
    sink.group(place, |members| Description {
        message: match members.count {
            1 => format!("{} also accepts anonymous callers", members.first),
            _ => format!("{} also accept anonymous callers", members.named()),
        },
        label: "authentication may be left out".into(),
        help: String::new(),
    })
}
