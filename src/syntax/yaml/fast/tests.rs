//! Examples of what the fast reader answers, which is what the complete one answers, and of what it leaves to that one.

use std::time::Instant;

use super::{Bail, parse};
use crate::source::Limits;
use crate::syntax::yaml::parse_full;
use crate::syntax::{Kind, NodeId, Tree};

/// Kind, whether it is a key, span, end of the subtree, text.
type Facts<'a> = (Kind, bool, (u32, u32), NodeId, &'a str);

fn nodes<'a>(tree: &'a Tree, source: &'a str) -> Vec<Facts<'a>> {
    let ids = (0..tree.len() as u32).map(NodeId);
    ids.map(|id| (tree.kind(id), tree.is_key(id), tree.range(id), tree.next(id), tree.text(id, source)))
        .collect()
}

#[track_caller]
fn same(text: &str) {
    let limits = Limits::default();
    let fast = parse(text, &limits).unwrap_or_else(|bail| panic!("{text:?}: {bail:?}")).tree;
    let full = parse_full(text, &limits);
    assert_eq!(full.errors, [], "{text:?}");
    assert_eq!(nodes(&fast, text), nodes(&full.tree, text), "{text:?}");
    assert_eq!(fast.comments(), full.tree.comments(), "{text:?}");
}

/// Each text is read fast, also with other line breaks, after a byte order mark and without its last line break.
#[track_caller]
fn all_same(texts: &[&str]) {
    for text in texts {
        same(text);
        same(&text.replace('\n', "\r\n"));
        same(&format!("\u{feff}{text}"));
        same(&format!("---\n{text}"));
        same(&format!("# a\n--- # b\n{text}"));
        if !text.trim_end_matches(['\n', ' ']).ends_with(['|', '>', '+', '-']) {
            same(text.trim_end_matches(['\n', ' ']));
        }
    }
}

#[test]
fn block_collections() {
    all_same(&[
        "a: b\n",
        "a: b\nc:\n  d: e\n  f:\n  - g\n  - h: i\n    j: k\n  - - l\n    - m\nn:\n",
        "- a\n-   b: c\n    d: e\n- - f\n  -\n    - g\n-\n  h: i\n- # j\n  k\n-\n",
        "a:\n- b\n-\n- c:\n  d:\n  - e\nf:\n",
        "a :  b\n'c' : d\n\"e\"  :\n  f\n",
        " a: b\n c:\n  d:\n",
        "a:\n    b\n\n\nc:\n          d: e\n",
        "a: 1\na: 2\n",
        "/a/{b}: c\n$ref: '#/d'\nx-y: ?z\n-e: :f\n? g\n: h\n",
        "a: b\n\t\nc: d \t\n",
        "a:\tb\n",
    ]);
}

#[test]
fn plain_scalars() {
    all_same(&[
        "a: b c\n  d\n\n\n   e\nf: g\n",
        "a: b\n  - c\n  'd' \"e\" &f *g !h %i ? {j} [k]\n",
        "- a\n b\n",
        "a:\n  b\n c\nd: e\n",
        "a: b # c\nd: e\n  f # g\n# h\ni: j#k l:m ::n http://o\n",
        "a: [200, -1, +1, 010, 0x1F, 0o17, 0o8, 1., .5, 1e3, .inf, -.INF, .nan, ~, Null, nul, True, tru, yes, -x, +x]\n",
        "200: a\ntrue: b\n~: c\n1.5: d\nnull: e\n",
        "a: b\tc\t\n",
        "a: \u{85}b\u{2028}\u{a0}\n",
    ]);
}

#[test]
fn quoted_scalars() {
    all_same(&[
        "'a': 'it''s'\n\"get\": \"\"\n'': ''''\n",
        "a: \"\\0\\a\\b\\t\\n\\v\\f\\r\\e\\ \\\"\\/\\\\\\N\\_\\L\\P\\x41\\u00e4\\U0001F600\\ud83d\\ude00\\\t\"\n",
        "a: 'b \n  c\n\n\n  d'\ne: ' f\n  '\ng: '\n\n  h\n '\n",
        "a: \"b \n  c\n\n\n  d\"\ne: \" f\n  \"\ng: \"\n\n  h\n \"\n",
        "a: \"b \\\n  c\\\n\n\n  d \\\n \\  e\\ \n  f\\n\n  g\"\n",
        "\"a\\u00e4\": b\n'c''d': e\n",
        "a: 'b # c: d' # e\n",
        // Lines that are indented too little, as in documents that are well known.
        "a: 'b\nc'\nd:\n  e: \"f\n  g\n\nh \\\" i\n j\"\n",
        "a: 'b\n  c''d\ne'\n",
        "a: 'b\n'\n",
        "a: \"b\tc\"\n",
    ]);
}

