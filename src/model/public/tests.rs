//! Which operations are public on purpose, by example.

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
    for path in ["{", "}", "/{", "/{}", "//", "/a{b", "/:", "/#x=y", "/?", "/é{ü}.json", "/{a}{b}", "/{=}"]
    {
        reason("get", path);
        reason("post", path);
    }
}
