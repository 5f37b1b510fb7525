//! What summaries and descriptions say about access.

use super::Candidate;
use super::path::Shape;
use crate::model::words::{is_one_of, words};
use regex::Regex;
use std::sync::LazyLock;

/// How much of a description is searched. What is said of the whole operation stands in its first paragraphs.
pub(super) const SEARCHED: usize = 2048;

/// The words with which the prose says that no authentication is needed.
pub(super) fn documented<'a>(candidate: &Candidate<'a>, shape: &Shape<'a>, is_read: bool) -> Option<&'a str> {
    let searches = candidate.method == "post" && is_one_of(shape.last, &["search", "query"]);
    summary_says_public(candidate.summary)
        .filter(|_| is_read || searches)
        .or_else(|| phrase(prefix(candidate.summary, SEARCHED)))
        .or_else(|| phrase(prefix(candidate.description, SEARCHED)))
}

/// Whether the description of an API says that nobody needs to authenticate.
pub(in crate::model) fn says_open_api(description: &str) -> bool {
    static OPEN: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new("(?i-u)(?:is an?|is) (?:completely |fully |entirely )?open api *(?:$|[.,;!\\n])")
            .expect("the pattern is valid")
    });
    phrase(description).is_some() || OPEN.is_match(description)
}

/// `Public articles`, `Health check`: a summary that begins so names what it returns.
fn summary_says_public(summary: &str) -> Option<&str> {
    const OTHERS: &[&str] = &[
        "key", "keys", "ip", "ips", "ssh", "certificate", "certificates", "cloud", "network", "networks",
        "subnet", "dns", "address", "addresses", "gateway", "repository", "repositories", "or", "and",
        "access", "share", "shares", "link", "links", "encryption", "pgp", "gpg", "id",
    ];
    let mut summary_words = words(summary);
    let first = summary_words.next()?;
    let second = summary_words.next()?;
    let public = first.eq_ignore_ascii_case("public") && !is_one_of(second, OTHERS);
    let health = first.eq_ignore_ascii_case("health") && second.eq_ignore_ascii_case("check");
    (public || health).then(|| summary[..summary.len() - summary_words.rest().len()].trim_start())
}

fn prefix(text: &str, limit: usize) -> &str {
    if text.len() <= limit { text } else { &text[..text.floor_char_boundary(limit)] }
}

/// Where a phrase may be: literal, so that the search runs at the speed of memory.
static ANCHOR: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new("ublic|ithout |nonymous|nauthenticated|ot require|ot need|n't require|n't need|btain |o auth|o api|o API|o log|o token|o cred|o access")
        .expect("the pattern is valid")
});

const CREDENTIAL: &str = "(?:auth|authenticat[a-z]+|authori[sz]at[a-z]+|log ?in|logging in|logged in|api[ -]?keys?|access tokens?|tokens?|credentials?)";

/// What a statement may call the operation.
const SUBJECTS: [&str; 11] = [
    "endpoint", "method", "operation", "call", "route", "request", "api", "resource", "command", "function",
    "service",
];

/// Whether a sentence has the words without which no pattern below matches. Most sentences about something public do not,
/// and half of the documents that have such sentences need no pattern at all, which are dear to build.
fn may_state(lower: &str) -> bool {
    const CREDENTIALS: [&str; 6] = ["auth", "log", "api", "token", "credential", "anonym"];
    let has_any = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    has_any(&CREDENTIALS) || has_any(&["public", "open"]) && has_any(&SUBJECTS)
}