#[test]
fn block_scalars() {
    all_same(&[
        "a: |\n  b\n   c\n\n  d\n\n\ne: f\n",
        "a: >\n  b\n  c\n\n\n  d\n   e\n   f\n\n  g\n  h\n",
        "a: >-\n\n\n  b\n\n   c\n\n  d\n\n",
        "a: |+\n  b\n\n\nc: >+\n  d\n\n\n  e\n\n\n",
        "a: |2\n   b\n  c\nd: >1-\n  e\nf: |-1\n g\n",
        "- |\n a\n- >\n b\n-\n  |\n  c\n",
        "a:\n  - b: |\n      c\n    d: |\n     e\n  # f\ng: h\n",
        "a: | # b\n  c # d\n# e\nf: g\n",
        "a: |\n  b\n # c\nd: e\n",
        "a: |\nb: |-\nc: |+\n\n\nd: >2\ne: f\n",
        "a: |\n  \n  b\n     \n  c\n  \nd: e\n",
        "a: |\n  b\t\n  \tc\n   \n   \t\nd: e\n",
        "a: |\n  \tb\n  c\n",
        "a: |\n  ---\n  ...\n",
    ]);
    for text in
        ["a: |", "a: >-", "a: |+", "a: |\n  b\n  ", "a: >-\n  b\n\n ", "a: | # b", "a: |\n", "a: |+\n"]
    {
        same(text);
    }
}

#[test]
fn flow_collections() {
    all_same(&[
        "a: {}\nb: []\nc: {d: e, 'f': \"g\", h: [i, {j: k}], }\nl: [m, n,]\n",
        "a: [\n  b, # c\n  # d\n  {e: f,\n   g:\n   h\n  }\n]\ni: j\n",
        "a: {b: , c: d, e:}\n",
        "a: {\"b\":c, 'd': e, f : g}\n",
        "a: [b:c, d#e, -f, 'g\n  h', http://i]\n",
        "- [a, b]\n- {c: d}\n- [[[]]]\n",
        "a: [ b c , d ]  # e\n",
        "a: [b: c, 'd' : [e: ], \"f\":g, h: {i: [j:]}, k:\n  l, ]\n",
    ]);
}

#[test]
fn explicit_keys_as_emitters_write_them() {
    all_same(&[
        "? a\n: b\n? 'c'\n: - d\n  - e\nf: g\n? h\n:\n  i: j\n",
        "? a long\n  key\n\n  over lines\n: b: c\n  d: e\n? \"f\n  g\"\n: h\n",
        "- ? a\n  : b\n  c: d\n",
    ]);
}

#[track_caller]
fn all_left(texts: &[(&str, Bail)]) {
    for &(text, bail) in texts {
        assert_eq!(parse(text, &Limits::default()).err(), Some(bail), "{text:?}");
    }
}

#[test]
fn documents_keys_and_characters_that_are_rare_or_wrong_are_left_to_the_complete_reader() {
    all_left(&[
        ("", Bail::Nothing),
        ("# a\n", Bail::Nothing),
        ("---\n", Bail::Nothing),
        ("a", Bail::Root),
        ("- a\n---\n", Bail::Marker),
        ("a: b\n...\n", Bail::Marker),
        ("---\n---\na: b\n", Bail::Marker),
        ("a: [\n--- ]\n", Bail::Marker),
        ("a: &b c\n", Bail::Anchor),
        ("a: *b\n", Bail::Alias),
        ("a: [*b]\n", Bail::Alias),
        ("a: !b c\n", Bail::Tag),
        ("<<: a\n", Bail::MergeKey),
        ("{<<: a}\nb: c", Bail::MergeKey),
        ("%YAML 1.2\n---\na: b\n", Bail::Directive),
        ("? - a\n: b\n", Bail::Value),
        ("?\n", Bail::Value),
        ("? a\n", Bail::Key),
        ("? a # b\n: c\n", Bail::Key),
        ("? 'a\nb'\n: c\n", Bail::QuotedIndentation),
        ("? [a]\n: b\n", Bail::Value),
        ("'a\n  b': c\n", Bail::Key),
        ("a:\n\tb: c\n", Bail::Tab),
        ("a: 'b\n\t\n  c'\n", Bail::Tab),
        ("a: b\u{7}\n", Bail::Character),
        ("a: b\rc: d\n", Bail::Character),
        ("a: \u{feff}b\n", Bail::Character),
        ("a: \u{9f}\n", Bail::Character),
        ("a: \u{fffe}\n", Bail::Character),
    ]);
}

