//! Which operations are public on purpose, judged by their path, method, name and prose.

mod authentication;
mod path;
mod prose;

use super::naming::is_sensitive_resource;
use super::words::{is_one_of, is_spelled, last_word, words};
use authentication::{ACCOUNT, AUTHENTICATION, authentication_flow, authentication_name, is_vague};
use path::{Shape, is_capability};
use prose::documented;
pub(super) use prose::says_open_api;
use std::fmt;

/// What is known of an operation when its intent is judged.
#[derive(Clone, Copy, Debug, Default)]
pub struct Candidate<'a> {
    /// The path template as written, with or without a trailing slash.
    pub path: &'a str,
    /// The method in lower case.
    pub method: &'a str,
    /// The `operationId`, or nothing.
    pub operation_id: &'a str,
    /// The summary, or nothing; only its first 2 KiB are read.
    pub summary: &'a str,
    /// The description, or nothing; only its first 2 KiB are read.
    pub description: &'a str,
    /// The methods of the same path, the operation's own among them or not.
    pub siblings: Methods,
    /// Whether the operation documents a 401 or 403 response.
    pub documents_denial: bool,
    /// Whether another method of the same path requires authentication.
    pub protected_sibling: bool,
}

/// A set of methods of one path.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Methods(u16);

impl Methods {
    const NAMES: [&str; 9] = ["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"];

    /// The set of one method; empty for a method that OpenAPI has no fixed field for.
    pub fn of(method: &str) -> Methods {
        let position = Methods::NAMES.iter().position(|name| *name == method);
        Methods(position.map_or(0, |position| 1 << position))
    }

    /// The methods of both sets.
    pub fn with(self, other: Methods) -> Methods {
        Methods(self.0 | other.0)
    }

    /// Whether the sets have a method in common.
    pub fn intersects(self, other: Methods) -> bool {
        self.0 & other.0 != 0
    }
}

impl<'a> FromIterator<&'a str> for Methods {
    fn from_iter<I: IntoIterator<Item = &'a str>>(methods: I) -> Methods {
        methods.into_iter().fold(Methods::default(), |all, method| all.with(Methods::of(method)))
    }
}

