//! `multiple-live-versions`: an old version beside a new one, and nothing says that it ends.

use rustc_hash::FxHashMap;

use crate::lint::{Check, Confidence, Description, GroupId, Profile, Rule, Scope, Severity, Sink};
use crate::model::versioning::{VersionNumber, VersionedPath, split_version};
use crate::model::words::{is_one_of, words};
use crate::model::{Api, Endpoint, Operation};
use crate::syntax::{Node, Place};

pub(super) static RULE: Rule = Rule {
    id: "multiple-live-versions",
    birth_id: "multiple-live-versions",
    summary: "an older version of an operation or server is live beside a newer one and not deprecated",
    category: "inventory",
    severity: Severity::Info,
    confidence: Confidence::Medium,
    profile: Profile::Pedantic,
    owasp: &["API9:2023"],
    cwe: &[1059],
    since: "0.1.0",
    scope: Scope::Root,
    subsumed_by: &[],
    options: &[],
    check: Check::Api(check),
    page: include_str!("../../../rules/inventory/multiple-live-versions.md"),
};

/// How many of the old paths are shown.
const SHOWN: usize = 5;
/// How many words of a description are read.
const SEARCHED: usize = 400;

fn check<'a>(api: &'a Api<'a>, sink: &mut Sink<'a>) {
    sink.examined(api.path_operations().count());
    let servers = superseded(api.root_servers.endpoints.iter().filter_map(versioned_server));
    let operations = superseded(api.ranked_operations().into_iter().filter_map(versioned_operation));
    if servers.is_empty() && operations.is_empty() {
        return;
    }
    let group = open_group(sink);
    for (old, new) in servers {
        let (url, newer) = (old.written_url(), new.written_url());
        sink.report(Place::value(old.node()), format!("`{url}` is live beside `{newer}`"))
            .related(Place::value(new.node()), "the newer version")
            .subject(format!("`{url}`"))
            .in_group(group);
    }
    for of_path in operations.chunk_by(|(one, _), (next, _)| one.path_node == next.path_node) {
        let (old, new) = of_path[0];
        sink.report(Place::key(old.path_node), format!("`{}` is live beside `{}`", old.path, new.path))
            .related(Place::key(new.path_node), "the newer version")
            .operations(of_path.iter().map(|(operation, _)| operation.id).collect())
            .subject(format!("`{}`", old.path))
            .in_group(group);
    }
}

fn open_group(sink: &mut Sink<'_>) -> GroupId {
    let group = sink.group(None, |members| Description {
        message: format!(
            "{} {} live beside a newer version and not deprecated",
            members.named(),
            if members.count == 1 { "is" } else { "are" }
        ),
        label: "old, and nothing says until when".into(),
        help: "mark the old version as deprecated, announce its end (`Sunset`), and switch it off then"
            .into(),
    });
    sink.group_mut(group).show(SHOWN);
    group
}

/// Something in one of its versions.
struct Versioned<T> {
    of: T,
    /// What is the same in all versions.
    key: String,
    number: VersionNumber,
}

/// Each thing that has a newer version, with the newest, in the order in which they come.
fn superseded<T: Copy>(things: impl Iterator<Item = Versioned<T>>) -> Vec<(T, T)> {
    let things: Vec<_> = things.collect();
    let mut newest: FxHashMap<(&str, bool), &Versioned<T>> = FxHashMap::default();
    // A preview is what comes next, not what replaces a release.
    let rank = |thing: &Versioned<T>| (!thing.number.is_preview(), thing.number.clone());
    for thing in &things {
        let newest = newest.entry((&thing.key, thing.number.is_date)).or_insert(thing);
        if rank(thing) > rank(newest) {
            *newest = thing;
        }
    }
    let pairs = things.iter().filter_map(|thing| {
        let newest = newest.get(&(thing.key.as_str(), thing.number.is_date))?;
        (thing.number < newest.number).then_some((thing.of, newest.of))
    });
    pairs.collect()
}

/// An operation that is not deprecated, by method and path without the version.
fn versioned_operation<'o, 'a>(operation: &'o Operation<'a>) -> Option<Versioned<&'o Operation<'a>>> {
    let object = operation.object;
    let flagged = object.deprecated().and_then(Node::as_bool) == Some(true);
    if flagged || [object.summary(), object.description()].into_iter().flatten().any(speaks_of_end) {
        return None;
    }
    let (path, number) = split(operation.path)?;
    Some(Versioned { of: operation, key: format!("{} {path}", operation.method.upper()), number })
}

/// A server, by host and path without the version.
fn versioned_server<'s, 'a>(endpoint: &'s Endpoint<'a>) -> Option<Versioned<&'s Endpoint<'a>>> {
    if let Endpoint::Object(server) = endpoint
        && server.description().is_some_and(speaks_of_end)
    {
        return None;
    }
    let url = endpoint.url();
    let (_, rest) = url.split_once("://")?;
    let (host, path) = rest.split_at(rest.find('/')?);
    let (path, number) = split(path.trim_end_matches('/'))?;
    // Beside the release a whole server for previews is a channel of its own.
    if number.is_preview() {
        return None;
    }
    Some(Versioned { of: endpoint, key: format!("{host} {path}"), number })
}

/// A path without its version, and that; the names of variables do not matter.
fn split(path: &str) -> Option<(String, VersionNumber)> {
    let VersionedPath { before, version, after } = split_version(path)?;
    // `/steps/2` is a step; `/rest/api/2/issue` has a version.
    let is_bare = version.bytes().all(|byte| byte.is_ascii_digit()) && version.len() < 3;
    if is_bare && !["/api/", "/rest/"].iter().any(|parent| before.ends_with(parent)) {
        return None;
    }
    let number = VersionNumber::parse(version)?;
    let mut rest = String::with_capacity(path.len());
    for part in [before, "\0", after] {
        for (index, piece) in part.split('{').enumerate() {
            let literal = piece.split_once('}').filter(|_| index > 0);
            rest.push_str(if index > 0 { "{" } else { "" });
            rest.push_str(literal.map_or(piece, |(_, literal)| literal));
        }
    }
    Some((rest, number))
}

/// Whether a text says that something is on its way out.
fn speaks_of_end(text: Node<'_>) -> bool {
    words(text.text())
        .take(SEARCHED)
        .any(|word| is_one_of(word, &["deprecated", "deprecation", "legacy", "obsolete", "sunset"]))
}
