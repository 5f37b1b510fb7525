//! The steps of authentication: operations that a caller without a credential must reach.

use super::Candidate;
use super::path::{Piece, Shape, is_capability, pieces};
use crate::model::versioning::{is_version_variable, segment_version};
use crate::model::words::{ends_in, ends_with, is_one_of, is_spelled, starts_with, words};

/// How surely a segment is a step of authentication.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    /// It is, whatever stands around it: `login`, `logout`, `forgot-password`.
    Entry,
    /// It is, unless it belongs to an item: `/users/{id}/token` needs a user, `/{tenant}/oauth2/token` does not.
    Credential,
    /// Creating one is a login (`POST /sessions`); listing them is not.
    Collection,
    /// It is where the path or the prose speaks of accounts or authentication: `verify`, `refresh`, `code`.
    Contextual,
}

pub(super) fn authentication_flow<'a>(candidate: &Candidate<'a>, shape: &Shape<'a>) -> Option<&'a str> {
    const CHANGED_BY_PUT: &[&str] = &[
        "password", "reset", "verify", "verification", "confirm", "confirmation", "activate", "activation",
        "register", "registration", "revoke", "invalidate",
    ];
    if !matches!(candidate.method, "get" | "head" | "post" | "put") {
        return None;
    }
    let step = step(shape.last)?;
    let method_fits = match candidate.method {
        "get" | "head" => step != Step::Collection,
        "post" => true,
        "put" => words(shape.last).any_of(CHANGED_BY_PUT),
        _ => false,
    };
    if !method_fits || !shape.tail.is_none_or(|name| tail_fits(name, step)) {
        return None;
    }
    let fits = match step {
        Step::Entry => true,
        // An administrator who sets a password is signed in already.
        _ if ends_in(shape.last, &["password"]) && has_literal_of(candidate.path, shape.last, &["admin"]) => {
            false
        }
        Step::Credential => {
            (!shape.item_before_last || has_literal_of(candidate.path, shape.last, FLOW))
                && !words(shape.before)
                    .any_of(&["payment", "payments", "order", "orders", "card", "cards", "charges"])
        }
        Step::Collection => !shape.item_before_last,
        Step::Contextual => is_in_context(candidate, shape),
    };
    fits.then_some(shape.last)
}

/// Whether a step may be followed by a parameter of this name: a secret, or, for a login, the means of it.
fn tail_fits(name: &str, step: Step) -> bool {
    const MEANS: &[&str] = &[
        "provider", "service", "strategy", "idp", "connector", "connection", "network", "application", "app",
        "client", "tenant", "realm", "domain", "social",
    ];
    is_version_variable(name)
        || is_capability(name)
        || matches!(step, Step::Entry | Step::Credential) && words(name).any_of(MEANS)
}

/// Words that say that authentication is what a path is about.
pub(super) const AUTHENTICATION: &[&str] = &[
    "auth", "authn", "authz", "authentication", "authorization", "authenticate", "oauth", "openid", "oidc",
    "sso", "saml", "login", "logon", "signin", "signup", "session", "sessions", "token", "tokens", "jwt",
    "password", "passwords", "otp", "mfa", "totp", "captcha", "idp", "identity", "credentials",
];

/// Those of them that stay so below an item, where sessions, tokens and credentials are resources.
const FLOW: &[&str] = &[
    "auth", "authn", "authentication", "authenticate", "oauth", "openid", "oidc", "sso", "saml", "login",
    "signup", "password",
];

/// Words that make a vague step one of authentication, if no item stands before it.
pub(super) const ACCOUNT: &[&str] = &[
    "account", "accounts", "user", "users", "username", "person", "profile", "email", "phone",
    "registration", "register", "security", "invitation", "invitations",
];

fn has_literal_of(path: &str, except: &str, list: &[&str]) -> bool {
    pieces(path).any(|piece| match piece {
        Piece::Literal(literal) => literal != except && words(literal).any_of(list),
        Piece::Parameter { .. } => false,
    })
}

