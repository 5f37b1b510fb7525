//! The matrix for people, at most 100 columns wide unless a name is wider.

use std::io::{self, Write};

use super::table::{table, width};
use super::{Matrix, Row, Scheme, ServerRow, Status, transport_name};
use crate::lint::{Location, OperationKind};
use crate::model::Origin;
use crate::report::{visible, visible_line};

/// Columns of a page.
const WIDTH: usize = 100;

/// Writes the matrix.
pub(super) fn write(matrix: &Matrix, out: &mut dyn Write) -> io::Result<()> {
    let mut out = io::BufWriter::new(out);
    writeln!(out, "{}\n", visible_line(&format!("{}: OpenAPI {}", matrix.path, matrix.openapi)))?;
    servers(matrix, &mut out)?;
    operations(matrix, &mut out)?;
    if matrix
        .rows
        .iter()
        .flat_map(|row| row.alternatives.iter().flatten())
        .any(|scheme| scheme.kind.is_none())
    {
        writeln!(out, "? is a security scheme that is not declared")?;
    }
    writeln!(out, "{}", totals(matrix))?;
    out.flush()
}

fn servers(matrix: &Matrix, out: &mut dyn Write) -> io::Result<()> {
    if matrix.servers.is_empty() {
        return writeln!(out, "servers: none declared; relative to where the document is found\n");
    }
    let mut rows = Vec::new();
    for (index, server) in matrix.servers.iter().enumerate() {
        rows.push([
            number(index),
            safe(&server.url),
            transport(server),
            format!("{} {}", server.origin.name(), place(matrix, &server.location)),
        ]);
    }
    writeln!(out, "servers")?;
    table(&rows, "  ", [6, 46, 24, 40], out)?;
    writeln!(out)
}

fn operations(matrix: &Matrix, out: &mut dyn Write) -> io::Result<()> {
    // The column of servers says something only where they differ.
    let first = matrix.rows.iter().find(|row| row.operation.kind == OperationKind::Path);
    let shared = matrix.rows.iter().all(|row| {
        row.operation.kind != OperationKind::Path || first.is_none_or(|first| first.servers == row.servers)
    });
    let mut rows = vec![["METHOD", "OPERATION", "AUTHENTICATION", "FROM", "SERVERS"].map(str::to_owned)];
    for row in &matrix.rows {
        rows.push([
            safe(&row.operation.method),
            safe(&name(row)),
            authentication(row),
            from(matrix, row),
            row.servers.iter().map(|index| number(*index)).collect::<Vec<_>>().join(" "),
        ]);
    }
    if shared {
        rows.iter_mut().for_each(|row| row[4].clear());
    }
    let widest = [10, 40, WIDTH, 30, 12];
    // Authentication, which says most, has what the others leave.
    let others = [0, 1, 3, 4].into_iter().map(|column| width(&rows, column).min(widest[column]) + 2).sum();
    let widest = [widest[0], widest[1], WIDTH.saturating_sub(others).max(24), widest[3], widest[4]];
    table(&rows, "", widest, out)?;
    match first {
        Some(first) if shared && !first.servers.is_empty() => {
            let numbers: Vec<_> = first.servers.iter().map(|index| number(*index)).collect();
            writeln!(out, "\nservers of every operation: {}", numbers.join(" "))
        }
        _ => writeln!(out),
    }
}

fn name(row: &Row) -> String {
    match (&row.operation.name, row.operation.kind) {
        (Some(name), OperationKind::Webhook) => format!("webhook {name}"),
        (Some(name), OperationKind::Callback) => format!("callback {name} {}", row.operation.path),
        _ => row.operation.path.clone(),
    }
}

/// `bearer(read)` + `key`, a line for each alternative; or who may call without.
fn authentication(row: &Row) -> String {
    let why = row.reason.as_deref().map_or_else(String::new, |reason| format!(": {}", safe(reason)));
    match row.status {
        Status::Open => format!("OPEN{why}"),
        Status::Public => format!("public{why}"),
        Status::Outgoing => "outgoing call".to_owned(),
        Status::Protected | Status::Optional => {
            let all = row.alternatives.iter().map(|schemes| match schemes.as_slice() {
                [] => "anonymous".to_owned(),
                schemes => schemes.iter().map(scheme).collect::<Vec<_>>().join(" + "),
            });
            all.collect::<Vec<_>>().join("\nor ")
        }
    }
}

fn scheme(scheme: &Scheme) -> String {
    let unknown = if scheme.kind.is_none() { "?" } else { "" };
    let scopes =
        if scheme.scopes.is_empty() { String::new() } else { format!("({})", scheme.scopes.join(", ")) };
    safe(&format!("{}{unknown}{scopes}", scheme.name))
}

fn from(matrix: &Matrix, row: &Row) -> String {
    match (&row.requirements, row.origin) {
        (Some(location), origin) => format!("{} {}", origin.name(), place(matrix, location)),
        (None, Origin::Nowhere) => "-".to_owned(),
        (None, origin) => origin.name().to_owned(),
    }
}

fn transport(server: &ServerRow) -> String {
    let names: Vec<_> = server.transports.iter().map(|transport| transport_name(*transport)).collect();
    match names.as_slice() {
        [] => "unknown".to_owned(),
        names => names.join(" or "),
    }
}

fn number(index: usize) -> String {
    format!("S{}", index + 1)
}

/// `shop.yaml:12`: the root document by its name, which stands in full above; other files by their path.
fn place(matrix: &Matrix, location: &Location) -> String {
    let path = location.path.as_str();
    let short = match path == matrix.path {
        true => path.rsplit('/').next().unwrap_or(path),
        false => path,
    };
    format!("{}:{}", safe(short), location.start.line)
}

fn totals(matrix: &Matrix) -> String {
    let operations = matrix.of_kind(OperationKind::Path);
    let mut line = format!(
        "{}: {} protected, {} optional, {} public by intent, {} open",
        counted(operations, "operation"),
        matrix.count(Status::Protected),
        matrix.count(Status::Optional),
        matrix.count(Status::Public),
        matrix.count(Status::Open),
    );
    for kind in [OperationKind::Webhook, OperationKind::Callback] {
        match matrix.of_kind(kind) {
            0 => {}
            count => line.push_str(&format!("; {}", counted(count, kind.name()))),
        }
    }
    line
}

fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

fn safe(text: &str) -> String {
    visible(text).into_owned()
}
