//! `oauth2-endpoint-cleartext`: logins and tokens on an open wire.

use crate::lint::{Check, Confidence, Description, Profile, Rule, Scope, Severity, Sink};
use crate::model::{Api, Reach, SecurityScheme, Transport, reach_of_url};
use crate::syntax::{Node, Place};

pub(super) static RULE: Rule = Rule {
    id: "oauth2-endpoint-cleartext",
    birth_id: "oauth2-endpoint-cleartext",
    summary: "an OAuth 2.0 or OpenID Connect endpoint is reached without encryption",
    category: "authentication",
    severity: Severity::High,
    confidence: Confidence::High,
    profile: Profile::Default,
    owasp: &["API2:2023", "API8:2023"],
    cwe: &[319, 523],
    since: "0.1.0",
    scope: Scope::Definition,
    subsumed_by: &[],
    options: &[],
    check: Check::SecurityScheme(check),
    page: include_str!("../../../rules/authentication/oauth2-endpoint-cleartext.md"),
};

fn check<'a>(api: &'a Api<'a>, name: Node<'a>, scheme: SecurityScheme<'a>, sink: &mut Sink<'a>) {
    let is_cleartext = |url: &Node<'a>| {
        let before = url.text().split_once(':').map_or("", |(before, _)| before);
        Transport::of_scheme(before.trim()) == Transport::Cleartext
    };
    let endpoints: Vec<Node<'a>> = scheme.endpoints().into_iter().filter(is_cleartext).collect();
    let Some(first) = endpoints.first() else { return };
    let label = carries(first.key_text());
    let users = api.users(scheme);
    let group = sink.group(None, move |members| Description {
        message: match members.count {
            1 => format!("`{}` of `{}` is reached without encryption", members.first, name.text()),
            2 => format!(
                "`{}` and one more URL of `{}` are reached without encryption",
                members.first,
                name.text()
            ),
            count => format!(
                "`{}` and {} more URLs of `{}` are reached without encryption",
                members.first,
                count - 1,
                name.text()
            ),
        },
        label: label.into(),
        help: "use `https:`; RFC 6749 and OpenID Connect require TLS".into(),
    });
    for url in endpoints {
        let key = url.key_text();
        let occurrence = sink
            .report(Place::value(url), format!("`{key}` of `{}` is reached without encryption", name.text()));
        occurrence.subject(key).in_group(group);
        match reach_of_url(url.text()) {
            Reach::Public | Reach::Unknown => {}
            // Whoever is inside can read it.
            Reach::Private => {
                occurrence.severity(Severity::Medium);
            }
            // Nothing leaves the machine, or nobody is there.
            Reach::Loopback | Reach::Placeholder => {
                occurrence.severity(Severity::Info).profile(Profile::Pedantic);
            }
        }
        match users.first() {
            Some((required, _)) => {
                occurrence.related(Place::key(required.node), "required here");
            }
            // Declared and never required: nobody logs in this way yet.
            None => {
                occurrence.severity(Severity::Low).profile(Profile::Pedantic);
            }
        }
        occurrence.groups(users.iter().map(|(_, operations)| operations.clone()).collect());
    }
}

/// What somebody on the way can read or change.
fn carries(key: &str) -> &'static str {
    match key {
        "authorizationUrl" => "logins and codes can be read",
        "openIdConnectUrl" | "oauth2MetadataUrl" => "every endpoint can be replaced",
        _ => "secrets and tokens can be read",
    }
}
