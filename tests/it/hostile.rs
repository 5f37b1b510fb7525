//! Documents that want to hang, crash or exhaust the program, or make it read what it must not.
//!
//! Each is linted on threads with small stacks, so that recursion over what a document decides would crash. The time
//! limit only turns a hang into a failure: the tests of the budgets are what the reports say.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use oasguard::lint::{DocumentStatus, Report};
use oasguard::session::Session;

use crate::support::{named, session};

/// A quarter of what a thread usually has.
const STACK: usize = 512 << 10;
/// Far more than any of these takes; the tests share the machine.
const HANG: Duration = Duration::from_secs(60);

/// Lints the first of some texts on small stacks.
fn hostile<T: AsRef<[u8]>>(what: &str, texts: &[(&str, T)]) -> Report {
    let session = session(texts);
    let path = session.working_directory.join(texts[0].0);
    hostile_in(what, session, path)
}

fn hostile_in(what: &str, session: Session, path: std::path::PathBuf) -> Report {
    let started = Instant::now();
    let (done, answer) = std::sync::mpsc::channel();
    let work = move || {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(2).stack_size(STACK).build().expect("threads");
        let _ = done.send(pool.install(|| session.lint(&named(&[path]))));
    };
    std::thread::Builder::new().stack_size(STACK).spawn(work).expect("a thread");
    let report = answer.recv_timeout(HANG).unwrap_or_else(|_| panic!("{what}: no answer after {HANG:?}"));
    println!(
        "{what}: {:?}, {} findings, {} errors, {:?}",
        started.elapsed(),
        report.findings.len(),
        report.errors.len(),
        report.timings
    );
    for error in &report.errors {
        assert_ne!(error.rule, "internal-error", "{what}: {error:?}");
    }
    report
}

/// The ids of the findings and errors of a report, each with its number.
fn said(report: &Report) -> BTreeMap<&'static str, usize> {
    let mut said = BTreeMap::new();
    let findings = report.findings.iter().map(|finding| finding.rule);
    for rule in findings.chain(report.errors.iter().map(|error| error.rule)) {
        *said.entry(rule).or_default() += 1;
    }
    said
}

fn count(report: &Report, rule: &str) -> usize {
    said(report).get(rule).copied().unwrap_or(0)
}

fn is_linted(report: &Report) -> bool {
    report.documents[0].status == DocumentStatus::Linted
}

/// Joins what `item` gives for each number.
fn list(count: usize, separator: &str, item: impl Fn(usize) -> String) -> String {
    let mut text = String::new();
    for number in 0..count {
        let _ = write!(text, "{}{}", if number > 0 { separator } else { "" }, item(number));
    }
    text
}

/// A JSON document with one operation whose request body is `#/components/schemas/s0`.
fn with_schemas(schemas: &str) -> String {
    format!(
        r##"{{"openapi":"3.0.3","info":{{}},"paths":{{"/a":{{"post":{{"requestBody":{{"content":{{"application/json":
        {{"schema":{{"$ref":"#/components/schemas/s0"}}}}}}}},"responses":{{}}}}}}}},"components":{{"schemas":{{{schemas}}}}}}}"##
    )
}

