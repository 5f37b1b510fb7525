//! Examples of what the YAML reader makes of a text: kinds, texts, exact spans, errors.

use std::sync::Arc;

use super::{parse, parse_full};
use crate::source::{FileId, Limits};
use crate::syntax::{ErrorKind, File, Files, Format, Kind, Node, NodeId, Parsed};

fn read(text: &str) -> Files {
    read_by(parse, text)
}

fn read_by(reader: fn(&str, &Limits) -> Parsed, text: &str) -> Files {
    let parsed = reader(text, &Limits::default());
    let file = File {
        path: "a.yaml".into(),
        display: "a.yaml".into(),
        text: text.to_owned(),
        tree: parsed.tree,
        errors: parsed.errors,
        format: Format::Yaml,
    };
    Files::new(Arc::new(file))
}

/// One line a node, in the order of the tape: the kind, the source or, if it is empty, its offset, and the text where
/// it is not the source.
fn show(node: Node<'_>, is_key: bool) -> String {
    let kind = format!("{:?}", node.kind()).to_lowercase();
    let source = match node.source() {
        "" => format!("@{}", node.span().start),
        source => {
            format!("`{}`", source.escape_debug().to_string().replace("\\\"", "\"").replace("\\'", "'"))
        }
    };
    let text = match node.kind() {
        Kind::Object | Kind::Array | Kind::Alias => String::new(),
        _ if node.text() == node.source() => String::new(),
        _ => format!(" = {:?}", node.text()),
    };
    let key = if is_key { "key " } else { "" };
    format!("{key}{kind} {source}{text}")
}

fn nodes(files: &Files) -> Vec<String> {
    let tree = &files.file(FileId::ROOT).tree;
    let ids = (0..tree.len() as u32).map(NodeId);
    ids.map(|id| show(files.node(FileId::ROOT, id), tree.is_key(id))).collect()
}

/// Both readers, the complete one and the one that `parse` chooses, make these nodes of the text.
#[track_caller]
fn check(text: &str, expected: &[&str]) {
    for reader in [parse, parse_full] {
        let files = read_by(reader, text);
        assert_eq!(files.file(FileId::ROOT).errors, [], "{text:?}");
        let nodes = nodes(&files);
        assert_eq!(nodes, expected, "{text:?}\n{nodes:#?}");
    }
}

#[test]
fn block_collections_end_with_their_last_child() {
    check("a: 1\n", &["object `a: 1`", "key string `a`", "int `1`"]);
    check(
        "a:\n  b: c  # d\n\n# e\nf: g\n\n",
        &[
            "object `a:\\n  b: c  # d\\n\\n# e\\nf: g`",
            "key string `a`",
            "object `b: c`",
            "key string `b`",
            "string `c`",
            "key string `f`",
            "string `g`",
        ],
    );
    check(
        "- a\n- - b\n  - c\n\n",
        &["array `- a\\n- - b\\n  - c`", "string `a`", "array `- b\\n  - c`", "string `b`", "string `c`"],
    );
    check(
        "a:\n  - {b: [c]}\n\n",
        &[
            "object `a:\\n  - {b: [c]}`",
            "key string `a`",
            "array `- {b: [c]}`",
            "object `{b: [c]}`",
            "key string `b`",
            "array `[c]`",
            "string `c`",
        ],
    );
}

#[test]
fn a_sequence_that_is_indented_like_its_key_starts_at_its_dash() {
    check(
        "a: # -\n- b\n- c: d\n  e: f\ng:\n- - h\n",
        &[
            "object `a: # -\\n- b\\n- c: d\\n  e: f\\ng:\\n- - h`",
            "key string `a`",
            "array `- b\\n- c: d\\n  e: f`",
            "string `b`",
            "object `c: d\\n  e: f`",
            "key string `c`",
            "string `d`",
            "key string `e`",
            "string `f`",
            "key string `g`",
            "array `- - h`",
            "array `- h`",
            "string `h`",
        ],
    );
    check(
        "a: &x !t-a # -\n- b\n",
        &["object `a: &x !t-a # -\\n- b`", "key string `a`", "array `- b`", "string `b`"],
    );
}

