//! Credentials that operations take as ordinary parameters, where no tool looks for authentication.

use rustc_hash::{FxHashMap, FxHashSet};

use super::api::Api;
use super::naming::{UrlCredential, is_credential_parameter, url_credential};
use super::objects::Parameter;
use super::operation::{Operation, OperationId};
use super::schema::Types;
use super::security::SchemeKind;
use super::words::{is_one_of, last_word, words};
use crate::source::FileId;
use crate::syntax::{Node, NodeId};

/// A Parameter Object that is called like a credential, and the operations that take it so.
#[derive(Clone, Debug)]
pub struct CredentialParameter<'a> {
    /// The parameter.
    pub parameter: Parameter<'a>,
    /// Its `name`.
    pub name: Node<'a>,
    /// Its `in`.
    pub location: &'a str,
    /// What it means in a URL, if it stands in one.
    pub in_url: Option<UrlCredential>,
    /// The operations under `paths` that take it, by [`Api::rank`].
    pub operations: Vec<OperationId>,
}

impl<'a> CredentialParameter<'a> {
    /// Its location and name: what makes parameters the same (3.2 §4.12).
    pub fn key(&self) -> (&'a str, &'a str) {
        (self.location, self.name.text())
    }

    /// The same parameter, as some of its operations take it.
    pub fn with(&self, operations: Vec<OperationId>) -> CredentialParameter<'a> {
        let CredentialParameter { parameter, name, location, in_url, operations: _ } = *self;
        CredentialParameter { parameter, name, location, in_url, operations }
    }

    /// The operation that shows best what is wrong.
    pub fn most_exposed<'o>(&self, api: &'o Api<'a>) -> &'o Operation<'a> {
        let operations = self.operations.iter().map(|&id| api.operation(id));
        let first = operations.min_by_key(|operation| operation.exposure());
        first.expect("a credential without operations is dropped when it is collected")
    }

    /// Its operations, the most exposed by name, as a sentence has them: "`GET /a` and 3 more operations".
    pub fn named_operations(&self, api: &Api<'a>) -> String {
        and_more(self.most_exposed(api), self.operations.len())
    }
}

impl<'a> Api<'a> {
    /// The parameters of operations under `paths` that are called like a credential, each once, in the order of the
    /// first operation that takes it and of their names.
    ///
    /// What pages through results, what a signed request carries beside its signature, and the tokens that OAuth 2.0
    /// and OpenID Connect hand to a redirect do not count.
    pub fn credential_parameters(&self) -> &[CredentialParameter<'a>] {
        self.credentials.get_or_init(|| self.find_credential_parameters())
    }

    fn find_credential_parameters(&self) -> Vec<CredentialParameter<'a>> {
        let parameters = self.parameters();
        let looks = parameters.judge(|parameter| Look::at(parameter.location, parameter.name));
        let mut found: Vec<CredentialParameter<'a>> = Vec::new();
        let mut index: FxHashMap<(FileId, NodeId), Option<usize>> = FxHashMap::default();
        let mut taken: Vec<usize> = Vec::new();
        for operation in self.ranked_operations() {
            let mut is_signed = false;
            for parameter in parameters.of_operation(operation.id) {
                let Some(look) = looks.of(parameter) else { continue };
                is_signed |= look.is_signature;
                let Some(in_url) = look.credential else { continue };
                let object = parameter.object;
                let at = *index.entry(object.node().identity()).or_insert_with(|| {
                    found.push(credential(object, in_url)?);
                    Some(found.len() - 1)
                });
                taken.extend(at);
            }
            taken.sort_unstable();
            taken.dedup();
            taken.retain(|&at| !is_exempt(operation, &found[at], is_signed));
            for at in taken.drain(..) {
                found[at].operations.push(operation.id);
            }
        }
        found.retain(|credential| !credential.operations.is_empty());
        found.sort_by_key(|c| (self.rank(c.operations[0]), c.location, c.name.text()));
        found
    }

    /// Location and name of the API keys that some requirement names.
    pub fn required_keys(&self) -> FxHashSet<(&'a str, &'a str)> {
        let keys = self.schemes.iter().map(|(_, scheme)| *scheme);
        let keys =
            keys.filter(|scheme| scheme.kind() == SchemeKind::ApiKey && !self.users(*scheme).is_empty());
        keys.filter_map(|scheme| Some((scheme.location()?.text(), scheme.name()?.text()))).collect()
    }
}

/// What the name and the location of a parameter say.
struct Look {
    /// Whether it is a credential, and what it means in a URL if it stands in one.
    credential: Option<Option<UrlCredential>>,
    is_signature: bool,
}

impl Look {
    fn at(location: &str, name: &str) -> Look {
        let credential = match location {
            "query" | "path" => url_credential(name).map(Some),
            "header" | "cookie" if is_credential_parameter(name) => Some(None),
            _ => None,
        };
        Look { credential, is_signature: is_signature(name) }
    }
}

