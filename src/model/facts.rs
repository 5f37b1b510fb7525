//! What the document as a whole gives away: who is public on purpose, whether authentication exists, which version it
//! is. Each is asked by more than one rule or shown in more than one place.

use super::api::{Api, Operation};
use super::naming::is_credential_parameter;
use super::objects::Parameter;
use super::public::{Candidate, Methods, PublicReason, public_reason};
use super::versioning;
use crate::syntax::{Atom, Descent, Node};

impl<'a> Api<'a> {
    /// Why an operation is taken to be public on purpose; nothing if it is not.
    pub fn public_reason(&self, operation: &Operation<'a>) -> Option<PublicReason<'a>> {
        let siblings: Vec<String> = self.siblings(operation).map(|sibling| sibling.method.lower()).collect();
        let text = |node: Option<Node<'a>>| node.map_or("", Node::text);
        public_reason(&Candidate {
            path: operation.path,
            method: operation.method.standard(),
            operation_id: operation.operation_id(),
            summary: text(operation.object.summary()),
            description: text(operation.object.description()),
            siblings: siblings.iter().map(String::as_str).collect::<Methods>(),
            documents_denial: operation.documents_denial(),
            protected_sibling: self.protected_sibling(operation).is_some(),
        })
    }

    /// An operation on the same path that requires authentication.
    pub fn protected_sibling(&self, operation: &Operation<'a>) -> Option<&Operation<'a>> {
        let protected = self.siblings(operation).filter(|sibling| !sibling.access().is_unauthenticated());
        protected.min_by_key(|sibling| self.rank(sibling.id))
    }

    /// Signs that the API authenticates callers although the document declares no scheme.
    pub fn authentication_evidence(&self) -> Option<Evidence<'a>> {
        let parameters = self.document.all::<Parameter<'a>>();
        let credentials = parameters
            .filter_map(|parameter| parameter.name())
            .filter(|name| is_credential_parameter(name.text()));
        let mut descent = Descent::default();
        let place = |name: &Node<'a>| (name.file_display(), descent.pointer(self.document.files(), *name));
        if let Some(name) = credentials.min_by_key(place) {
            return Some(Evidence::Parameter(name));
        }
        let denial = self.ranked_operations().into_iter().find_map(|operation| {
            operation
                .responses()
                .map(|r| r.written)
                .filter(|written| matches!(written.key_text(), "401" | "403"))
                .min_by_key(|written| written.key_text())
        });
        if let Some(response) = denial {
            return Some(Evidence::Denial(response));
        }
        let description = self.document.root().info()?.description()?;
        mentions_credentials(description.text()).then_some(Evidence::Prose(description))
    }

    /// Where the version of the API stands: in a server's path or host or variable, a path, a header or query
    /// parameter, a media type.
    pub fn is_versioned(&self) -> bool {
        let lists = self.operations.iter().map(|operation| &operation.servers).chain([&self.root_servers]);
        let mut last = None;
        for servers in lists {
            // Operations mostly share their servers.
            let pointer = std::sync::Arc::as_ptr(servers);
            if last.replace(pointer) == Some(pointer) {
                continue;
            }
            if servers.endpoints.iter().any(endpoint_has_version) {
                return true;
            }
        }
        let base = self.document.root().base_path().map_or("", Node::text);
        versioning::path_version(base).is_some()
            || self.path_operations().any(|operation| versioning::path_version(operation.path).is_some())
            || self.parameter_has_version()
            || self.media_type_has_version()
    }

    /// A version in a parameter counts if at least half of the operations take it.
    fn parameter_has_version(&self) -> bool {
        let (mut with, mut all) = (0, 0);
        for operation in self.path_operations() {
            all += 1;
            let parameters = operation.parameters().into_iter().filter_map(|parameter| parameter.object);
            let mut names = parameters
                .filter(|parameter| matches!(parameter.location().map_or("", Node::text), "query" | "header"))
                .filter_map(|parameter| parameter.name());
            with += usize::from(names.any(|name| versioning::is_version_parameter(name.text())));
        }
        all > 0 && 2 * with >= all
    }

    fn media_type_has_version(&self) -> bool {
        let has_version = |text: &str| versioning::media_type_version(text).is_some();
        let in_content =
            self.document.all::<super::MediaType<'a>>().any(|media| has_version(media.node().key_text()));
        let root = self.document.root();
        let lists = [Atom::CONSUMES, Atom::PRODUCES].into_iter().filter_map(|keyword| root.field(keyword));
        in_content || lists.flat_map(Node::items).any(|item| has_version(item.text()))
    }
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