#[test]
fn a_value_that_is_not_written_stands_after_its_indicator() {
    check(
        "a:\nb: # c\nd:",
        &[
            "object `a:\\nb: # c\\nd:`",
            "key string `a`",
            "null @2",
            "key string `b`",
            "null @5",
            "key string `d`",
            "null @12",
        ],
    );
    check(
        "- # a\n-\n- - # b\n  - c\n-",
        &[
            "array `- # a\\n-\\n- - # b\\n  - c\\n-`",
            "null @1",
            "null @7",
            "array `- # b\\n  - c`",
            "null @11",
            "string `c`",
            "null @23",
        ],
    );
    check(
        "{a: , b, c : }",
        &[
            "object `{a: , b, c : }`",
            "key string `a`",
            "null @3",
            "key string `b`",
            "null @7",
            "key string `c`",
            "null @12",
        ],
    );
    check(
        "? a\n? b\n: c\n",
        &["object `a\\n? b\\n: c`", "key string `a`", "null @3", "key string `b`", "string `c`"],
    );
    check(
        "a: !!str\nb: &x\nc: *x\n",
        &[
            "object `a: !!str\\nb: &x\\nc: *x`",
            "key string `a`",
            "string @8",
            "key string `b`",
            "null @14",
            "key string `c`",
            "alias `*x`",
        ],
    );
    check(": a\n", &["object `: a`", "key null @0", "string `a`"]);
    check("? a\n::\n", &["object `a\\n::`", "key string `a`", "null @3", "key string `:`", "null @6"]);
    for text in ["? a\n? : b", "? a\n? # :\n: b"] {
        assert_eq!(nodes(&read(text))[2], "null @3");
    }
    check("? a\n?: b\n", &["object `a\\n?: b`", "key string `a`", "null @3", "key string `?`", "string `b`"]);
    check("---\n", &["null @3"]);
}

#[test]
fn a_text_without_a_document_has_no_nodes() {
    for text in ["", "\n \n", "# a\n", "\u{feff}", "\u{feff}# a", "...\n"] {
        check(text, &[]);
    }
    assert!(read("").root(FileId::ROOT).is_none());
}

#[test]
fn the_core_schema_decides_only_plain_scalars() {
    check(
        "[~, null, yes, true, 010, 0x1F, 1e3, .inf, '1', \"true\", 1_0]",
        &[
            "array `[~, null, yes, true, 010, 0x1F, 1e3, .inf, '1', \"true\", 1_0]`",
            "null `~`",
            "null `null`",
            "string `yes`",
            "bool `true`",
            "int `010`",
            "int `0x1F`",
            "float `1e3`",
            "float `.inf`",
            "string `'1'` = \"1\"",
            "string `\"true\"` = \"true\"",
            "string `1_0`",
        ],
    );
    check(
        "200: a\ntrue: b\n~: c\n1.5: d\n'200': e",
        &[
            "object `200: a\\ntrue: b\\n~: c\\n1.5: d\\n'200': e`",
            "key int `200`",
            "string `a`",
            "key bool `true`",
            "string `b`",
            "key null `~`",
            "string `c`",
            "key float `1.5`",
            "string `d`",
            "key string `'200'` = \"200\"",
            "string `e`",
        ],
    );
}

#[test]
fn tags_of_the_core_schema_decide_where_the_text_allows_it() {
    check(
        "[!!str 1, !!int '2', !!int x, !!float 3, !!bool \"true\", !!null '', ! 4, !foo 5, !!binary 6, !!int \"\\x31\"]",
        &[
            "array `[!!str 1, !!int '2', !!int x, !!float 3, !!bool \"true\", !!null '', ! 4, !foo 5, !!binary 6, !!int \"\\\\x31\"]`",
            "string `1`",
            "int `'2'` = \"2\"",
            "string `x`",
            "float `3`",
            "bool `\"true\"` = \"true\"",
            "null `''` = \"\"",
            "string `4`",
            "int `5`",
            "int `6`",
            "string `\"\\\\x31\"` = \"1\"",
        ],
    );
}

