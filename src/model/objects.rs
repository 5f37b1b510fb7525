//! The objects of the specifications, 2.0 to 3.2, as typed handles, and which object stands under which key.
//!
//! One table serves both: a field that holds objects gives an accessor and an entry of the grammar by which
//! [`walk`](super::walk) finds every object of a document. Whatever the grammar does not name is data
//! (`example`, `default`, `enum`, `x-…`) and is never taken for an object.

use super::Document;
use super::reference::{Problem, Resolution};
use crate::syntax::{Atom, Entry, Kind, Node};

/// How a field holds objects.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shape {
    /// The value is one.
    One,
    /// The value is an array of them.
    List,
    /// The value is a map whose values they are.
    Map,
}

/// What every typed handle can do.
pub trait Object<'a>: Copy {
    /// The type in the grammar.
    const TYPE: ObjectType;

    /// A handle on a node; references are followed before, by [`Document::follow`].
    fn new(document: &'a Document, node: Node<'a>) -> Self;

    /// The node.
    fn node(self) -> Node<'a>;

    /// The document.
    fn document(self) -> &'a Document;

    /// The object at `node`, behind its reference if it is one; nothing if the reference leads nowhere.
    fn at(document: &'a Document, node: Node<'a>) -> Option<Self> {
        document.follow(node).ok().map(|node| Self::new(document, node))
    }
}

/// An object reached from its container: the written value, and the object behind it.
#[derive(Clone, Copy, Debug)]
pub struct Member<'a, T> {
    /// The value as it is written: an alias or a reference where there is one. Its key is the name in a map.
    pub written: Node<'a>,
    /// The object itself; nothing if the reference leads nowhere.
    pub object: Option<T>,
}

impl<'a, T: Object<'a>> Member<'a, T> {
    /// The member that is written at a node, behind its alias and its reference if it is one.
    pub(super) fn of(document: &'a Document, written: Node<'a>) -> Member<'a, T> {
        Member { written, object: T::at(document, written.dealiased()) }
    }
}

macro_rules! objects {
    ($($(#[$doc:meta])* $type:ident { $($field:ident : $shape:tt $keyword:ident $($target:ident)?,)* })*) => {
        /// The types of objects.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
        #[repr(u8)]
        pub enum ObjectType { $($(#[$doc])* $type),* }

        impl ObjectType {
            /// Every type, in the order of the specification.
            pub const ALL: &[ObjectType] = &[$(ObjectType::$type),*];

            /// The name in the specification, without "Object".
            pub fn name(self) -> &'static str {
                match self { $(ObjectType::$type => stringify!($type)),* }
            }

            /// The fields that hold objects.
            pub(super) const fn fields(self) -> &'static [(Atom, Shape, ObjectType)] {
                match self { $(ObjectType::$type => &[$($(objects!(@child $shape $keyword $target),)?)*]),* }
            }

            /// How a field holds objects, and of which type; nothing if it holds none.
            pub(super) fn child(self, keyword: Atom) -> Option<(Shape, ObjectType)> {
                CHILDREN[self as usize][keyword.index()]
            }
        }

        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug, PartialEq, Eq)]
            pub struct $type<'a> { document: &'a Document, node: Node<'a> }

            impl<'a> Object<'a> for $type<'a> {
                const TYPE: ObjectType = ObjectType::$type;

                fn new(document: &'a Document, node: Node<'a>) -> Self {
                    $type { document, node }
                }

                fn node(self) -> Node<'a> {
                    self.node
                }

                fn document(self) -> &'a Document {
                    self.document
                }
            }

            #[allow(missing_docs, reason = "each accessor is the field of the specification that it is named after")]
            impl<'a> $type<'a> {
                /// The node.
                pub fn node(self) -> Node<'a> {
                    self.node
                }

                /// A field by its key, as it is written.
                pub fn field(self, keyword: Atom) -> Option<Node<'a>> {
                    self.node.get(keyword)
                }

                /// The extension fields (`x-…`).
                pub fn extensions(self) -> impl Iterator<Item = Entry<'a>> {
                    self.node.entries().filter(|entry| entry.key.is_extension())
                }

                $(objects!(@accessor $field $shape $keyword $($target)?);)*
            }
        )*
    };
    (@child one $keyword:ident $target:ident) => { (Atom::$keyword, Shape::One, ObjectType::$target) };
    (@child list $keyword:ident $target:ident) => { (Atom::$keyword, Shape::List, ObjectType::$target) };
    (@child map $keyword:ident $target:ident) => { (Atom::$keyword, Shape::Map, ObjectType::$target) };
    (@accessor $field:ident value $keyword:ident) => {
        pub fn $field(self) -> Option<Node<'a>> {
            self.node.get(Atom::$keyword)
        }
    };
    (@accessor $field:ident one $keyword:ident $target:ident) => {
        pub fn $field(self) -> Option<$target<'a>> {
            $target::at(self.document, self.node.get(Atom::$keyword)?)
        }
    };
    (@accessor $field:ident list $keyword:ident $target:ident) => {
        pub fn $field(self) -> impl Iterator<Item = Member<'a, $target<'a>>> {
            let items = self.node.get(Atom::$keyword).into_iter().flat_map(Node::items);
            items.map(move |item| Member::of(self.document, item))
        }
    };
    (@accessor $field:ident map $keyword:ident $target:ident) => {
        pub fn $field(self) -> impl Iterator<Item = Member<'a, $target<'a>>> {
            let entries = self.node.get(Atom::$keyword).into_iter().flat_map(Node::entries);
            let entries = entries.filter(|entry| !is_extension(entry.key, $target::TYPE));
            entries.map(move |entry| Member::of(self.document, entry.written))
        }
    };
}

