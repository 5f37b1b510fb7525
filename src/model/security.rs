//! Effective security: who may call an operation, and where that is written.
//!
//! An operation's own `security` replaces the root's, also when it is `[]` (3.2 §4.10, "Operation Object"). The items
//! of the array are alternatives (OR), the names within an item go together (AND), and an item without names allows
//! anonymous access. Callbacks and webhooks are calls that the API makes: they inherit nothing.

use rustc_hash::FxHashMap;

use super::objects::{Object, SecurityScheme};
use super::{Api, Document, Version};
use crate::source::FileId;
use crate::syntax::{Atom, Node, Place};

/// Where an operation's requirements are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Origin {
    /// On the operation itself.
    Operation,
    /// On the path item (servers and parameters only).
    PathItem,
    /// At the root of the document.
    Root,
    /// Nowhere.
    Nowhere,
}

impl Origin {
    /// The name in outputs.
    pub fn name(self) -> &'static str {
        match self {
            Origin::Operation => "operation",
            Origin::PathItem => "path item",
            Origin::Root => "root",
            Origin::Nowhere => "nowhere",
        }
    }
}

/// The requirements that apply to an operation.
#[derive(Clone, Debug)]
pub struct Security<'a> {
    /// Where they are written.
    pub origin: Origin,
    /// The value of that `security`.
    pub node: Option<Node<'a>>,
    /// The alternatives, any of which grants access.
    pub alternatives: Vec<Alternative<'a>>,
    access: Access,
}

/// One Security Requirement Object: everything in it is needed at once.
#[derive(Clone, Debug)]
pub struct Alternative<'a> {
    /// The object.
    pub node: Node<'a>,
    /// Its schemes; empty means anonymous access.
    pub schemes: Vec<Required<'a>>,
}

/// One scheme that a requirement names.
#[derive(Clone, Copy, Debug)]
pub struct Required<'a> {
    /// The list of scopes; its key is the scheme's name.
    pub node: Node<'a>,
    /// The scheme, if the name is declared.
    pub scheme: Option<SecurityScheme<'a>>,
}

impl<'a> Required<'a> {
    /// The name of the scheme as the requirement writes it.
    pub fn name(&self) -> &'a str {
        self.node.key_text()
    }

    /// The scopes or roles that are demanded.
    pub fn scopes(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.node.items().map(Node::text)
    }
}

/// Whether a caller must prove who they are.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub enum Access {
    /// No requirement is written anywhere.
    Undeclared,
    /// `security: []`, or nothing but `{}`: declared to be open.
    Open,
    /// `{}` stands beside real requirements: authentication may be left out.
    Optional,
    /// Every alternative names a scheme.
    Protected,
}

impl Access {
    /// Whether a caller may stay anonymous with certainty (not merely optionally).
    pub fn is_unauthenticated(self) -> bool {
        matches!(self, Access::Undeclared | Access::Open)
    }
}

impl<'a> Security<'a> {
    /// No requirement anywhere.
    pub fn undeclared() -> Security<'a> {
        Security { origin: Origin::Nowhere, node: None, alternatives: Vec::new(), access: Access::Undeclared }
    }

    /// Reads the value of a `security` keyword.
    pub(super) fn read(schemes: &Schemes<'a>, origin: Origin, node: Node<'a>) -> Security<'a> {
        let alternatives = node.items().filter(|item| item.is_object()).map(|item| {
            let required = item.entries().map(|entry| {
                let scheme = schemes.find(entry.key);
                Required { node: entry.written, scheme }
            });
            Alternative { node: item, schemes: required.collect() }
        });
        let alternatives: Vec<Alternative<'a>> = alternatives.collect();
        let anonymous = alternatives.iter().filter(|alternative| alternative.schemes.is_empty()).count();
        let access = match anonymous {
            _ if anonymous == alternatives.len() => Access::Open,
            0 => Access::Protected,
            _ => Access::Optional,
        };
        Security { origin, node: Some(node), alternatives, access }
    }

    /// Whether a caller must prove who they are.
    pub fn access(&self) -> Access {
        self.access
    }

    /// Every scheme of every alternative, in source order.
    pub fn required(&self) -> impl Iterator<Item = &Required<'a>> {
        self.alternatives.iter().flat_map(|alternative| &alternative.schemes)
    }
}

impl std::fmt::Display for Security<'_> {
    /// `apiKey AND oauth2(read) OR anonymous`; nothing where nothing is required.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (index, alternative) in self.alternatives.iter().enumerate() {
            if index > 0 {
                f.write_str(" OR ")?;
            }
            if alternative.schemes.is_empty() {
                f.write_str("anonymous")?;
            }
            for (index, required) in alternative.schemes.iter().enumerate() {
                if index > 0 {
                    f.write_str(" AND ")?;
                }
                f.write_str(required.name())?;
                let scopes: Vec<_> = required.scopes().collect();
                if !scopes.is_empty() {
                    write!(f, "({})", scopes.join(", "))?;
                }
            }
        }
        Ok(())
    }
}