#[test]
fn quoted_scalars_keep_their_quotes_in_the_span() {
    check(
        r#"{'it''s': "a\tb", "c": '', "get": 'd "e"'}"#,
        &[
            r#"object `{'it''s': "a\\tb", "c": '', "get": 'd "e"'}`"#,
            r#"key string `'it''s'` = "it's""#,
            r#"string `"a\\tb"` = "a\tb""#,
            r#"key string `"c"` = "c""#,
            r#"string `''` = """#,
            r#"key string `"get"` = "get""#,
            r#"string `'d "e"'` = "d \"e\"""#,
        ],
    );
    check(
        "a: \"b\n  c\\\n  d\n\n  e\"\nf: 'g\n\n  h'\n",
        &[
            "object `a: \"b\\n  c\\\\\\n  d\\n\\n  e\"\\nf: 'g\\n\\n  h'`",
            "key string `a`",
            "string `\"b\\n  c\\\\\\n  d\\n\\n  e\"` = \"b cd\\ne\"",
            "key string `f`",
            "string `'g\\n\\n  h'` = \"g\\nh\"",
        ],
    );
}

#[test]
fn lines_of_quoted_strings_may_be_indented_as_little_as_their_key() {
    check(
        "a:\n  b: 'c''\n  d\n\n  e' # f\n  g: \"h\\x20\r\ni\\\r\nj\"\n",
        &[
            "object `a:\\n  b: 'c''\\n  d\\n\\n  e' # f\\n  g: \"h\\\\x20\\r\\ni\\\\\\r\\nj\"`",
            "key string `a`",
            "object `b: 'c''\\n  d\\n\\n  e' # f\\n  g: \"h\\\\x20\\r\\ni\\\\\\r\\nj\"`",
            "key string `b`",
            "string `'c''\\n  d\\n\\n  e'` = \"c' d\\ne\"",
            "key string `g`",
            "string `\"h\\\\x20\\r\\ni\\\\\\r\\nj\"` = \"h  ij\"",
        ],
    );
}

#[test]
fn plain_scalars_may_go_over_lines_and_hold_quotes() {
    check(
        "a: b\n  c\n\n  d # e\nf: it's \"g\" # h\ni: j#k:l\n",
        &[
            "object `a: b\\n  c\\n\\n  d # e\\nf: it's \"g\" # h\\ni: j#k:l`",
            "key string `a`",
            "string `b\\n  c\\n\\n  d` = \"b c\\nd\"",
            "key string `f`",
            "string `it's \"g\"`",
            "key string `i`",
            "string `j#k:l`",
        ],
    );
}

#[test]
fn block_scalars_start_at_their_header_and_end_with_their_last_line() {
    check(
        "a: | # |\n\n  b\n   c  \n\n\n# d\ne: >-\n  f\n  g\nh: |2+\n   i\n\n",
        &[
            "object `a: | # |\\n\\n  b\\n   c  \\n\\n\\n# d\\ne: >-\\n  f\\n  g\\nh: |2+\\n   i`",
            "key string `a`",
            "string `| # |\\n\\n  b\\n   c  ` = \"\\nb\\n c  \\n\"",
            "key string `e`",
            "string `>-\\n  f\\n  g` = \"f g\"",
            "key string `h`",
            "string `|2+\\n   i` = \" i\\n\\n\"",
        ],
    );
    check(
        "a: |\nb: |+\n\n\nc: >-",
        &[
            "object `a: |\\nb: |+\\n\\n\\nc: >-`",
            "key string `a`",
            "string `|` = \"\"",
            "key string `b`",
            "string `|+` = \"\\n\\n\"",
            "key string `c`",
            "string `>-` = \"\"",
        ],
    );
    check(
        "- &a !<tag:x>\n  # |\n  |\n  'b'\n- >\n  get\n",
        &[
            "array `- &a !<tag:x>\\n  # |\\n  |\\n  'b'\\n- >\\n  get`",
            "string `|\\n  'b'` = \"'b'\\n\"",
            "string `>\\n  get` = \"get\\n\"",
        ],
    );
    check("--- |\n 1\n", &["string `|\\n 1` = \"1\\n\""]);
    check("|\n 1", &["string `|\\n 1` = \"1\""]);
    check("a: |+\n 1\n\n ", &["object `a: |+\\n 1`", "key string `a`", "string `|+\\n 1` = \"1\\n\\n\""]);
    check("# |\n&a |-\r b", &["string `|-\\r b` = \"b\""]);
    check("? |\n  a\n: b\n", &["object `|\\n  a\\n: b`", "key string `|\\n  a` = \"a\\n\"", "string `b`"]);
}

