//! `security-scheme-incomplete`: a declaration that tools cannot use.

use crate::lint::{Check, Confidence, Profile, Rule, Scope, Severity, Sink};
use crate::model::{Api, Flow, SecurityScheme, Version};
use crate::syntax::{Atom, Node, Place};

pub(super) static RULE: Rule = Rule {
    id: "security-scheme-incomplete",
    birth_id: "security-scheme-incomplete",
    summary: "a security scheme lacks what its version demands, so that tools ignore it",
    category: "authentication",
    severity: Severity::Medium,
    confidence: Confidence::High,
    profile: Profile::Default,
    owasp: &["API2:2023"],
    cwe: &[287, 1173],
    since: "0.1.0",
    scope: Scope::Definition,
    subsumed_by: &[],
    options: &[],
    check: Check::SecurityScheme(check),
    page: include_str!("../../../rules/authentication/security-scheme-incomplete.md"),
};

/// What is wrong with a scheme, where, and what to do.
struct Fault<'a> {
    place: Place<'a>,
    /// Goes on after the name of the scheme: "has no `type`".
    what: String,
    help: String,
}

fn check<'a>(api: &'a Api<'a>, name: Node<'a>, scheme: SecurityScheme<'a>, sink: &mut Sink<'a>) {
    if !scheme.node().is_object() {
        return;
    }
    let faults = faults(scheme, api.document.version());
    let mut faults = faults.into_iter();
    let Some(Fault { place, what, help }) = faults.next() else { return };
    let occurrence = sink.report(place, format!("the security scheme `{}` {what}", name.text()));
    occurrence.label("tools ignore the scheme").help(help);
    for fault in faults.take(3) {
        occurrence.related(fault.place, format!("it also {}", fault.what));
    }
    let users = api.users(scheme);
    match users.first() {
        Some((required, _)) => {
            occurrence.because(Place::key(required.node), "required here");
        }
        // Declared and never required: nothing relies on it yet.
        None => {
            occurrence.severity(Severity::Low).profile(Profile::Pedantic);
        }
    }
    occurrence.groups(users.iter().map(|(_, operations)| operations.clone()).collect());
}

fn faults<'a>(scheme: SecurityScheme<'a>, version: Version) -> Vec<Fault<'a>> {
    let mut faults = Vec::new();
    let missing = |keyword: &str, help: String| Fault {
        place: Place::key(scheme.node()),
        what: format!("has no `{keyword}`"),
        help,
    };
    let lacks = |node: Option<Node<'a>>| node.is_none_or(|node| node.text().trim().is_empty());
    let Some(kind) = scheme.type_() else {
        faults.push(missing("type", format!("add `type`: {}", alternatives(types(version)))));
        return faults;
    };
    match kind.text() {
        "apiKey" => {
            if lacks(scheme.name()) {
                faults.push(missing(
                    "name",
                    "name the header, query parameter or cookie that holds the key".into(),
                ));
            }
            let places: &[&str] =
                if version == Version::V2 { &["query", "header"] } else { &["query", "header", "cookie"] };
            match scheme.location() {
                None => {
                    faults.push(missing("in", format!("say where the key is sent: {}", alternatives(places))))
                }
                // `api-key-in-query` speaks of the path.
                Some(location) if !places.contains(&location.text()) && location.text() != "path" => {
                    faults.push(Fault {
                        place: Place::value(location),
                        what: format!("sends its key in `{}`, which is no place", location.text()),
                        help: format!("write {}", alternatives(places)),
                    });
                }
                Some(_) => {}
            }
        }
        "http" if version != Version::V2 => {
            if lacks(scheme.scheme()) {
                faults.push(missing("scheme", "add `scheme`, such as `bearer` or `basic`".into()));
            }
        }
        "oauth2" if version == Version::V2 => swagger2_flow(scheme, &mut faults),
        "oauth2" => flows(scheme, version, &mut faults),
        "openIdConnect" if version != Version::V2 => {
            if lacks(scheme.open_id_connect_url()) {
                faults.push(missing(
                    "openIdConnectUrl",
                    "add the URL of the discovery document, `…/.well-known/openid-configuration`".into(),
                ));
            }
        }
        "basic" if version == Version::V2 => {}
        "mutualTLS" if version >= Version::V3_1 => {}
        // A type of one's own is an agreement with one's own tools.
        other if other.starts_with("x-") => {}
        other => faults.push(Fault {
            place: Place::value(kind),
            what: format!("has the type `{other}`, which {} does not know", version_name(version)),
            help: right_type(other, version),
        }),
    }
    faults
}