/// A statement about the operation itself; `CREDENTIAL` stands for what is not needed.
static STATEMENT: LazyLock<Regex> = LazyLock::new(|| {
    let subject = format!("(?:{})", SUBJECTS.join("|"));
    let patterns = [
        // "does not require authentication", "you do not need to be logged in"
        format!(
            "(?:not|n't) (?:require|need)s? (?:any |an? |the |user |to be |to )*(?:valid |special )?{CREDENTIAL}(?-u:\\b)"
        ),
        // "requires no authentication"
        format!("(?:require|need)s? no (?:user )?{CREDENTIAL}(?-u:\\b)"),
        // "no authentication required", "authentication is not required"
        format!("no (?:user )?{CREDENTIAL}(?: is| are)? (?:required|needed|necessary)"),
        format!("(?-u:\\b){CREDENTIAL} (?:is |are )?not (?:required|needed|necessary)"),
        // "creates an application to obtain OAuth2 credentials"
        "to obtain (?:an? |the |new |your |oauth ?2? |client |api )*(?:access tokens?|credentials)"
            .to_owned(),
        // "this endpoint is public", "a public endpoint"
        format!("this (?:api )?{subject} is (?:also )?(?:public|open|publicly [a-z]+)(?: *$|[ .,;])"),
        format!(
            "(?:is an?|^an?|^) (?:public|publicly (?:available|accessible)|unauthenticated|anonymous) (?:api )?{subject}(?-u:\\b)"
        ),
    ];
    Regex::new(&patterns.join("|")).expect("the pattern is valid")
});

/// Statements that a negation turns around: "cannot be called without authentication".
static REVERSIBLE: LazyLock<Regex> = LazyLock::new(|| {
    let patterns = [
        format!("(?:call|use|access|available|invoke|request|endpoint|method|public|retriev|quer)[a-z]*(?: [a-z]+){{0,6}} without (?:any |an? |user |being |having to |the need for )*{CREDENTIAL}(?-u:\\b)"),
        "(?:call|use|access|request|invoke)[a-z]*(?: [a-z]+){0,3} anonymously".to_owned(),
        "(?:anonymous|unauthenticated) (?:users?|access|requests?|callers?|clients?) (?:can|may|are able|is allowed|are allowed|is possible|is supported)".to_owned(),
    ];
    Regex::new(&patterns.join("|")).expect("the pattern is valid")
});

static NEGATION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(" not |n't |never |cannot |reject|fail|error|denied|40[13]|unauthori[sz]ed|disable|forbid|prevent|block")
        .expect("the pattern is valid")
});

fn phrase(text: &str) -> Option<&str> {
    ANCHOR.find_iter(text).find_map(|anchor| {
        let sentence = sentence_around(text, anchor.start());
        // Patterns in which each letter stands for two take three times as long to build, which every run pays for.
        let lower = sentence.to_ascii_lowercase();
        if !may_state(&lower) {
            return None;
        }
        STATEMENT
            .find(&lower)
            .or_else(|| REVERSIBLE.find(&lower).filter(|_| !NEGATION.is_match(&lower)))
            .map(|found| sentence[found.range()].trim())
    })
}

/// The sentence at `at`, at most 200 bytes to either side.
fn sentence_around(text: &str, at: usize) -> &str {
    const REACH: usize = 200;
    let low = text.floor_char_boundary(at.saturating_sub(REACH));
    let high = text.floor_char_boundary((at + REACH).min(text.len()));
    let start = text[low..at].rfind(['\n', '.', '!', '?', '>']).map_or(low, |found| low + found + 1);
    let end = text[at..high].find(['\n', '.', '!', '?', '<']).map_or(high, |found| at + found);
    text[start..end].trim()
}

#[cfg(test)]
mod tests {
    use super::{phrase, says_open_api};

    #[test]
    fn each_kind_of_statement_is_found() {
        for text in [
            "Does not require authentication.",
            "It requires no login.",
            "No tokens needed.",
            "Credentials are not required.",
            "Used to obtain an access token.",
            "This service is publicly available.",
            "It is a public function.",
            "An anonymous operation.",
            "Can be called without a token.",
            "May be used anonymously.",
            "Anonymous users can vote.",
        ] {
            assert!(phrase(text).is_some(), "{text}");
        }
        for text in ["The public key of a host.", "Lists resources without public owners.", "Publications."] {
            assert_eq!(phrase(text), None, "{text}");
        }
    }

    #[test]
    fn a_description_may_say_that_the_whole_api_is_open() {
        for (text, expected) in [
            ("# Authentication\nThis is an open API.\n# Limits", true),
            ("It is a completely open API. No authentication is required to query data.", true),
            ("You do not need an API key.", true),
            ("This is an Open API 3.0 document; send your API key with each request.", false),
            ("Get an API token first.", false),
        ] {
            assert_eq!(says_open_api(text), expected, "{text}");
        }
    }
}
