//! Path templates, read for what their end says.

use crate::model::versioning::is_version_variable;
use crate::model::words::{ends_in, ends_with, is_one_of, is_spelled, words};

/// A piece of a path template between `/`, `:` and `#`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    Literal(&'a str),
    Parameter { name: &'a str, whole: bool },
}

/// Reads a path template. Queries, `key=value` fragments and extensions after a parameter are no part of it.
pub(super) struct Pieces<'a> {
    path: &'a str,
    at: usize,
}

pub(super) fn pieces(path: &str) -> Pieces<'_> {
    Pieces { path: &path[..path.find('?').unwrap_or(path.len())], at: 0 }
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        let bytes = self.path.as_bytes();
        loop {
            match *bytes.get(self.at)? {
                b'/' | b':' | b'#' | b'}' => self.at += 1,
                b'{' => {
                    // Google writes `{name=projects/*}`: the name ends at `=`, the parameter at the brace.
                    let (open, close) = (self.at, end_of(bytes, self.at, |byte| byte == b'}'));
                    let name_end = end_of(&bytes[..close], open, |byte| byte == b'=');
                    let starts = open == 0 || bytes[open - 1] == b'/';
                    let ends = matches!(bytes.get(close + 1), None | Some(b'/'));
                    self.at = close;
                    let name = self.path[open + 1..name_end].trim_start_matches('+');
                    return Some(Piece::Parameter { name, whole: starts && ends });
                }
                first => {
                    let start = self.at;
                    self.at = end_of(bytes, start, |byte| matches!(byte, b'/' | b':' | b'#' | b'{'));
                    let literal = &self.path[start..self.at];
                    let is_extension = first == b'.' && start > 0 && bytes[start - 1] == b'}';
                    if !is_extension && !literal.as_bytes().contains(&b'=') {
                        return Some(Piece::Literal(without_extension(literal)));
                    }
                }
            }
        }
    }
}

/// Where the first byte from `start` on is that is asked for; the end of the text if there is none.
fn end_of(bytes: &[u8], start: usize, is_end: impl Fn(u8) -> bool) -> usize {
    bytes[start..].iter().position(|byte| is_end(*byte)).map_or(bytes.len(), |length| start + length)
}

fn without_extension(segment: &str) -> &str {
    const EXTENSIONS: &[&str] = &["json", "xml", "html", "yaml", "yml", "txt", "ico", "php", "jsp", "do"];
    // Few segments have a dot near their end; the others are spared the search.
    let from = segment.len().saturating_sub(5);
    let Some(dot) = segment.as_bytes()[from..].iter().rposition(|byte| *byte == b'.') else { return segment };
    let (name, extension) = segment.split_at(from + dot);
    let known = extension.len() == 1 || is_one_of(&extension[1..], EXTENSIONS);
    if known { name } else { segment }
}

/// The end of a path, which says what the operation does, and whether an item stands before it.
#[derive(Default)]
pub(super) struct Shape<'a> {
    /// The last two literal pieces.
    pub(super) last: &'a str,
    pub(super) before: &'a str,
    /// The parameter that is the last segment.
    pub(super) tail: Option<&'a str>,
    /// Whether a parameter that names an item stands before `last`.
    pub(super) item_before_last: bool,
    /// Whether a parameter that names an item stands anywhere.
    pub(super) has_item: bool,
    /// A literal that says that what is below it is public, and whether anything is.
    pub(super) public: Option<&'a str>,
    pub(super) has_more_than_public: bool,
}

const PUBLIC: &[&str] = &["public", ".well-known", "anonymous", "anon", "unauthenticated"];

impl<'a> Shape<'a> {
    pub(super) fn of(path: &'a str) -> Shape<'a> {
        let mut shape = Shape::default();
        let mut item = false;
        for piece in pieces(path) {
            shape.tail = None;
            shape.has_more_than_public |= shape.public.is_some();
            match piece {
                Piece::Literal(literal) => {
                    (shape.before, shape.last) = (shape.last, literal);
                    shape.item_before_last = item;
                    if shape.public.is_none() && is_one_of(literal, PUBLIC) {
                        shape.public = Some(literal);
                    }
                }
                Piece::Parameter { name, whole } => {
                    item = item || !is_version_variable(name) && !is_capability(name);
                    shape.tail = whole.then_some(name);
                }
            }
        }
        shape.has_item = item;
        shape
    }
}

/// Whether a path parameter of this name is a secret that grants access: `token`, `access_key`, `inviteCode`.
///
/// Tokens that page through results do not count, nor do those of a blockchain, nor the hash of a thing.
pub(super) fn is_capability(name: &str) -> bool {
    const ENDINGS: &[&str] = &[
        "token", "accesskey", "sharekey", "sharingkey", "signature", "nonce", "otp", "passcode", "magiclink",
        "resetkey", "resetcode", "activationkey", "activationcode", "activatecode", "confirmationkey",
        "invitekey", "confirmationcode", "confirmcode", "verificationcode", "verificationkey", "verifycode",
        "invitecode", "invitationcode", "accesscode", "authcode", "sharecode",
    ];
    const OTHERS: &[&str] = &[
        "page", "next", "continuation", "chunk", "sync", "erc", "nft", "ft", "network", "device", "contract",
        "start",
    ];
    // Nearly every parameter ends in `id` and is spared the list.
    let plausible =
        ["token", "key", "code", "signature", "nonce", "otp", "link"].iter().any(|end| ends_with(name, end));
    is_spelled(name, "hash") || plausible && ends_in(name, ENDINGS) && !words(name).any_of(OTHERS)
}
