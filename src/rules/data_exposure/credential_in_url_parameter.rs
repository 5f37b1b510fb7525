//! `credential-in-url-parameter`: a secret where everything is logged.

use std::collections::BTreeMap;

use crate::lint::{
    Check, Confidence, Description, GroupId, Occurrence, OptionKind, Profile, Rule, RuleOption, Scope,
    Severity, Sink,
};
use crate::model::naming::UrlCredential;
use crate::model::words::{ends_in, ends_with, words};
use crate::model::{Access, Api, CredentialParameter, CredentialSet, OperationId};
use crate::syntax::{Node, Place};

pub(super) static RULE: Rule = Rule {
    id: "credential-in-url-parameter",
    birth_id: "credential-in-url-parameter",
    summary: "a password, key or token is an ordinary parameter of the URL, where logs and histories keep it",
    category: "data-exposure",
    severity: Severity::High,
    confidence: Confidence::High,
    profile: Profile::Default,
    owasp: &["API2:2023"],
    cwe: &[598, 522],
    since: "0.1.0",
    scope: Scope::Root,
    subsumed_by: &[],
    options: &[&ACCEPTED],
    check: Check::Api(check),
    page: include_str!("../../../rules/data-exposure/credential-in-url-parameter.md"),
};

static ACCEPTED: RuleOption = RuleOption {
    name: "accepted",
    kind: OptionKind::Names,
    doc: "parameters that are no credentials, whatever they are called",
};

fn check<'a>(api: &'a Api<'a>, sink: &mut Sink<'a>) {
    let total = api.path_operations().count();
    sink.examined(total);
    let found = api.credential_parameters();
    let required_keys = api.required_keys();
    // How many operations take a name, in however many Parameter Objects.
    let mut support: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for credential in found {
        *support.entry(credential.key()).or_default() += credential.operations.len();
    }
    let accepted: Vec<&str> = found
        .iter()
        .map(|credential| credential.name.text())
        .filter(|name| sink.lists(&ACCEPTED, name))
        .collect();
    let grade_of = |credential: &CredentialParameter<'a>| {
        // Of a key that a requirement names `api-key-in-query` speaks.
        let is_accepted = accepted.contains(&credential.name.text());
        let kind =
            credential.in_url.filter(|_| !is_accepted && !required_keys.contains(&credential.key()))?;
        let count = support[&credential.key()];
        let is_common = count >= 3 || 2 * count >= total;
        let (severity, profile) = grade(api, credential, kind, is_common);
        Some(Grade { severity, profile, gravity: grade(api, credential, kind, true).0 })
    };
    for profile in [Profile::Default, Profile::Pedantic] {
        let chosen = found
            .iter()
            .filter(|credential| grade_of(credential).is_some_and(|grade| grade.profile == profile));
        for set in CredentialSet::of(api, chosen) {
            let group = open_group(api, &set, sink);
            for credential in set.members {
                let occurrence = report(api, credential, group, sink);
                if let Some(Grade { severity, gravity, .. }) = grade_of(credential) {
                    occurrence.severity(gravity).usual(severity).profile(profile);
                }
            }
        }
    }
}

/// How bad it is, also where more operations take it, and for whom it is worth reading.
struct Grade {
    severity: Severity,
    gravity: Severity,
    profile: Profile,
}

/// How bad it is, and for whom it is worth reading.
fn grade<'a>(
    api: &'a Api<'a>,
    credential: &CredentialParameter<'a>,
    kind: UrlCredential,
    is_common: bool,
) -> (Severity, Profile) {
    let name = credential.name.text();
    let later = (Severity::Low, Profile::Pedantic);
    if kind == UrlCredential::Token && !is_common {
        // One operation's `token` is an invitation, a lock, an upload, as often as a credential.
        return later;
    }
    if credential.location == "path" && (kind == UrlCredential::Token || is_resource(api, credential)) {
        return later;
    }
    let is_authenticated = |&id: &OperationId| !api.operation(id).access().is_unauthenticated();
    let is_required = credential.parameter.required().and_then(Node::as_bool) == Some(true);
    let beside_another = !is_required && credential.operations.iter().all(is_authenticated);
    match kind {
        UrlCredential::Key | UrlCredential::Token if beside_another && !ends_in(name, SECRETS) => {
            (Severity::Medium, Profile::Default)
        }
        _ => (Severity::High, Profile::Default),
    }
}