fn is_in_context(candidate: &Candidate<'_>, shape: &Shape<'_>) -> bool {
    const SPOKEN: &[&str] = &[
        "password", "login", "authenticate", "authentication", "authorization", "token", "signup", "oauth",
        "otp",
    ];
    if has_literal_of(candidate.path, shape.last, FLOW) {
        return true;
    }
    if shape.item_before_last || words(shape.before).any_of(&["bank", "phone", "numbers"]) {
        return false;
    }
    let spoken =
        words(candidate.summary).chain(words(candidate.operation_id)).any(|word| is_one_of(word, SPOKEN));
    if spoken || has_literal_of(candidate.path, "", AUTHENTICATION) {
        return true;
    }
    // Data is validated, checked and exchanged, too; accounts are verified, confirmed and activated.
    if words(shape.last).any_of(&["validate", "validation", "check", "code", "device", "exchange", "consent"])
    {
        return false;
    }
    let alone = shape.before.is_empty()
        || is_one_of(shape.before, &["api", "rest"])
        || segment_version(shape.before).is_some();
    has_literal_of(candidate.path, shape.last, ACCOUNT)
        || words(shape.last).any_of(ACCOUNT) && (words(shape.last).nth(1).is_some() || alone)
}

pub(super) fn is_vague(word: &str) -> bool {
    const VAGUE: &[&str] = &[
        "verify", "verification", "validate", "validation", "confirm", "confirmation", "activate",
        "activation", "refresh", "renew", "exchange", "reset", "recover", "recovery", "revoke", "obtain",
        "check", "consent", "code", "device", "challenge", "register", "registration", "resend",
        "introspection",
    ];
    is_one_of(word, VAGUE)
}

fn step(segment: &str) -> Option<Step> {
    const ENTRIES: &[&str] = &[
        "login", "logon", "logout", "logoff", "signin", "signon", "signup", "signout", "authenticate",
        "introspect",
    ];
    const CREDENTIALS: &[&str] = &[
        "auth", "authn", "authentication", "authorization", "authorisation", "authorize", "authorise",
        "oauth", "sso", "saml", "acs", "otp", "mfa", "totp", "jwt", "passwd",
    ];
    // What may stand before a credential; `voidAuthorize` and `adjustAuthorisation` are about payments.
    const OF_USER: &[&str] =
        &["user", "client", "request", "get", "verify", "generate", "send", "resend", "create"];
    // A number at the end is a version of the step: `oauth2`, `login2`.
    let named = words(segment).filter(|word| !word.as_bytes()[0].is_ascii_digit());
    let mut parts = [""; 4];
    let mut count = 0;
    for word in named {
        // No step has a longer name; actions of large documents do (`microsoft.graph.getSkypeForBusinessDeviceUsage`).
        *parts.get_mut(count)? = word;
        count += 1;
    }
    let parts = &parts[..count];
    let (first, last) = (*parts.first()?, *parts.last()?);
    let previous = if count > 1 { parts[count - 2] } else { "" };
    let has = |list: &[&str]| parts.iter().any(|word| is_one_of(word, list));
    if has(&["config", "disable", "enable", "settings"]) {
        return None;
    }
    let belongs = count == 1
        || count == 2
            && (is_one_of(previous, AUTHENTICATION) || is_one_of(previous, OF_USER) || is_vague(previous));
    let split_verb =
        is_one_of(previous, &["log", "sign"]) && is_one_of(last, &["in", "on", "up", "out", "off"]);
    let entry = is_one_of(last, ENTRIES) && (belongs || !last.eq_ignore_ascii_case("authenticate"))
        || split_verb
        || is_one_of(first, &["login", "authenticate", "signin", "signup"])
            && parts.get(1).is_some_and(|word| is_one_of(word, &["with", "by", "via", "using"]))
        || starts_with(first, "forgot")
        || starts_with(first, "lostpassword");
    if entry {
        return Some(Step::Entry);
    }
    if is_spelled(segment, "2fa")
        || is_one_of(last, CREDENTIALS) && belongs
        || count == 1 && first.eq_ignore_ascii_case("callback")
    {
        return Some(Step::Credential);
    }
    if has(&["password", "passwords"]) {
        return password_step(parts);
    }
    if has(&["token", "session", "tokens", "sessions"]) {
        return credential_step(parts, last);
    }
    if count == 1 && is_glued_step(last.trim_end_matches(['s', 'S'])) {
        return Some(if ends_with(last, "s") { Step::Collection } else { Step::Credential });
    }
    const FILLERS: &[&str] = &["ask", "send", "request", "new", "complete", "finish"];
    let known = |word: &str| {
        is_vague(word) || [FILLERS, ACCOUNT, AUTHENTICATION].iter().any(|list| is_one_of(word, list))
    };
    let vague = parts.iter().any(|word| is_vague(word)) && parts.iter().all(|word| known(word))
        || ends_in(segment, &["apikey"]) && count <= 2;
    vague.then_some(Step::Contextual)
}

