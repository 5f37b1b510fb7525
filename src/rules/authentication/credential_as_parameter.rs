//! `credential-as-parameter`: authentication that no tool sees.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::lint::{
    Check, Confidence, Description, Extent, OptionKind, Profile, Rule, RuleOption, Scope, Severity, Sink,
    Subsumption,
};
use crate::model::naming::UrlCredential;
use crate::model::{
    Api, CredentialParameter, CredentialSet, Operation, OperationId, PublicReason, SchemeKind, SecurityScheme,
};
use crate::syntax::{Node, Place};

pub(super) static RULE: Rule = Rule {
    id: "credential-as-parameter",
    birth_id: "credential-as-parameter",
    summary: "operations take a credential as an ordinary parameter, so that no tool sees their authentication",
    category: "authentication",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    profile: Profile::Default,
    owasp: &["API2:2023"],
    cwe: &[1173, 287],
    since: "0.1.0",
    scope: Scope::Root,
    subsumed_by: &[
        Subsumption { rule: "credential-in-url-parameter", at: Extent::Place },
        Subsumption { rule: "no-security-schemes", at: Extent::Document },
        Subsumption { rule: "security-never-applied", at: Extent::Document },
    ],
    options: &[&ACCEPTED],
    check: Check::Api(check),
    page: include_str!("../../../rules/authentication/credential-as-parameter.md"),
};

/// How many operations must take a parameter: what fewer take is mostly a credential for something else.
const SUPPORT: usize = 3;

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
    // A password in a query is one that the operation works with, and a path has no place for a scheme.
    let takes_part = |credential: &&CredentialParameter<'a>| {
        credential.location != "path"
            && !sink.lists(&ACCEPTED, credential.name.text())
            && credential.in_url != Some(UrlCredential::Password)
            && !required_keys.contains(&credential.key())
    };
    let (mut open, mut redundant) = (Vec::new(), Vec::new());
    for credential in found.iter().filter(takes_part) {
        open.extend(part(api, credential, |operation| {
            operation.access().is_unauthenticated() && !is_login(api, operation)
        }));
        if is_authorization(credential) {
            redundant.extend(part(api, credential, |operation| {
                operation.security.required().any(|r| sends_authorization(r.scheme))
            }));
        }
    }
    let mut support: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for credential in &open {
        *support.entry(credential.key()).or_default() += credential.operations.len();
    }
    open.retain(|credential: &CredentialParameter<'a>| {
        let count = support[&credential.key()];
        let is_supported = count >= SUPPORT || 2 * count >= total;
        sink.remember((!is_supported).then(|| Place::value(credential.name)));
        is_supported
    });
    let declared = Declared::of(api);
    for set in CredentialSet::of(api, open.iter()) {
        report_open(api, &set, &declared, sink);
    }
    for set in CredentialSet::of(api, redundant.iter()) {
        report_redundant(api, &set, sink);
    }
}

/// The parameter as some of its operations take it.
fn part<'a>(
    api: &'a Api<'a>,
    credential: &CredentialParameter<'a>,
    condition: impl Fn(&'a Operation<'a>) -> bool,
) -> Option<CredentialParameter<'a>> {
    let operations = credential.operations.iter().copied().filter(|&id| condition(api.operation(id)));
    let operations: Vec<OperationId> = operations.collect();
    (!operations.is_empty()).then(|| credential.with(operations))
}

/// A login takes credentials in order to check them.
fn is_login<'a>(api: &'a Api<'a>, operation: &'a Operation<'a>) -> bool {
    matches!(
        api.public_reason(operation),
        Some(PublicReason::AuthenticationFlow(_) | PublicReason::OperationId(_))
    )
}

fn report_open<'a>(
    api: &'a Api<'a>,
    set: &CredentialSet<'_, 'a>,
    declared: &Declared<'a>,
    sink: &mut Sink<'a>,
) {
    let verb = if set.is_plural() { "are ordinary parameters" } else { "is an ordinary parameter" };
    let message = format!("{} {verb} of {}", set.names(), set.operations(api));
    let all = set.members.len();
    let group = sink.group(None, move |members| Description {
        message: members.message_unless_all(all, &message),
        label: "no tool takes it for authentication".into(),
        help: String::new(),
    });
    // One name may stand in thousands of Parameter Objects.
    let mut remedies: FxHashMap<(&str, &str), Remedy<'a>> = FxHashMap::default();
    for credential in &set.members {
        let remedy =
            remedies.entry(credential.key()).or_insert_with(|| Remedy::of(api, credential, declared));
        let first = credential.most_exposed(api);
        let what = format!("is an ordinary parameter of {}", credential.named_operations(api));
        let name = format!("`{}`", credential.name.text());
        let occurrence = sink.report_of(Place::value(credential.name), name, &what);
        occurrence
            .help(remedy.help.as_str())
            .because(Place::key(first.object.node()), "no `security` applies here")
            .operations(credential.operations.clone())
            .exposure(first.exposure())
            .in_group(group);
        if let Some(declaration) = remedy.declaration {
            occurrence.related(Place::key(declaration), "declared here for the same purpose");
        }
    }
}

