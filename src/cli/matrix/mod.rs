//! `oasguard matrix`: who may call each operation of a document, and where.

mod json;
mod table;
mod text;

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::args::{Matrix as Options, TextOrJson};
use super::output::{complain, to_stderr, to_stdout};
use super::{Exit, Refusal, inputs, session_without_report};
use crate::engine::{Excerpts, Locator, operation_name};
use crate::lint::{Failure, Location, OperationName};
use crate::model::{
    Access, Api, Endpoint, Operation, OperationKind, Origin, PublicReason, SchemeKind, Security, Servers,
    Transport,
};
use crate::report::visible;
use crate::source::FileId;
use crate::syntax::{NodeId, Place};

pub(super) fn run(options: &Options) -> Result<Exit, Refusal> {
    let (mut session, _) = session_without_report(&options.reading)?;
    let path = inputs::single(&mut session, &options.file)?;
    let loaded = session.load(&path);
    let shown = loaded.and_then(|document| {
        let settings = session.settings(&document)?;
        Ok(Matrix::of(&session.api(&document, &settings)))
    });
    let (matrix, failures) = match shown {
        Ok(matrix) => (matrix, Vec::new()),
        Err(failures) => (Matrix::default(), failures),
    };
    to_stdout(|out| match options.output_format {
        TextOrJson::Json => json::write(&matrix, &failures, out),
        TextOrJson::Text if failures.is_empty() => text::write(&matrix, out),
        TextOrJson::Text => Ok(()),
    })?;
    failures.iter().for_each(report);
    if matrix.unresolved > 0 {
        let plural = if matrix.unresolved == 1 { "" } else { "s" };
        complain(&format!(
            "{} reference{plural} cannot be resolved, so that operations may be missing; `oasguard lint` lists them",
            matrix.unresolved
        ));
    }
    let is_whole = failures.is_empty() && matrix.unresolved == 0;
    Ok(if is_whole { Exit::Clean } else { Exit::Trouble })
}

/// Says on standard error why a file cannot be shown.
pub(super) fn report(failure: &Failure) {
    let place = failure.location.as_ref().map_or_else(String::new, |location| {
        format!("{}:{}:{}: ", location.path, location.start.line, location.start.column)
    });
    complain(&format!("{place}{}", failure.message));
    to_stderr(|out| writeln!(out, "  help: {}", visible(&failure.help)));
}

/// Every operation of a document with what applies to it, as plain data.
#[derive(Debug, Default)]
struct Matrix {
    /// Display path of the root document.
    path: String,
    openapi: String,
    /// Every server that some operation or the root names, in the order of first use.
    servers: Vec<ServerRow>,
    /// The operations of paths, then webhooks, then callbacks.
    rows: Vec<Row>,
    /// References that lead nowhere.
    unresolved: usize,
}

#[derive(Debug)]
struct ServerRow {
    url: String,
    transports: Vec<Transport>,
    origin: Origin,
    location: Location,
}

#[derive(Debug)]
struct Row {
    operation: OperationName,
    location: Location,
    status: Status,
    /// Why no authentication is needed, where none is.
    reason: Option<String>,
    /// Where the requirements are written.
    origin: Origin,
    requirements: Option<Location>,
    /// Any of these grants access.
    alternatives: Vec<Vec<Scheme>>,
    /// Where the servers are written.
    server_origin: Origin,
    /// Positions in [`Matrix::servers`].
    servers: Vec<usize>,
}

/// One scheme of an alternative.
#[derive(Debug)]
struct Scheme {
    name: String,
    /// Nothing if the name is not declared.
    kind: Option<SchemeKind>,
    scopes: Vec<String>,
}

/// Who may call an operation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Status {
    /// Whoever meets one of the alternatives.
    Protected,
    /// Everyone, though credentials are accepted.
    Optional,
    /// Everyone, on purpose.
    Public,
    /// Everyone, and nothing says that this is meant.
    Open,
    /// The API itself calls: a webhook or callback without requirements.
    Outgoing,
}

impl Status {
    fn name(self) -> &'static str {
        match self {
            Status::Protected => "protected",
            Status::Optional => "optional",
            Status::Public => "public",
            Status::Open => "open",
            Status::Outgoing => "outgoing",
        }
    }
}

impl Matrix {
    fn of<'a>(api: &'a Api<'a>) -> Matrix {
        let document = api.document;
        let mut assembly = Assembly {
            api,
            locator: Locator::new(document, Excerpts::Omit),
            servers: Vec::new(),
            known: FxHashMap::default(),
            lists: FxHashMap::default(),
        };
        // The root's servers are shown also if no operation inherits them.
        assembly.servers_of(&api.root_servers);
        let rows = api.operations.iter().map(|operation| assembly.row(operation)).collect();
        Matrix {
            path: document.files().file(FileId::ROOT).display.clone(),
            openapi: document.written_version().to_owned(),
            servers: assembly.servers,
            rows,
            unresolved: document.unresolved_references(),
        }
    }

    fn count(&self, status: Status) -> usize {
        self.rows
            .iter()
            .filter(|row| row.operation.kind == OperationKind::Path && row.status == status)
            .count()
    }

    fn of_kind(&self, kind: OperationKind) -> usize {
        self.rows.iter().filter(|row| row.operation.kind == kind).count()
    }
}

