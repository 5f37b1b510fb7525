//! What the document as a whole gives away: who is public on purpose, whether authentication exists, which version it
//! is. Each is asked by more than one rule or shown in more than one place.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::api::Api;
use super::naming::is_credential_parameter;
use super::objects::Parameter;
use super::operation::Operation;
use super::public::{Candidate, Methods, PublicReason, authentication_step, public_reason, says_open_api};
use super::security::Access;
use super::versioning;
use crate::syntax::{Atom, Descent, Node};

impl<'a> Api<'a> {
    /// Why an operation is taken to be public on purpose; nothing if it is not.
    pub fn public_reason(&self, operation: &Operation<'a>) -> Option<PublicReason<'a>> {
        *operation.public.get_or_init(|| self.candidate(operation, public_reason))
    }

    /// Whether an operation would be taken to be public on purpose even beside a protected one on the same path.
    pub fn is_public_anyhow(&self, operation: &Operation<'a>) -> bool {
        let ask = |candidate: &Candidate<'a>| {
            public_reason(&Candidate { protected_sibling: true, ..*candidate }).is_some()
        };
        self.public_reason(operation).is_some() && self.candidate(operation, ask)
    }

    /// Asks about an operation as it looks from outside.
    pub(super) fn candidate<T>(&self, operation: &Operation<'a>, ask: impl FnOnce(&Candidate<'a>) -> T) -> T {
        // Where authentication may be left out, a 401 answers to a wrong credential and contradicts nothing.
        let may_contradict = operation.access() != Access::Optional;
        ask(&Candidate {
            siblings: self.siblings(operation).map(|sibling| sibling.method.standard()).collect::<Methods>(),
            documents_denial: may_contradict && operation.documents_denial(),
            protected_sibling: may_contradict
                && self.siblings(operation).any(|sibling| !sibling.access().is_unauthenticated()),
            ..candidate(operation)
        })
    }

    /// Whether the operation belongs to the service rather than to its API: health, `.well-known`, logins, receivers of
    /// webhooks. It need not be public.
    pub fn is_of_the_service(&self, operation: &Operation<'a>) -> bool {
        // No reason that a description gives is one of these.
        public_reason(&named(operation)).is_some_and(|reason| reason.is_of_the_service())
    }

    /// The step of obtaining, renewing or giving up a credential that the operation is, by its path or its name.
    pub(super) fn authentication_step(&self, operation: &Operation<'a>) -> Option<&'a str> {
        // Of operations without authentication the report asks anyway why they are public, and most answers tell.
        let reason = operation.access().is_unauthenticated().then(|| self.public_reason(operation));
        match reason {
            Some(Some(PublicReason::AuthenticationFlow(step) | PublicReason::OperationId(step))) => {
                Some(step)
            }
            // Reasons that are looked for after these.
            Some(None | Some(PublicReason::Documented(_) | PublicReason::ReferenceList(_))) => None,
            _ => authentication_step(&named(operation)),
        }
    }

    /// An operation on the same path that requires authentication.
    pub fn protected_sibling(&self, operation: &Operation<'a>) -> Option<&Operation<'a>> {
        let protected = self.siblings(operation).filter(|sibling| !sibling.access().is_unauthenticated());
        protected.min_by_key(|sibling| self.rank(sibling.id))
    }

    /// Signs that the API authenticates callers although the document declares no scheme.
    pub fn authentication_evidence(&self) -> Option<Evidence<'a>> {
        let parameters = self.document.all::<Parameter<'a>>();
        // A document has few names for its many parameters.
        let mut known: FxHashMap<&str, bool> = FxHashMap::default();
        let mut is_credential =
            |name: &'a str| *known.entry(name).or_insert_with(|| is_credential_parameter(name));
        let credentials =
            parameters.filter_map(|parameter| parameter.name()).filter(|name| is_credential(name.text()));
        let mut descent = Descent::default();
        let place = |name: &Node<'a>| (name.file_display(), descent.pointer(self.document.files(), *name));
        if let Some(name) = credentials.min_by_key(place) {
            return Some(Evidence::Parameter(name));
        }
        let denial = self.ranked_operations().into_iter().find_map(|operation| {
            operation
                .written_responses()
                .filter(|written| matches!(written.key_text(), "401" | "403"))
                .min_by_key(|written| written.key_text())
        });
        if let Some(response) = denial {
            return Some(Evidence::Denial(response));
        }
        let description = self.document.root().info()?.description()?;
        // Of an API that can only be read the prose may mention authentication to say that there is none.
        let only_reads = !self.path_operations().any(Operation::is_write);
        let is_evidence =
            mentions_credentials(description.text()) && !(only_reads && says_open_api(description.text()));
        is_evidence.then_some(Evidence::Prose(description))
    }

    /// Where requests carry the version of the API: in what applies to all of them (the servers, a header or query
    /// parameter, a media type), or each in its own path.
    pub fn versioning(&self) -> Versioning<'_, 'a> {
        let base = self.document.root().base_path().map_or("", Node::text);
        if self.root_servers.endpoints.iter().any(endpoint_has_version)
            || versioning::path_version(base).is_some()
            || self.parameter_has_version()
            || self.media_type_has_version()
        {
            return Versioning::Everywhere;
        }
        let mut of_servers = FxHashMap::default();
        // By rank the operations of a path come one after the other.
        let mut last = ("", false);
        let (versioned, unversioned): (Vec<_>, Vec<_>) =
            self.ranked_operations().into_iter().partition(|operation| {
                let servers = &operation.servers;
                if last.0 != operation.path {
                    last = (operation.path, versioning::path_version(operation.path).is_some());
                }
                last.1
                    || *of_servers
                        .entry(Arc::as_ptr(servers))
                        .or_insert_with(|| servers.endpoints.iter().any(endpoint_has_version))
            });
        if versioned.is_empty() {
            return Versioning::Nowhere;
        }
        let takes_version = self.version_takers();
        let unversioned =
            unversioned.into_iter().filter(|operation| !takes_version[operation.id.0 as usize]).collect();
        Versioning::ByPath { versioned, unversioned }
    }

    /// A version in a parameter counts if at least half of the operations take it.
    fn parameter_has_version(&self) -> bool {
        let takes_version = self.version_takers();
        let (mut with, mut all) = (0, 0);
        for operation in self.path_operations() {
            all += 1;
            with += usize::from(takes_version[operation.id.0 as usize]);
        }
        all > 0 && 2 * with >= all
    }

    /// By operation: whether a header or query parameter selects the version.
    fn version_takers(&self) -> Vec<bool> {
        let parameters = self.parameters();
        let is_version = parameters.judge(|parameter| {
            matches!(parameter.location, "query" | "header")
                && versioning::is_version_parameter(parameter.name)
        });
        let takes =
            |id| parameters.of_operation(id).iter().any(|parameter| is_version.of(parameter) == Some(&true));
        self.operations.iter().map(|operation| takes(operation.id)).collect()
    }

    fn media_type_has_version(&self) -> bool {
        // A document has few, in thousands of places.
        let mut known: FxHashMap<&str, bool> = FxHashMap::default();
        let mut has_version = |text: &'a str| {
            *known.entry(text).or_insert_with(|| versioning::media_type_version(text).is_some())
        };
        let in_content =
            self.document.all::<super::MediaType<'a>>().any(|media| has_version(media.node().key_text()));
        let root = self.document.root();
        let lists = [Atom::CONSUMES, Atom::PRODUCES].into_iter().filter_map(|keyword| root.field(keyword));
        in_content || lists.flat_map(Node::items).any(|item| has_version(item.text()))
    }
}

