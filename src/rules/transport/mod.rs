//! How it travels, and where to: cleartext servers, credentials sent to them, servers that callers cannot reach.

mod cleartext_server;
mod credentials_over_cleartext;
mod loopback_server;
mod private_network_server;

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::lint::{Rule, Sink};
use crate::model::{Api, Endpoint, OperationGroup, Reach, Security, Servers, Transport};
use crate::syntax::{Node, Place};

/// The rules of this category.
pub(super) const RULES: &[&Rule] = &[
    &cleartext_server::RULE,
    &credentials_over_cleartext::RULE,
    &loopback_server::RULE,
    &private_network_server::RULE,
];

/// A public server that may be reached without encryption.
struct CleartextUse<'a> {
    /// The value that allows it: the URL, an item of 2.0's `schemes`, a value of the scheme variable.
    node: Node<'a>,
    endpoint: Endpoint<'a>,
    /// A server of the same list that is encrypted.
    twin: Option<Endpoint<'a>>,
    /// The lists of servers that it is in, by position in [`CleartextUses::lists`].
    lists: Vec<usize>,
}

/// The public cleartext servers of a document, and the operations that are reached there.
struct CleartextUses<'a> {
    servers: Vec<CleartextUse<'a>>,
    /// Lists that such servers are in, each with its operations by the requirements that apply to them.
    lists: Vec<Vec<(Arc<Security<'a>>, OperationGroup)>>,
}

impl<'a> CleartextUses<'a> {
    /// The operations that are reached at a server, by requirements.
    fn groups(
        &self,
        server: &CleartextUse<'a>,
    ) -> impl Iterator<Item = &(Arc<Security<'a>>, OperationGroup)> {
        server.lists.iter().flat_map(|&list| &self.lists[list])
    }
}

/// The public cleartext servers of a document, each once, in the order of first use. Loopback, private and placeholder
/// hosts are other rules' business: nothing real travels there in the clear for all to read.
fn cleartext_uses<'a>(api: &'a Api<'a>) -> CleartextUses<'a> {
    let mut uses = CleartextUses { servers: Vec::new(), lists: Vec::new() };
    let mut index: BTreeMap<(crate::source::FileId, crate::syntax::NodeId), usize> = BTreeMap::new();
    let mut reaches = Reaches::by(Endpoint::reach);
    for (servers, operations) in server_lists(api) {
        let mut endpoints = cleartext_endpoints(&servers, &mut reaches).peekable();
        if endpoints.peek().is_none() {
            continue;
        }
        let twin = servers.endpoints.iter().find(|endpoint| is_encrypted(endpoint));
        let list = uses.lists.len();
        for (node, endpoint) in endpoints {
            let at = *index.entry(node.identity()).or_insert_with(|| {
                let (endpoint, twin) = (endpoint.clone(), twin.cloned());
                uses.servers.push(CleartextUse { node, endpoint, twin, lists: Vec::new() });
                uses.servers.len() - 1
            });
            uses.servers[at].lists.push(list);
        }
        let operations = operations.iter().map(|&id| api.operation(id));
        uses.lists.push(api.groups_by(operations, |operation| &operation.security));
    }
    uses
}

/// The lists of servers, each with the operations that are reached there: the root's first, also if no operation
/// inherits it, then in the order of first use.
fn server_lists<'a>(api: &'a Api<'a>) -> impl Iterator<Item = (Arc<Servers<'a>>, OperationGroup)> {
    let (of_root, own): (Vec<_>, Vec<_>) =
        api.by_servers().iter().cloned().partition(|(servers, _)| Arc::ptr_eq(servers, &api.root_servers));
    let of_root = of_root.into_iter().next().unwrap_or_else(|| (api.root_servers.clone(), [].into()));
    std::iter::once(of_root).chain(own)
}

/// Servers, each with the operations that are reached there.
type Reached<'a> = Vec<(Endpoint<'a>, Vec<OperationGroup>)>;

/// The servers of a document that only some can reach, each once, and the first public one. Nothing if there is no
/// public one: the document of a tool that runs locally, or of an API for the inside, may well name its servers. They are
/// recorded, so that a public one that joins them does not make them new.
fn servers_beside_public<'a>(
    api: &'a Api<'a>,
    reach: Reach,
    sink: &mut Sink<'a>,
) -> Option<(Reached<'a>, Endpoint<'a>)> {
    let mut public = None;
    let mut reached: Reached<'a> = Vec::new();
    let mut index = BTreeMap::new();
    let mut reaches = Reaches::by(Endpoint::written_reach);
    for (servers, operations) in server_lists(api) {
        for endpoint in &servers.endpoints {
            let found = reaches.of(endpoint);
            if found == Reach::Public {
                public.get_or_insert_with(|| endpoint.clone());
            }
            if found != reach {
                continue;
            }
            let at = *index.entry(endpoint.node().identity()).or_insert_with(|| {
                reached.push((endpoint.clone(), Vec::new()));
                reached.len() - 1
            });
            if !operations.is_empty() {
                reached[at].1.push(operations.clone());
            }
        }
    }
    if public.is_none() {
        sink.remember(reached.iter().map(|(endpoint, _)| Place::value(endpoint.node())));
    }
    public.filter(|_| !reached.is_empty()).map(|public| (reached, public))
}

/// Who can reach servers. A document may repeat one server at each of its operations.
struct Reaches<'a> {
    ask: fn(&Endpoint<'a>) -> Reach,
    /// By what tells the host, and whether that is a URL.
    known: FxHashMap<(&'a str, bool), Reach>,
}

impl<'a> Reaches<'a> {
    fn by(ask: fn(&Endpoint<'a>) -> Reach) -> Reaches<'a> {
        Reaches { ask, known: FxHashMap::default() }
    }

    fn of(&mut self, endpoint: &Endpoint<'a>) -> Reach {
        match endpoint.constant() {
            Some(text) => {
                let key = (text, matches!(endpoint, Endpoint::Object(_)));
                *self.known.entry(key).or_insert_with(|| (self.ask)(endpoint))
            }
            None => (self.ask)(endpoint),
        }
    }
}

/// How many servers apply to the operations; a list that several share counts once.
fn server_count(api: &Api<'_>) -> usize {
    api.by_servers().iter().map(|(servers, _)| servers.endpoints.len()).sum()
}

fn cleartext_endpoints<'s, 'a>(
    servers: &'s Servers<'a>,
    reaches: &'s mut Reaches<'a>,
) -> impl Iterator<Item = (Node<'a>, &'s Endpoint<'a>)> {
    let public = servers.endpoints.iter().filter(|endpoint| reaches.of(endpoint) == Reach::Public);
    public.filter_map(|endpoint| {
        let transports = endpoint.transports();
        let (_, node) = transports.into_iter().find(|(transport, _)| *transport == Transport::Cleartext)?;
        Some((node, endpoint))
    })
}

fn is_encrypted(endpoint: &Endpoint<'_>) -> bool {
    endpoint.transports().iter().any(|(transport, _)| *transport == Transport::Encrypted)
}
