//! The matrix for programs, version 1: frozen types of its own, described by `schemas/matrix-v1.schema.json`.

use std::io::{self, Write};

use serde::Serialize;

use super::{Matrix, Row, Scheme, ServerRow, Status, kind_name, transport_name};
use crate::lint::{self, OperationKind};
use crate::model::Origin;

/// Writes the matrix. Without a document there are no operations, but errors.
pub(super) fn write(matrix: &Matrix, failures: &[lint::Failure], out: &mut dyn Write) -> io::Result<()> {
    crate::report::pretty(&Json::of(matrix, failures), out)
}

#[derive(Serialize)]
struct Json<'a> {
    version: u32,
    tool: Tool,
    document: Option<Document<'a>>,
    servers: Vec<Server<'a>>,
    operations: Vec<Operation<'a>>,
    errors: Vec<Error<'a>>,
    summary: Summary,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    path: &'a str,
    openapi: &'a str,
    unresolved_references: usize,
}

#[derive(Serialize)]
struct Server<'a> {
    url: &'a str,
    transports: Vec<&'static str>,
    origin: Option<&'static str>,
    location: Location<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Operation<'a> {
    kind: &'static str,
    method: &'a str,
    path: &'a str,
    name: Option<&'a str>,
    operation_id: Option<&'a str>,
    location: Location<'a>,
    authentication: Authentication<'a>,
    servers: Servers<'a>,
}

#[derive(Serialize)]
struct Authentication<'a> {
    status: &'static str,
    reason: Option<&'a str>,
    origin: Option<&'static str>,
    location: Option<Location<'a>>,
    alternatives: Vec<Alternative<'a>>,
}

#[derive(Serialize)]
struct Alternative<'a> {
    schemes: Vec<Required<'a>>,
}

#[derive(Serialize)]
struct Required<'a> {
    name: &'a str,
    kind: Option<&'static str>,
    scopes: &'a [String],
}

#[derive(Serialize)]
struct Servers<'a> {
    origin: Option<&'static str>,
    indexes: &'a [usize],
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    pointer: &'a str,
    line: u32,
    column: u32,
}

#[derive(Serialize)]
struct Error<'a> {
    rule: &'static str,
    message: &'a str,
    help: &'a str,
    location: Option<Location<'a>>,
}

#[derive(Serialize)]
struct Summary {
    operations: usize,
    protected: usize,
    optional: usize,
    public: usize,
    open: usize,
    webhooks: usize,
    callbacks: usize,
}

impl<'a> Json<'a> {
    fn of(matrix: &'a Matrix, failures: &'a [lint::Failure]) -> Json<'a> {
        let document = Document {
            path: &matrix.path,
            openapi: &matrix.openapi,
            unresolved_references: matrix.unresolved,
        };
        Json {
            version: 1,
            tool: Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
            document: failures.is_empty().then_some(document),
            servers: matrix.servers.iter().map(Server::of).collect(),
            operations: matrix.rows.iter().map(Operation::of).collect(),
            errors: failures.iter().map(Error::of).collect(),
            summary: Summary::of(matrix),
        }
    }
}

impl<'a> Server<'a> {
    fn of(server: &'a ServerRow) -> Server<'a> {
        Server {
            url: &server.url,
            transports: server.transports.iter().map(|transport| transport_name(*transport)).collect(),
            origin: origin(server.origin),
            location: Location::of(&server.location),
        }
    }
}

impl<'a> Operation<'a> {
    fn of(row: &'a Row) -> Operation<'a> {
        let lint::OperationName { kind, method, path, name, operation_id } = &row.operation;
        let alternatives = row
            .alternatives
            .iter()
            .map(|schemes| Alternative { schemes: schemes.iter().map(Required::of).collect() });
        Operation {
            kind: kind.name(),
            method,
            path,
            name: name.as_deref(),
            operation_id: operation_id.as_deref(),
            location: Location::of(&row.location),
            authentication: Authentication {
                status: row.status.name(),
                reason: row.reason.as_deref(),
                origin: origin(row.origin),
                location: row.requirements.as_ref().map(Location::of),
                alternatives: alternatives.collect(),
            },
            servers: Servers { origin: origin(row.server_origin), indexes: &row.servers },
        }
    }
}

impl<'a> Required<'a> {
    fn of(scheme: &'a Scheme) -> Required<'a> {
        Required { name: &scheme.name, kind: scheme.kind.map(kind_name), scopes: &scheme.scopes }
    }
}

impl<'a> Location<'a> {
    fn of(location: &'a lint::Location) -> Location<'a> {
        let lint::Location { path, pointer, start, .. } = location;
        Location { path, pointer, line: start.line, column: start.column }
    }
}

impl<'a> Error<'a> {
    fn of(failure: &'a lint::Failure) -> Error<'a> {
        let lint::Failure { rule, message, help, location, .. } = failure;
        Error { rule, message, help, location: location.as_ref().map(Location::of) }
    }
}

impl Summary {
    fn of(matrix: &Matrix) -> Summary {
        Summary {
            operations: matrix.of_kind(OperationKind::Path),
            protected: matrix.count(Status::Protected),
            optional: matrix.count(Status::Optional),
            public: matrix.count(Status::Public),
            open: matrix.count(Status::Open),
            webhooks: matrix.of_kind(OperationKind::Webhook),
            callbacks: matrix.of_kind(OperationKind::Callback),
        }
    }
}

/// Where something is written; nothing if nowhere.
fn origin(origin: Origin) -> Option<&'static str> {
    match origin {
        Origin::Operation => Some("operation"),
        Origin::PathItem => Some("pathItem"),
        Origin::Root => Some("root"),
        Origin::Nowhere => None,
    }
}