/// The declared security schemes.
#[derive(Clone, Debug)]
pub struct Schemes<'a> {
    document: &'a Document,
    /// Name node and scheme, in source order.
    declared: Vec<(Node<'a>, SecurityScheme<'a>)>,
    /// Every name in the container, with its first scheme if its reference leads somewhere.
    names: FxHashMap<&'a str, Option<usize>>,
}

impl<'a> Schemes<'a> {
    pub(super) fn of(document: &'a Document) -> Schemes<'a> {
        let root = document.root();
        let components = root.components().map(|components| components.security_schemes());
        let mut declared = Vec::new();
        let mut names: FxHashMap<&str, Option<usize>> = FxHashMap::default();
        for member in components.into_iter().flatten().chain(root.security_definitions()) {
            let Some(name) = member.written.key() else { continue };
            let first = names.entry(name.text()).or_default();
            if let Some(scheme) = member.object {
                first.get_or_insert(declared.len());
                declared.push((name, scheme));
            }
        }
        Schemes { document, declared, names }
    }

    /// The schemes with their names, in source order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &(Node<'a>, SecurityScheme<'a>)> + Clone {
        self.declared.iter()
    }

    /// Whether a name is declared, even if what it names is a reference that leads nowhere.
    pub fn declares(&self, name: &str) -> bool {
        self.names.contains_key(name)
    }

    /// The object that declares the schemes: `securitySchemes`, or `securityDefinitions` in 2.0.
    pub fn container(&self) -> Option<Node<'a>> {
        let root = self.document.root();
        let components = root.components().and_then(|components| components.field(Atom::SECURITY_SCHEMES));
        components.or_else(|| root.field(Atom::SECURITY_DEFINITIONS))
    }

    /// How many schemes are declared.
    pub fn len(&self) -> usize {
        self.declared.len()
    }

    /// Whether no scheme is declared.
    pub fn is_empty(&self) -> bool {
        self.declared.is_empty()
    }

    /// The scheme that a requirement's key names: in the entry document, else in the document that the requirement
    /// stands in (3.2 §4.30.1 leaves that to the implementation), else by a URI reference (3.2).
    fn find(&self, name: Node<'a>) -> Option<SecurityScheme<'a>> {
        if let Some(index) = self.names.get(name.text()).copied().flatten() {
            return Some(self.declared[index].1);
        }
        let root = self.document.files().root(name.file())?;
        let container = root
            .get(Atom::COMPONENTS)
            .and_then(|components| components.get(Atom::SECURITY_SCHEMES))
            .or_else(|| root.get(Atom::SECURITY_DEFINITIONS));
        // The names of the entry document were all looked at.
        let container = container.filter(|container| container.file() != FileId::ROOT);
        if let Some(scheme) = container.and_then(|container| container.get_text(name.text())) {
            return SecurityScheme::at(self.document, scheme);
        }
        let pointer = name.text().strip_prefix('#')?;
        SecurityScheme::at(self.document, super::pointers::descend(root, pointer)?)
    }
}

/// What kind of credential a scheme carries, whatever the version's spelling.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum SchemeKind {
    /// A key in a header, the query string, a cookie.
    ApiKey,
    /// HTTP Basic.
    Basic,
    /// HTTP Bearer.
    Bearer,
    /// Another HTTP authentication scheme.
    Http,
    /// OAuth 2.0.
    OAuth2,
    /// OpenID Connect.
    OpenIdConnect,
    /// A client certificate.
    MutualTls,
    /// Unknown to the specifications.
    Unknown,
}

impl<'a> SecurityScheme<'a> {
    /// The kind of credential. The HTTP scheme is compared without regard to letter case (RFC 9110 §11.1).
    pub fn kind(self) -> SchemeKind {
        let http = || self.scheme().map_or("", Node::text);
        match self.type_().map_or("", Node::text) {
            "apiKey" => SchemeKind::ApiKey,
            "basic" => SchemeKind::Basic,
            "http" if http().eq_ignore_ascii_case("basic") => SchemeKind::Basic,
            "http" if http().eq_ignore_ascii_case("bearer") => SchemeKind::Bearer,
            "http" => SchemeKind::Http,
            "oauth2" => SchemeKind::OAuth2,
            "openIdConnect" => SchemeKind::OpenIdConnect,
            "mutualTLS" => SchemeKind::MutualTls,
            _ => SchemeKind::Unknown,
        }
    }

    /// What the scheme sends, for messages: "an API key", "a password".
    pub fn credential(self) -> &'static str {
        match self.kind() {
            SchemeKind::ApiKey => "an API key",
            SchemeKind::Basic => "a password",
            SchemeKind::Bearer | SchemeKind::OAuth2 | SchemeKind::OpenIdConnect => "a bearer token",
            SchemeKind::Http | SchemeKind::Unknown => "a credential",
            SchemeKind::MutualTls => "a client certificate",
        }
    }
}