/// [`ObjectType::fields`] by type and keyword: a schema has 26 such fields, and every key of a document is looked up.
static CHILDREN: [[Option<(Shape, ObjectType)>; Atom::COUNT]; ObjectType::ALL.len()] = {
    let mut children = [[None; Atom::COUNT]; ObjectType::ALL.len()];
    let mut number = 0;
    while number < ObjectType::ALL.len() {
        let fields = ObjectType::ALL[number].fields();
        let mut at = 0;
        while at < fields.len() {
            let (keyword, shape, target) = fields[at];
            children[number][keyword.index()] = Some((shape, target));
            at += 1;
        }
        number += 1;
    }
    children
};

objects! {
    /// The OpenAPI Object (3.2 §4.1), in 2.0 the Swagger Object.
    Root {
        openapi: value OPENAPI, swagger: value SWAGGER, self_uri: value DOLLAR_SELF,
        json_schema_dialect: value JSON_SCHEMA_DIALECT,
        host: value HOST, base_path: value BASE_PATH, schemes: value SCHEMES, consumes: value CONSUMES, produces: value PRODUCES,
        info: one INFO Info,
        servers: list SERVERS Server,
        paths: one PATHS Paths,
        webhooks: map WEBHOOKS PathItem,
        components: one COMPONENTS Components,
        security: list SECURITY SecurityRequirement,
        tags: list TAGS Tag,
        external_docs: one EXTERNAL_DOCS ExternalDocumentation,
        definitions: map DEFINITIONS Schema,
        parameters: map PARAMETERS Parameter,
        responses: map RESPONSES Response,
        security_definitions: map SECURITY_DEFINITIONS SecurityScheme,
    }
    /// The Info Object.
    Info {
        title: value TITLE, version: value VERSION, summary: value SUMMARY, description: value DESCRIPTION,
        terms_of_service: value TERMS_OF_SERVICE,
        contact: one CONTACT Contact,
        license: one LICENSE License,
    }
    /// The Contact Object.
    Contact { name: value NAME, url: value URL, email: value EMAIL, }
    /// The License Object.
    License { name: value NAME, identifier: value IDENTIFIER, url: value URL, }
    /// The Server Object (3.0 on).
    Server {
        url: value URL, description: value DESCRIPTION, name: value NAME,
        variables: map VARIABLES ServerVariable,
    }
    /// The Server Variable Object.
    ServerVariable { enumeration: value ENUM, default: value DEFAULT, description: value DESCRIPTION, }
    /// The Components Object (3.0 on).
    Components {
        schemas: map SCHEMAS Schema,
        responses: map RESPONSES Response,
        parameters: map PARAMETERS Parameter,
        examples: map EXAMPLES Example,
        request_bodies: map REQUEST_BODIES RequestBody,
        headers: map HEADERS Header,
        security_schemes: map SECURITY_SCHEMES SecurityScheme,
        links: map LINKS Link,
        callbacks: map CALLBACKS Callback,
        path_items: map PATH_ITEMS PathItem,
        media_types: map MEDIA_TYPES MediaType,
    }
    /// The Paths Object; its fields are the paths.
    Paths {}
    /// The Path Item Object.
    PathItem {
        summary: value SUMMARY, description: value DESCRIPTION,
        get: one GET Operation, put: one PUT Operation, post: one POST Operation, delete: one DELETE Operation,
        options: one OPTIONS Operation, head: one HEAD Operation, patch: one PATCH Operation, trace: one TRACE Operation,
        query: one QUERY Operation,
        additional_operations: map ADDITIONAL_OPERATIONS Operation,
        servers: list SERVERS Server,
        parameters: list PARAMETERS Parameter,
    }
    /// The Operation Object.
    Operation {
        tags: value TAGS, summary: value SUMMARY, description: value DESCRIPTION, operation_id: value OPERATION_ID,
        deprecated: value DEPRECATED, schemes: value SCHEMES, consumes: value CONSUMES, produces: value PRODUCES,
        external_docs: one EXTERNAL_DOCS ExternalDocumentation,
        parameters: list PARAMETERS Parameter,
        request_body: one REQUEST_BODY RequestBody,
        responses: one RESPONSES Responses,
        callbacks: map CALLBACKS Callback,
        security: list SECURITY SecurityRequirement,
        servers: list SERVERS Server,
    }
    /// The External Documentation Object.
    ExternalDocumentation { description: value DESCRIPTION, url: value URL, }
    /// The Parameter Object. In 2.0 one that is not in the body is its own schema: see `Schema::InParameter` of the views.
    Parameter {
        name: value NAME, location: value IN, description: value DESCRIPTION, required: value REQUIRED,
        deprecated: value DEPRECATED, allow_empty_value: value ALLOW_EMPTY_VALUE, style: value STYLE, explode: value EXPLODE,
        allow_reserved: value ALLOW_RESERVED, collection_format: value COLLECTION_FORMAT, example: value EXAMPLE,
        schema: one SCHEMA Schema,
        content: map CONTENT MediaType,
        examples: map EXAMPLES Example,
        items: one ITEMS Schema,
    }
    /// The Request Body Object (3.0 on).
    RequestBody {
        description: value DESCRIPTION, required: value REQUIRED,
        content: map CONTENT MediaType,
    }
    /// The Media Type Object.
    MediaType {
        example: value EXAMPLE,
        schema: one SCHEMA Schema,
        item_schema: one ITEM_SCHEMA Schema,
        examples: map EXAMPLES Example,
        encoding: map ENCODING Encoding,
        prefix_encoding: list PREFIX_ENCODING Encoding,
        item_encoding: one ITEM_ENCODING Encoding,
    }
    /// The Encoding Object.
    Encoding {
        content_type: value CONTENT_TYPE, style: value STYLE, explode: value EXPLODE, allow_reserved: value ALLOW_RESERVED,
        headers: map HEADERS Header,
        encoding: map ENCODING Encoding,
        prefix_encoding: list PREFIX_ENCODING Encoding,
        item_encoding: one ITEM_ENCODING Encoding,
    }
    /// The Responses Object; its fields are the status codes and `default`.
    Responses {}
    /// The Response Object.
    Response {
        summary: value SUMMARY, description: value DESCRIPTION,
        headers: map HEADERS Header,
        content: map CONTENT MediaType,
        links: map LINKS Link,
        schema: one SCHEMA Schema,
    }
    /// The Callback Object; its fields are runtime expressions.
    Callback {}
    /// The Example Object.
    Example {
        summary: value SUMMARY, description: value DESCRIPTION, value: value VALUE, data_value: value DATA_VALUE,
        serialized_value: value SERIALIZED_VALUE, external_value: value EXTERNAL_VALUE,
    }
    /// The Link Object.
    Link {
        operation_ref: value OPERATION_REF, operation_id: value OPERATION_ID, parameters: value PARAMETERS,
        request_body: value REQUEST_BODY, description: value DESCRIPTION,
        server: one SERVER Server,
    }
    /// The Header Object. In 2.0 it is its own schema.
    Header {
        description: value DESCRIPTION, required: value REQUIRED, deprecated: value DEPRECATED, example: value EXAMPLE,
        style: value STYLE, explode: value EXPLODE,
        schema: one SCHEMA Schema,
        content: map CONTENT MediaType,
        examples: map EXAMPLES Example,
        items: one ITEMS Schema,
    }
    /// The Tag Object.
    Tag {
        name: value NAME, summary: value SUMMARY, description: value DESCRIPTION, parent: value PARENT, kind: value KIND,
        external_docs: one EXTERNAL_DOCS ExternalDocumentation,
    }
    /// The Schema Object: of 2.0 and 3.0, or JSON Schema 2020-12; also `true` and `false`.
    Schema {
        title: value TITLE, description: value DESCRIPTION, type_: value TYPE, format: value FORMAT,
        enumeration: value ENUM, constant: value CONST, default: value DEFAULT, example: value EXAMPLE, examples: value EXAMPLES,
        nullable: value NULLABLE, read_only: value READ_ONLY, write_only: value WRITE_ONLY, deprecated: value DEPRECATED,
        required: value REQUIRED,
        maximum: value MAXIMUM, minimum: value MINIMUM, exclusive_maximum: value EXCLUSIVE_MAXIMUM,
        exclusive_minimum: value EXCLUSIVE_MINIMUM, multiple_of: value MULTIPLE_OF,
        max_length: value MAX_LENGTH, min_length: value MIN_LENGTH, pattern: value PATTERN,
        max_items: value MAX_ITEMS, min_items: value MIN_ITEMS, unique_items: value UNIQUE_ITEMS,
        max_properties: value MAX_PROPERTIES, min_properties: value MIN_PROPERTIES,
        min_contains: value MIN_CONTAINS, max_contains: value MAX_CONTAINS,
        content_encoding: value CONTENT_ENCODING, content_media_type: value CONTENT_MEDIA_TYPE,
        dependent_required: value DEPENDENT_REQUIRED,
        schema_id: value DOLLAR_ID, schema_dialect: value DOLLAR_SCHEMA, anchor: value DOLLAR_ANCHOR,
        dynamic_ref: value DOLLAR_DYNAMIC_REF, dynamic_anchor: value DOLLAR_DYNAMIC_ANCHOR, comment: value DOLLAR_COMMENT,
        properties: map PROPERTIES Schema,
        pattern_properties: map PATTERN_PROPERTIES Schema,
        additional_properties: one ADDITIONAL_PROPERTIES Schema,
        unevaluated_properties: one UNEVALUATED_PROPERTIES Schema,
        property_names: one PROPERTY_NAMES Schema,
        dependent_schemas: map DEPENDENT_SCHEMAS Schema,
        items: one ITEMS Schema,
        prefix_items: list PREFIX_ITEMS Schema,
        unevaluated_items: one UNEVALUATED_ITEMS Schema,
        contains: one CONTAINS Schema,
        all_of: list ALL_OF Schema,
        one_of: list ONE_OF Schema,
        any_of: list ANY_OF Schema,
        not_: one NOT Schema,
        if_: one IF Schema,
        then: one THEN Schema,
        else_: one ELSE Schema,
        content_schema: one CONTENT_SCHEMA Schema,
        defs: map DOLLAR_DEFS Schema,
        definitions: map DEFINITIONS Schema,
        discriminator: one DISCRIMINATOR Discriminator,
        xml: one XML Xml,
        external_docs: one EXTERNAL_DOCS ExternalDocumentation,
    }
    /// The Discriminator Object (3.0 on); in 2.0 the value is a mere property name.
    Discriminator { property_name: value PROPERTY_NAME, mapping: value MAPPING, default_mapping: value DEFAULT_MAPPING, }
    /// The XML Object.
    Xml {
        name: value NAME, namespace: value NAMESPACE, prefix: value PREFIX, attribute: value ATTRIBUTE,
        wrapped: value WRAPPED, node_type: value NODE_TYPE,
    }
    /// The Security Scheme Object.
    SecurityScheme {
        type_: value TYPE, description: value DESCRIPTION, name: value NAME, location: value IN, scheme: value SCHEME,
        bearer_format: value BEARER_FORMAT, open_id_connect_url: value OPEN_ID_CONNECT_URL,
        oauth2_metadata_url: value OAUTH2_METADATA_URL, deprecated: value DEPRECATED,
        flow: value FLOW, authorization_url: value AUTHORIZATION_URL, token_url: value TOKEN_URL, scopes: value SCOPES,
        flows: one FLOWS OAuthFlows,
    }
    /// The OAuth Flows Object (3.0 on).
    OAuthFlows {
        implicit: one IMPLICIT OAuthFlow,
        password: one PASSWORD OAuthFlow,
        client_credentials: one CLIENT_CREDENTIALS OAuthFlow,
        authorization_code: one AUTHORIZATION_CODE OAuthFlow,
        device_authorization: one DEVICE_AUTHORIZATION OAuthFlow,
    }
    /// The OAuth Flow Object (3.0 on); in 2.0 the security scheme holds its one flow.
    OAuthFlow {
        authorization_url: value AUTHORIZATION_URL, token_url: value TOKEN_URL, refresh_url: value REFRESH_URL,
        device_authorization_url: value DEVICE_AUTHORIZATION_URL, scopes: value SCOPES,
    }
    /// The Security Requirement Object; its fields are the names of security schemes.
    SecurityRequirement {}
}

