//! One operation of an API: where it is declared, what applies to it, and its fields.

use std::sync::{Arc, OnceLock};

use super::limits::{covers_rate_limit, names_quota};
use super::method::Method;
use super::misplaced::{Misplacement, may_be_misplaced};
use super::objects::{self, Member, Object, Parameter, PathItem, RequestBody, Response, Responses};
use super::public::PublicReason;
use super::security::{Access, Security};
use super::servers::Servers;
use crate::syntax::{Atom, Node, NodeId};

/// The number of an operation in [`Api::operations`](super::Api::operations).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash, Default)]
pub struct OperationId(pub u32);

/// Where an operation is declared.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub enum OperationKind {
    /// Under `paths`.
    Path,
    /// Under `webhooks`.
    Webhook,
    /// Under `callbacks` of another operation.
    Callback,
}

impl OperationKind {
    /// The name in outputs.
    pub fn name(self) -> &'static str {
        match self {
            OperationKind::Path => "path",
            OperationKind::Webhook => "webhook",
            OperationKind::Callback => "callback",
        }
    }
}

/// One operation.
#[derive(Clone, Debug)]
pub struct Operation<'a> {
    /// Its number.
    pub id: OperationId,
    /// Where it is declared.
    pub kind: OperationKind,
    /// The method as HTTP writes it, in upper case for the methods of the specification.
    pub method: Method<'a>,
    /// The path template; of a callback, the runtime expression; of a webhook, empty.
    pub path: &'a str,
    /// The name of the webhook or callback.
    pub name: Option<&'a str>,
    /// The path item as it is written, a reference or an alias where there is one: its key is the path.
    pub path_node: Node<'a>,
    /// The Operation Object.
    pub object: objects::Operation<'a>,
    /// The path items that make it up: where it is written, and the one that this refers to.
    items: [Option<PathItem<'a>>; 2],
    /// The requirements that apply.
    pub security: Arc<Security<'a>>,
    /// The servers that apply.
    pub servers: Arc<Servers<'a>>,
    responses: Option<Responses<'a>>,
    outline: Outline,
    /// What [`Api::public_reason`](super::Api::public_reason) says, which rules and the report ask.
    pub(super) public: OnceLock<Option<PublicReason<'a>>>,
}

/// Where the fields of an Operation Object are, and what the names of its entries and of its responses say, read in one
/// pass: in a large document each entry lies in memory of its own, and many rules ask.
#[derive(Clone, Copy, Debug)]
struct Outline {
    /// The value of each of [`FIELDS`]; the root, which is the value of no field, where there is none.
    fields: [NodeId; FIELDS.len()],
    /// The first response that covers 429, or the root.
    rate_limit: NodeId,
    documents_denial: bool,
    has_quota: bool,
    may_misplace_security: bool,
}

/// The fields that are asked for more than once.
const FIELDS: [Atom; 11] = [
    Atom::SUMMARY,
    Atom::DESCRIPTION,
    Atom::OPERATION_ID,
    Atom::TAGS,
    Atom::DEPRECATED,
    Atom::PARAMETERS,
    Atom::REQUEST_BODY,
    Atom::RESPONSES,
    Atom::CALLBACKS,
    Atom::SECURITY,
    Atom::SERVERS,
];

impl Outline {
    fn of(object: objects::Operation<'_>, responses: Option<Responses<'_>>) -> Outline {
        let mut outline = Outline {
            fields: [NodeId::ROOT; FIELDS.len()],
            rate_limit: NodeId::ROOT,
            documents_denial: false,
            has_quota: false,
            may_misplace_security: false,
        };
        for entry in object.node().entries() {
            outline.has_quota |= names_quota(entry.key);
            outline.may_misplace_security |= may_be_misplaced(entry.key, Misplacement::Operation);
            let position = FIELDS.iter().position(|&field| entry.key.atom() == Some(field));
            // Of duplicates the first counts.
            if let Some(field) =
                position.map(|at| &mut outline.fields[at]).filter(|field| **field == NodeId::ROOT)
            {
                *field = entry.value.id();
            }
        }
        for entry in responses.into_iter().flat_map(|responses| responses.node().entries()) {
            outline.may_misplace_security |= may_be_misplaced(entry.key, Misplacement::Responses);
            if entry.key.first_byte() == b'4' {
                let code = entry.key.text();
                outline.documents_denial |= matches!(code, "401" | "403");
                if outline.rate_limit == NodeId::ROOT && covers_rate_limit(code) {
                    outline.rate_limit = entry.written.id();
                }
            }
        }
        outline
    }
}