/// Written in one piece: `accesstoken`, `resetpassword`.
fn is_glued_step(word: &str) -> bool {
    const TOKENS: &[&str] = &[
        "access", "auth", "refresh", "request", "user", "get", "new", "create", "generate", "login", "verify",
    ];
    let of_token = TOKENS.iter().any(|start| starts_with(word, start)) && ends_with(word, "token");
    of_token
        || word.eq_ignore_ascii_case("tokeninfo")
        || ends_with(word, "password")
        || ends_with(word, "login")
}

/// `password`, `password/reset`, `reset_password_confirm`, but not a policy of passwords.
fn password_step(parts: &[&str]) -> Option<Step> {
    const STEPS: &[&str] = &[
        "password", "reset", "forgotten", "lost", "recover", "recovery", "change", "set", "request",
        "confirm", "verify", "update", "create", "new", "user", "account", "send", "email", "finish", "init",
        "complete",
    ];
    parts.iter().all(|word| is_one_of(word, STEPS)).then_some(Step::Credential)
}

/// `token`, `access_token`, `token-refresh`, `sessions`, but not a token or session of something else.
fn credential_step(parts: &[&str], last: &str) -> Option<Step> {
    const STEPS: &[&str] = &[
        "token", "session", "tokens", "sessions", "access", "refresh", "id", "bearer", "jwt", "json", "web",
        "new", "client", "user", "auth", "oauth", "request", "generate", "get", "create", "obtain", "issue",
        "renew", "verify", "verification", "validate", "validation", "revoke", "revocation", "invalidate",
        "all", "login", "exchange", "temporary", "guest", "security", "app", "application", "service",
        "info", "by", "code", "authentication", "authorization", "api", "mail", "email", "query",
    ];
    if !parts.iter().all(|word| is_one_of(word, STEPS)) {
        return None;
    }
    Some(if is_one_of(last, &["tokens", "sessions"]) { Step::Collection } else { Step::Credential })
}

/// An `operationId` that begins or ends in the caller's authentication: `loginUser`, `auth_login_post`.
pub(super) fn authentication_name<'a>(candidate: &Candidate<'a>, shape: &Shape<'a>) -> Option<&'a str> {
    const NAMES: &[&str] = &["login", "logon", "signin", "signup", "authenticate"];
    const METHODS: &[&str] = &["get", "post", "put", "controller", "api", "user", "users", "using"];
    const READS: &[&str] = &["get", "list", "read", "find", "fetch", "show"];
    let name = candidate.operation_id;
    if shape.tail.is_none() && ends_in(name, &["logout", "signout", "logoff"]) {
        return Some(name);
    }
    if !matches!(candidate.method, "get" | "post") || shape.tail.is_some() {
        return None;
    }
    let mut significant = words(name).filter(|word| !is_one_of(word, METHODS));
    let first = significant.next()?;
    let last = significant.last().unwrap_or(first);
    // `getLogin` reads the login of something.
    let reads = candidate.method == "get" && words(name).next().is_some_and(|word| is_one_of(word, READS));
    let begins = is_one_of(first, NAMES) && candidate.method == "post";
    let ends = is_one_of(last, NAMES) || is_one_of(last, &["authorize", "authorise"]);
    (begins || ends && !reads).then_some(name)
}