/// What of an operation tells its intent, without what contradicts that.
fn candidate<'a>(operation: &Operation<'a>) -> Candidate<'a> {
    let description = operation.description().map_or("", Node::text);
    Candidate { description, ..named(operation) }
}

/// What an operation is called. Without the description, which would have to be decoded: the texts of all descriptions take
/// a tenth of the memory of a document.
fn named<'a>(operation: &Operation<'a>) -> Candidate<'a> {
    Candidate {
        path: operation.path,
        method: operation.method.standard(),
        operation_id: operation.operation_id(),
        summary: operation.summary().map_or("", Node::text),
        ..Candidate::default()
    }
}

/// How requests carry the version of an API.
#[derive(Clone, Debug)]
pub enum Versioning<'o, 'a> {
    /// None does.
    Nowhere,
    /// All do, since something that applies to all has it.
    Everywhere,
    /// Each in its own path or at its own server; both lists by [`Api::rank`], the first with something in it.
    ByPath {
        /// Those that carry it.
        versioned: Vec<&'o Operation<'a>>,
        /// Those that do not.
        unversioned: Vec<&'o Operation<'a>>,
    },
}

/// A sign that callers are authenticated, and where it stands.
#[derive(Clone, Copy, Debug)]
pub enum Evidence<'a> {
    /// A parameter that is called like a credential.
    Parameter(Node<'a>),
    /// A documented 401 or 403.
    Denial(Node<'a>),
    /// The API's description speaks of keys or tokens.
    Prose(Node<'a>),
}

fn endpoint_has_version(endpoint: &super::Endpoint<'_>) -> bool {
    let url = endpoint.url();
    let path = url
        .split_once("://")
        .map_or(url.as_str(), |(_, rest)| rest.split_once('/').map_or("", |(_, path)| path));
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let in_variable = match endpoint {
        super::Endpoint::Object(server) => {
            let variables = server.field(Atom::VARIABLES).into_iter().flat_map(Node::entries);
            variables.into_iter().any(|entry| versioning::is_version_variable(entry.key.text()))
        }
        super::Endpoint::Swagger2 { .. } => false,
    };
    in_variable
        || versioning::path_version(path).is_some()
        || endpoint.host().is_some_and(|host| versioning::host_version(&host).is_some())
}

/// Whether a description says that callers need a key, a token or an account.
fn mentions_credentials(text: &str) -> bool {
    const PHRASES: &[&str] = &[
        "api key", "api-key", "apikey", "api token", "access token", "access-token", "bearer", "oauth",
        "authenticat", "authoriz", "authoris", "credential", "basic auth", "jwt",
    ];
    let text = text.to_ascii_lowercase();
    PHRASES.iter().any(|phrase| text.contains(phrase))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Document;

    #[test]
    fn a_step_of_authentication_is_the_same_whatever_makes_it_public() {
        let operations = [
            ("/login", "", ""),
            ("/reset-password/{token}", "", ""),
            ("/people", "loginPerson", ""),
            ("/public/login", "", ""),
            ("/webhooks/incoming", "loginPost", ""),
            ("/verify/{code}", "", ""),
            ("/news", "", "This endpoint is public."),
            ("/search", "authorize", "No authentication required."),
            ("/orders", "", ""),
        ];
        for security in ["", r#""security": [{"token": []}],"#] {
            let path = |(path, name, prose): &(&str, &str, &str)| {
                format!(r#""{path}": {{"post": {{"operationId": "{name}", "summary": "{prose}"}}}}"#)
            };
            let paths: Vec<_> = operations.iter().map(path).collect();
            let text = format!(
                r#"{{"openapi": "3.1.0", {security} "components": {{"securitySchemes": {{"token": {{"type": "http", "scheme": "bearer"}}}}}}, "paths": {{{}}}}}"#,
                paths.join(", ")
            );
            let document = Document::of_text("a.json", &text);
            let api = Api::of(&document);
            let steps = api.operations.iter().map(|operation| api.authentication_step(operation));
            let expected =
                ["/login", "/reset-password/{token}", "/people", "/public/login", "/webhooks/incoming"];
            let mut found = 0;
            for (step, operation) in steps.zip(&api.operations) {
                assert_eq!(step, authentication_step(&named(operation)), "{}", operation.path);
                assert!(step.is_some() || !expected.contains(&operation.path), "{}", operation.path);
                found += usize::from(step.is_some());
            }
            assert!(found >= expected.len() && found < operations.len());
        }
    }
}
