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
    /// The document asserts it by extension or comment.
    Asserted,
}

impl PublicReason<'_> {
    /// Whether the operation belongs to the service rather than to its API, so that it stays the same whatever becomes
    /// of that: the state of the service, `.well-known`, logins, calls of other services, links in mails.
    pub fn is_of_the_service(&self) -> bool {
        match self {
            PublicReason::PublicSegment(segment) => segment.starts_with('.'),
            PublicReason::Documented(_) | PublicReason::ReferenceList(_) | PublicReason::Asserted => false,
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
            PublicReason::Asserted => f.write_str("the document asserts it"),
        }
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
mod tests {
    use super::prose::SEARCHED;
    use super::*;

    fn reason(method: &str, path: &str) -> String {
        name_of(&Candidate { method, path, ..Candidate::default() })
    }

    fn name_of(candidate: &Candidate<'_>) -> String {
        let reason = public_reason(candidate);
        reason.map_or_else(String::new, |reason| format!("{reason:?}").replace('"', ""))
    }

    #[test]
    fn reads_paths() {
        let cases = [
            ("get", "/", "Root"),
            ("get", "", "Root"),
            ("post", "/", ""),
            ("options", "/users/{id}", "Preflight"),
            ("get", "/public/items", "PublicSegment(public)"),
            ("delete", "/public/uploads/{id}", "PublicSegment(public)"),
            ("get", "/timelines/public", "PublicSegment(public)"),
            ("post", "/versions/publish/anon", "PublicSegment(anon)"),
            ("put", "/users/{id}/anonymous", ""),
            ("post", "/publish/anon/versions", "PublicSegment(anon)"),
            ("put", "/albums/{id}/public", ""),
            ("get", "/v1/{parent}/.well-known/openid-configuration", "PublicSegment(.well-known)"),
            ("get", "/publications", ""),
        ];
        check(&cases);
    }

    #[test]
    fn knows_the_service_itself() {
        let cases = [
            ("get", "/health", "Meta(health)"),
            ("get", "/api/v1/healthz/", "Meta(healthz)"),
            ("head", "/__heartbeat__", "Meta(__heartbeat__)"),
            ("get", "/health/database", "Meta(health)"),
            ("get", "/{version}/health", "Meta(health)"),
            ("get", "/2/openapi.json", "Meta(openapi)"),
            ("get", "/v1/{parent}/jwks", "Meta(jwks)"),
            ("get", "/api/rest/serverInfo", "Meta(serverInfo)"),
            ("get", "/api/version", "Meta(version)"),
            ("get", "/service-status", "Meta(service-status)"),
            ("get", "/status.json", "Meta(status)"),
            ("post", "/health", ""),
            ("get", "/health/patients", ""),
            ("get", "/devices/{id}/health", ""),
            ("get", "/orders/{id}/status", ""),
            ("get", "/payments/status", ""),
            ("get", "/account/info", ""),
            ("get", "/files/{id}/versions", ""),
            ("get", "/versions/{version}", "Meta(versions)"),
            ("get", "/products/status/{status}.json", ""),
            ("get", "/metrics", ""),
            ("get", "/healthcare", ""),
        ];
        check(&cases);
    }

    #[test]
    fn knows_authentication_flows() {
        let flow = [
            ("post", "/login"),
            ("post", "/v1/users/sign-in"),
            ("post", "/user/logIn"),
            ("get", "/libs/login.html"),
            ("get", "/auth/login/{provider}"),
            ("post", "/authn/{account}/{login}/authenticate"),
            ("post", "/Users/AuthenticateByName"),
            ("get", "/oauth/authorize"),
            ("get", "/vault/authorize/{service_id}/{application_id}"),
            ("post", "/oauth2/token"),
            ("post", "/oauth2/token#refresh"),
            ("post", "/{tenant}/oauth2/v2.0/token"),
            ("post", "/oauth/access_token"),
            ("post", "/oauth2/v2/tokeninfo"),
            ("put", "/invalidateToken"),
            ("put", "/invalidateAllTokens"),
            ("post", "/accesstokens"),
            ("post", "/generateNewToken"),
            ("post", "/auth/jwt-token-refresh/"),
            ("post", "/auth/api-key"),
            ("post", "/auth/refresh"),
            ("post", "/auth/verify/"),
            ("get", "/auth/callback"),
            ("post", "/sessions"),
            ("post", "/register"),
            ("post", "/person/register"),
            ("put", "/account/registration"),
            ("post", "/account/request-email-verification"),
            ("post", "/password_reset_confirm/"),
            ("put", "/auth/reset_password/{token}"),
            ("post", "/forgotPassword"),
            ("post", "/auth/recover_username"),
            ("post", "/v2/accounts:signUp"),
            ("post", "/admin/login"),
            ("post", "/login/2fa"),
        ];
        for (method, path) in flow {
            assert!(
                reason(method, path).starts_with("AuthenticationFlow"),
                "{method} {path}: {}",
                reason(method, path)
            );
        }
        let other = [
            ("get", "/tokens"),
            ("get", "/sessions"),
            ("post", "/users/{id}/token"),
            ("post", "/sessions/{id}/token"),
            ("post", "/credentials/{id}/verify"),
            ("post", "/apps/{id}/sessions"),
            ("post", "/upload_sessions"),
            ("delete", "/person/{login}/token/{id}"),
            ("get", "/signin/{signinId}"),
            ("post", "/merchants/{id}/activate"),
            ("post", "/orders/{id}/confirm"),
            ("post", "/payments/authorise"),
            ("post", "/payments/{id}/authorize"),
            ("post", "/adjustAuthorisation"),
            ("post", "/validate"),
            ("post", "/validateEmail"),
            ("post", "/bank-accounts/verify"),
            ("get", "/country/code"),
            ("get", "/alert-status-code"),
            ("get", "/device-types"),
            ("post", "/webhooks/{id}/reset_lifetime"),
            ("post", "/register-connector"),
            ("post", "/connections/reset"),
            ("get", "/changes/startPageToken"),
            ("get", "/list-token-balances"),
            ("post", "/admin/users/password"),
            ("post", "/users/{id}/password"),
            ("get", "/sso/certificates"),
            ("patch", "/login"),
            ("post", "/config/com.example.SamlAuthenticationHandler.config"),
        ];
        for (method, path) in other {
            assert_eq!(reason(method, path), "", "{method} {path}");
        }
    }

    #[test]
    fn knows_hooks_capabilities_and_lists() {
        let cases = [
            ("post", "/webhooks/incoming/{webhookId}", "InboundHook(incoming)"),
            ("post", "/stripe/webhook", "InboundHook(webhook)"),
            ("post", "/connections:processWebhook", "InboundHook(processWebhook)"),
            ("post", "/c2c/v4/callback", "InboundHook(callback)"),
            ("post", "/consents/on-notify", "InboundHook(on-notify)"),
            ("post", "/webhooks", ""),
            ("post", "/sandbox/fire_webhook", ""),
            ("post", "/issues/{id}/notify", ""),
            ("put", "/webhooks/{id}", ""),
            ("get", "/downloads/{token}", "Capability(token)"),
            ("get", "/shares/{access_key}", "Capability(access_key)"),
            ("post", "/password_forgotten/{key}", "Capability(key)"),
            ("get", "/invitations/{code}", "Capability(code)"),
            ("delete", "/access/invite/{accessToken}", "Capability(accessToken)"),
            ("delete", "/users/{accessToken}", ""),
            ("get", "/countries/{code}", "ReferenceList(countries)"),
            ("get", "/tickets/{ticketId}", ""),
            ("get", "/items/{pageToken}", ""),
            ("get", "/secrets/{secretName}", ""),
            ("get", "/tags/{hashtag}", ""),
            ("delete", "/downloads/{token}", ""),
            ("get", "/v2/supportedCountries", "ReferenceList(supportedCountries)"),
            ("get", "/regions/{regionId}", "ReferenceList(regions)"),
            ("get", "/time-zones", "ReferenceList(time-zones)"),
            ("get", "/accounts/{id}/plans", ""),
            ("get", "/account/categories", ""),
            ("post", "/categories", ""),
        ];
        check(&cases);
    }

    fn check(cases: &[(&str, &str, &str)]) {
        for (method, path, expected) in cases {
            assert_eq!(reason(method, path), *expected, "{method} {path}");
        }
    }

    #[test]
    fn a_hook_with_other_methods_or_a_managing_name_is_a_resource() {
        let hook = Candidate { method: "post", path: "/webhook", ..Candidate::default() };
        assert_eq!(name_of(&hook), "InboundHook(webhook)");
        assert_eq!(name_of(&Candidate { siblings: ["get", "post"].into_iter().collect(), ..hook }), "");
        assert_eq!(name_of(&Candidate { siblings: Methods::of("post"), ..hook }), "InboundHook(webhook)");
        assert_eq!(name_of(&Candidate { operation_id: "createWebhook", ..hook }), "");
        let handled = Candidate { operation_id: "shop.webhook.handle", ..hook };
        assert_eq!(name_of(&Candidate { siblings: Methods::of("get"), ..handled }), "InboundHook(webhook)");
        assert_eq!(name_of(&Candidate { summary: "Subscribe to events", ..hook }), "");
    }

    #[test]
    fn reads_operation_ids() {
        let cases = [
            ("post", "loginUser", true),
            ("post", "auth_login_post", true),
            ("post", "AuthController_signin", true),
            ("get", "oauthAuthorize", true),
            ("post", "oauthAuthorize", true),
            ("delete", "signOut", true),
            ("post", "userLogout", true),
            ("delete", "logoutUrls", false),
            ("delete", "login", false),
            ("get", "getLogin", false),
            ("post", "AuthorizeSecurityGroupIngress", false),
            ("post", "CreateLoginProfile", false),
            ("get", "ComputeNode_GetRemoteLoginSettings", false),
            ("post", "", false),
        ];
        for (method, operation_id, expected) in cases {
            let candidate = Candidate { method, path: "/x", operation_id, ..Candidate::default() };
            assert_eq!(name_of(&candidate).starts_with("OperationId"), expected, "{method} {operation_id}");
        }
    }

    #[test]
    fn reads_prose() {
        let public = [
            "This endpoint does not require authentication.",
            "You don't need to be logged in.",
            "Returns X. This is a public endpoint and requires no authentication. More.",
            "No authentication required",
            "Authentication is not required",
            "No API key is needed for this.",
            "This operation can be accessed anonymously.",
            "It can be called without an access token.",
            "Anonymous users are able to see all collections.",
            "This endpoint is publicly accessible.",
        ];
        for description in public {
            let candidate = Candidate { method: "get", path: "/x", description, ..Candidate::default() };
            assert!(name_of(&candidate).starts_with("Documented"), "{description}");
        }
        let silent = [
            "Lists public repositories of the user.",
            "The public key of the API.",
            "The url must be publicly accessible.",
            "It cannot be accessed without authentication.",
            "Requests without authentication are rejected.",
            "The agent has no auth token.",
            "The author is not required.",
            "Runs a health check on the device.",
            "Our APIs are publicly available as part of a program.",
            "",
        ];
        for description in silent {
            let candidate = Candidate { method: "get", path: "/x", description, ..Candidate::default() };
            assert_eq!(name_of(&candidate), "", "{description}");
        }
        let late = format!("{} This endpoint does not require authentication.", "é".repeat(SEARCHED));
        let candidate = Candidate { method: "get", path: "/x", description: &late, ..Candidate::default() };
        assert_eq!(name_of(&candidate), "");
    }

    #[test]
    fn reads_summaries() {
        let cases = [
            ("get", "Public Articles", "Documented(Public Articles)"),
            ("post", "Public articles", ""),
            ("get", "Health check of the API", "Documented(Health check)"),
            ("get", "Public keys", ""),
            ("get", "Public", ""),
        ];
        for (method, summary, expected) in cases {
            assert_eq!(
                name_of(&Candidate { method, path: "/x", summary, ..Candidate::default() }),
                expected,
                "{summary}"
            );
        }
        let search =
            Candidate { method: "post", path: "/x/search", summary: "Public search", ..Candidate::default() };
        assert_eq!(name_of(&search), "Documented(Public search)");
    }

    #[test]
    fn a_denial_contradicts_prose_and_nouns_only() {
        let soft =
            [("get", "/regions", ""), ("get", "/status", ""), ("get", "/x", "No authentication required.")];
        for (method, path, description) in soft {
            let open = Candidate { method, path, description, ..Candidate::default() };
            assert_ne!(name_of(&open), "", "{path}");
            assert_eq!(name_of(&Candidate { documents_denial: true, ..open }), "", "{path}");
            assert_eq!(name_of(&Candidate { protected_sibling: true, ..open }), "", "{path}");
        }
        for (method, path) in
            [("post", "/login"), ("get", "/health"), ("get", "/public/x"), ("get", "/go/{token}")]
        {
            let denied = Candidate {
                method,
                path,
                documents_denial: true,
                protected_sibling: true,
                ..Candidate::default()
            };
            assert_ne!(name_of(&denied), "", "{path}");
        }
    }

    #[test]
    fn reasons_name_their_evidence() {
        assert_eq!(PublicReason::Meta("healthz").to_string(), "the path reports health: `healthz`");
        assert_eq!(PublicReason::Capability("token").to_string(), "the path ends in the secret `token`");
        assert_eq!(
            PublicReason::Documented("is a public endpoint").to_string(),
            "the documentation says \"is a public endpoint\""
        );
    }

    #[test]
    fn survives_malformed_paths() {
        for path in
            ["{", "}", "/{", "/{}", "//", "/a{b", "/:", "/#x=y", "/?", "/é{ü}.json", "/{a}{b}", "/{=}"]
        {
            reason("get", path);
            reason("post", path);
        }
    }
}
