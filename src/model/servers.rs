//! Effective servers: where an operation is reached, over which transport, and where that is written.

use super::Origin;
use super::objects::{Root, Server};
use crate::syntax::{Atom, Node};

/// Whether what is sent can be read on the way.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub enum Transport {
    /// `http:` or `ws:`.
    Cleartext,
    /// `https:` or `wss:`.
    Encrypted,
    /// Relative, or another scheme: the document does not say.
    Unknown,
}

impl Transport {
    /// Reads a URL scheme; letter case does not matter (RFC 3986 §3.1).
    pub fn of_scheme(scheme: &str) -> Transport {
        let is = |name: &str| scheme.eq_ignore_ascii_case(name);
        if is("http") || is("ws") {
            Transport::Cleartext
        } else if is("https") || is("wss") {
            Transport::Encrypted
        } else {
            Transport::Unknown
        }
    }
}

/// Who can reach a host.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Reach {
    /// The machine itself.
    Loopback,
    /// A private network: a private address, or a name under a top-level domain that is used inside only.
    Private,
    /// Nobody: a name for documentation, one without a top-level domain, or a bare one under `local`, which say
    /// something only where they are used.
    Placeholder,
    /// Everyone, as far as the name tells.
    Public,
    /// No host is given.
    Unknown,
}

/// A server at which operations are reached, in the terms of either version.
#[derive(Clone, Debug)]
pub enum Endpoint<'a> {
    /// A Server Object (3.0 on).
    Object(Server<'a>),
    /// One of the `schemes` of 2.0 with `host` and `basePath`.
    Swagger2 {
        /// The item of `schemes`.
        scheme: Node<'a>,
        /// The host, if there is one.
        host: Option<Node<'a>>,
        /// The base path, if there is one.
        base: Option<Node<'a>>,
    },
}

impl<'a> Endpoint<'a> {
    /// The value to point at: the URL, or the item of `schemes`.
    pub fn node(&self) -> Node<'a> {
        match self {
            Endpoint::Object(server) => server.url().unwrap_or(server.node()),
            Endpoint::Swagger2 { scheme, .. } => *scheme,
        }
    }

    /// The URL with each variable replaced by its default; of a URL longer than any client sends, the beginning.
    pub fn url(&self) -> String {
        match self {
            Endpoint::Object(server) => expand(*server, LONGEST, |_| None),
            Endpoint::Swagger2 { scheme, host, base } => {
                let host = host.map_or("", Node::text);
                let base = base.map_or("", Node::text);
                if host.is_empty() { base.to_owned() } else { format!("{}://{host}{base}", scheme.text()) }
            }
        }
    }

    /// The URL as the document writes it.
    pub fn written_url(&self) -> String {
        match self {
            Endpoint::Object(server) => server.url().map_or("", Node::text).to_owned(),
            Endpoint::Swagger2 { .. } => self.url(),
        }
    }

    /// The URL, or the host of 2.0, if no variable has a part in it: servers of one kind that have the same have the same
    /// host.
    pub fn constant(&self) -> Option<&'a str> {
        match self {
            Endpoint::Object(server) => server.url().map(Node::text).filter(|url| !url.contains('{')),
            Endpoint::Swagger2 { host, .. } => host.map(Node::text),
        }
    }

    /// The transports that the URL allows, each with the value that brings it in: the URL itself, an item of the
    /// scheme variable's `enum`, or its `default`.
    pub fn transports(&self) -> Vec<(Transport, Node<'a>)> {
        match self {
            Endpoint::Swagger2 { scheme, .. } => vec![(Transport::of_scheme(scheme.text()), *scheme)],
            Endpoint::Object(server) => {
                let Some(url) = server.url() else { return Vec::new() };
                let Some(variable) = leading_variable(url.text()) else {
                    return vec![(transport(url.text()), url)];
                };
                let mut values = variable_values(*server, variable);
                values.dedup_by_key(|value| value.text());
                let transports = values.into_iter().map(|value| {
                    let chosen = |name: &str| (name == variable).then_some(value.text());
                    (transport(&expand(*server, LONGEST_SCHEME, chosen)), value)
                });
                transports.collect()
            }
        }
    }

    /// The host of the URL with defaults filled in, in lower case, without port and user.
    pub fn host(&self) -> Option<String> {
        match self {
            Endpoint::Swagger2 { host, .. } => {
                host.map(|host| host_name(host.text()).to_ascii_lowercase()).filter(|host| !host.is_empty())
            }
            Endpoint::Object(_) => host_of_url(&self.url()),
        }
    }

    /// Who can reach the host.
    pub fn reach(&self) -> Reach {
        self.host().map_or(Reach::Unknown, |host| reach(&host))
    }

    /// Who can reach the host as the document writes it: what a variable stands for is the caller's choice.
    pub fn written_reach(&self) -> Reach {
        let host = match self {
            Endpoint::Swagger2 { .. } => self.host(),
            Endpoint::Object(_) => host_of_url(&self.written_url()),
        };
        host.map_or(Reach::Unknown, |host| reach(&host))
    }
}

