//! `unbounded-string`: a request may hold a text of any length.

use super::{ADOPTED_PERCENT, Kind, Verdict};
use crate::lint::{Check, Confidence, OptionKind, Profile, Rule, RuleOption, Scope, Severity, Sink};
use crate::model::pattern::is_finite_pattern;
use crate::model::words::{is_spelled, words};
use crate::model::{Api, Schema, Types};
use crate::syntax::Node;

pub(super) static RULE: Rule = Rule {
    id: "unbounded-string",
    birth_id: "unbounded-string",
    summary: "a string in a request body has no `maxLength`",
    category: "resource-consumption",
    severity: Severity::Low,
    confidence: Confidence::High,
    profile: Profile::Default,
    owasp: &["API4:2023"],
    cwe: &[770, 1284],
    since: "0.1.0",
    scope: Scope::Root,
    subsumed_by: &[],
    options: &[&ADOPTED_PERCENT, &ENDLESS],
    check: Check::Api(check),
    page: include_str!("../../../rules/resource-consumption/unbounded-string.md"),
};

static KIND: Kind = Kind {
    population: 10,
    nouns: ["string", "strings"],
    missing: "no `maxLength`",
    effect: "may be of any length",
    fix: "add `maxLength`",
    remedy: "add `maxLength` to strings that clients send, and limit the size of request bodies",
    pedantic: ["has a `maxLength` that is no limit", "have a `maxLength` that is no limit"],
};

/// A longer text than this is no text that anyone checks, stores in a column or shows.
static ENDLESS: RuleOption = RuleOption {
    name: "endless",
    kind: OptionKind::Integer { default: 1_000_000, least: 1, most: 1_000_000_000 },
    doc: "a `maxLength` of so many characters or more is no limit",
};

fn check<'a>(api: &'a Api<'a>, sink: &mut Sink<'a>) {
    let endless = sink.integer(&ENDLESS) as f64;
    super::report_unbounded(api, sink, &KIND, |question| {
        let schema = question.schema;
        if !schema.types.intersects(Types::STRING) || is_upload(schema.schema) {
            return None;
        }
        let is_bounded =
            |part: Schema<'a>| limit(part).is_some_and(|limit| limit < endless) || has_finite_pattern(part);
        if schema.schema.is_dynamic()
            || question.schemas.is_discriminator(schema)
            || question.always("list", &is_finite)
        {
            return None;
        }
        Some(match () {
            () if question.always("length", &|part| is_bounded(part) || is_finite(part)) => Verdict::Bounded,
            () if limit(schema.schema).is_some() => Verdict::Pedantic,
            () => Verdict::Unbounded(KIND.effect),
        })
    });
}

fn limit(part: Schema<'_>) -> Option<f64> {
    part.max_length().and_then(Node::as_f64)
}

fn has_finite_pattern(part: Schema<'_>) -> bool {
    part.pattern().and_then(Node::as_str).is_some_and(is_finite_pattern)
}

/// Whether the values need no length: a list, or a format whose values all have about the same.
fn is_finite(part: Schema<'_>) -> bool {
    part.enumeration().is_some()
        || part.constant().is_some()
        || part.format().and_then(Node::as_str).is_some_and(is_finite_format)
}

/// A file is bounded by other means, and is no text.
fn is_upload(schema: Schema<'_>) -> bool {
    let is_binary = schema.format().is_some_and(|format| format.text().eq_ignore_ascii_case("binary"));
    // From 3.1 on a media type without an encoding says that the value is raw bytes (3.2 §4.24.4).
    is_binary || schema.content_media_type().is_some() && schema.content_encoding().is_none()
}

/// Whether all values of a format have about the same length, however the format is capitalised: dates and times
/// (RFC 3339), UUIDs, addresses, and integers of so many bits.
fn is_finite_format(format: &str) -> bool {
    const FINITE: &[&str] = &[
        "date", "datetime", "time", "duration", "uuid", "guid", "ipv4", "ipv6", "int8", "int16", "int32",
        "int64", "uint8", "uint16", "uint32", "uint64",
    ];
    FINITE.iter().any(|finite| is_spelled(format, finite))
        // `date-time-rfc1123`, `iso-datetime`.
        || words_contain_date_and_time(format)
}

fn words_contain_date_and_time(format: &str) -> bool {
    let mut words = words(format).peekable();
    while let Some(word) = words.next() {
        let follows = words.peek().is_some_and(|next| next.eq_ignore_ascii_case("time"));
        if word.eq_ignore_ascii_case("datetime") || word.eq_ignore_ascii_case("date") && follows {
            return true;
        }
    }
    false
}