fn schema(what: &str, count: usize, of: impl Fn(usize, usize) -> String, last: &str) -> Report {
    let chain = list(count, ",", |n| format!(r#""s{n}":{}"#, of(n, n + 1)));
    let separator = if count == 0 { "" } else { "," };
    let report =
        hostile(what, &[("a.json", with_schemas(&format!(r#"{chain}{separator}"s{count}":{last}"#)))]);
    assert!(is_linted(&report), "{what}: {:?}", report.documents);
    report
}

fn link(n: usize) -> String {
    format!(r##"{{"$ref":"#/components/schemas/s{n}"}}"##)
}

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
fn references_stay_within_the_root() {
    let base = std::env::temp_dir().join(format!("oasguard-hostile-{}", std::process::id()));
    let root = base.join("root");
    std::fs::create_dir_all(&root).expect("a folder");
    std::fs::write(base.join("secret.yaml"), "openapi: 3.0.3\npaths: {/secret: {}}\nSECRET: SECRET\n")
        .expect("a file");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(base.join("secret.yaml"), root.join("link.yaml")).expect("a link");
        std::os::unix::fs::symlink(&base, root.join("folder")).expect("a link");
        std::os::unix::fs::symlink(root.join("loop"), root.join("loop")).expect("a link");
    }
    let cases = [
        ("/etc/passwd", "ref-outside-root"),
        ("file:///etc/passwd", "ref-outside-root"),
        ("../../../../../../../../etc/passwd", "ref-outside-root"),
        ("../secret.yaml", "ref-outside-root"),
        ("..%2Fsecret.yaml", "ref-outside-root"),
        ("../../..", "ref-outside-root"),
        ("link.yaml#/SECRET", "ref-outside-root"),
        ("folder/secret.yaml#/SECRET", "ref-outside-root"),
        ("C:\\\\secret.yaml", "ref-outside-root"),
        ("\\\\\\\\host\\\\share\\\\a.yaml", "ref-outside-root"),
        ("http://169.254.169.254/latest/meta-data", "remote-ref"),
        ("//169.254.169.254/latest", "remote-ref"),
        ("ftp://host/a.yaml", "remote-ref"),
        ("loop", "unresolved-ref"),
        (".", "unreadable"),
        ("nothing.yaml", "unresolved-ref"),
        ("a%00b.yaml", "unresolved-ref"),
    ];
    for (reference, rule) in cases {
        if !cfg!(unix) && ["link", "folder", "loop"].iter().any(|name| reference.starts_with(name)) {
            continue;
        }
        let text = with_schemas(&format!(r#""s0":{{"$ref":"{reference}"}}"#));
        let path = root.join("a.json");
        std::fs::write(&path, text).expect("a file");
        let mut session = crate::support::session_in(&root);
        session.excerpts = oasguard::engine::Excerpts::Cut;
        let report = hostile_in(reference, session, path);
        assert_eq!(count(&report, rule), 1, "{reference}: {:?} {:?}", said(&report), report.errors);
        assert_eq!(report.documents[0].files, [""; 0], "{reference}");
        assert!(!format!("{report:?}").contains("SECRET\n"), "{reference}");
        assert!(rule == "remote-ref" || report.documents[0].incomplete, "{reference}");
    }
    std::fs::remove_dir_all(&base).expect("the folder");
}

#[test]
fn circles_across_files_end() {
    let files = [
        ("a.json", with_schemas(r#""s0":{"$ref":"b.json#/x"}"#)),
        ("b.json", r#"{"x":{"allOf":[{"$ref":"a.json#/components/schemas/s0"},{"$ref":"b.json#/y"}]},"y":{"$ref":"c.json"}}"#.into()),
        ("c.json", r##"{"type":"array","items":{"$ref":"#"},"not":{"$ref":"a.json"},"anyOf":[{"$ref":"b.json#/x"}]}"##.into()),
    ];
    let report = hostile("a circle of files", &files);
    assert!(is_linted(&report) && report.errors.is_empty());
    assert_eq!(report.documents[0].files, ["b.json", "c.json"]);
    let files = [
        ("a.json", with_schemas(r#""s0":{"$ref":"b.json"}"#)),
        ("b.json", r#"{"$ref":"c.json"}"#.into()),
        ("c.json", r##"{"$ref":"b.json"}"##.into()),
    ];
    let report = hostile("a circle of nothing but references", &files);
    assert!(count(&report, "unresolved-ref") > 0 && report.documents[0].incomplete);
    let paths = r##"{"openapi":"3.1.0","paths":{"/a":{"$ref":"#/paths/~1b"},"/b":{"$ref":"#/paths/~1a","get":{}},
        "/c":{"$ref":"#/paths/~1c"},"/d":{"$ref":"#/paths"}}}"##;
    let report = hostile("path items in a circle", &[("a.json", paths)]);
    assert!(count(&report, "unresolved-ref") > 0);
}

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
fn a_document_of_100_mb_is_read() {
    let operation = format!(
        r#"{{"post":{{"description":"{}","parameters":[{{"in":"query","name":"limit","schema":{{"type":"integer"}}}}],"responses":{{"200":{{}}}}}}}}"#,
        "d".repeat(850)
    );
    let paths = list(105_000, ",\n", |n| format!(r#""/p{n}/{{id}}":{operation}"#));
    let text = format!(r#"{{"openapi":"3.0.3","paths":{{{paths}}}}}"#);
    assert!(text.len() > 100_000_000);
    let report = hostile("100 MB", &[("a.json", text)]);
    assert_eq!(report.documents[0].operations, 105_000);
    let too_large =
        hostile_limited(&[("a.json", format!(r#"{{"openapi":"3.0.3","a":"{}"}}"#, "x".repeat(2000)))]);
    assert_eq!(said(&too_large), [("limit-exceeded", 1)].into());
}

fn hostile_limited(texts: &[(&str, String)]) -> Report {
    let mut session = session(texts);
    session.limits.file_bytes = 1000;
    let path = session.working_directory.join(texts[0].0);
    hostile_in("more than a file may have", session, path)
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

#[test]
fn nothing_talks_to_a_network() {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let arguments =
        ["tree", "-e", "normal", "--all-features", "--prefix", "none", "--offline", "-p", "oasguard"];
    let tree = std::process::Command::new(cargo)
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    let tree = String::from_utf8_lossy(&tree.stdout).into_owned();
    assert!(tree.contains("granit-parser"), "{tree}");
    let networking = [
        "reqwest", "hyper", "ureq", "curl", "isahc", "attohttpc", "surf", "tokio", "async-std", "smol",
        "mio", "socket2", "rustls", "native-tls", "openssl", "h2", "quinn", "tungstenite",
        "trust-dns-resolver", "hickory-resolver", "git2", "url-fetch", "minreq", "polling",
    ];
    for line in tree.lines() {
        let name = line.split(' ').next().unwrap_or_default();
        assert!(!networking.contains(&name), "{line}");
    }
    let sources =
        crate::support::files_below(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &["rs"]);
    for source in sources {
        let text = std::fs::read_to_string(&source).expect("a source file");
        for word in [
            "TcpStream", "TcpListener", "UdpSocket", "ToSocketAddrs", "std::os::unix::net",
            "process::Command",
        ] {
            assert!(!text.contains(word), "{source:?} names {word}");
        }
    }
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