/// Whether a key of a map of `target` objects is an extension rather than a name. Only the maps of the specification
/// that may be extended are: paths, responses and callbacks; a component or property may well be called `x-…`.
pub(super) fn is_extension(key: Node<'_>, target: ObjectType) -> bool {
    matches!(target, ObjectType::PathItem | ObjectType::Response | ObjectType::Callback) && key.is_extension()
}

impl<'a> Paths<'a> {
    /// The path items, each under its path template.
    pub fn items(self) -> impl Iterator<Item = Member<'a, PathItem<'a>>> {
        let entries = self.node.entries().filter(|entry| !entry.key.is_extension());
        entries.map(move |entry| Member::of(self.document, entry.written))
    }
}

impl<'a> Responses<'a> {
    /// The responses, each under its status code, `4XX` or `default`.
    pub fn responses(self) -> impl Iterator<Item = Member<'a, Response<'a>>> {
        self.written().map(move |written| Member::of(self.document, written))
    }

    /// The responses as they are written: aliases and references where there are some.
    pub fn written(self) -> impl Iterator<Item = Node<'a>> {
        let entries = self.node.entries().filter(|entry| !entry.key.is_extension());
        entries.map(|entry| entry.written)
    }
}

impl<'a> Callback<'a> {
    /// The path items, each under its runtime expression.
    pub fn items(self) -> impl Iterator<Item = Member<'a, PathItem<'a>>> {
        let entries = self.node.entries().filter(|entry| !entry.key.is_extension());
        entries.map(move |entry| Member::of(self.document, entry.written))
    }
}

impl Document {
    /// The value behind a reference; the node itself if it is none.
    pub fn follow<'a>(&'a self, node: Node<'a>) -> Result<Node<'a>, Problem> {
        if node.kind() != Kind::Object {
            return Ok(node);
        }
        match self.references.end(&self.files, node) {
            None => Ok(node),
            Some(Resolution::Found(target)) => Ok(target),
            Some(Resolution::Problem(problem)) => Err(problem),
        }
    }
}
