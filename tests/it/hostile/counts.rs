//! Much of everything, and what multiplies: the cost is that of the text.

use super::*;

#[test]
fn large_values_are_cheap() {
    let scalar = "x".repeat(5_000_000);
    let text = format!(
        r##"{{"openapi":"3.0.3","info":{{"description":"{scalar}"}},"paths":{{"/a":{{"post":{{"operationId":"{scalar}","summary":"{scalar}","description":"{scalar}"}}}}}},
        "servers":[{{"url":"http://{scalar}.com"}}],
        "components":{{"schemas":{{"a":{{"$ref":"#/{scalar}"}},"b":{{"pattern":"{scalar}"}}}}}}}}"##
    );
    let report = hostile("scalars of 5 MB", &[("a.json", text)]);
    assert!(is_linted(&report));
    let keys = list(20, ",", |n| format!(r#""{n}{}":{{}}"#, "k".repeat(1 << 20)));
    let report =
        hostile("keys of 1 MB", &[("a.json", format!(r#"{{"openapi":"3.0.3","paths":{{{keys}}},{keys}}}"#))]);
    assert_eq!(said(&report), [("limit-exceeded", 1)].into());
    let braces = "{a}/".repeat(16_000);
    let text = format!(
        r#"{{"openapi":"3.0.3","paths":{{"/{braces}":{{"post":{{"parameters":[{{"in":"path","name":"a","schema":{{"type":"integer"}}}}]}}}}}},
        "servers":[{{"url":"http://x.com/{braces}","variables":{{"a":{{"default":"{braces}"}}}}}}]}}"#
    );
    hostile("16,000 variables in a path", &[("a.json", text)]);
    let prose = "this is public without authentication, not require, no auth. ".repeat(80_000);
    let text = format!(
        r#"{{"openapi":"3.0.3","security":[],"paths":{{"/a":{{"post":{{"summary":"{prose}","description":"{prose}"}}}}}}}}"#
    );
    hostile("prose that nearly matches", &[("a.json", text)]);
    let values = list(100_000, ",", |n| format!(r#""v{n}""#));
    let servers = format!(
        r#"{{"url":"{{v}}://h.com/{{v}}","variables":{{"v":{{"enum":[{values}],"default":"http"}}}}}}"#
    );
    let text =
        format!(r#"{{"openapi":"3.0.3","servers":[{servers},{servers}],"paths":{{"/a":{{"post":{{}}}}}}}}"#);
    hostile("server variables with 100,000 values", &[("a.json", text)]);
}

#[test]
fn patterns_are_of_any_shape() {
    let bomb =
        |start: &str, end: &str| format!("{start}{}a{}{end}", "(".repeat(1_900), "{1,1000})".repeat(1_900));
    let repeated = |part: &str| part.repeat(20_000 / part.len());
    // Whether it admits strings of any length; what is not understood is not spoken of.
    for (what, pattern, is_endless) in [
        ("nested groups", format!("{}a{}", "(".repeat(10_000), ")".repeat(10_000)), true),
        ("nested repetitions", format!("^{}a{}$", "(".repeat(6_000), ")+".repeat(6_000)), true),
        ("multiplied repetitions", bomb("", ""), true),
        ("multiplied repetitions of the whole", bomb("^", "$"), false),
        ("multiplied endless repetitions", bomb("^", "*$"), true),
        ("alternatives", repeated("a|"), true),
        ("alternatives of the whole", format!("^({}b)$", repeated("a|")), false),
        ("alternatives of repetitions", repeated("(a+|b*)"), true),
        ("optional parts", format!("^{}$", repeated("a?")), false),
        ("ambiguous repetitions", format!("^{}$", repeated("(a*)*")), true),
        ("opened groups", repeated("("), false),
        ("closed groups", repeated(")"), false),
        ("opened classes", repeated("["), false),
        ("opened named classes", repeated("[[:"), false),
        ("opened repetitions", repeated("a{1,"), true),
        ("braces", repeated("{"), true),
        ("opened names", repeated("(?<a"), false),
        ("look-arounds", format!("^{}a{}$", "(?=".repeat(5_000), ")".repeat(5_000)), false),
        ("escapes", repeated("\\u{"), false),
        ("numbers", format!("^{}$", repeated("a{99999999999999999999999999999999999999}")), false),
        ("characters of four bytes", format!("^{}$", "😀".repeat(20_000)), false),
    ] {
        for times in [1, 50] {
            let pattern = if times == 1 || what == "characters of four bytes" {
                pattern.clone()
            } else {
                pattern.repeat(times)
            };
            let pattern = serde_json::Value::from(pattern);
            let text = with_schemas(&format!(
                r#""s0":{{"type":"object","properties":{{"p":{{"type":"string","pattern":{pattern}}}}}}}"#
            ));
            let report = hostile(what, &[("a.json", text)]);
            assert!(is_linted(&report) && report.errors.is_empty(), "{what}");
            // Joined with itself a pattern is another one.
            assert!(times > 1 || count(&report, "unbounded-string") == usize::from(is_endless), "{what}");
        }
    }
}

#[test]
fn a_million_values_are_an_enumeration() {
    let values = list(1_000_000, ",", |n| format!(r#""v{n}""#));
    let text =
        with_schemas(&format!(r#""s0":{{"properties":{{"p":{{"type":"string","enum":[{values}]}}}}}}"#));
    let of_json = hostile("a million values in JSON", &[("a.json", text)]);
    let values = list(1_000_000, "\n", |n| format!("          - v{n}"));
    let text = format!(
        "openapi: 3.0.3\ninfo: {{}}\npaths: {{/a: {{post: {{requestBody: {{content: {{application/json: {{schema: {{$ref: '#/components/schemas/s0'}}}}}}}}, responses: {{}}}}}}}}\n\
        components:\n  schemas:\n    s0:\n      properties:\n        p:\n          type: string\n          enum:\n{values}\n"
    );
    let of_yaml = hostile("a million values in YAML", &[("a.yaml", text)]);
    assert!(is_linted(&of_json) && is_linted(&of_yaml));
    assert_eq!((count(&of_json, "unbounded-string"), said(&of_json)), (0, said(&of_yaml)));
}

#[test]
fn bytes_of_a_file_are_limited() {
    let mut session = session(&[("a.json", format!(r#"{{"openapi":"3.0.3","a":"{}"}}"#, "x".repeat(2000)))]);
    session.limits.file_bytes = 1000;
    let path = session.working_directory.join("a.json");
    let report = hostile_in("more than a file may have", session, path);
    assert_eq!(said(&report), [("limit-exceeded", 1)].into());
}

#[test]
fn many_of_everything_is_linear() {
    let n = 100_000;
    let operations = list(n, ",", |n| format!(r#""/p{n}":{{"post":{{"security":[{{"u{n}":[]}}]}}}}"#));
    let text = format!(
        r#"{{"openapi":"3.0.3","paths":{{{operations}}},"components":{{"securitySchemes":{{"a":{{"type":"http"}}}}}}}}"#
    );
    let report = hostile("100,000 operations, each with a scheme that is not there", &[("a.json", text)]);
    assert_eq!(count(&report, "undefined-security-scheme"), n);

    let missing = list(n, ",", |n| format!(r##""s{n}":{{"$ref":"#/components/schemas/missing{n}"}}"##));
    let report = hostile("100,000 references to nothing", &[("a.json", with_schemas(&missing))]);
    assert_eq!(count(&report, "unresolved-ref"), n);

    let missing = list(n, ",", |n| format!(r#""s{n}":{{"$ref":"f{n}.json"}}"#));
    let report = hostile("100,000 references to no file", &[("a.json", with_schemas(&missing))]);
    assert_eq!(count(&report, "unresolved-ref"), n);

    let same = list(50_000, ",", |_| r#""k":1"#.to_owned());
    let report =
        hostile("50,000 times the same key", &[("a.json", with_schemas(&format!(r#""s0":{{{same}}}"#)))]);
    assert_eq!(count(&report, "duplicate-key"), 49_999);

    let servers = list(10_000, ",", |n| format!(r#"{{"url":"http://h{n}.com"}}"#));
    let operations = list(n, ",", |n| format!(r#""/p{n}":{{"post":{{}}}}"#));
    let text = format!(
        r#"{{"openapi":"3.0.3","servers":[{servers}],"security":[{{"a":[]}}],"paths":{{{operations}}},"components":{{"securitySchemes":{{"a":{{"type":"http"}}}}}}}}"#
    );
    let report =
        hostile("10,000 servers of 100,000 operations with credentials", &[("a.json", text.clone())]);
    assert_eq!(count(&report, "credentials-over-cleartext"), 1);
    let report =
        hostile("10,000 servers of 100,000 operations", &[("a.json", text.replace(r#"{"a":[]}"#, ""))]);
    assert_eq!(count(&report, "cleartext-server"), 1);

    let names = list(10_000, ",", |n| format!(r#"{{"u{n}":[]}}"#));
    let text = format!(r#"{{"openapi":"3.0.3","security":[{names}],"paths":{{{operations}}}}}"#);
    let report = hostile("10,000 requirements of 100,000 operations", &[("a.json", text)]);
    assert_eq!(count(&report, "undefined-security-scheme"), 10_000);

    let schemes = list(10_000, ",", |n| format!(r#""s{n}":{{"type":"apiKey","in":"query","name":"k{n}"}}"#));
    let operations =
        list(n, ",", |n| format!(r#""/p{n}":{{"post":{{"security":[{{"s{}":[]}}]}}}}"#, n % 10_000));
    let text = format!(
        r#"{{"openapi":"3.0.3","paths":{{{operations}}},"components":{{"securitySchemes":{{{schemes}}}}}}}"#
    );
    let report = hostile("10,000 schemes of 100,000 operations", &[("a.json", text)]);
    assert_eq!(count(&report, "api-key-in-query"), 10_000);

    let parameters =
        list(20_000, ",", |n| format!(r#"{{"in":"query","name":"p{n}","schema":{{"type":"integer"}}}}"#));
    let own =
        list(20_000, ",", |n| format!(r#"{{"in":"query","name":"o{n}","schema":{{"type":"integer"}}}}"#));
    let text = format!(
        r#"{{"openapi":"3.0.3","paths":{{"/{}":{{"parameters":[{parameters}],"post":{{"parameters":[{own}]}}}}}}}}"#,
        "{id}/".repeat(5_000)
    );
    hostile("20,000 parameters of a path and of its operation", &[("a.json", text)]);

    let methods = list(20_000, ",", |n| format!(r#""M{n}":{{}}"#));
    let text = format!(
        r#"{{"openapi":"3.2.0","paths":{{"/a":{{"get":{{}},"additionalOperations":{{{methods}}}}}}},"components":{{"securitySchemes":{{"a":{{"type":"http"}}}}}}}}"#
    );
    hostile("20,000 methods of a path", &[("a.json", text)]);

    let identifiers = list(50_000, ",", |n| {
        format!(
            r##""s{n}":{{"$id":"https://h.com/s{n}","$anchor":"a{n}","$defs":{{"d":{{}}}},"allOf":[{{"$ref":"#/$defs/d"}},{{"$ref":"#a{n}"}},{{"$ref":"s0"}}]}}"##
        )
    });
    let report =
        hostile("50,000 identifiers", &[("a.json", with_schemas(&identifiers).replace("3.0.3", "3.1.0"))]);
    assert_eq!(count(&report, "unresolved-ref"), 0);
    let anchors =
        list(50_000, ",", |n| format!(r##""s{n}":{{"$anchor":"a{n}","items":{{"$ref":"#a{n}"}}}}"##));
    let report = hostile("50,000 anchors", &[("a.json", with_schemas(&anchors).replace("3.0.3", "3.1.0"))]);
    assert_eq!(count(&report, "unresolved-ref"), 0);

    let items = list(50_000, ",", |_| "{}".to_owned());
    let references = list(50_000, ",", |n| format!(r##"{{"$ref":"#/components/schemas/all/allOf/{n}"}}"##));
    let text = format!(r#""s0":{{"anyOf":[{references}]}},"all":{{"allOf":[{items}]}}"#);
    let report = hostile("50,000 references into an array", &[("a.json", with_schemas(&text))]);
    assert_eq!(count(&report, "unresolved-ref"), 0);

    let arrays = list(50_000, ",", |n| {
        format!(r#""p{n}":{{"type":"array","maxItems":{n}}}, "q{n}":{{"type":"array"}}"#)
    });
    let report = hostile(
        "50,000 arrays",
        &[("a.json", with_schemas(&format!(r#""s0":{{"properties":{{{arrays}}}}}"#)))],
    );
    let arrays = report.findings.iter().find(|finding| finding.rule == "unbounded-array").expect("a finding");
    assert_eq!((count(&report, "unbounded-array"), arrays.occurrences.count), (1, 50_000));
}

#[test]
fn products_are_no_longer_than_their_factors() {
    let targets = list(50_000, ",", |n| format!(r#""t{n}":{{"properties":{{"p":{{}}}}}}"#));
    let into = list(50_000, ",", |n| format!(r##"{{"$ref":"#/components/schemas/t{n}/properties/p"}}"##));
    let text = with_schemas(&format!(r#""s0":{{"anyOf":[{into}]}},{targets}"#));
    let report = hostile("50,000 references into as many schemas", &[("a.json", &text)]);
    assert_eq!(count(&report, "unresolved-ref"), 0);
    let text = text.replace(r#""s0":{"#, r#""s0":{"$id":"https://h.com/a","#).replace("3.0.3", "3.1.0");
    hostile("the same below an identifier", &[("a.json", &text)]);

    let wide = list(10_000, ",", |n| format!(r#""w{n}":{{"type":"array","maxItems":1}}"#));
    let branches = list(10_000, ",", |n| link(n).replace("/s", "/w").replace("/wchemas", "/schemas"));
    let arrays = list(10_000, ",", |n| {
        format!(r##""a{n}":{{"type":"array","oneOf":[{{"$ref":"#/components/schemas/wide"}}]}}"##)
    });
    let text = format!(r#"{wide},"wide":{{"anyOf":[{branches}]}},"s0":{{"properties":{{{arrays}}}}}"#);
    let report =
        hostile("10,000 arrays that are one of 10,000 bounded ones", &[("a.json", with_schemas(&text))]);
    assert_eq!((count(&report, "unbounded-array"), count(&report, "unresolved-ref")), (0, 0));

    let parameters =
        list(10_000, ",", |n| format!(r#"{{"in":"query","name":"p{n}","schema":{{"type":"integer"}}}}"#));
    let paths = list(10_000, ",", |n| format!(r##""/p{n}":{{"$ref":"#/components/pathItems/p"}}"##));
    let text = format!(
        r#"{{"openapi":"3.1.0","paths":{{{paths}}},"components":{{"pathItems":{{"p":{{"parameters":[{parameters}],"get":{{}}}}}}}}}}"#
    );
    let report = hostile("10,000 paths that inherit 10,000 parameters", &[("a.json", text)]);
    assert_eq!(count(&report, "limit-exceeded"), 1);

    let long = "n".repeat(1 << 16);
    let servers = list(2_000, ",", |n| format!(r#"{{"url":"http://h{n}.com"}}"#));
    let text = format!(
        r#"{{"openapi":"3.0.3","servers":[{servers}],"security":[{{"{long}":[]}}],"paths":{{"{long}":{{"post":{{"operationId":"{long}"}}}}}},
        "components":{{"securitySchemes":{{"{long}":{{"type":"http"}}}}}}}}"#
    );
    let report = hostile("names of 64 KiB in 2,000 occurrences", &[("a.json", text)]);
    assert_eq!(count(&report, "credentials-over-cleartext"), 1);
    let length =
        |finding: &oasguard::lint::Finding| finding.message.len() + finding.affected.items[0].path.len();
    assert!(report.findings.iter().map(length).max() < Some(5_000));

    let alternatives = list(10_000, ",", |n| format!(r#"{{"a{n}":[]}}"#));
    let schemes = list(10_000, ",", |n| format!(r#""a{n}":{{"type":"http"}}"#));
    let secured = list(10_000, ",", |n| format!(r#""/s{n}":{{"post":{{"security":[{{"a1":[]}}]}}}}"#));
    let open =
        list(200, ",", |n| format!(r#""/o{n}":{{"post":{{}},"get":{{"security":[{alternatives}]}}}}"#));
    let text = format!(
        r#"{{"openapi":"3.0.3","paths":{{{open},{secured}}},"components":{{"securitySchemes":{{{schemes}}}}}}}"#
    );
    hostile("long requirements beside open operations", &[("a.json", text)]);

    let references = list(20_000, ",", |n| format!(r#""s{n}":{{"$ref":"f{n}.json"}}"#));
    let mut texts = vec![("a.json".to_owned(), with_schemas(&references))];
    texts.extend((0..20_000).map(|n| (format!("f{n}.json"), r#"{"type":"string"}"#.to_owned())));
    let texts: Vec<(&str, &str)> = texts.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let report = hostile("20,000 files", &texts);
    assert_eq!(report.documents[0].files.len(), 20_000);
}