/// What to do about a location and name.
struct Remedy<'a> {
    help: String,
    /// The scheme that says the same, where it is declared.
    declaration: Option<Node<'a>>,
}

impl<'a> Remedy<'a> {
    fn of(api: &'a Api<'a>, credential: &CredentialParameter<'a>, declared: &Declared<'a>) -> Remedy<'a> {
        let Some(scheme) = declared.same(credential) else {
            let (name, suggestion) = (credential.name.text(), suggestion(credential));
            let help = format!("declare `{name}` as a security scheme ({suggestion}), and require it");
            return Remedy { help, declaration: None };
        };
        let help = format!("require `{}` with `security` in place of the parameter", scheme.text());
        let container = api.schemes.container();
        Remedy { help, declaration: container.and_then(|container| container.get_text(scheme.text())) }
    }
}

/// From 3.0 on `Authorization` is no parameter (3.2 §4.12.2): tools leave it out, and the scheme says it already.
fn report_redundant<'a>(api: &'a Api<'a>, set: &CredentialSet<'_, 'a>, sink: &mut Sink<'a>) {
    let message = format!("{} repeats the authentication of {}", set.names(), set.operations(api));
    let all = set.members.len();
    let group = sink.group(None, move |members| Description {
        message: members.message_unless_all(all, &message),
        label: "said by the scheme already".into(),
        help: "remove the parameter: `security` says what the header holds".into(),
    });
    for credential in &set.members {
        let first = credential.most_exposed(api);
        let name = credential.name.text();
        let message = format!("`{name}` repeats the authentication of {}", credential.named_operations(api));
        let occurrence = sink.report(Place::value(credential.name), message);
        occurrence
            .severity(Severity::Info)
            .profile(Profile::Pedantic)
            .operations(credential.operations.clone())
            .exposure(first.exposure())
            .subject(format!("`{name}`"))
            .in_group(group);
        if let Some(required) =
            first.security.required().filter(|r| sends_authorization(r.scheme)).min_by_key(|r| r.name())
        {
            occurrence.because(Place::key(required.node), format!("`{}` is required here", required.name()));
        }
    }
}

fn is_authorization(credential: &CredentialParameter<'_>) -> bool {
    credential.location == "header" && credential.name.text().eq_ignore_ascii_case("authorization")
}

fn sends_authorization(scheme: Option<SecurityScheme<'_>>) -> bool {
    let Some(scheme) = scheme else { return false };
    match scheme.kind() {
        SchemeKind::ApiKey => {
            let is = |node: Option<Node<'_>>, text: &str| {
                node.is_some_and(|node| node.text().eq_ignore_ascii_case(text))
            };
            is(scheme.location(), "header") && is(scheme.name(), "authorization")
        }
        SchemeKind::MutualTls | SchemeKind::Unknown => false,
        _ => true,
    }
}

/// The declared schemes by what they send.
struct Declared<'a> {
    /// The name of the first scheme for each location and name of an API key, the name in lower case.
    keys: BTreeMap<(&'a str, String), Node<'a>>,
    /// The name of the first scheme that fills `Authorization`.
    authorization: Option<Node<'a>>,
}

impl<'a> Declared<'a> {
    fn of(api: &'a Api<'a>) -> Declared<'a> {
        let mut declared = Declared { keys: BTreeMap::new(), authorization: None };
        let mut schemes: Vec<_> = api.schemes.iter().collect();
        schemes.sort_by_key(|(name, _)| name.text());
        for (name, scheme) in schemes {
            if sends_authorization(Some(*scheme)) {
                declared.authorization.get_or_insert(*name);
            } else if let (SchemeKind::ApiKey, Some(location), Some(key)) =
                (scheme.kind(), scheme.location(), scheme.name())
            {
                declared.keys.entry((location.text(), key.text().to_ascii_lowercase())).or_insert(*name);
            }
        }
        declared
    }

    /// The name of a scheme that sends the same header, query parameter or cookie.
    fn same(&self, credential: &CredentialParameter<'a>) -> Option<Node<'a>> {
        if is_authorization(credential) {
            return self.authorization;
        }
        let (location, name) = credential.key();
        self.keys.get(&(location, name.to_ascii_lowercase())).copied()
    }
}

fn suggestion(credential: &CredentialParameter<'_>) -> String {
    match is_authorization(credential) {
        true => "`type: http`".to_owned(),
        false => format!("`type: apiKey`, `in: {}`", credential.location),
    }
}
