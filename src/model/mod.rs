//! What a document means: typed, version-normalised views over the tree, references resolved, effective security and
//! servers, the direction of every schema.

mod access;
mod administration;
mod api;
mod credentials;
mod directions;
mod directives;
mod document;
mod facts;
mod graph;
mod guessing;
mod heirs;
mod identifiers;
mod limits;
mod lookup;
mod method;
mod misplaced;
pub mod naming;
mod node_set;
mod objects;
mod operation;
mod parameters;
pub mod pattern;
mod pointers;
pub mod public;
mod reference;
mod request;
mod schema;
mod security;
mod servers;
mod sunset;
mod uri;
mod usage;
mod version;
pub mod versioning;
mod walk;
pub mod words;

pub use access::{AccessCounts, Unguarded};
pub use administration::AdminSign;
pub use api::{Api, OperationGroup};
pub use credentials::{CredentialParameter, CredentialSet};
pub use directions::{Directions, Exposure};
pub use directives::{Fault, FaultKind, Statement, StatementForm, StatementKind, Target, Word};
pub use document::{Document, NotOpenApi};
pub use facts::{Evidence, Versioning};
pub use method::Method;
pub use misplaced::{Misplaced, Misplacement, SecurityKeyword};
/// The Operation Object itself, as against what applies to it ([`Operation`]).
pub use objects::Operation as OperationObject;
pub use objects::{
    Callback, Components, Contact, Discriminator, Encoding, Example, ExternalDocumentation, Header, Info,
    License, Link, MediaType, Member, OAuthFlow, OAuthFlows, Object, ObjectType, Parameter, PathItem, Paths,
    RequestBody, Response, Responses, Root, Schema, SecurityRequirement, SecurityScheme, Server,
    ServerVariable, Shape, Tag, Xml,
};
pub use operation::{Body, Operation, OperationId, OperationKind};
pub use parameters::{Answers, OperationParameter, ParameterName, Parameters};
pub use public::{Asserted, PublicReason};
pub use reference::{LoadError, LoadFailure, Loader, Problem, References, Resolution, reference_value};
pub use request::{Holder, Names, RequestSchema, RequestSchemas};
pub use schema::{Edge, Types};
pub use security::{Access, Alternative, Flow, Origin, Required, SchemeKind, Schemes, Security};
pub use servers::{Endpoint, Reach, Servers, Transport, reach_of_url};
pub(crate) use uri::percent_decode;
pub use usage::Usage;
pub use version::{Recognition, Version, looks_like_openapi, recognize};
