//! `credentials-over-cleartext`: a secret on a public wire.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::lint::{Check, Confidence, Description, Profile, Rule, Scope, Severity, Sink};
use crate::model::{Api, OperationGroup, Required, SchemeKind, Security};
use crate::syntax::Place;

pub(super) static RULE: Rule = Rule {
    id: "credentials-over-cleartext",
    birth_id: "credentials-over-cleartext",
    summary: "credentials of an operation travel over a public server without encryption",
    category: "transport",
    severity: Severity::High,
    confidence: Confidence::High,
    profile: Profile::Default,
    owasp: &["API8:2023", "API2:2023"],
    cwe: &[319, 523],
    since: "0.1.0",
    scope: Scope::Root,
    subsumed_by: &[],
    options: &[],
    check: Check::Api(check),
    page: include_str!("../../../rules/transport/credentials-over-cleartext.md"),
};

fn check<'a>(api: &'a Api<'a>, sink: &mut Sink<'a>) {
    sink.examined(super::server_count(api));
    let uses = super::cleartext_uses(api);
    let lists: Vec<Sent<'a>> = uses.lists.iter().map(|list| Sent::of(list)).collect();
    let mut group = None;
    for server in &uses.servers {
        let merged;
        let sent = match server.lists.as_slice() {
            [list] => &lists[*list],
            more => {
                merged = Sent::merged(more.iter().map(|&list| &lists[list]));
                &merged
            }
        };
        // Of schemes that as many operations demand, the last in the alphabet.
        let Some((_, (most_used, _))) = sent.schemes.iter().max_by_key(|(_, (_, operations))| operations)
        else {
            continue;
        };
        let credential = most_used.scheme.map_or("a credential", |scheme| scheme.credential());
        let what = format!("{credential} (`{}`)", most_used.name());
        // One finding a document: the remedy is the same for every server.
        let group = *group.get_or_insert_with(|| {
            let what = what.clone();
            sink.group(None, move |members| Description {
                message: format!("{what} is sent to {} without encryption", members.named()),
                label: "anyone on the way can read it".into(),
                help: String::new(),
            })
        });
        let written = format!("`{}`", server.endpoint.written_url());
        let occurrence =
            sink.report(Place::value(server.node), format!("{what} is sent to {written} without encryption"));
        occurrence.groups(sent.operations.clone()).subject(written).in_group(group).help(
            match &server.twin {
                Some(_) => "remove the cleartext server; the encrypted one beside it serves the same API",
                None => "serve the API over `https:` only",
            },
        );
        for (required, _) in sent.schemes.values().take(3) {
            occurrence.because(Place::key(required.node), format!("`{}` is required here", required.name()));
        }
        if let Some(twin) = &server.twin {
            occurrence.related(Place::value(twin.node()), "the same API, encrypted");
        }
    }
}

/// The credentials that operations at one server send.
#[derive(Default)]
struct Sent<'a> {
    /// Scheme name -> one requirement of it, and how many operations demand it.
    schemes: BTreeMap<&'a str, (Required<'a>, usize)>,
    /// The operations that send any.
    operations: Vec<OperationGroup>,
}

impl<'a> Sent<'a> {
    fn of(groups: &[(Arc<Security<'a>>, OperationGroup)]) -> Sent<'a> {
        let mut sent = Sent::default();
        for (security, operations) in groups {
            let before = sent.operations.len();
            let mut names = BTreeSet::new();
            for required in security.required() {
                let kind = required.scheme.map(|scheme| scheme.kind());
                // A client certificate cannot be shown without TLS; an unknown name sends nothing.
                if kind.is_none_or(|kind| kind == SchemeKind::MutualTls) || !names.insert(required.name()) {
                    continue;
                }
                sent.schemes.entry(required.name()).or_insert((*required, 0)).1 += operations.len();
                if sent.operations.len() == before {
                    sent.operations.push(operations.clone());
                }
            }
        }
        sent
    }

    fn merged<'s>(lists: impl Iterator<Item = &'s Sent<'a>>) -> Sent<'a>
    where
        'a: 's,
    {
        let mut merged = Sent::default();
        for list in lists {
            for (name, (required, count)) in &list.schemes {
                merged.schemes.entry(name).or_insert((*required, 0)).1 += count;
            }
            merged.operations.extend(list.operations.iter().cloned());
        }
        merged
    }
}