/// A matrix in the making.
struct Assembly<'a> {
    api: &'a Api<'a>,
    locator: Locator<'a>,
    servers: Vec<ServerRow>,
    /// The position of a server, by the place it is written at.
    known: FxHashMap<(FileId, NodeId), usize>,
    /// The positions of the servers of a list; most operations share one.
    lists: FxHashMap<*const Servers<'a>, Vec<usize>>,
}

impl<'a> Assembly<'a> {
    fn row(&mut self, operation: &'a Operation<'a>) -> Row {
        let security = &operation.security;
        let (status, reason) = self.status(operation);
        let is_own = matches!(operation.servers.origin, Origin::Operation | Origin::PathItem);
        // A callback's address is its expression, a webhook's is agreed elsewhere: the root's servers are neither.
        let has_servers = operation.kind == OperationKind::Path || is_own;
        Row {
            operation: operation_name(operation),
            location: self.locator.locate(Place::key(operation.object.node())),
            status,
            reason,
            origin: security.origin,
            requirements: security.node.map(|node| self.locator.locate(Place::key(node))),
            alternatives: alternatives(security),
            server_origin: if has_servers { operation.servers.origin } else { Origin::Nowhere },
            servers: if has_servers { self.servers_of(&operation.servers) } else { Vec::new() },
        }
    }

    /// Who may call, and why if it is everyone.
    fn status(&self, operation: &Operation<'a>) -> (Status, Option<String>) {
        let stated = operation.security.origin == Origin::Operation;
        let is_asserted = matches!(self.api.public_reason(operation), Some(PublicReason::Asserted(_)));
        match operation.access() {
            Access::Protected => (Status::Protected, None),
            Access::Optional => (Status::Optional, None),
            Access::Open if stated && !is_asserted => {
                let written = if operation.security.alternatives.is_empty() { "[]" } else { "[{}]" };
                (Status::Public, Some(format!("`security: {written}`")))
            }
            _ if operation.kind != OperationKind::Path && !is_asserted => (Status::Outgoing, None),
            access => match self.api.public_reason(operation) {
                Some(reason) => (Status::Public, Some(reason.to_string())),
                None if access == Access::Open => {
                    (Status::Open, Some("the root `security` is empty".to_owned()))
                }
                None => (Status::Open, Some("no `security` is declared".to_owned())),
            },
        }
    }

    fn servers_of(&mut self, servers: &Arc<Servers<'a>>) -> Vec<usize> {
        if let Some(known) = self.lists.get(&Arc::as_ptr(servers)) {
            return known.clone();
        }
        let mut list = Vec::new();
        for endpoint in &servers.endpoints {
            let next = self.servers.len();
            let at = *self.known.entry(endpoint.node().identity()).or_insert(next);
            if at == next {
                self.servers.push(ServerRow {
                    url: without_password(endpoint.written_url()),
                    transports: transports(endpoint),
                    origin: servers.origin,
                    location: self.locator.locate(Place::value(endpoint.node())),
                });
            }
            list.push(at);
        }
        self.lists.insert(Arc::as_ptr(servers), list.clone());
        list
    }
}

fn alternatives(security: &Security<'_>) -> Vec<Vec<Scheme>> {
    let of = |required: &crate::model::Required<'_>| Scheme {
        name: required.name().to_owned(),
        kind: required.scheme.map(|scheme| scheme.kind()),
        scopes: required.scopes().map(str::to_owned).collect(),
    };
    security.alternatives.iter().map(|alternative| alternative.schemes.iter().map(of).collect()).collect()
}

fn transports(endpoint: &Endpoint<'_>) -> Vec<Transport> {
    let mut transports: Vec<_> = endpoint.transports().into_iter().map(|(transport, _)| transport).collect();
    transports.sort();
    transports.dedup();
    transports
}

/// A URL with `***` for what stands before `@`: a name and often a password.
fn without_password(url: String) -> String {
    let Some((scheme, rest)) = url.split_once("//") else { return url };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    match authority.rsplit_once('@') {
        Some((user, _)) => format!("{scheme}//***{}", &rest[user.len()..]),
        None => url,
    }
}

/// The name of a kind of credential in outputs.
fn kind_name(kind: SchemeKind) -> &'static str {
    match kind {
        SchemeKind::ApiKey => "apiKey",
        SchemeKind::Basic => "basic",
        SchemeKind::Bearer => "bearer",
        SchemeKind::Http => "http",
        SchemeKind::OAuth2 => "oauth2",
        SchemeKind::OpenIdConnect => "openIdConnect",
        SchemeKind::MutualTls => "mutualTLS",
        SchemeKind::Unknown => "unknown",
    }
}

fn transport_name(transport: Transport) -> &'static str {
    match transport {
        Transport::Cleartext => "cleartext",
        Transport::Encrypted => "encrypted",
        Transport::Unknown => "unknown",
    }
}

#[cfg(test)]
mod tests {
    use super::without_password;

    #[test]
    fn a_password_in_a_url_is_not_shown() {
        for (url, shown) in [
            ("https://user:secret@api.shop.com/v1", "https://***@api.shop.com/v1"),
            ("https://api.shop.com/@me", "https://api.shop.com/@me"),
            ("//a@b@c", "//***@c"),
            ("/v1", "/v1"),
        ] {
            assert_eq!(without_password(url.to_owned()), shown);
        }
    }
}
