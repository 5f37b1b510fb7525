//! `loopback-server`: an address that means something else for each reader.

use crate::lint::{Check, Confidence, Description, Profile, Rule, Scope, Severity, Sink};
use crate::model::{Api, Reach};
use crate::syntax::Place;

pub(super) static RULE: Rule = Rule {
    id: "loopback-server",
    birth_id: "loopback-server",
    summary: "a server is the caller's own machine, in a document that describes a public API",
    category: "transport",
    severity: Severity::Info,
    confidence: Confidence::High,
    profile: Profile::Default,
    owasp: &["API9:2023"],
    cwe: &[1269],
    since: "0.1.0",
    scope: Scope::Definition,
    subsumed_by: &[],
    options: &[],
    check: Check::Api(check),
    page: include_str!("../../../rules/transport/loopback-server.md"),
};

fn check<'a>(api: &'a Api<'a>, sink: &mut Sink<'a>) {
    sink.examined(super::server_count(api));
    let Some((servers, public)) = super::servers_beside_public(api, Reach::Loopback, sink) else { return };
    // One finding a document: the remedy is the same for every server.
    let group = sink.group(None, |members| Description {
        message: match members.count {
            1 => format!("the server {} is the caller's own machine", members.first),
            _ => format!("the servers {} are the caller's own machine", members.named()),
        },
        label: "nothing to call for others".into(),
        help: "remove it from the published document; developers can set it in their tools".into(),
    });
    for (endpoint, operations) in servers {
        let written = format!("`{}`", endpoint.written_url());
        sink.report(
            Place::value(endpoint.node()),
            format!("the server {written} is the caller's own machine"),
        )
        .related(Place::value(public.node()), "the public server")
        .groups(operations)
        .subject(written)
        .in_group(group);
    }
}