/// What authenticates the call itself. Other credentials are for somebody else, and belong into a body.
const CALLERS: &[&str] = &[
    "token", "accesstoken", "oauthtoken", "authtoken", "apitoken", "usertoken", "apikey", "appkey", "appid",
    "apptoken", "jwt", "accesskey", "bearertoken", "sessiontoken", "wskey", "authkey", "subscriptionkey",
];

/// What never expires by itself.
const SECRETS: &[&str] = &["secret", "secretkey", "secretaccesskey", "privatekey", "refreshtoken"];

/// Whether a path parameter addresses a thing that is called so, or is a link that is its own credential: the path of
/// an invitation or a shared file.
fn is_resource<'a>(api: &'a Api<'a>, credential: &CredentialParameter<'a>) -> bool {
    const LINKS: &[&str] = &[
        "invite", "invites", "invitation", "invitations", "share", "shares", "shared", "download",
        "downloads", "public", "confirm", "activate", "activation", "unsubscribe", "verify", "verification",
        "reset", "forgot", "link", "links",
    ];
    let name = credential.name.text();
    let last = words(name).last().unwrap_or_default();
    if last.eq_ignore_ascii_case("authorization") {
        return true;
    }
    if ends_with(last, "key") && !ends_in(name, &["secretkey", "privatekey", "authkey"]) {
        return true;
    }
    let path = api.operation(credential.operations[0]).path;
    path.split('/').filter(|segment| !segment.starts_with('{')).any(|segment| words(segment).any_of(LINKS))
}

fn open_group<'a>(api: &'a Api<'a>, set: &CredentialSet<'_, 'a>, sink: &mut Sink<'a>) -> GroupId {
    let verb = if set.is_plural() { "are" } else { "is" };
    let location = set.members[0].location;
    let message = format!("{} {verb} sent in the {location} of {}", set.names(), set.operations(api));
    let all = set.members.len();
    sink.group(None, move |members| Description {
        message: members.message_unless_all(all, &message),
        label: "logged with every URL".into(),
        help: String::new(),
    })
}

fn report<'a, 's>(
    api: &'a Api<'a>,
    credential: &CredentialParameter<'a>,
    group: GroupId,
    sink: &'s mut Sink<'a>,
) -> &'s mut Occurrence<'a> {
    let name = credential.name.text();
    let first = credential.most_exposed(api);
    let message =
        format!("`{name}` is sent in the {} of {}", credential.location, credential.named_operations(api));
    let occurrence = sink.report(Place::value(credential.name), message);
    // The scheme that authenticates the first operation anyway, if every way in needs one.
    let scheme =
        first.security.required().min_by_key(|r| r.name()).filter(|_| first.access() == Access::Protected);
    let bare = words(name).skip_while(|word| word.eq_ignore_ascii_case("x"));
    let is_callers = bare.count() <= 2 && ends_in(name, CALLERS);
    occurrence.help(match scheme.filter(|_| is_callers) {
        Some(scheme) => format!("remove `{name}`: `{}` authenticates the call already", scheme.name()),
        None if is_callers => format!("send `{name}` in a header, and declare it as a security scheme"),
        None => format!("send `{name}` in the body of a `POST` request"),
    });
    if let Some(scheme) = scheme {
        occurrence.related(Place::key(scheme.node), format!("`{}` is required anyway", scheme.name()));
    }
    if credential.location == "path" {
        occurrence.related(Place::key(first.path_node), "stands in the path");
    }
    occurrence
        .operations(credential.operations.clone())
        .exposure(first.exposure())
        .subject(format!("`{name}`"))
        .in_group(group)
}
