//! What people say about findings: in comments, in extensions, in the configuration. One engine heeds all three.

use std::path::{Path, PathBuf};
use std::time::Instant;

use oasguard::config::{Configuration, Settings};
use oasguard::engine::Inline;
use oasguard::lint::{
    Claim, Directive, Finding, Location, Part, Pattern, Profile, Report, Selected, Selector, Spelling,
    Standing,
};
use oasguard::session::Session;
use oasguard::source::{Columns, LineColumn};

use crate::support::{named, plan, session};

/// Something for several rules, in operations, in what they share, and in the document as a whole.
const SHOP: &str = "openapi: 3.1.0
info: { title: Shop, version: '1' }
servers:
  - url: http://api.shop.com
security:
  - token: []
paths:
  /orders:
    get:
      security: [{}]
      parameters:
        - { $ref: '#/components/parameters/limit' }
      responses: { '200': { description: ok }, '401': { description: no } }
    post:
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Order' } } } }
      responses: { '201': { description: ok } }
  /orders/{id}:
    delete:
      parameters: [{ name: id, in: path, required: true, schema: { type: integer } }]
      responses: { '204': { description: ok } }
    put:
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Order' } } } }
      responses: { '200': { description: ok } }
components:
  parameters:
    limit: { name: limit, in: query, schema: { type: integer } }
  schemas:
    Order:
      type: object
      properties:
        lines:
          type: array
          items: { type: string }
  securitySchemes:
    token: { type: apiKey, in: query, name: key }
";

/// The text with a line of its own before the first line that begins so.
fn above(text: &str, line: &str, comment: &str) -> String {
    let at = text.find(&format!("\n{line}")).unwrap_or_else(|| panic!("no line begins with {line:?}")) + 1;
    let indentation = &line[..line.len() - line.trim_start().len()];
    format!("{}{indentation}# oasguard: {comment}\n{}", &text[..at], &text[at..])
}

fn lint_in(session: &Session, name: &str) -> Report {
    session.lint(&named(&[session.working_directory.join(name)]))
}

fn lint(text: &str) -> Report {
    lint_in(&session(&[("shop.yaml", text)]), "shop.yaml")
}

