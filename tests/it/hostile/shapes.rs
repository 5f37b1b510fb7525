//! Shapes that want to make a reader recurse or copy: nesting, chains, circles, aliases of aliases.

use super::*;

#[test]
fn nesting_is_limited() {
    let deep = 10_000;
    for (what, name, text) in [
        ("JSON arrays", "a.json", format!(r#"{{"openapi":"3.0.3","a":{}"#, "[".repeat(deep))),
        ("JSON objects", "a.json", format!(r#"{{"openapi":"3.0.3","a":{}"#, r#"{"a":"#.repeat(deep))),
        ("YAML flow", "a.yaml", format!("openapi: 3.0.3\na: {}", "[".repeat(deep))),
        ("YAML block", "a.yaml", format!("openapi: 3.0.3\na:\n  {}", "- ".repeat(deep))),
        (
            "YAML indentation",
            "a.yaml",
            format!("openapi: 3.0.3\n{}", list(deep, "\n", |n| format!("{}a:", " ".repeat(n)))),
        ),
    ] {
        let report = hostile(what, &[(name, text)]);
        assert_eq!(said(&report), [("limit-exceeded", 1)].into(), "{what}");
        assert!(report.errors[0].message.contains("256 deep"), "{what}: {}", report.errors[0].message);
    }
}

#[test]
fn chains_of_references_are_followed_without_recursion() {
    let report = schema("100,000 references in a chain", 100_000, |_, next| link(next), "{}");
    assert_eq!(count(&report, "limit-exceeded"), 1);
    assert!(report.documents[0].incomplete);

    let report = schema("10,000 references in a chain", 9_990, |_, next| link(next), r#"{"type":"array"}"#);
    assert_eq!((count(&report, "limit-exceeded"), count(&report, "unbounded-bulk-request")), (0, 1));

    let report = schema("a circle of 100,000 references", 100_000, |_, next| link(next), &link(0));
    assert_eq!(count(&report, "unresolved-ref"), 1);

    let report = schema("a reference to itself", 0, |_, _| String::new(), &link(0));
    assert_eq!(count(&report, "unresolved-ref"), 1);
}

#[test]
fn deep_and_wide_compositions_are_bounded() {
    let diamond = |keyword: &'static str| {
        move |_: usize, next: usize| format!(r#"{{"{keyword}":[{0},{0}]}}"#, link(next))
    };
    for keyword in ["allOf", "oneOf", "anyOf"] {
        let report = schema(keyword, 40, diamond(keyword), r#"{"type":"array"}"#);
        assert_eq!(count(&report, "unbounded-array"), 1, "{keyword}");
    }
    for (what, open, close) in [
        ("properties", r#"{"type":"array","properties":{"p":"#, "}}"),
        ("items", r#"{"type":"array","items":"#, "}"),
        ("allOf", r#"{"type":"array","allOf":["#, "]}"),
        ("oneOf", r#"{"type":"array","oneOf":["#, "]}"),
        ("additionalProperties", r#"{"type":"array","additionalProperties":"#, "}"),
        ("discriminator", r#"{"type":"array","discriminator":{"propertyName":"p"},"allOf":["#, "]}"),
    ] {
        schema(&format!("50,000 {what}"), 50_000, |_, next| format!("{open}{}{close}", link(next)), "{}");
    }
    for keyword in ["oneOf", "allOf", "anyOf"] {
        let branches = list(200_000, ",", |n| format!(r#"{{"type":"array","title":"b{n}"}}"#));
        let report = schema(
            &format!("200,000 branches of {keyword}"),
            0,
            |_, _| String::new(),
            &format!(r#"{{"{keyword}":[{branches}]}}"#),
        );
        assert_eq!(count(&report, "unbounded-array"), 1, "{keyword}");
        let deep = 120;
        let text = format!(
            r#"{}{{"type":"array"}}{}"#,
            format!(r#"{{"{keyword}":["#).repeat(deep),
            "]}".repeat(deep)
        );
        let report = schema(&format!("{keyword} within each other"), 0, |_, _| String::new(), &text);
        assert_eq!(count(&report, "unbounded-array"), 1, "{keyword}");
    }
    let bounded = |n: usize| if n.is_multiple_of(4) { r#","maxItems":1"# } else { "" };
    let of = |n, next| format!(r#"{{"type":"array"{},"items":{}}}"#, bounded(n), link(next));
    let report = schema("50,000 arrays within arrays, each a finding", 50_000, of, "{}");
    assert_eq!((count(&report, "unbounded-array"), count(&report, "limit-exceeded")), (37_500, 1));
    // Each of many arrays asks the same wide composition whether it is bounded.
    let wide = list(2_000, ",", |n| format!(r#""w{n}":{{"type":"array"}}"#));
    let branches = list(2_000, ",", |n| format!(r##"{{"$ref":"#/components/schemas/w{n}"}}"##));
    let arrays = list(2_000, ",", |n| {
        format!(r##""a{n}":{{"type":"array","oneOf":[{{"$ref":"#/components/schemas/wide"}}]}}"##)
    });
    let schemas = format!(r#"{wide},"wide":{{"anyOf":[{branches}]}},"s0":{{"properties":{{{arrays}}}}}"#);
    hostile("2,000 arrays that are one of 2,000 others", &[("a.json", with_schemas(&schemas))]);

    let report = schema(
        "a schema of itself",
        1,
        |_, _| format!(r#"{{"allOf":[{0}],"items":{0},"properties":{{"a":{0}}}}}"#, link(0)),
        "{}",
    );
    assert_eq!(count(&report, "unresolved-ref"), 0);
    let mapping = list(50_000, ",", |n| format!(r##""m{n}":"#/components/schemas/t{n}""##));
    let targets = list(50_000, ",", |n| format!(r#""t{n}":{{}}"#));
    let text =
        format!(r#""s0":{{"discriminator":{{"propertyName":"p","mapping":{{{mapping}}}}}}},{targets}"#);
    hostile("a discriminator with 50,000 mappings", &[("a.json", with_schemas(&text))]);
    let mapping = list(50_000, ",", |n| format!(r##""m{n}":"t{n}""##));
    let text =
        format!(r#""s0":{{"discriminator":{{"propertyName":"p","mapping":{{{mapping}}}}}}},{targets}"#);
    hostile("a discriminator with 50,000 names", &[("a.json", with_schemas(&text))]);
}

#[test]
fn aliases_and_merge_keys_are_no_copies() {
    let lines = list(40, "\n", |n| {
        let aliases = if n == 0 { "x".to_owned() } else { list(10, ", ", |_| format!("*a{}", n - 1)) };
        format!("  a{n}: &a{n} [{aliases}]")
    });
    let report =
        hostile("billion laughs", &[("a.yaml", format!("openapi: 3.0.3\npaths: {{}}\nx-bomb:\n{lines}\n"))]);
    assert!(is_linted(&report) && report.errors.is_empty());

    // The same where it is no data: each schema has ten properties that are the schema before.
    let lines = list(40, "\n", |n| {
        let of = |p| format!("p{p}: *a{}", n.max(1) - 1);
        let aliases = if n == 0 { "p: {type: array}".to_owned() } else { list(10, ", ", of) };
        format!("    a{n}: &a{n} {{properties: {{{aliases}}}}}")
    });
    let head = "openapi: 3.0.3\npaths: {/a: {post: {requestBody: {content: {a/b: {schema: {$ref: '#/components/schemas/a39'}}}}}}}\n";
    let report =
        hostile("schemas of aliases", &[("a.yaml", format!("{head}components:\n  schemas:\n{lines}\n"))]);
    assert_eq!(count(&report, "unbounded-array"), 1);

    let report = hostile("a recursive alias", &[("a.yaml", "openapi: 3.0.3\npaths: &a {/a: *a}\n")]);
    assert_eq!(said(&report), [("syntax-error", 1)].into());

    let merges = list(3_000, "\n", |n| match n {
        0 => "a0: &a0 {k0: 0}".to_owned(),
        n => format!("a{n}: &a{n} {{<<: *a{}, k{n}: 0}}", n - 1),
    });
    let report = hostile("merge keys of merge keys", &[("a.yaml", format!("openapi: 3.0.3\n{merges}\n"))]);
    assert_eq!(said(&report), [("limit-exceeded", 1)].into());

    // Below the budget of copies, but each is asked for again and again.
    let merges = list(1_000, "\n", |n| match n {
        0 => "  a0: &a0 {k0: 0}".to_owned(),
        n => format!("  a{n}: &a{n} {{<<: *a{}, k{n}: {{type: array}}}}", n - 1),
    });
    let text =
        format!("openapi: 3.0.3\npaths: {{}}\ncomponents:\n schemas:\n  z: {{properties: *z}}\n{merges}\n");
    hostile("merge keys in schemas", &[("a.yaml", text.replace("  z: {properties: *z}\n", ""))]);

    let aliases = list(100_000, "\n", |_| "    - *a".to_owned());
    let keys = list(20_000, "\n", |_| "  k: 1".to_owned());
    let text = format!("openapi: 3.0.3\npaths: {{}}\nx-a: &a\n{keys}\nx-b:\n{aliases}\n");
    let report = hostile("100,000 aliases of 20,000 findings", &[("a.yaml", text)]);
    assert_eq!(count(&report, "duplicate-key"), 19_999);
}

#[test]
fn callbacks_do_not_multiply() {
    let callbacks = list(20_000, ",", |n| {
        format!(
            r##""c{n}":{{"{{$request.body#/u}}":{{"post":{{"callbacks":{{"next":{{"$ref":"#/components/callbacks/c{}"}}}}}}}}}}"##,
            n + 1
        )
    });
    let text = format!(
        r##"{{"openapi":"3.0.3","paths":{{"/a":{{"post":{{"callbacks":{{"c":{{"$ref":"#/components/callbacks/c0"}}}}}}}}}},"components":{{"callbacks":{{{callbacks},"c20000":{{}}}}}}}}"##
    );
    let report = hostile("20,000 callbacks within callbacks", &[("a.json", text)]);
    assert!(is_linted(&report));
    // One path item of many operations, at many paths.
    let methods = list(5_000, ",", |n| format!(r#""M{n}":{{}}"#));
    let paths = list(5_000, ",", |n| format!(r##""/p{n}":{{"$ref":"#/components/pathItems/p"}}"##));
    let text = format!(
        r#"{{"openapi":"3.2.0","paths":{{{paths}}},"components":{{"pathItems":{{"p":{{"additionalOperations":{{{methods}}}}}}}}}}}"#
    );
    let report = hostile("5,000 paths of 5,000 operations", &[("a.json", text)]);
    assert_eq!(count(&report, "limit-exceeded"), 1, "{:?}", said(&report));
}

#[test]
fn names_that_mean_something_to_others_are_names() {
    let text = r##"{"openapi":"3.0.3","__proto__":{"a":1},"constructor":{"prototype":{}},"paths":{"__proto__":{"post":{}},"/a":{"__proto__":{},
        "post":{"requestBody":{"content":{"a/b":{"schema":{"$ref":"#/components/schemas/__proto__"}}}},"security":[{"__proto__":[]}]}}},
        "components":{"schemas":{"__proto__":{"properties":{"__proto__":{"type":"array"},"constructor":{"type":"array"},"toString":{"type":"array"}}}}}}"##;
    let report = hostile("__proto__", &[("a.json", text)]);
    assert_eq!(report.errors.len(), 0);
    assert_eq!(count(&report, "undefined-security-scheme"), 1);
    let arrays = report.findings.iter().find(|finding| finding.rule == "unbounded-array").expect("a finding");
    assert_eq!(arrays.occurrences.count, 3);
}