/// Who can reach the host of a URL; [`Reach::Unknown`] if it has none.
pub fn reach_of_url(url: &str) -> Reach {
    host_of_url(url).map_or(Reach::Unknown, |host| reach(&host))
}

/// The host of a URL in lower case, if it has one.
fn host_of_url(url: &str) -> Option<String> {
    let authority = url.split_once("//")?.1.split(['/', '?', '#']).next()?;
    let host = host_name(authority.rsplit('@').next()?).to_ascii_lowercase();
    (!host.is_empty()).then_some(host)
}

/// The host without its port; an IPv6 address without its brackets.
fn host_name(authority: &str) -> &str {
    match authority.strip_prefix('[') {
        Some(address) => address.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    }
}

/// Who can reach a host in lower case.
pub(super) fn reach(host: &str) -> Reach {
    if let Ok(address) = host.parse::<core::net::IpAddr>() {
        return reach_of_address(address);
    }
    let host = host.trim_end_matches('.');
    let top = host.rsplit('.').next().unwrap_or_default();
    if top == "localhost" {
        return Reach::Loopback;
    }
    // RFC 6762 reserves `local`, ICANN `internal`; the others are habits.
    const PRIVATE: &[&str] = &["local", "internal", "intranet", "lan", "corp", "home", "private", "svc"];
    // RFC 2606 and RFC 3172 reserve these.
    const RESERVED: &[&str] = &["test", "example", "invalid", "arpa"];
    let reserved = ["example.com", "example.org", "example.net"];
    let placeholder = reserved
        .iter()
        .any(|name| host == *name || host.strip_suffix(name).is_some_and(|h| h.ends_with('.')));
    let odd = !host.contains('.') || host.contains(['{', '}', '<', '>', '$', ' ', ',']);
    if placeholder || odd || RESERVED.contains(&top) {
        Reach::Placeholder
    } else if top == "local" && host.matches('.').count() == 1 {
        // `api.local`: every one of those in a public directory of documents stands for an unknown host.
        Reach::Placeholder
    } else if PRIVATE.contains(&top) {
        Reach::Private
    } else {
        Reach::Public
    }
}

fn reach_of_address(address: core::net::IpAddr) -> Reach {
    let (loopback, private) = match address {
        core::net::IpAddr::V4(v4) => {
            (v4.is_loopback() || v4.is_unspecified(), v4.is_private() || v4.is_link_local())
        }
        core::net::IpAddr::V6(v6) => {
            let first = v6.segments()[0];
            // fc00::/7 (RFC 4193) and fe80::/10 (RFC 4291).
            (v6.is_loopback() || v6.is_unspecified(), first & 0xfe00 == 0xfc00 || first & 0xffc0 == 0xfe80)
        }
    };
    match (loopback, private) {
        (true, _) => Reach::Loopback,
        (_, true) => Reach::Private,
        _ => Reach::Public,
    }
}

fn transport(url: &str) -> Transport {
    url.split_once("://").map_or(Transport::Unknown, |(scheme, _)| Transport::of_scheme(scheme))
}

/// The variable with which a URL starts: `{scheme}://…`.
fn leading_variable(url: &str) -> Option<&str> {
    url.strip_prefix('{')?.split_once('}').map(|(name, _)| name)
}

fn variable_values<'a>(server: Server<'a>, name: &str) -> Vec<Node<'a>> {
    let variable = server.field(Atom::VARIABLES).and_then(|variables| variables.get_text(name));
    let Some(variable) = variable else { return Vec::new() };
    let listed = variable.get(Atom::ENUM).into_iter().flat_map(Node::items);
    let mut values: Vec<_> = listed.collect();
    let default = variable.get(Atom::DEFAULT);
    values.extend(default.filter(|default| !values.iter().any(|value| value.text() == default.text())));
    values
}