#[test]
fn byte_order_mark_line_breaks_tabs_and_wide_characters_do_not_shift_spans() {
    check(
        "\u{feff}ä: '😀'\r\nb:\t\"é\"\t# ü\r\nc: |\r\n  ö\r\n  d\r\n\r\ne:\r\n- f\r\n",
        &[
            "object `ä: '😀'\\r\\nb:\\t\"é\"\\t# ü\\r\\nc: |\\r\\n  ö\\r\\n  d\\r\\n\\r\\ne:\\r\\n- f`",
            "key string `ä`",
            "string `'😀'` = \"😀\"",
            "key string `b`",
            "string `\"é\"` = \"é\"",
            "key string `c`",
            "string `|\\r\\n  ö\\r\\n  d` = \"ö\\nd\\n\"",
            "key string `e`",
            "array `- f`",
            "string `f`",
        ],
    );
}

#[test]
fn flow_collections_have_their_brackets_and_single_pairs_have_none() {
    check(
        "a: [b: c, ? d : e,\n  f\n]\n",
        &[
            "object `a: [b: c, ? d : e,\\n  f\\n]`",
            "key string `a`",
            "array `[b: c, ? d : e,\\n  f\\n]`",
            "object `b: c`",
            "key string `b`",
            "string `c`",
            "object `d : e`",
            "key string `d`",
            "string `e`",
            "string `f`",
        ],
    );
    check("!!map {}", &["object `{}`"]);
}

#[test]
fn comments_are_kept_in_source_order() {
    let text = "# a\nb: | # c\n  # text\nd: # e\n  - f # g\r\n# h";
    let parsed = parse(text, &Limits::default());
    let comments: Vec<_> =
        parsed.tree.comments().iter().map(|c| &text[c.start as usize..c.end as usize]).collect();
    assert_eq!(comments, ["# a", "# c", "# e", "# g", "# h"]);
}

#[test]
fn long_keys_are_keys() {
    let key = "k".repeat(5000);
    check(
        &format!("{key}: 1\n"),
        &[&format!("object `{key}: 1`"), &format!("key string `{key}`"), "int `1`"],
    );
}

#[test]
fn aliases_are_edges_to_their_anchor() {
    let files = read("a: &x {b: 1}\nc: *x\nd: &x 2\ne: *x\n");
    let root = files.root(FileId::ROOT).expect("a document");
    let targets: Vec<_> = root.entries().map(|entry| (entry.key.text(), entry.value.source())).collect();
    assert_eq!(targets, [("a", "{b: 1}"), ("c", "{b: 1}"), ("d", "2"), ("e", "2")]);
    assert_eq!(files.file(FileId::ROOT).tree.aliases().len(), 2);
    assert_eq!(
        root.get_text("c").and_then(|c| c.key()).map(Node::text),
        Some("a"),
        "a value behind its alias"
    );
}

#[test]
fn an_alias_of_a_scalar_may_be_a_key() {
    check(
        "- &a x\n- &b get\n- &c \"\\x79\"\n- {*a : 1, *b : 2, *c : 3, *a : 4}\n- &d e: f\n- *d\n",
        &[
            "array `- &a x\\n- &b get\\n- &c \"\\\\x79\"\\n- {*a : 1, *b : 2, *c : 3, *a : 4}\\n- &d e: f\\n- *d`",
            "string `x`",
            "string `get`",
            "string `\"\\\\x79\"` = \"y\"",
            "object `{*a : 1, *b : 2, *c : 3, *a : 4}`",
            "key string `*a` = \"x\"",
            "int `1`",
            "key string `*b` = \"get\"",
            "int `2`",
            "key string `*c` = \"y\"",
            "int `3`",
            "key string `*a` = \"x\"",
            "int `4`",
            "object `e: f`",
            "key string `e`",
            "string `f`",
            "alias `*d`",
        ],
    );
}