#[test]
fn values_that_are_rare_or_wrong_are_left_to_the_complete_reader() {
    all_left(&[
        ("a: b\n  c: d\n", Bail::Value),
        ("a: b\n# c\n  d\n", Bail::Indentation),
        ("a:\n  - b\n c: d\n", Bail::Indentation),
        ("a: b\n- c\n", Bail::Value),
        ("a: b: c\n", Bail::Value),
        ("a: - b\n", Bail::Value),
        ("a: 'b' c\n", Bail::Value),
        ("a: 'b'#c\n", Bail::Value),
        ("a: @b\n", Bail::Value),
        ("a: \"\\q\"\n", Bail::Escape),
        ("a: \"\\ud800\"\n", Bail::Escape),
        ("a: \"\\ud800\\u0041\"\n", Bail::Escape),
        ("a: \"\\UFFFFFFFF\"\n", Bail::Escape),
        ("a: \"\\x+1\"\n", Bail::Escape),
        ("a: 'b\n", Bail::Unclosed),
        ("a: [b\n", Bail::Unclosed),
        ("a: [b: c: d]\n", Bail::Flow),
        ("a: [b\n  : c]\n", Bail::Flow),
        ("a: [b:[c]]\n", Bail::Flow),
        ("a: ['b\n  ': c]\n", Bail::Key),
        ("a: {b}\n", Bail::Flow),
        ("a: [b\n  c]\n", Bail::Flow),
        ("a: [b, , c]\n", Bail::Flow),
        ("a: |0\n", Bail::BlockScalar),
        ("a: |b\n  c\n", Bail::BlockScalar),
        ("a: |\n   \n  b\n", Bail::BlockScalar),
        ("a: |2\n b\n", Bail::BlockScalar),
        ("- |2\n #", Bail::BlockScalar),
    ]);
}

#[test]
fn limits_are_the_complete_readers() {
    let limits = Limits { nodes: 3, ..Limits::default() };
    assert_eq!(parse("a: b\nc: d\n", &limits).err(), Some(Bail::Limit));
    let limits = Limits { depth: 1, ..Limits::default() };
    assert_eq!(parse("a: [b]\n", &limits).err(), Some(Bail::Limit));
    let limits = Limits { key_bytes: 1, ..Limits::default() };
    assert_eq!(parse("ab: c\n", &limits).err(), Some(Bail::Limit));
    assert_eq!(parse(&format!("{}: c\n", "a".repeat(1025)), &Limits::default()).err(), Some(Bail::Key));
}

#[test]
fn a_quoted_string_that_is_indented_too_little_is_read_as_often_as_by_the_complete_reader() {
    let lines: String = (0..20).map(|n| format!("k{n}: 'a\nb\nc'\n")).collect();
    same(&lines);
    assert_eq!(
        parse(&format!("{lines}l: 'a\nb'\n"), &Limits::default()).err(),
        Some(Bail::QuotedIndentation)
    );
    assert_eq!(parse_full(&format!("{lines}l: 'a\nb'\n"), &Limits::default()).errors.len(), 1);
}

#[test]
fn the_end_of_a_word_of_eight_bytes_is_no_end() {
    for length in 0..40 {
        let text = "x".repeat(length);
        same(&format!(
            "a{text}: b{text}\n'c{text}': \"d{text}\" #{text}\ne: |\n{}  {text}\n",
            " ".repeat(length)
        ));
        same(&format!("a:\n{}b: c{text}\n", " ".repeat(length + 1)));
    }
}

#[test]
fn time_is_linear() {
    let lines = "  x\n".repeat(500_000);
    for text in [
        format!("a: |\n{lines}"),
        format!("a: b\n{lines}"),
        format!("a: 'b\n{lines}  '\n"),
        format!("a: 'b\n{}'\n", "c\n".repeat(500_000)),
        format!("a:\n{}  b\n", "# c\n".repeat(500_000)),
        format!("a: {}b\n", "\n".repeat(500_000).replace('\n', "\n ")),
        format!("a: [{}]\n", "x, ".repeat(500_000)),
        format!("{}a: b\n", "\n".repeat(1_000_000)),
        format!("a: |+\n{}b: c\n", "\n".repeat(1_000_000)),
        "- |\n".repeat(300_000),
        "a: |\n  \n".repeat(300_000),
    ] {
        let start = Instant::now();
        let _ = parse(&text, &Limits::default());
        assert!(start.elapsed().as_secs() < 2, "{:?}", &text[..20]);
    }
}