/// No client sends a longer URL, and a template may expand to any length.
const LONGEST: usize = 8192;
/// Enough of a URL to see its scheme.
const LONGEST_SCHEME: usize = 64;
/// No real template has more variables.
const VARIABLES: usize = 64;

/// The URL with variables replaced by what `chosen` says, else by their defaults, else left as they are; about `limit`
/// bytes of it.
fn expand<'t>(server: Server<'_>, limit: usize, chosen: impl Fn(&str) -> Option<&'t str>) -> String {
    let url = server.url().map_or("", Node::text);
    let variables = server.field(Atom::VARIABLES);
    let start = |text: &'_ str| text.floor_char_boundary(limit.min(text.len()));
    let mut expanded = String::new();
    let mut rest = &url[..start(url)];
    let mut variables_left = VARIABLES;
    while let Some((before, after)) =
        rest.split_once('{').filter(|_| expanded.len() < limit && variables_left > 0)
    {
        variables_left -= 1;
        expanded.push_str(before);
        let Some((name, after)) = after.split_once('}') else {
            rest = &rest[before.len()..];
            break;
        };
        let default = || variables?.get_text(name)?.get(Atom::DEFAULT);
        match chosen(name).or_else(|| default().map(Node::text)) {
            Some(value) => expanded.push_str(&value[..start(value)]),
            None => expanded.extend(["{", name, "}"]),
        }
        rest = after;
    }
    expanded.push_str(rest);
    expanded
}

/// The servers that apply to an operation.
#[derive(Clone, Debug)]
pub struct Servers<'a> {
    /// Where they are written; `Nowhere` means the place that the document came from (3.2 §4.5).
    pub origin: Origin,
    /// The servers in source order.
    pub endpoints: Vec<Endpoint<'a>>,
}

impl<'a> Servers<'a> {
    /// Servers of nowhere.
    pub fn none() -> Servers<'a> {
        Servers { origin: Origin::Nowhere, endpoints: Vec::new() }
    }

    /// The `servers` of an object; nothing if it has none.
    pub(super) fn of_list(
        origin: Origin,
        list: impl Iterator<Item = super::Member<'a, Server<'a>>>,
    ) -> Option<Servers<'a>> {
        let endpoints: Vec<_> = list.filter_map(|member| member.object).map(Endpoint::Object).collect();
        (!endpoints.is_empty()).then_some(Servers { origin, endpoints })
    }

    /// The `schemes` of 2.0.
    pub(super) fn of_schemes(origin: Origin, root: Root<'a>, schemes: Node<'a>) -> Option<Servers<'a>> {
        let (host, base) = (root.host(), root.base_path());
        let endpoints: Vec<_> =
            schemes.items().map(|scheme| Endpoint::Swagger2 { scheme, host, base }).collect();
        (!endpoints.is_empty()).then_some(Servers { origin, endpoints })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_host_tells_who_can_reach_it() {
        for (host, expected) in [
            ("localhost", Reach::Loopback),
            ("api.localhost", Reach::Loopback),
            ("127.0.0.2", Reach::Loopback),
            ("0.0.0.0", Reach::Loopback),
            ("::1", Reach::Loopback),
            ("10.1.2.3", Reach::Private),
            ("192.168.0.1", Reach::Private),
            ("fd00::1", Reach::Private),
            ("db.local", Reach::Placeholder),
            ("db.acme.local", Reach::Private),
            ("db.internal", Reach::Private),
            ("orders.svc.cluster.local", Reach::Private),
            ("orders.test", Reach::Placeholder),
            ("backend", Reach::Placeholder),
            ("api.example.com", Reach::Placeholder),
            ("{tenant}.shop.com", Reach::Placeholder),
            ("8.8.8.8", Reach::Public),
            ("api.shop.com", Reach::Public),
            ("notexample.com", Reach::Public),
        ] {
            assert_eq!(reach(host), expected, "{host}");
        }
    }

    #[test]
    fn the_letter_case_of_a_scheme_does_not_matter() {
        assert_eq!(transport("HTTP://x"), Transport::Cleartext);
        assert_eq!(transport("wss://x"), Transport::Encrypted);
        assert_eq!(transport("//x"), Transport::Unknown);
        assert_eq!(transport("/v1"), Transport::Unknown);
    }
}