/// Why an operation is taken to be public on purpose. The text in a reason is the evidence, as the document has it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PublicReason<'a> {
    /// The root of the API.
    Root,
    /// A CORS preflight request, to which browsers never attach credentials.
    Preflight,
    /// A path segment says so: `public`, `.well-known`, `anonymous`.
    PublicSegment(&'a str),
    /// The state, version or description of the service itself.
    Meta(&'a str),
    /// Another service calls it; its signature, not its credential, is checked.
    InboundHook(&'a str),
    /// Part of obtaining, renewing or giving up a credential.
    AuthenticationFlow(&'a str),
    /// The path ends in a secret; who has the link has access.
    Capability(&'a str),
    /// The `operationId` names the authentication of the caller.
    OperationId(&'a str),
    /// The prose says so.
    Documented(&'a str),
    /// A list that is the same for everyone: countries, currencies, plans.
    ReferenceList(&'a str),
    /// Somebody asserts it.
    Asserted(Asserted<'a>),
}

/// Where it is asserted that an operation is public on purpose, and why.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Asserted<'a> {
    /// In the document, by an extension or a comment, with the author's words.
    Document(Option<&'a str>),
    /// In the configuration.
    Configuration(Option<&'a str>),
}

impl PublicReason<'_> {
    /// Whether the operation belongs to the service rather than to its API, so that it stays the same whatever becomes
    /// of that: the state of the service, `.well-known`, logins, calls of other services, links in mails.
    pub fn is_of_the_service(&self) -> bool {
        match self {
            PublicReason::PublicSegment(segment) => segment.starts_with('.'),
            PublicReason::Documented(_) | PublicReason::ReferenceList(_) | PublicReason::Asserted(_) => false,
            _ => true,
        }
    }
}

impl fmt::Display for PublicReason<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PublicReason::Root => f.write_str("the path is the root of the API"),
            PublicReason::Preflight => f.write_str("`options` is a preflight request"),
            PublicReason::PublicSegment(segment) => write!(f, "the path has the segment `{segment}`"),
            PublicReason::Meta(segment) if is_health(segment) => {
                write!(f, "the path reports health: `{segment}`")
            }
            PublicReason::Meta(segment) => write!(f, "the path describes the service: `{segment}`"),
            PublicReason::InboundHook(segment) => write!(f, "`{segment}` receives calls of other services"),
            PublicReason::AuthenticationFlow(segment) => {
                write!(f, "the path ends in the authentication step `{segment}`")
            }
            PublicReason::Capability(name) => write!(f, "the path ends in the secret `{name}`"),
            PublicReason::OperationId(name) => write!(f, "the operation is called `{name}`"),
            PublicReason::Documented(text) => write!(f, "the documentation says \"{text}\""),
            PublicReason::ReferenceList(segment) => write!(f, "`{segment}` is a list for everyone"),
            PublicReason::Asserted(asserted) => asserted.fmt(f),
        }
    }
}

impl fmt::Display for Asserted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (source, reason) = match self {
            Asserted::Document(reason) => ("document", reason),
            Asserted::Configuration(reason) => ("configuration", reason),
        };
        write!(f, "the {source} asserts it")?;
        reason.map_or(Ok(()), |reason| write!(f, ": {reason}"))
    }
}

/// The strongest reason to take an operation for public on purpose, if there is one.
///
/// A documented 401 or 403, or a sibling method that requires authentication, contradicts the reasons that rest on
/// prose or on a noun: `Documented`, `ReferenceList`, and `Meta` for a word such as `status` that resources have, too.
/// It does not contradict the others. A login answers 401 as well, and `/health` stays what it is.
pub fn public_reason<'a>(candidate: &Candidate<'a>) -> Option<PublicReason<'a>> {
    let shape = Shape::of(candidate.path);
    let contradicted = candidate.documents_denial || candidate.protected_sibling;
    let is_read = matches!(candidate.method, "get" | "head");
    if candidate.method == "options" {
        return Some(PublicReason::Preflight);
    }
    if is_read && candidate.path.trim_matches('/').is_empty() {
        return Some(PublicReason::Root);
    }
    // `PUT /albums/{id}/public` makes something public.
    let makes_public = |segment: &str| segment.eq_ignore_ascii_case("public") || shape.item_before_last;
    let public =
        shape.public.filter(|segment| is_read || shape.has_more_than_public || !makes_public(segment));
    public
        .map(PublicReason::PublicSegment)
        .or_else(|| service_segment(&shape, is_read).map(PublicReason::Meta))
        .or_else(|| inbound_hook(candidate, &shape).map(PublicReason::InboundHook))
        .or_else(|| authentication_flow(candidate, &shape).map(PublicReason::AuthenticationFlow))
        .or_else(|| capability(candidate.method, &shape).map(PublicReason::Capability))
        .or_else(|| authentication_name(candidate, &shape).map(PublicReason::OperationId))
        .or_else(|| if contradicted { None } else { soft_reason(candidate, &shape, is_read) })
}

/// The step of obtaining, renewing or giving up a credential that the operation is, by its path or its name.
pub fn authentication_step<'a>(candidate: &Candidate<'a>) -> Option<&'a str> {
    let shape = Shape::of(candidate.path);
    authentication_flow(candidate, &shape).or_else(|| authentication_name(candidate, &shape))
}

fn is_health(segment: &str) -> bool {
    const NAMES: &[&str] = &[
        "health", "healthz", "healthy", "healthcheck", "healthchecks", "heartbeat", "ping", "livez",
        "liveness", "livenessprobe", "readyz", "readiness", "readinessprobe", "ruok", "alive",
    ];
    NAMES.iter().any(|name| is_spelled(segment, name))
}

fn is_self_description(segment: &str) -> bool {
    const NAMES: &[&str] = &[
        "openapi", "swagger", "swaggerui", "apidocs", "apispec", "jwks", "robots", "favicon", "sitemap",
        "oembed", "captcha", "servicestatus", "serverstatus", "systemstatus", "apistatus", "apiversion",
        "apiversions", "servertime", "serverinfo", "buildinfo", "serviceinfo", "serviceinformation",
        "versioninfo", "versioninformation",
    ];
    NAMES.iter().any(|name| is_spelled(segment, name))
}

/// A segment that says what no resource is called.
fn service_segment<'a>(shape: &Shape<'a>, is_read: bool) -> Option<&'a str> {
    // The length spares most segments of large documents the comparison with every name.
    let states = |segment: &str| segment.len() <= 20 && (is_health(segment) || is_self_description(segment));
    if !is_read {
        None
    } else if states(shape.last) && (!shape.item_before_last || is_spelled(shape.last, "jwks")) {
        Some(shape.last)
    } else {
        // `/health/database`, but not `/health/patients` of an API about health.
        let before = states(shape.before) && !shape.item_before_last && !is_sensitive_resource(shape.last);
        before.then_some(shape.before)
    }
}