#[test]
fn what_yaml_or_the_tree_forbids_is_an_error_at_its_bytes() {
    for (text, source, message) in [
        ("a: *x", "*x", "no anchor `&x` stands before the alias `*x`"),
        ("a: */*", "*/*", "no anchor `&/*` stands before the alias `*/*`"),
        ("a: &x [*x]", "*x", "an alias stands within the value that it names"),
        ("&x a: *y", "*y", "no anchor `&y` stands before the alias `*y`"),
        ("? [a]\n: b", "[", "a mapping or sequence is used as a key"),
        ("a: {{ b }}", "{", "a mapping or sequence is used as a key"),
        ("? a: b\n: c", "a", "a mapping or sequence is used as a key"),
        ("- &x [a]\n- *x : b", "*x", "a mapping or sequence is used as a key"),
        ("a: [b", "[", "`[` is not closed"),
        ("a: [b}", "[", "`[` is closed by `}`"),
        ("a: \"b", "\"", "a string is not closed"),
        ("a: b: c", ":", "a `:` starts a value where none is allowed"),
        ("a: 'b' c", "c", "text follows the end of a quoted string"),
        ("a: 1\nb", "b", "a key is not followed by `:`"),
        ("a:\n  - b\n c: d", "c", "the line is indented like nothing around it"),
        ("a: - b", "-", "a `-` starts an item where none is allowed"),
        ("a: @b", "@", "`@` cannot start a value"),
        ("a:\n  'c\nd': e", "d", "a line of a quoted string is indented no deeper than the key"),
        ("a: 'b\nc: d\ne: f", "'", "a string is not closed"),
        ("a:\n  b: 'c\n  d\n---\n  e'", "-", "a line of a quoted string is indented no deeper than the key"),
        ("a: *", "*", "a `&` or `*` is not followed by a name"),
        ("a: [b, , c]", ",", "a value is missing"),
        ("a: !b!c d", "!", "a tag uses a handle that no `%TAG` directive declares"),
        ("a: \"\\\\\\q\"", "\\q", "a string holds an unknown escape"),
        ("a:\n\tb: c", "\t", "a tab is used as indentation"),
        ("a\n---\nb", "---", "a second document starts here"),
        ("a: b\n...\n# c\nd: e", "d", "a second document starts here"),
        ("---\n---\na: b", "---", "a second document starts here"),
    ] {
        let parsed = parse(text, &Limits::default());
        let found: Vec<_> =
            parsed.errors.iter().map(|e| (&text[e.start as usize..e.end as usize], &*e.message)).collect();
        assert_eq!(found, [(source, message)], "{text:?}");
    }
}

#[test]
fn one_document_may_have_directives_and_markers() {
    check(
        "%YAML 1.2\n%TAG !e! tag:e.org,2026:\n--- # a\nb: !e!c d\n...\n# e\n",
        &["object `b: !e!c d`", "key string `b`", "string `d`"],
    );
    for text in ["a\n---\n", "a\n...\n---\n# b\n---\n", "--- a\n...\n...\n"] {
        check(text, &["string `a`"]);
    }
}

#[test]
fn nesting_beyond_the_limit_is_a_limit_error() {
    for (opening, start) in [("[", 256), ("{a: ", 4 * 256), ("- ", 2 * 256)] {
        let parsed = parse(&opening.repeat(10_000), &Limits::default());
        let [error] = &parsed.errors[..] else { panic!("{opening}: {:?}", parsed.errors) };
        assert_eq!((error.kind, error.start), (ErrorKind::Limit, start), "{opening} {error:?}");
    }
    let wide = parse("ä:\n b:\n", &Limits { depth: 0, ..Limits::default() });
    assert_eq!((wide.errors[0].start, wide.errors[0].end), (0, 2));
    let deep = format!("{}{}", "[".repeat(256), "]".repeat(256));
    assert_eq!(parse(&deep, &Limits::default()).errors, []);
}