/// A way to get an OAuth 2.0 token, by its name in 3.0 and later.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Flow {
    /// `implicit`.
    Implicit,
    /// `password`.
    Password,
    /// `clientCredentials`, in 2.0 `application`.
    ClientCredentials,
    /// `authorizationCode`, in 2.0 `accessCode`.
    AuthorizationCode,
    /// `deviceAuthorization` (3.2).
    DeviceAuthorization,
}

impl Flow {
    /// Every flow, in the order of the specification.
    pub const ALL: [Flow; 5] = [
        Flow::Implicit,
        Flow::Password,
        Flow::ClientCredentials,
        Flow::AuthorizationCode,
        Flow::DeviceAuthorization,
    ];

    /// The URLs that the flow cannot do without (3.2 §4.29.1), by keyword.
    pub fn required_urls(self) -> &'static [Atom] {
        match self {
            Flow::Implicit => &[Atom::AUTHORIZATION_URL],
            Flow::Password | Flow::ClientCredentials => &[Atom::TOKEN_URL],
            Flow::AuthorizationCode => &[Atom::AUTHORIZATION_URL, Atom::TOKEN_URL],
            Flow::DeviceAuthorization => &[Atom::DEVICE_AUTHORIZATION_URL, Atom::TOKEN_URL],
        }
    }

    /// The flow with a name, in 2.0 or in 3.0 and later.
    pub fn named(name: &str, version: Version) -> Option<Flow> {
        Flow::ALL.into_iter().find(|flow| match version {
            Version::V2 => flow.swagger2_name() == Some(name),
            _ => flow.name() == name,
        })
    }

    /// The name in a version, if the version has the flow.
    pub fn name_in(self, version: Version) -> Option<&'static str> {
        match (self, version) {
            (_, Version::V2) => self.swagger2_name(),
            (Flow::DeviceAuthorization, Version::V3_0 | Version::V3_1) => None,
            _ => Some(self.name()),
        }
    }

    /// The name in 3.0 and later.
    pub fn name(self) -> &'static str {
        self.keyword().text()
    }

    fn keyword(self) -> Atom {
        match self {
            Flow::Implicit => Atom::IMPLICIT,
            Flow::Password => Atom::PASSWORD,
            Flow::ClientCredentials => Atom::CLIENT_CREDENTIALS,
            Flow::AuthorizationCode => Atom::AUTHORIZATION_CODE,
            Flow::DeviceAuthorization => Atom::DEVICE_AUTHORIZATION,
        }
    }

    /// The name in 2.0.
    fn swagger2_name(self) -> Option<&'static str> {
        match self {
            Flow::Implicit => Some("implicit"),
            Flow::Password => Some("password"),
            Flow::ClientCredentials => Some("application"),
            Flow::AuthorizationCode => Some("accessCode"),
            Flow::DeviceAuthorization => None,
        }
    }
}

impl<'a> SecurityScheme<'a> {
    /// Where an OAuth 2.0 scheme offers a flow: the key under `flows`, in 2.0 the value of `flow`.
    pub fn flow_place(self, flow: Flow) -> Option<Place<'a>> {
        if self.kind() != SchemeKind::OAuth2 {
            return None;
        }
        let object = || self.flows()?.field(flow.keyword()).filter(|flow| flow.is_object());
        let swagger2 = || self.flow().filter(|value| Some(value.text()) == flow.swagger2_name());
        object().map(Place::key).or_else(|| swagger2().map(Place::value))
    }
}

impl<'a> SecurityScheme<'a> {
    /// The URLs to which OAuth 2.0 and OpenID Connect send users, codes, secrets and tokens, in the order of the
    /// specification. Their keys say which is which.
    pub fn endpoints(self) -> Vec<Node<'a>> {
        const OF_SCHEME: [Atom; 2] = [Atom::OPEN_ID_CONNECT_URL, Atom::OAUTH2_METADATA_URL];
        const OF_FLOW: [Atom; 4] =
            [Atom::AUTHORIZATION_URL, Atom::DEVICE_AUTHORIZATION_URL, Atom::TOKEN_URL, Atom::REFRESH_URL];
        if !matches!(self.kind(), SchemeKind::OAuth2 | SchemeKind::OpenIdConnect) {
            return Vec::new();
        }
        // In 2.0 the scheme holds the URLs of its one flow.
        let own = OF_SCHEME.into_iter().chain(OF_FLOW).filter_map(|keyword| self.field(keyword));
        let flows = Flow::ALL.into_iter().filter_map(|flow| self.flows()?.field(flow.keyword()));
        own.chain(flows.flat_map(|flow| OF_FLOW.into_iter().filter_map(move |url| flow.get(url)))).collect()
    }
}

impl<'a> Api<'a> {
    /// Whether any requirement, at the root or on an operation, is written at all.
    pub fn has_security_keyword(&self) -> bool {
        self.root_security.node.is_some()
            || self.operations.iter().any(|o| o.security.origin == Origin::Operation)
    }
}