/// What a request carries in its body, in the terms of either version.
#[derive(Clone, Debug)]
pub enum Body<'a> {
    /// A Request Body Object (3.0 on).
    Object(RequestBody<'a>),
    /// The parameters of 2.0 that are `in: body` or `in: formData`.
    Swagger2(Vec<Parameter<'a>>),
}

/// Where the operations of a path item are declared.
#[derive(Clone, Debug)]
pub(super) struct Declaration<'a> {
    pub(super) kind: OperationKind,
    pub(super) path: &'a str,
    pub(super) name: Option<&'a str>,
    pub(super) path_node: Node<'a>,
    pub(super) items: [Option<PathItem<'a>>; 2],
    /// Whether one of these limits calls by an extension.
    pub(super) has_quota: bool,
    /// What holds for those that say nothing else.
    pub(super) security: Arc<Security<'a>>,
    pub(super) servers: Arc<Servers<'a>>,
}

impl<'a> Operation<'a> {
    pub(super) fn new(
        id: OperationId,
        method: Method<'a>,
        object: objects::Operation<'a>,
        declaration: &Declaration<'a>,
    ) -> Operation<'a> {
        let &Declaration { kind, path, name, path_node, items, has_quota, .. } = declaration;
        let responses = object.responses();
        let mut outline = Outline::of(object, responses);
        outline.has_quota |= has_quota;
        Operation {
            id,
            kind,
            method,
            path,
            name,
            path_node,
            object,
            items,
            security: declaration.security.clone(),
            servers: declaration.servers.clone(),
            responses,
            outline,
            public: OnceLock::new(),
        }
    }

    /// Whether a caller must prove who they are.
    pub fn access(&self) -> Access {
        self.security.access()
    }

    /// The operation as messages name it, in backticks: "`POST /orders`".
    pub fn title(&self) -> String {
        let what = match (self.kind, self.name) {
            (OperationKind::Path, _) | (_, None) => self.path,
            (_, Some(name)) => name,
        };
        // With room for what a message goes on to say.
        const ROOM: usize = 32;
        let mut title = String::with_capacity(self.method.text().len() + what.len() + 3 + ROOM);
        title.push('`');
        title.push_str(self.method.text());
        title.make_ascii_uppercase();
        title.extend([" ", what, "`"]);
        title
    }

    /// Whether it changes something.
    pub fn is_write(&self) -> bool {
        !self.method.is_safe()
    }

    /// The path items that make it up, the one it is written in first.
    pub fn items(&self) -> impl Iterator<Item = PathItem<'a>> + use<'a> {
        self.items.into_iter().flatten()
    }

    /// Its `operationId`; empty if it has none.
    pub fn operation_id(&self) -> &'a str {
        self.field(Atom::OPERATION_ID).map_or("", Node::text)
    }

    /// Its `summary`.
    pub fn summary(&self) -> Option<Node<'a>> {
        self.field(Atom::SUMMARY)
    }

    /// Its `description`.
    pub fn description(&self) -> Option<Node<'a>> {
        self.field(Atom::DESCRIPTION)
    }

    /// Its `deprecated`.
    pub fn deprecated(&self) -> Option<Node<'a>> {
        self.field(Atom::DEPRECATED)
    }

    /// Its `tags`, as far as they are a list.
    pub fn tags(&self) -> impl Iterator<Item = Node<'a>> + use<'a> {
        self.field(Atom::TAGS).into_iter().flat_map(Node::items)
    }

    /// A field of the Operation Object, as it is written.
    pub fn field(&self, keyword: Atom) -> Option<Node<'a>> {
        let object = self.object.node();
        match FIELDS.iter().position(|&field| field == keyword) {
            Some(at) => {
                Some(self.outline.fields[at]).filter(|&id| id != NodeId::ROOT).map(|id| object.sibling(id))
            }
            None => object.get(keyword),
        }
    }

    /// Its `requestBody` (3.0 on), behind its reference if it is one.
    pub fn request_body(&self) -> Option<RequestBody<'a>> {
        RequestBody::at(self.object.document(), self.field(Atom::REQUEST_BODY)?)
    }

    /// Its responses by status code.
    pub fn responses(&self) -> impl Iterator<Item = Member<'a, Response<'a>>> + use<'a> {
        self.responses.into_iter().flat_map(|responses| responses.responses())
    }

    /// Its responses as they are written, by status code.
    pub fn written_responses(&self) -> impl Iterator<Item = Node<'a>> + use<'a> {
        self.responses.into_iter().flat_map(|responses| responses.written())
    }

    /// Whether a response with one of the status codes is documented, exactly.
    pub fn documents_status(&self, codes: &[&str]) -> bool {
        let begins =
            |key: Node<'a>| codes.iter().any(|code| code.as_bytes().first() == Some(&key.first_byte()));
        let plausible = |written: &Node<'a>| written.key().is_some_and(begins);
        self.written_responses().filter(plausible).any(|written| codes.contains(&written.key_text()))
    }

    /// Whether the operation says that callers can be turned away (401 or 403).
    pub fn documents_denial(&self) -> bool {
        self.outline.documents_denial
    }

    /// The response that covers 429: by its number or by the range `4XX` (3.2 §4.16; some write it in lower case).
    pub fn rate_limit_response(&self) -> Option<Node<'a>> {
        let response = Some(self.outline.rate_limit).filter(|&id| id != NodeId::ROOT)?;
        Some(self.responses?.node().sibling(response))
    }

    /// Whether a response or an extension of a gateway says that calls are limited.
    pub fn is_rate_limited(&self) -> bool {
        self.outline.has_quota || self.rate_limit_response().is_some()
    }

    /// Whether a key of the object or of its responses may be misplaced security; if not, there is none.
    pub(super) fn may_misplace_security(&self) -> bool {
        self.outline.may_misplace_security
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Api, Document};

    fn check(text: &str, test: impl FnOnce(&Api<'_>)) {
        let document = Document::of_text("a.yaml", text);
        test(&Api::of(&document));
    }

    #[test]
    fn what_stands_behind_an_alias_has_the_name_under_which_the_alias_stands() {
        let text = "
openapi: 3.0.3
paths:
  /orders: &item
    get:
      responses:
        '200': &answer { description: An answer. }
        '429': *answer
    post:
      responses: { '401': *answer }
  /orders/archive: *item
  /returns:
    get: { responses: { '403': {} } }
    put: { responses: { '400': {}, '4XX': {} } }
";
        check(text, |api| {
            let limited: Vec<_> = api
                .operations
                .iter()
                .map(|operation| {
                    let response = operation.rate_limit_response().map_or("", Node::key_text);
                    (operation.title(), response, operation.documents_denial())
                })
                .collect();
            let expected = [
                ("`GET /orders`", "429", false),
                ("`POST /orders`", "", true),
                ("`GET /orders/archive`", "429", false),
                ("`POST /orders/archive`", "", true),
                ("`GET /returns`", "", true),
                ("`PUT /returns`", "4XX", false),
            ];
            assert_eq!(limited, expected.map(|(title, code, denial)| (title.to_owned(), code, denial)));
        });
    }

    #[test]
    fn the_outline_says_what_the_object_says() {
        let text = "
openapi: 3.1.0
x-shared: &shared { summary: Merged, description: Merged, tags: [merged] }
paths:
  /a:
    get:
      <<: *shared
      description: Own
      operationId: first
      operationId: second
      deprecated: true
      x-throttling-tier: gold
    put: { security: [], servers: [], requestBody: {}, callbacks: {}, parameters: [], responses: {} }
    post: { secuirty: [{ key: [] }] }
    patch: { responses: { '200': {}, securitySchemes: {} } }
    delete: {}
  /b:
    x-ratelimit-limit: 10
    get: { responses: { '4xx': {}, '429': {} } }
";
        check(text, |api| {
            for operation in &api.operations {
                for keyword in FIELDS.into_iter().chain([Atom::EXTERNAL_DOCS]) {
                    let (ours, written) = (operation.field(keyword), operation.object.field(keyword));
                    let identity = |node: Option<Node<'_>>| node.map(Node::identity);
                    assert_eq!(identity(ours), identity(written), "{} {keyword:?}", operation.title());
                }
            }
            let of = |ask: fn(&Operation<'_>) -> bool| -> Vec<_> {
                api.operations.iter().filter(|o| ask(o)).map(Operation::title).collect()
            };
            assert_eq!(of(|operation| operation.is_rate_limited()), ["`GET /a`", "`GET /b`"]);
            assert_eq!(of(|operation| operation.may_misplace_security()), ["`POST /a`", "`PATCH /a`"]);
        });
    }
}