/// Every rule, with directives of the configuration and rules that a document may not suppress.
fn settings(selected: Vec<Selected>, locked: &[&'static str]) -> Configuration {
    let settings = Settings { plan: plan(Profile::Auditor), selected, ..Settings::default() };
    Settings { locked: locked.to_vec(), ..settings }.into()
}

fn lint_with(text: &str, configured: Vec<Selected>) -> Report {
    let mut session = session(&[("shop.yaml", text)]);
    session.configuration = settings(configured, &[]);
    lint_in(&session, "shop.yaml")
}

/// What a finding is, wherever its text stands: rule, pointer, operations, fingerprint.
fn said(finding: &Finding) -> String {
    let Finding { rule, location, affected, occurrences, fingerprint, .. } = finding;
    let counts = (affected.count, occurrences.count);
    format!("{rule} {}{} {counts:?} {fingerprint}", location.path, location.pointer)
}

fn all_said(report: &Report) -> Vec<String> {
    assert!(report.errors.is_empty(), "{:?}", report.errors);
    // What is said about directives depends on how they are written.
    let findings = report.findings.iter().filter(|finding| finding.category != "suppression");
    let mut said: Vec<_> = findings.map(said).collect();
    said.sort();
    said
}

fn rules_said(report: &Report, rule: &str) -> Vec<String> {
    report.findings.iter().filter(|f| f.rule == rule).map(|f| f.location.pointer.clone()).collect()
}

fn about_directives(report: &Report) -> Vec<&Finding> {
    report.findings.iter().filter(|finding| finding.category == "suppression").collect()
}

/// A suppression of the configuration.
fn configured(rule: &str, selector: Selector) -> Selected {
    let rules = oasguard::rules::by_id(rule).expect("a rule").iter().map(|rule| rule.id).collect();
    let start = LineColumn { line: 1, column: 1 };
    let column = Columns { bytes: 1, utf16: 1 };
    let location = Location {
        path: "oasguard.yaml".into(),
        pointer: String::new(),
        part: Part::Value,
        start,
        end: start,
        bytes: 0..0,
        columns: column..column,
        line_hash: None,
        excerpt: None,
    };
    let directive = Directive {
        what: if rule == "document" && selector.pointers.is_empty() {
            Claim::Public
        } else {
            Claim::Ignore(rules)
        },
        reason: Some("a test".into()),
        until: None,
        spelling: Spelling::Configuration,
        location,
    };
    Selected { directive, selector }
}

fn templates(patterns: &[&str]) -> Vec<Pattern> {
    patterns.iter().map(|pattern| Pattern::of_template(pattern).expect("a glob")).collect()
}

#[test]
fn an_exception_for_one_operation_stands_in_the_document() {
    let before = lint(SHOP);
    let [first, second] = ["/paths/~1orders/get", "/paths/~1orders~1{id}/delete"];
    let rule = "missing-rate-limit-response";
    assert!(before.findings.iter().any(|f| f.rule == rule && f.occurrences.count == 4), "{first} {second}");
    let after = lint(&above(SHOP, "    delete:", &format!("ignore[{rule}] reason=a test")));
    let left: Vec<_> = after.findings.iter().filter(|f| f.rule == rule).collect();
    assert_eq!(left.len(), 1);
    assert_eq!((left[0].occurrences.count, left[0].affected.count), (3, 3));
    assert_eq!(after.summary.suppressed, 1);
    assert_eq!(about_directives(&after).len(), 0);
}

#[test]
fn a_comment_on_the_line_is_enough() {
    let text = SHOP
        .replace("http://api.shop.com", "http://api.shop.com # oasguard: ignore[transport] reason=a test");
    assert!(rules_said(&lint(SHOP), "credentials-over-cleartext").len() == 1);
    assert!(rules_said(&lint(&text), "credentials-over-cleartext").is_empty());
}

#[test]
fn what_is_ignored_is_ignored_there_only_and_the_rule_is_kept() {
    let twice = SHOP.replace(
        "  - url: http://api.shop.com\n",
        "  - url: http://api.shop.com\n  - url: http://b.shop.com\n",
    );
    let of = |report: Report| {
        let found = report.findings.into_iter().find(|f| f.rule == "credentials-over-cleartext");
        found.map(|finding| (finding.location.pointer, finding.occurrences.count)).expect("the rule is kept")
    };
    assert_eq!(of(lint(&twice)), ("/servers/0/url".to_owned(), 2));
    for (line, left) in [("  - url: http://b", "/servers/0/url"), ("  - url: http://api", "/servers/1/url")] {
        let text = above(&twice, line, "ignore[credentials-over-cleartext] reason=a test");
        assert_eq!(of(lint(&text)), (left.to_owned(), 0));
    }
}

#[test]
fn an_extension_says_in_json_what_a_comment_says_in_yaml() {
    let value: serde_json::Value = serde_yaml::from_str(SHOP).expect("a document");
    let mut with_extension = value.clone();
    with_extension["paths"]["/orders"]["post"]["x-oasguard-ignore"] =
        serde_json::json!({ "rule": "missing-rate-limit-response", "reason": "a test" });
    let json = session(&[("shop.json", serde_json::to_string_pretty(&with_extension).unwrap())]);
    let of_json: Vec<_> = all_said(&lint_in(&json, "shop.json"))
        .iter()
        .map(|said| said.replace("shop.json", "shop.yaml"))
        .collect();
    let of_yaml =
        all_said(&lint(&above(SHOP, "    post:", "ignore[missing-rate-limit-response] reason=a test")));
    assert_eq!(of_json, of_yaml);
    assert_ne!(of_json, all_said(&lint(SHOP)));
}

/// Each operation and each path, for each rule that finds anything: comment, extension and selector say the same.
#[test]
fn three_spellings_have_one_meaning() {
    let before = lint(SHOP);
    let rules: std::collections::BTreeSet<&str> =
        before.findings.iter().map(|finding| finding.rule).collect();
    let mut changes = 0;
    for (line, path, method) in [
        ("    get:", "/orders", Some("get")),
        ("    post:", "/orders", Some("POST")),
        ("    delete:", "/orders/{id}", Some("delete")),
        ("    put:", "/orders/{id}", Some("put")),
        ("  /orders:", "/orders", None),
        ("  /orders/{id}:", "/orders/{id}", None),
    ] {
        for rule in &rules {
            let comment = lint(&above(SHOP, line, &format!("ignore[{rule}] reason=a test")));
            let indentation = " ".repeat(line.len() - line.trim_start().len() + 2);
            let extension =
                format!("{line}\n{indentation}x-oasguard-ignore: {{ rule: {rule}, reason: a test }}");
            let extension = lint(&SHOP.replacen(&format!("\n{line}"), &format!("\n{extension}"), 1));
            let mut selector = Selector { paths: templates(&[path]), ..Selector::default() };
            selector.methods.extend(method.map(str::to_owned));
            let by_operation = lint_with(SHOP, vec![configured(rule, selector)]);
            let pointer = format!("/paths/{}", path.replace('/', "~1"));
            let pointer =
                method.map_or(pointer.clone(), |method| format!("{pointer}/{}", method.to_lowercase()));
            let by_pointer = Selector { pointers: vec![pointer], ..Selector::default() };
            let by_pointer = lint_with(SHOP, vec![configured(rule, by_pointer)]);
            let expected = all_said(&comment);
            for other in [&extension, &by_operation, &by_pointer] {
                assert_eq!(expected, all_said(other), "{line} {rule}");
                assert_eq!(comment.summary.suppressed, other.summary.suppressed, "{line} {rule}");
            }
            changes += usize::from(expected != all_said(&before));
        }
    }
    println!("{} rules, {changes} suppressions with an effect", rules.len());
    assert!(changes > 8, "{changes}");
}

#[test]
fn operations_are_excepted_by_method_tag_and_id_in_the_configuration() {
    let text =
        SHOP.replace("    delete:\n", "    delete:\n      tags: [old]\n      operationId: dropOrder\n");
    let rule = "missing-rate-limit-response";
    let expected = all_said(&lint(&above(&text, "    delete:", &format!("ignore[{rule}] reason=x"))));
    for selector in [
        Selector { methods: vec!["DELETE".into()], ..Selector::default() },
        Selector { tags: vec!["old".into()], ..Selector::default() },
        Selector { operation_ids: templates(&["drop*"]), ..Selector::default() },
    ] {
        assert_eq!(all_said(&lint_with(&text, vec![configured(rule, selector)])), expected);
    }
    let none = Selector { tags: vec!["new".into()], ..Selector::default() };
    assert_eq!(all_said(&lint_with(&text, vec![configured(rule, none)])), all_said(&lint(&text)));
}

#[test]
fn a_selector_names_files_from_its_own_folder_and_pointers_as_reports_write_them() {
    let before = lint(SHOP);
    let finding =
        before.findings.iter().find(|finding| finding.rule == "unbounded-array").expect("a finding");
    let folder = PathBuf::from("/nowhere/of");
    for (files, is_gone) in [("oasguard/*.yaml", true), ("shop.yaml", false), ("**/shop.yaml", true)] {
        let selector = Selector {
            folder: folder.clone(),
            files: vec![Pattern::of_files(files).unwrap()],
            pointers: vec![finding.location.pointer.clone()],
            ..Selector::default()
        };
        let after = lint_with(SHOP, vec![configured(finding.rule, selector)]);
        assert_eq!(all_said(&after) != all_said(&before), is_gone, "{files}");
    }
    let pointers = vec![format!("#{}", finding.location.pointer)];
    let selector = Selector { pointers, ..Selector::default() };
    assert_ne!(all_said(&lint_with(SHOP, vec![configured(finding.rule, selector)])), all_said(&before));
}

#[test]
fn two_files_of_one_name_are_told_apart() {
    let session_of = |files: &str| {
        let mut session = session(&[("a/api.yaml", SHOP), ("b/api.yaml", SHOP)]);
        let selector = Selector {
            folder: session.working_directory.clone(),
            files: vec![Pattern::of_files(files).unwrap()],
            ..Selector::default()
        };
        session.configuration = settings(vec![configured("transport", selector)], &[]);
        let paths = ["a/api.yaml", "b/api.yaml"].map(|name| session.working_directory.join(name));
        session.lint(&named(&paths))
    };
    let report = session_of("b/api.yaml");
    let of: Vec<_> = report
        .findings
        .iter()
        .filter(|f| f.category == "transport")
        .map(|f| f.location.path.as_str())
        .collect();
    assert_eq!(of, ["a/api.yaml"]);
    assert!(session_of("api.yaml").findings.iter().filter(|f| f.category == "transport").count() == 2);
}

#[test]
fn a_fingerprint_names_a_finding_alone_or_of_a_group() {
    let before = lint(SHOP);
    for finding in &before.findings {
        let selector =
            Selector { fingerprints: vec![finding.fingerprint[..10].to_owned()], ..Selector::default() };
        let after = lint_with(SHOP, vec![configured(finding.rule, selector)]);
        let expected: Vec<_> =
            all_said(&before).into_iter().filter(|said| *said != self::said(finding)).collect();
        assert_eq!(all_said(&after), expected, "{}", finding.rule);
    }
}

#[test]
fn a_components_finding_goes_when_all_its_operations_are_covered() {
    let rule = "unbounded-array";
    let one = above(SHOP, "    post:", &format!("ignore[{rule}] reason=a test"));
    assert_eq!(rules_said(&lint(&one), rule).len(), 1, "`put` has it, too");
    assert_eq!(about_directives(&lint(&one)).len(), 1, "until then the directive is of no use");
    let both = above(&one, "    put:", &format!("ignore[{rule}] reason=a test"));
    let report = lint(&both);
    assert!(rules_said(&report, rule).is_empty());
    assert!(about_directives(&report).is_empty());
    assert_eq!(report.summary.suppressed, 1);
    assert!(report.suppressions.iter().all(|suppression| suppression.occurrences == 1));
}

#[test]
fn what_is_suppressed_still_outweighs_the_milder_rule() {
    let rules =
        ["credentials-over-cleartext", "cleartext-server"].map(|rule| rules_said(&lint(SHOP), rule).len());
    assert_eq!(rules, [1, 0], "one cause is one finding");
    let text = above(SHOP, "  - url:", "ignore[credentials-over-cleartext] reason=a test");
    let report = lint(&text);
    for rule in ["credentials-over-cleartext", "cleartext-server"] {
        assert!(rules_said(&report, rule).is_empty(), "{rule}");
    }
    assert!(about_directives(&report).is_empty());
}

#[test]
fn what_is_suppressed_is_in_no_count() {
    let before = lint(SHOP).summary;
    let after = lint(&format!("# oasguard: ignore-file[transport] reason=a test\n{SHOP}")).summary;
    let [all, left] = [before, after].map(|summary| summary.findings.iter().sum::<usize>());
    assert_eq!((all - left, before.suppressed, after.suppressed), (1, 0, 1));
}

#[test]
fn a_suppressed_finding_does_not_return_through_another_reference_or_in_another_run() {
    const PART: &str = "# oasguard: ignore-file[unbounded-array, duplicate-key] reason=a test\n\
                        Order: { type: object, type: object, properties: { lines: { type: array, items: { type: boolean } } } }\n";
    let root =
        |path: &str| SHOP.replace("#/components/schemas/Order", "part.yaml#/Order").replace("/orders", path);
    let texts = [("a.yaml", root("/orders")), ("b.yaml", root("/carts")), ("part.yaml", PART.to_owned())];
    let mut answers = Vec::new();
    for threads in [1, 2, 4, 1] {
        let mut session = session(&texts);
        session.threads = std::num::NonZeroUsize::new(threads);
        let paths = ["a.yaml", "b.yaml"].map(|name| session.working_directory.join(name));
        let report = session.lint(&named(&paths));
        assert!(
            !report.findings.iter().any(|f| f.rule == "unbounded-array" && f.location.path == "part.yaml")
        );
        let listed: Vec<_> =
            report.suppressions.iter().map(|one| (&one.directive.location.path, one.occurrences)).collect();
        // Unbounded for each document, and one key that is there twice, whoever reads it.
        assert_eq!(listed, [(&"part.yaml".to_owned(), 3)], "listed once");
        assert_eq!(report.summary.suppressed, 3);
        answers.push(all_said(&report));
    }
    answers.dedup();
    assert_eq!(answers.len(), 1);
}

#[test]
fn a_suppression_in_a_shared_file_is_used_if_one_document_needs_it() {
    const PART: &str = "Id:\n  # oasguard: ignore[unbounded-array] reason=a test\n  Ids: { type: array, items: { type: boolean } }\n";
    let root = |body: &str| {
        format!(
            "openapi: 3.1.0\ninfo: {{ title: a, version: '1' }}\npaths:\n  /a:\n    post:\n      {body}: {{ content: {{ \
                 application/json: {{ schema: {{ $ref: 'part.yaml#/Id/Ids' }} }} }} }}\n      responses: {{ '200': {{ description: ok }} }}\n"
        )
    };
    let uses = root("requestBody");
    let ignores = root("requestBody").replace("part.yaml#/Id/Ids", "part.yaml#/Id");
    let session = session(&[("a.yaml", uses.as_str()), ("b.yaml", ignores.as_str()), ("part.yaml", PART)]);
    let unused = |names: &[&str]| {
        let paths: Vec<_> = names.iter().map(|name| session.working_directory.join(name)).collect();
        about_directives(&session.lint(&named(&paths))).len()
    };
    assert_eq!((unused(&["a.yaml"]), unused(&["b.yaml"]), unused(&["a.yaml", "b.yaml"])), (0, 1, 0));
}

#[test]
fn a_finding_about_a_remote_reference_can_be_suppressed() {
    let text = SHOP.replace("'#/components/schemas/Order'", "'https://schemas.shop.com/order.json'");
    assert!(!rules_said(&lint(&text), "remote-ref").is_empty());
    let text = format!("# oasguard: ignore-file[remote-ref] reason=a test\n{text}");
    assert!(rules_said(&lint(&text), "remote-ref").is_empty());
}

#[test]
fn errors_cannot_be_suppressed() {
    let text = format!("# oasguard: ignore-file[syntax-error] reason=a test\n{SHOP}\n  a: ]\n");
    assert_eq!(lint(&text).errors.len(), 1);
}

#[test]
fn an_expired_suppression_silences_nothing_from_the_next_day_on() {
    let text = above(SHOP, "  - url:", "ignore[transport] reason=a test until=2027-03-31");
    for (today, is_silent) in [("2027-03-31", true), ("2027-04-01", false)] {
        let mut session = session(&[("shop.yaml", text.as_str())]);
        session.today = today.parse().unwrap();
        let report = lint_in(&session, "shop.yaml");
        assert_eq!(rules_said(&report, "credentials-over-cleartext").is_empty(), is_silent, "{today}");
        let about: Vec<_> = about_directives(&report).iter().map(|finding| finding.rule).collect();
        assert_eq!(about, if is_silent { vec![] } else { vec!["expired-suppression"] });
        let expected = if is_silent { Standing::Active } else { Standing::Expired };
        assert_eq!(report.suppressions[0].standing, expected);
    }
}

#[test]
fn a_malformed_directive_silences_nothing() {
    for directive in [
        "ignore[transport",
        "ignore transport",
        "ignore[transport] why",
        "ignor[transport]",
        "ignore[transport] until=soon",
    ] {
        let report = lint(&above(SHOP, "  - url:", directive));
        assert_eq!(rules_said(&report, "credentials-over-cleartext").len(), 1, "{directive}");
        assert_eq!(about_directives(&report)[0].rule, "invalid-suppression", "{directive}");
        assert_eq!(report.suppressions[0].standing, Standing::Invalid, "{directive}");
    }
    let report = lint(&above(SHOP, "  - url:", "ignore[nonsense, transport] reason=a test"));
    assert!(rules_said(&report, "credentials-over-cleartext").is_empty(), "the known rule is suppressed");
    assert_eq!(about_directives(&report).len(), 1);
}

#[test]
fn a_locked_rule_is_suppressed_by_the_configuration_only() {
    let text = above(SHOP, "  - url:", "ignore[transport] reason=a test");
    let mut session = session(&[("shop.yaml", text.as_str())]);
    session.configuration = settings(Vec::new(), &["credentials-over-cleartext"]);
    let report = lint_in(&session, "shop.yaml");
    assert_eq!(rules_said(&report, "credentials-over-cleartext").len(), 1);
    assert!(
        about_directives(&report)
            .iter()
            .any(|finding| finding.message.contains("locked by the configuration"))
    );
    let everywhere = configured("transport", Selector::default());
    session.configuration = settings(vec![everywhere], &["credentials-over-cleartext"]);
    let report = lint_in(&session, "shop.yaml");
    assert!(rules_said(&report, "credentials-over-cleartext").is_empty());
}

#[test]
fn directives_in_documents_can_be_disregarded() {
    let text = above(SHOP, "  - url:", "ignore[transport]");
    let text = above(&text, "    get:", "public reason=a test");
    let mut session = session(&[("shop.yaml", text.as_str())]);
    session.inline = Inline::Disregard;
    let report = lint_in(&session, "shop.yaml");
    assert_eq!(all_said(&report), all_said(&lint(SHOP)));
    assert!(report.suppressions.is_empty() && report.summary.suppressed == 0);
    assert_eq!(report.documents[0].public.operations[0].1, lint(SHOP).documents[0].public.operations[0].1);
}

#[test]
fn a_directive_about_directives_is_heeded_but_not_about_itself() {
    let own = above(SHOP, "  - url:", "ignore[unexplained-suppression, credentials-over-cleartext]");
    let rules: Vec<_> =
        about_directives(&lint(&own)).iter().map(|f| (f.rule, f.location.start.line)).collect();
    assert_eq!(rules, [("unused-suppression", 4), ("unexplained-suppression", 4)]);
    let other = above(&own, "servers:", "ignore[unexplained-suppression, unused-suppression] reason=a test");
    assert_eq!(about_directives(&lint(&other)).len(), 0);
}

#[test]
fn a_rule_that_did_not_run_leaves_no_suppression_unused() {
    let text = above(SHOP, "  /orders:", "ignore[loopback-server, inventory] reason=a test");
    let unused = |select: &[&str]| {
        let mut session = session(&[("shop.yaml", text.as_str())]);
        let select = select.iter().map(|rule| (*rule).to_owned()).collect();
        let selection = oasguard::config::Selection { select, ..Default::default() };
        session.configuration = oasguard::config::Plan::new(&selection).expect("rules").into();
        lint_in(&session, "shop.yaml").findings.iter().filter(|f| f.rule == "unused-suppression").count()
    };
    assert_eq!(unused(&["suppression"]), 0);
    assert_eq!(unused(&["suppression", "loopback-server"]), 1);
    assert_eq!(unused(&["suppression", "unversioned-api"]), 0, "not all of the category ran");
    assert_eq!(unused(&["suppression", "inventory", "transport"]), 2);
}

#[test]
fn an_assertion_that_an_operation_is_public_outweighs_what_contradicts_it() {
    // Open beside protected methods of the same path, and a 401 is documented.
    let open = SHOP.replace("      security: [{}]\n", "      security: []\n");
    let reasons = |report: &Report| -> Vec<(String, String)> {
        let public = &report.documents[0].public.operations;
        public.iter().map(|(operation, reason)| (operation.to_string(), reason.clone())).collect()
    };
    let before = lint(&open);
    assert!(!rules_said(&before, "explicitly-public-operation").is_empty());
    let json =
        |operation: &str| format!("{operation}\n      x-oasguard-public: {{ reason: the price list }}");
    for (text, origin) in [
        (above(&open, "    get:", "public reason=the price list"), "document"),
        (open.replace("    get:", &json("    get:")), "document"),
    ] {
        let report = lint(&text);
        assert!(rules_said(&report, "explicitly-public-operation").is_empty(), "{text}");
        let expected = format!("the {origin} asserts it: the price list");
        assert!(reasons(&report).contains(&("GET /orders".to_owned(), expected)), "{:?}", reasons(&report));
        assert!(about_directives(&report).is_empty());
        assert_eq!(report.suppressions[0].directive.what, Claim::Public);
        assert_eq!(
            (report.suppressions[0].occurrences, report.summary.suppressed),
            (1, 0),
            "it is no suppression"
        );
    }
    let mut public = configured(
        "document",
        Selector { paths: templates(&["/orders"]), methods: vec!["get".into()], ..Selector::default() },
    );
    public.directive.reason = Some("the price list".into());
    let report = lint_with(&open, vec![public]);
    assert!(rules_said(&report, "explicitly-public-operation").is_empty());
    let expected = ("GET /orders".to_owned(), "the configuration asserts it: the price list".to_owned());
    assert!(reasons(&report).contains(&expected));
}

#[test]
fn a_path_item_says_it_for_all_its_operations() {
    let open = SHOP.replace("security:\n  - token: []\n", "");
    let report = lint(&above(&open, "  /orders:", "public reason=a test"));
    let public: Vec<_> = report.documents[0].public.operations.iter().map(|(o, _)| o.to_string()).collect();
    assert_eq!(public, ["GET /orders", "POST /orders"]);
}

#[test]
fn moving_lines_and_another_style_change_nothing() {
    let text = above(SHOP, "  - url:", "ignore[transport] reason=a test");
    let text = above(&text, "    post:", "ignore[resource-consumption] reason=a test until=2999-01-01");
    let expected = all_said(&lint(&text));
    assert_ne!(expected, all_said(&lint(SHOP)));
    let crlf = text.replace('\n', "\r\n");
    let apart = text.replace('\n', "\n\n\n");
    let commented = text
        .replace('\n', " # a comment\n")
        .replace("test # a comment", "test")
        .replace("2999-01-01 # a comment", "2999-01-01");
    let wide: String = text
        .lines()
        .map(|line| {
            let blanks = line.len() - line.trim_start().len();
            format!("{}{line}\n", " ".repeat(blanks))
        })
        .collect();
    for other in
        [format!("\u{feff}{text}"), crlf, apart, commented, wide, format!("%YAML 1.2\n---\n{text}...\n")]
    {
        assert_eq!(all_said(&lint(&other)), expected, "{other}");
    }
}

#[test]
fn places_are_exact_behind_characters_of_many_bytes() {
    let text = above(SHOP, "    post:", "ignore[transport, ünknown] reason=für später");
    let report = lint(&text.replace("title: Shop", "title: '😀 Läden'"));
    let about = about_directives(&report);
    let places: Vec<_> = about.iter().map(|f| (f.rule, f.location.start, f.location.end.column)).collect();
    let at = |column| LineColumn { line: 14, column };
    assert_eq!(
        places,
        [("invalid-suppression", at(35), 42), ("unused-suppression", at(24), 33)],
        "{about:?}"
    );
}

#[test]
fn many_directives_cost_their_length() {
    let document = |count: usize| {
        let mut text = String::from("openapi: 3.1.0\ninfo: { title: a, version: '1' }\npaths:\n");
        for number in 0..count {
            text += &format!(
                "  # oasguard: ignore[transport, unbounded-aray, resource-consumption] until=2020-01-0{}\n",
                number % 9 + 1
            );
            text += &format!(
                "  /a{number}: # oasguard: ignore[inventory] reason=x\n    get: {{ # oasguard: ignore[authentication]\n      responses: {{}}\n    }} # oasguard: ignore[transport]\n"
            );
        }
        text + &"# oasguard: ignore[transport]\n".repeat(count)
    };
    let time = |count: usize| {
        let text = document(count);
        let started = Instant::now();
        let report = lint(&text);
        assert!(report.errors.is_empty());
        started.elapsed().as_secs_f64()
    };
    time(10);
    let [small, large] = [time(500), time(5000)];
    println!("500: {small:.3} s, 5000: {large:.3} s");
    assert!(large < 40.0 * small.max(0.02), "ten times the text takes {:.0} times as long", large / small);
}

#[test]
fn silence_is_told_from_ignorance_in_the_json_report() {
    let text = above(SHOP, "  - url:", "ignore[transport] reason=behind the VPN until=2999-12-31");
    let mut out = Vec::new();
    oasguard::report::json(&lint(&text), &mut out).expect("memory takes everything");
    let json: serde_json::Value = serde_json::from_slice(&out).expect("JSON");
    assert_eq!(json["summary"]["suppressed"], 1);
    let listed = &json["suppressions"][0];
    assert_eq!(listed["rules"], serde_json::json!(["transport"]));
    assert_eq!(listed["location"]["line"], 4);
    for (name, value) in [
        ("kind", "ignore"),
        ("spelling", "comment"),
        ("state", "active"),
        ("reason", "behind the VPN"),
        ("until", "2999-12-31"),
    ] {
        assert_eq!(listed[name], value, "{name}");
    }
    assert_eq!(listed["occurrences"], 1);
    assert!(Path::new(listed["location"]["path"].as_str().unwrap()).ends_with("shop.yaml"));
}