/// A receiver of webhooks, as opposed to an operation that manages or sends them.
fn inbound_hook<'a>(candidate: &Candidate<'a>, shape: &Shape<'a>) -> Option<&'a str> {
    const RECEIVING: &[&str] =
        &["incoming", "inbound", "receive", "receiver", "process", "handle", "handler"];
    const MANAGING: &[&str] = &[
        "create", "add", "register", "subscribe", "set", "update", "configure", "test", "fire", "trigger",
        "send", "resend", "validate", "save", "new", "enable", "simulate",
    ];
    let managed = ["get", "delete", "patch", "put"].into_iter().collect::<Methods>();
    let last = last_word(shape.last)?;
    // `/webhooks/incoming/{id}` takes what is sent to one of them, whoever manages it by other methods.
    let is_one_incoming =
        shape.tail.is_some() && is_one_of(last, &["incoming", "inbound"]) && is_any_hook(shape.before);
    let single = is_one_of(last, &["webhook", "hook", "callback"]);
    let is_said_to_receive =
        single && words(candidate.operation_id).last().is_some_and(|word| is_one_of(word, RECEIVING));
    let is_managed = candidate.siblings.intersects(managed) && !is_one_incoming && !is_said_to_receive;
    if candidate.method != "post" || is_managed {
        return None;
    }
    // A collection takes subscriptions; `notify` below an item sends a notification.
    let receives = is_one_of(last, RECEIVING) && (is_any_hook(shape.before) || is_any_hook(shape.last))
        || is_one_of(last, &["webhooks", "hooks", "callbacks"])
            && words(candidate.operation_id).chain(words(shape.last)).any(|word| is_one_of(word, RECEIVING))
        || is_one_of(last, &["notify", "notification"])
            && !shape.has_item
            && words(shape.last).any_of(&["on", "notify"])
        || single;
    let manages = |text: &str| words(text).take(2).any(|word| is_one_of(word, MANAGING));
    let sends =
        words(shape.last).any_of(MANAGING) || manages(candidate.operation_id) || manages(candidate.summary);
    (receives && !sends).then_some(shape.last)
}

fn is_any_hook(segment: &str) -> bool {
    words(segment).any_of(&["webhook", "webhooks", "hook", "hooks", "callback", "callbacks"])
}

fn capability<'a>(method: &str, shape: &Shape<'a>) -> Option<&'a str> {
    let name = shape.tail?;
    // A bare code or ticket is one only where the path speaks of invitations or of authentication.
    let contextual = is_one_of(name, &["code", "ticket", "key"])
        && words(shape.last)
            .any(|word| is_one_of(word, ACCOUNT) || is_one_of(word, AUTHENTICATION) || is_vague(word));
    // Who holds an invitation may turn it down as well.
    let is_invitation = words(shape.last).any_of(&["invite", "invites", "invitation", "invitations"]);
    let method_fits = matches!(method, "get" | "head" | "post") || method == "delete" && is_invitation;
    (method_fits && (contextual || is_capability(name))).then_some(name)
}

/// The reasons that a documented denial or a protected sibling contradicts.
fn soft_reason<'a>(candidate: &Candidate<'a>, shape: &Shape<'a>, is_read: bool) -> Option<PublicReason<'a>> {
    if is_read && is_plain_meta(shape) {
        return Some(PublicReason::Meta(shape.last));
    }
    if let Some(text) = documented(candidate, shape, is_read) {
        return Some(PublicReason::Documented(text));
    }
    (is_read && is_reference_list(shape)).then_some(PublicReason::ReferenceList(shape.last))
}

/// `/status`, `/api/version`, but not the status of an item or of payments.
fn is_plain_meta(shape: &Shape<'_>) -> bool {
    const NAMES: &[&str] = &[
        "status", "version", "versions", "info", "about", "time", "live", "ready", "spec", "specs", "docs",
        "ok",
    ];
    !shape.has_item && is_one_of(shape.last, NAMES) && !is_sensitive_resource(shape.before)
}

fn is_reference_list(shape: &Shape<'_>) -> bool {
    const NAMES: &[&str] = &[
        "countries", "country", "currencies", "currency", "languages", "language", "locales", "timezones",
        "regions", "plans", "pricing", "formats", "kernels", "engines", "licenses", "licences", "categories",
        "types", "icons", "emojis",
    ];
    const QUALIFIERS: &[&str] =
        &["supported", "available", "all", "list", "valid", "iso", "custom", "get", "time"];
    if shape.item_before_last {
        return false;
    }
    let Some(last) = last_word(shape.last) else { return false };
    let listed = is_one_of(last, NAMES) || words(shape.last).are(&["time", "zones"]);
    let plain = words(shape.last).all(|word| is_one_of(word, QUALIFIERS) || word == last);
    listed && plain && !is_sensitive_resource(shape.before)
}

#[cfg(test)]
mod tests;
