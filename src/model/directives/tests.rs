//! What statements are read, and what they are about.

use super::*;
use crate::model::Document;
use crate::syntax::Pointer;

/// What each statement of a text is about and says: `pointer: kind rules reason until`, faults behind `!`.
fn said(name: &str, text: &str) -> Vec<String> {
    let document = Document::of_text(name, text);
    let api = Api::of(&document);
    let show = |statement: &Statement<'_>| {
        let place = match statement.target {
            Target::Node(node) => Pointer::of(document.files(), node).into_string(),
            Target::File(_) => "file".to_owned(),
            Target::Nothing => "nothing".to_owned(),
        };
        let mut shown = format!("{place}: {:?}", statement.kind);
        for rule in &statement.rules {
            assert_eq!(&text[rule.span.range()].trim_matches(['"', '\'']), &rule.text);
            shown += &format!(" {}", rule.text);
        }
        for (name, word) in [("reason", statement.reason), ("until", statement.until)] {
            shown += &word.map_or_else(String::new, |word| format!(" {name}=<{}>", word.text));
        }
        for fault in &statement.faults {
            shown += &format!(" !{:?} at <{}>", fault.kind, &text[fault.span.range()]);
        }
        shown
    };
    api.statements().iter().map(show).collect()
}

/// The only statement of a comment on the line of `get:`, without its place.
fn of_comment(comment: &str) -> String {
    let text = format!("openapi: 3.1.0\npaths:\n  /a:\n    get: # {comment}\n      summary: a\n");
    match said("a.yaml", &text).as_slice() {
        [] => String::new(),
        [one] => one.strip_prefix("/paths/~1a/get: ").unwrap_or(one).to_owned(),
        many => panic!("{many:?}"),
    }
}

#[test]
fn comments_have_rules_a_reason_and_a_date() {
    for (comment, expected) in [
        ("oasguard: ignore[a]", "Ignore a"),
        ("oasguard:ignore[a, b-c ,d]", "Ignore a b-c d"),
        ("oasguard: ignore[a] reason=internal only", "Ignore a reason=<internal only>"),
        ("oasguard: ignore[a] reason=x y until=2027-03-31", "Ignore a reason=<x y> until=<2027-03-31>"),
        ("oasguard: ignore[a] until=2027-03-31 reason=x y", "Ignore a reason=<x y> until=<2027-03-31>"),
        ("oasguard: ignore[a] reason=\"x until=1\" until=2", "Ignore a reason=<x until=1> until=<2>"),
        ("oasguard: ignore[a] reason=\"ä # b\"", "Ignore a reason=<ä # b>"),
        ("oasguard: public reason=a status page", "Public reason=<a status page>"),
        ("oasguard: public", "Public"),
        ("legacy # oasguard: ignore[a] reason=see #12", "Ignore a reason=<see #12>"),
        ("made for oasguard", ""),
        ("oasguard checks this: ignore nothing", ""),
        ("oasguardian: ignore[a]", ""),
    ] {
        assert_eq!(of_comment(comment), expected, "{comment}");
    }
}

#[test]
fn what_is_wrong_with_a_comment_is_said_where_it_is_wrong() {
    for (comment, expected) in [
        ("oasguard: ignor[a]", "Ignore !UnknownKeyword(\"ignor\") at <ignor>"),
        ("oasguard:", "Ignore !UnknownKeyword(\"\") at <oasguard:>"),
        ("oasguard: ignore a", "Ignore !NoBrackets at <ignore>"),
        ("oasguard: ignore", "Ignore !NoBrackets at <ignore>"),
        ("oasguard: ignore[a", "Ignore !OpenBracket at <[a>"),
        ("oasguard: ignore[]", "Ignore !NoRule at <[]>"),
        ("oasguard: ignore[a,]", "Ignore a !NoRule at <[a,]>"),
        ("oasguard: ignore[a] because", "Ignore a !Unexpected(\"because\") at <because>"),
        ("oasguard: ignore[a] reason=", "Ignore a !NoValue(\"reason\") at <reason=>"),
        ("oasguard: ignore[a] reason= until=1", "Ignore a !NoValue(\"reason\") at <reason=>"),
        ("oasguard: ignore[a] until=1 until=2", "Ignore a until=<1> !Repeated(\"until\") at <until>"),
        ("oasguard: ignore[a] reason=\"x", "Ignore a !OpenQuote at <\"x>"),
        ("oasguard ignore[a]", "Ignore !NoColon at <oasguard>"),
        ("oasguard: public[a]", "Public !Unexpected(\"[a]\") at <[a]>"),
    ] {
        assert_eq!(of_comment(comment), expected, "{comment}");
    }
}