fn credential<'a>(
    parameter: Parameter<'a>,
    in_url: Option<UrlCredential>,
) -> Option<CredentialParameter<'a>> {
    let (name, location) = (parameter.name()?, parameter.location()?.text());
    // `password: true` asks whether there is one.
    let other = Types::BOOLEAN.union(Types::INTEGER).union(Types::NUMBER);
    if parameter.value_schema().is_some_and(|schema| schema.types().is_only(other)) {
        return None;
    }
    let prose = parameter.description().map_or("", Node::text);
    if in_url == Some(UrlCredential::Token) && speaks_of_pages(prose) {
        return None;
    }
    Some(CredentialParameter { parameter, name, location, in_url, operations: Vec::new() })
}

fn is_exempt(operation: &Operation<'_>, credential: &CredentialParameter<'_>, is_signed: bool) -> bool {
    let Some(in_url) = credential.in_url else { return false };
    let name = credential.name.text();
    if last_word(name).is_some_and(|last| last.eq_ignore_ascii_case("key"))
        && words(name).any_of(&["subscription"])
        && words(operation.path).any_of(&["subscription", "subscriptions"])
    {
        // The key of a subscription, as an API of subscriptions has it.
        return true;
    }
    let is_token = last_word(name).is_some_and(|last| last.eq_ignore_ascii_case("token"));
    in_url != UrlCredential::Password && is_token && (is_signed || ends_in_redirect(operation.path))
}

/// Whether a path is where OAuth 2.0 and OpenID Connect send a browser, tokens and hints in the query.
fn ends_in_redirect(path: &str) -> bool {
    let path = path.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    let segment = path.rsplit('/').next().unwrap_or_default();
    words(segment).any_of(&["authorize", "authorise", "callback", "logout", "redirect", "endsession"])
}

fn is_signature(name: &str) -> bool {
    is_one_of(last_word(name).unwrap_or_default(), &["signature"])
}

/// Whether a description is about pages of results. What follows the first sentences speaks of other things.
fn speaks_of_pages(prose: &str) -> bool {
    const PAGES: &[&str] =
        &["page", "pages", "next", "pagination", "paginated", "continue", "continuation", "continues"];
    words(prose).take(40).any(|word| is_one_of(word, PAGES))
}

/// Credentials that start to be taken by the same operation, at the same location: mostly the halves of one login, or
/// alternatives for one. They have one remedy.
#[derive(Debug)]
pub struct CredentialSet<'c, 'a> {
    /// The parameters, by name.
    pub members: Vec<&'c CredentialParameter<'a>>,
}

impl<'c, 'a> CredentialSet<'c, 'a> {
    /// Puts together what goes together; `credentials` are ordered as by [`Api::credential_parameters`].
    pub fn of(
        api: &Api<'a>,
        credentials: impl Iterator<Item = &'c CredentialParameter<'a>>,
    ) -> Vec<CredentialSet<'c, 'a>> {
        // A name belongs to the set in which it first occurs, in however many Parameter Objects it is written.
        let mut sets: Vec<CredentialSet<'c, 'a>> = Vec::new();
        let mut by_name: FxHashMap<(&str, &str), usize> = FxHashMap::default();
        let mut by_operation: FxHashMap<(u32, &str), usize> = FxHashMap::default();
        for credential in credentials {
            let first = api.rank(credential.operations[0]);
            let at = *by_name.entry((credential.location, credential.name.text())).or_insert_with(|| {
                *by_operation.entry((first, credential.location)).or_insert_with(|| {
                    sets.push(CredentialSet { members: Vec::new() });
                    sets.len() - 1
                })
            });
            sets[at].members.push(credential);
        }
        sets
    }

    /// The names, each once, as a sentence has them: "`key`", "`key` and `token`", "`key`, `token` and 3 more".
    pub fn names(&self) -> String {
        let mut names: Vec<&str> = Vec::new();
        for member in &self.members {
            if !names.contains(&member.name.text()) {
                names.push(member.name.text());
            }
            if names.len() > MOST {
                break;
            }
        }
        match names.as_slice() {
            [one] => format!("`{one}`"),
            [one, two] => format!("`{one}` and `{two}`"),
            [one, two, three] => format!("`{one}`, `{two}` and `{three}`"),
            [one, two, ..] => format!("`{one}`, `{two}` and more"),
            [] => String::new(),
        }
    }

    /// Whether the set has more than one name.
    pub fn is_plural(&self) -> bool {
        self.members.iter().any(|member| member.name.text() != self.members[0].name.text())
    }

    /// The operations that take any of them, the most exposed by name, as a sentence has them: "`GET /a` and 3 more operations".
    pub fn operations(&self, api: &Api<'a>) -> String {
        let all: std::collections::BTreeSet<u32> =
            self.members.iter().flat_map(|member| &member.operations).map(|id| id.0).collect();
        let first = self.members.iter().map(|member| member.most_exposed(api));
        let first = first.min_by_key(|operation| (operation.exposure(), api.rank(operation.id)));
        first.map_or_else(String::new, |first| and_more(first, all.len()))
    }
}

/// "`GET /a` and 3 more operations".
fn and_more(first: &Operation<'_>, count: usize) -> String {
    let first = first.title();
    match count {
        1 => first,
        2 => format!("{first} and one more operation"),
        count => format!("{first} and {} more operations", count - 1),
    }
}

/// How many names are looked at for a sentence.
const MOST: usize = 3;
