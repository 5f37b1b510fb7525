//! `private-network-server`: an inside address told to the outside.

use crate::lint::{Check, Confidence, Description, Profile, Rule, Scope, Severity, Sink};
use crate::model::{Api, Reach};
use crate::syntax::Place;

pub(super) static RULE: Rule = Rule {
    id: "private-network-server",
    birth_id: "private-network-server",
    summary: "a server stands in a private network, in a document that describes a public API",
    category: "transport",
    severity: Severity::Info,
    confidence: Confidence::High,
    profile: Profile::Default,
    owasp: &["API9:2023", "API8:2023"],
    cwe: &[497, 668],
    since: "0.1.0",
    scope: Scope::Definition,
    subsumed_by: &[],
    options: &[],
    check: Check::Api(check),
    page: include_str!("../../../rules/transport/private-network-server.md"),
};

fn check<'a>(api: &'a Api<'a>, sink: &mut Sink<'a>) {
    sink.examined(super::server_count(api));
    let Some((servers, public)) = super::servers_beside_public(api, Reach::Private, sink) else { return };
    // One finding a document: the remedy is the same for every server.
    let group = sink.group(None, |members| Description {
        message: match members.count {
            1 => format!("the server {} stands in a private network", members.first),
            _ => format!("the servers {} stand in a private network", members.named()),
        },
        label: "tells how the inside is built".into(),
        help: "remove it from the published document; keep inside servers in a document for the inside"
            .into(),
    });
    for (endpoint, operations) in servers {
        let written = format!("`{}`", endpoint.written_url());
        sink.report(
            Place::value(endpoint.node()),
            format!("the server {written} stands in a private network"),
        )
        .related(Place::value(public.node()), "the public server")
        .groups(operations)
        .subject(written)
        .in_group(group);
    }
}