#[test]
fn a_comment_belongs_to_what_begins_on_its_line_or_the_next() {
    const C: &str = "# oasguard: ignore[a]";
    for (text, place) in [
        ("C\nopenapi: 3.1.0\npaths: {}\n", "/openapi"),
        ("openapi: 3.1.0\npaths: {} C\n", "/paths"),
        ("openapi: 3.1.0\npaths: C\n  /a: {}\n", "/paths"),
        ("openapi: 3.1.0\npaths:\n  C\n\n  # more\n\n  /a: {}\n", "/paths/~1a"),
        ("openapi: 3.1.0\npaths:\nC\n  /a: {}\n", "/paths/~1a"),
        ("openapi: 3.1.0\npaths:\n      C\n  /a: {}\n", "/paths/~1a"),
        ("openapi: 3.1.0\nservers:\n  - url: a C\n    x-a: 1\n", "/servers/0"),
        ("openapi: 3.1.0\nservers:\n  - url: a\n    x-a: 1 C\n", "/servers/0/x-a"),
        ("openapi: 3.1.0\nservers:\n  - url: a\n  C\n  - url: b\n", "/servers/1"),
        ("openapi: 3.1.0\nservers:\n  C\n  - url: a\n  - url: b\n", "/servers/0"),
        ("openapi: 3.1.0\nservers: C\n- url: a\n- url: b\n", "/servers"),
        ("openapi: 3.1.0\nservers:\n- C\n  url: a\n- url: b\n", "/servers/0"),
        ("openapi: 3.1.0\nservers:\n- url: a\n- C\n  url: b\n", "/servers/1"),
        ("openapi: 3.1.0\nservers:\n- url: a\nC\n-\n  url: b\n", "/servers/1"),
        ("openapi: 3.1.0\nx-a:\n  - - b C\n    - c\n", "/x-a/0"),
        ("openapi: 3.1.0\nx-a:\n  - - b\n    - c C\n", "/x-a/0/1"),
        ("openapi: 3.1.0\nx-a: [b, C\n  c]\n", "/x-a"),
        ("openapi: 3.1.0\nx-a: [b,\n  c] C\n", "/x-a/1"),
        ("openapi: 3.1.0\nx-a: {b: 1,\n  c: 2, d: 3 C\n}\n", "/x-a/c"),
        ("openapi: 3.1.0\nx-a: {\n  b: 1\n} C\n", "/x-a"),
        ("openapi: 3.1.0\nx-a: {\n  b: 1\n  C\n}\n", "nothing"),
        ("openapi: 3.1.0\nx-a: 1\nC\n", "nothing"),
        ("openapi: 3.1.0\nx-a:\n  long\n  text C\nx-b: 1\n", "/x-a"),
        ("openapi: 3.1.0\nx-a:\n  [b] C\nx-b: 1\n", "/x-a"),
        ("openapi: 3.1.0\nx-a: |\n  C\nx-b: 1\n", ""),
        ("C\n---\nopenapi: 3.1.0\n", "/openapi"),
        ("--- C\nopenapi: 3.1.0\n", "/openapi"),
        ("\u{feff}C\nopenapi: 3.1.0\n", "/openapi"),
        ("%YAML 1.2\n---\nopenapi: 3.1.0 C\n", "/openapi"),
        ("openapi: 3.1.0\nx-a: &x C\n  b: 1\nx-c: *x\n", "/x-a"),
        ("openapi: 3.1.0\nx-a: &x {b: 1}\nx-c: *x C\n", "/x-c"),
        ("openapi: 3.1.0\npaths:\n  /a: C\n  /b: {}\n", "/paths/~1a"),
        ("{openapi: 3.1.0, C\n  info: {} }\n", ""),
        ("{openapi: 3.1.0,\n  C\n  info: {} }\n", "/info"),
    ] {
        for text in [text.to_owned(), text.replace('\n', "\r\n")] {
            let text = text.replace('C', C);
            let said = said("a.yaml", &text);
            let found: Vec<_> = said.iter().map(|one| one.split(": ").next().unwrap_or("")).collect();
            assert_eq!(found.concat(), place, "{text}");
        }
    }
}