fn swagger2_flow<'a>(scheme: SecurityScheme<'a>, faults: &mut Vec<Fault<'a>>) {
    const NAMES: &[&str] = &["implicit", "password", "application", "accessCode"];
    let Some(written) = scheme.flow() else {
        let help = match scheme.flows() {
            Some(_) => "`flows` is of 3.0; in 2.0 a scheme has one `flow`",
            None => "add `flow` and its URLs",
        };
        faults.push(Fault {
            place: Place::key(scheme.node()),
            what: "has no `flow`".into(),
            help: help.into(),
        });
        return;
    };
    let Some(flow) = Flow::named(written.text(), Version::V2) else {
        let renamed = Flow::named(written.text(), Version::V3_2).and_then(|flow| flow.name_in(Version::V2));
        faults.push(Fault {
            place: Place::value(written),
            what: format!("has the flow `{}`, which 2.0 does not know", written.text()),
            help: renamed.map_or_else(
                || format!("write {}", alternatives(NAMES)),
                |name| format!("2.0 calls it `{name}`"),
            ),
        });
        return;
    };
    let urls = flow.required_urls().iter().filter(|&&url| is_absent(scheme.field(url)));
    faults.extend(urls.map(|url| Fault {
        place: Place::value(written),
        what: format!("has the flow `{}` without `{}`", written.text(), url.text()),
        help: format!("add `{}`", url.text()),
    }));
}

fn flows<'a>(scheme: SecurityScheme<'a>, version: Version, faults: &mut Vec<Fault<'a>>) {
    let written = scheme.field(Atom::FLOWS).filter(|flows| flows.is_object());
    let Some(written) = written.filter(|_| scheme.flows().is_some()) else {
        let help = match scheme.flow() {
            Some(_) => "`flow` is of 2.0; from 3.0 on each flow is an object under `flows`",
            None => "add `flows` with at least one flow and its URLs",
        };
        faults.push(Fault {
            place: Place::key(scheme.node()),
            what: "has no `flows`".into(),
            help: help.into(),
        });
        return;
    };
    let Some(object) = scheme.flows().map(|flows| flows.node()) else { return };
    let known = |key: &str| Flow::named(key, version).filter(|flow| flow.name_in(version).is_some());
    let written_flows = object.entries().filter(|entry| !entry.key.is_extension());
    let mut written_flows: Vec<_> = written_flows.collect();
    written_flows.sort_by_key(|entry| (known(entry.key.text()).is_none(), entry.key.text()));
    let mut count = 0;
    for entry in written_flows {
        count += 1;
        let key = entry.key.text();
        let Some(flow) = known(key) else {
            let renamed = Flow::named(key, Version::V2).and_then(|flow| flow.name_in(version));
            faults.push(Fault {
                place: Place::key(entry.value),
                what: format!("has the flow `{key}`, which {} does not know", version_name(version)),
                help: renamed.map_or_else(
                    || "write one of the flows of the OAuth Flows Object".to_owned(),
                    |name| format!("from 3.0 on it is called `{name}`"),
                ),
            });
            continue;
        };
        let urls = flow.required_urls().iter().filter(|&&url| is_absent(entry.value.get(url)));
        faults.extend(urls.map(|url| Fault {
            place: Place::key(entry.value),
            what: format!("has the flow `{key}` without `{}`", url.text()),
            help: format!("add `{}` to `{key}`", url.text()),
        }));
    }
    if count == 0 {
        faults.push(Fault {
            place: Place::key(written),
            what: "has no flow".into(),
            help: "add at least one flow and its URLs".into(),
        });
    }
}

fn is_absent(url: Option<Node<'_>>) -> bool {
    url.is_none_or(|url| url.text().trim().is_empty())
}

fn types(version: Version) -> &'static [&'static str] {
    match version {
        Version::V2 => &["basic", "apiKey", "oauth2"],
        Version::V3_0 => &["apiKey", "http", "oauth2", "openIdConnect"],
        Version::V3_1 | Version::V3_2 => &["apiKey", "http", "mutualTLS", "oauth2", "openIdConnect"],
    }
}

/// What was probably meant.
fn right_type(written: &str, version: Version) -> String {
    let is = |names: &[&str]| names.iter().any(|name| written.eq_ignore_ascii_case(name));
    if let Some(known) = types(version).iter().find(|known| known.eq_ignore_ascii_case(written)) {
        return format!("write `type: {known}`");
    }
    match version {
        Version::V2 if is(&["http"]) => {
            "write `type: basic`, or `type: apiKey` for a token in a header".into()
        }
        Version::V3_0 if is(&["mutualTLS"]) => "`mutualTLS` came with 3.1: raise the version".into(),
        Version::V2 => format!("write {}", alternatives(types(version))),
        _ if is(&["basic"]) => "write `type: http` and `scheme: basic`".into(),
        _ if is(&["bearer", "jwt", "token"]) => "write `type: http` and `scheme: bearer`".into(),
        _ => format!("write {}", alternatives(types(version))),
    }
}

fn alternatives(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => quoted.concat(),
    }
}

fn version_name(version: Version) -> &'static str {
    match version {
        Version::V2 => "2.0",
        Version::V3_0 => "3.0",
        Version::V3_1 => "3.1",
        Version::V3_2 => "3.2",
    }
}