/// The entries of the last item of a sequence as `key=value`, merge keys applied.
#[track_caller]
fn check_merge(text: &str, expected: &str) {
    let files = read(text);
    assert_eq!(files.file(FileId::ROOT).errors, [], "{text:?}");
    let object = files.root(FileId::ROOT).and_then(|root| root.items().last()).expect("an item");
    let entries: Vec<_> =
        object.entries().map(|e| format!("{}={}", e.key.text(), e.value.source())).collect();
    assert_eq!(entries.join(" "), expected, "{text:?}");
    for entry in object.entries() {
        let found = object.get_text(entry.key.text()).map(Node::source);
        assert_eq!(found, Some(entry.value.source()), "{text:?}");
    }
}

#[test]
fn merge_keys_are_applied_by_the_view() {
    let base = "- &a {p: 1, q: 1}\n- &b {q: 2, r: 2}\n- &c {<<: *a, q: 3, s: 3}\n- &l [*b, *a]\n";
    for (object, expected) in [
        ("{<<: *a}", "p=1 q=1"),
        ("{<<: *a, p: 0}", "p=0 q=1"),
        ("{p: 0, <<: *a, t: 0}", "p=0 t=0 q=1"),
        ("{<<: [*a, *b]}", "p=1 q=1 r=2"),
        ("{<<: [*b, *a]}", "q=2 r=2 p=1"),
        ("{<<: *l}", "q=2 r=2 p=1"),
        ("{<<: *c}", "q=3 s=3 p=1"),
        ("{<<: [*c, *b]}", "q=3 s=3 p=1 r=2"),
        ("{<<: *a, <<: *b}", "p=1 q=1 r=2"),
        ("{<<: {<<: *a, <<: *b, u: 0}}", "u=0 p=1 q=1 r=2"),
        ("{<<: {u: 0}}", "u=0"),
        ("{<<: [{u: 0}, {u: 1, v: 1}]}", "u=0 v=1"),
        ("{<<: [*a, 1, [*b]]}", "p=1 q=1"),
        ("{<<: 1, u: 0}", "u=0"),
        ("{<<: , u: 0}", "u=0"),
        ("{'<<': 1}", "<<=1"),
        ("{<<: *a, <<: *a, <<: [*a, *a]}", "p=1 q=1"),
    ] {
        check_merge(&format!("{base}- {object}\n"), expected);
    }
}

#[test]
fn what_merge_keys_add_is_bounded() {
    let limits = Limits { merge_copies: 10, ..Limits::default() };
    let errors = |text: &str| -> Vec<(u32, ErrorKind)> {
        parse(text, &limits).errors.iter().map(|error| (error.start, error.kind)).collect()
    };
    // Each object has its own entry and the merge key, on top of what it merges: 1, 3, 5, 7.
    let mut text = String::from("- &a0 {k0: 1}\n");
    for n in 1..4 {
        text += &format!("- &a{n} {{<<: *a{}, k{n}: 1}}\n", n - 1);
    }
    assert_eq!(errors(&text), []);
    let start = text.len() as u32 + 3;
    text += "- {<<: *a3}\n";
    assert_eq!(errors(&text), [(start, ErrorKind::Limit)]);
    assert_eq!(errors("- &a [{b: 1}, {c: 1, d: 1}]\n- {<<: *a}\n- {<<: *a}\n"), []);
    assert_eq!(
        errors("- &a [{b: 1}, {c: 1, d: 1}]\n- {<<: [*a]}\n- {<<: *a}\n- {<<: *a}\n"),
        [(55, ErrorKind::Limit)]
    );
    assert_eq!(errors("- &a {b: 1}\n- {'<<': *a}\n").len(), 0);
}