#[test]
fn extensions_have_the_same_grammar() {
    for (value, expected) in [
        (r#""a""#, "Ignore a"),
        (r#"["a", {"rule": "b", "reason": "x"}]"#, "Ignore a|Ignore b reason=<x>"),
        (r#"{"rules": ["a", "b"], "until": "2027-01-01"}"#, "Ignore a b until=<2027-01-01>"),
        (r#"{"rules": "a"}"#, "Ignore a"),
        (r#"{"rule": "a", "reason": ""}"#, "Ignore a !NoValue(\"reason\") at <\"\">"),
        (r#"{"rule": "a", "why": 1}"#, "Ignore a !Unexpected(\"why\") at <\"why\">"),
        (r#"{"rule": "a", "rules": "b"}"#, "Ignore a b !Repeated(\"rules\") at <\"rules\">"),
        (r#"{"rule": 1}"#, "Ignore !WrongKind at <\"rule\">"),
        (r#"{}"#, "Ignore !NoRule at <\"x-oasguard-ignore\">"),
        (r#"[]"#, "Ignore !NoRule at <\"x-oasguard-ignore\">"),
        (r#"true"#, "Ignore !WrongKind at <\"x-oasguard-ignore\">"),
        (r#"[true]"#, "Ignore !WrongKind at <\"x-oasguard-ignore\">"),
    ] {
        let text = format!(
            r#"{{"openapi": "3.1.0", "paths": {{"/a": {{"get": {{"x-oasguard-ignore": {value}}}}}}}}}"#
        );
        for name in ["a.json", "a.yaml"] {
            let said: Vec<_> =
                said(name, &text).iter().map(|one| one.replace("/paths/~1a/get: ", "")).collect();
            assert_eq!(said.join("|"), expected, "{name} {value}");
        }
    }
}

#[test]
fn only_operations_and_path_items_are_public() {
    let text = "openapi: 3.1.0\nx-oasguard-public: true\npaths:\n  /a:\n    x-oasguard-public: {reason: x}\n    get:\n      \
                x-oasguard-public: false\n  /b: # oasguard: public reason=y\n    get: {}\n";
    assert_eq!(
        said("a.yaml", text),
        [
            "/paths/~1b: Public reason=<y>",
            ": Public !NoOperation at <x-oasguard-public>",
            "/paths/~1a: Public reason=<x>",
            "/paths/~1a/get: Public !WrongKind at <x-oasguard-public>",
        ]
    );
}

#[test]
fn data_is_no_statement() {
    let text = "openapi: 3.1.0\npaths: {}\ncomponents:\n  schemas:\n    A:\n      example: {x-oasguard-ignore: a}\n      \
                default: {x-oasguard-ignore: a}\n      properties: {x-oasguard-ignore: {type: string}}\n      \
                description: '# oasguard: ignore[a]'\n  examples: {b: {value: {x-oasguard-ignore: a}}}\n";
    assert_eq!(said("a.yaml", text), [""; 0]);
}
