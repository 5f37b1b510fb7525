//! `cleartext-server`: a public server without TLS.

use crate::lint::{
    Check, Confidence, Description, Extent, Profile, Rule, Scope, Severity, Sink, Subsumption,
};
use crate::model::Api;
use crate::syntax::Place;

pub(super) static RULE: Rule = Rule {
    id: "cleartext-server",
    birth_id: "cleartext-server",
    summary: "a public server is reached over `http:` or `ws:`",
    category: "transport",
    severity: Severity::High,
    confidence: Confidence::High,
    profile: Profile::Default,
    owasp: &["API8:2023"],
    cwe: &[319],
    since: "0.1.0",
    scope: Scope::Definition,
    subsumed_by: &[Subsumption { rule: "credentials-over-cleartext", at: Extent::Place }],
    options: &[],
    check: Check::Api(check),
    page: include_str!("../../../rules/transport/cleartext-server.md"),
};

fn check<'a>(api: &'a Api<'a>, sink: &mut Sink<'a>) {
    sink.examined(super::server_count(api));
    let uses = super::cleartext_uses(api);
    let mut group = None;
    for server in &uses.servers {
        // One finding a document: the remedy is the same for every server.
        let group = *group.get_or_insert_with(|| {
            sink.group(None, |members| Description {
                message: match members.count {
                    1 => format!("{} is reached without encryption", members.first),
                    _ => format!("{} are reached without encryption", members.named()),
                },
                label: "readable and changeable on the way".into(),
                help: "serve it over `https:` and remove the cleartext entry".into(),
            })
        });
        let written = format!("`{}`", server.endpoint.written_url());
        let operations = uses.groups(server).map(|(_, operations)| operations.clone()).collect();
        let occurrence =
            sink.report(Place::value(server.node), format!("{written} is reached without encryption"));
        occurrence.groups(operations).subject(written).in_group(group);
        if let Some(twin) = &server.twin {
            occurrence
                .severity(Severity::Medium)
                .related(Place::value(twin.node()), "the same API, encrypted");
        }
    }
}
