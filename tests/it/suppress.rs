//! `oasguard suppress` and `oasguard suppressions`: what is written, what is left alone, what is refused.

use std::fs;
use std::path::Path;

use rayon::prelude::*;
use serde_json::Value;

use crate::cli::Folder;
use crate::support::{corpus, report};

/// The findings of a lint: rule, fingerprint, path.
fn findings(folder: &Folder, paths: &[&str]) -> Vec<(String, String, String)> {
    let output = folder.run(&[&["lint", "--output-format", "json", "--today", "2026-11-22"], paths].concat());
    let json: Value = serde_json::from_slice(&output.stdout).expect("the report is JSON");
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let findings = json["findings"].as_array().expect("findings").iter();
    findings.map(|f| (text(&f["rule"]), text(&f["fingerprint"]), text(&f["location"]["path"]))).collect()
}

/// Suppresses a finding; what was said and whether it was done.
fn suppress(folder: &Folder, fingerprint: &str, more: &[&str]) -> (bool, String) {
    let arguments = ["suppress", fingerprint, "--reason", "a test", "--today", "2026-11-22"];
    let output = folder.run(&[&arguments[..], more].concat());
    let said = [output.stdout, output.stderr].concat();
    (output.status.code() == Some(0), String::from_utf8(said).expect("a text"))
}

/// Whether `after` is `before` with one run of text put in; that text.
fn inserted<'t>(before: &str, after: &'t str) -> Option<&'t str> {
    let more = after.len().checked_sub(before.len())?;
    let same = before.bytes().zip(after.bytes()).take_while(|(old, new)| old == new).count();
    (before[same..] == after[same + more..]).then(|| &after[same..same + more])
}

const YAML: &str = "\u{feff}# The shop\r\nopenapi: 3.1.0\r\ninfo: { title: 'Läden', version: '1' }\r\nservers:\r\n  - url: http://api.shop.com\t# old\r\n\
    paths:\r\n  /orders:\r\n    get:   \r\n      responses: { '200': { description: ok } }\r\n";

#[test]
fn a_comment_is_written_and_no_other_byte_is_touched() {
    let folder = Folder::new("suppress-comment");
    folder.write("shop.yaml", YAML);
    let (_, fingerprint, _) =
        findings(&folder, &[]).into_iter().find(|(rule, ..)| rule == "cleartext-server").expect("a finding");
    let (done, said) = suppress(&folder, &fingerprint[..12], &["--until", "2027-03-31", "."]);
    assert!(done, "{said}");
    assert_eq!(said, "shop.yaml:5: a comment for what begins on the next line\n");
    let after = fs::read_to_string(folder.0.join("shop.yaml")).expect("a text");
    let text = "  # oasguard: ignore[cleartext-server] reason=a test until=2027-03-31\r\n";
    assert_eq!(after, YAML.replace("  - url", &format!("{text}  - url")));
    assert!(findings(&folder, &[]).iter().all(|(rule, ..)| rule != "cleartext-server"));
}

#[test]
fn beside_a_baseline_what_is_new_is_suppressed_and_nothing_more() {
    let folder = Folder::new("suppress-baseline");
    let open =
        |path: &str| format!("  {path}:\n    post:\n      responses: {{ '201': {{ description: made }} }}\n");
    let text = "openapi: 3.1.0\ninfo: { title: a, version: '1' }\nservers: [{ url: 'https://api.shop.com/v1' }]\n\
        components: { securitySchemes: { token: { type: http, scheme: bearer } } }\npaths:\n  /own:\n    get:\n      \
        security: [{ token: [] }]\n      responses: { '200': { description: ok } }\n";
    folder.write("shop.yaml", &format!("{text}{}", open("/old")));
    assert_eq!(folder.run(&["baseline", "write", "--today", "2026-11-22"]).status.code(), Some(0));
    assert_eq!(findings(&folder, &[]), []);
    folder.write("shop.yaml", &format!("{text}{}{}", open("/old"), open("/new")));
    let write = findings(&folder, &[]).into_iter().find(|(rule, ..)| rule == "unauthenticated-write");
    let (_, fingerprint, _) = write.expect("the new operation is found");
    let (done, said) = suppress(&folder, &fingerprint, &[]);
    assert!(done && said.contains("shop.yaml:14:"), "{said}");
    assert!(findings(&folder, &[]).iter().all(|(rule, ..)| rule != "unauthenticated-write"));
}

#[test]
fn json_gets_an_extension_in_its_own_style() {
    let folder = Folder::new("suppress-json");
    for (name, text) in [
        (
            "tabs.json",
            "{\n\t\"openapi\": \"3.1.0\",\n\t\"info\": {\"title\": \"a\", \"version\": \"1\"},\n\t\"servers\": [\n\t\t{\n\t\t\t\"url\": \"http://a.shop.com\"\n\t\t}\n\t],\n\t\"paths\": {\"/a\": {\"get\": {\"responses\": {}}}}\n}\n",
        ),
        (
            "tight.json",
            "{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"a\",\"version\":\"1\"},\"servers\":[{\"url\":\"http://a.shop.com\"}],\"paths\":{\"/a\":{\"get\":{\"responses\":{}}}}}",
        ),
        (
            "flow.yaml",
            "openapi: 3.1.0\ninfo: {title: a, version: '1'}\nservers: [{url: 'http://a.shop.com'}, {url: 'http://b.shop.com'}]\npaths: {/a: {get: {responses: {}}}}\n",
        ),
    ] {
        folder.write(name, text);
        let all = findings(&folder, &[name]);
        for (rule, fingerprint, _) in &all {
            folder.write(name, text);
            let (done, said) = suppress(&folder, fingerprint, &[name]);
            assert!(done, "{rule} {said}");
            let after = fs::read_to_string(folder.0.join(name)).expect("a text");
            let new = inserted(text, &after).unwrap_or_else(|| panic!("{name} {rule}: {after}"));
            assert!(new.contains(rule.as_str()) && new.contains("a test"), "{new}");
            if rule == "cleartext-server" && name == "tabs.json" {
                assert!(after.contains("{\n\t\t\t\"x-oasguard-ignore\": {\"rule\": \"cleartext-server\", \"reason\": \"a test\"},\n\t\t\t\"url\""), "{after}");
            }
            let left = findings(&folder, &[name]);
            assert_eq!(left, all.iter().filter(|f| f.1 != *fingerprint).cloned().collect::<Vec<_>>());
        }
        // All of them, one after the other, and each keeps what was written before.
        folder.write(name, text);
        for (_, fingerprint, _) in &all {
            let (done, said) = suppress(&folder, fingerprint, &[name]);
            assert!(done, "{said}");
        }
        assert!(findings(&folder, &[name]).is_empty(), "{name}");
        let after = fs::read_to_string(folder.0.join(name)).expect("a text");
        assert_eq!(after.matches("a test").count(), all.len(), "{after}");
        fs::remove_file(folder.0.join(name)).expect("the file is there");
    }
}

#[test]
fn what_cannot_be_done_is_refused_and_nothing_is_written() {
    let folder = Folder::new("suppress-refuse");
    folder.write("shop.yaml", YAML);
    let all = findings(&folder, &[]);
    for (fingerprint, more, expected) in [
        ("ffffffffffff", &[][..], "no finding has a fingerprint that begins with `ffffffffffff`"),
        ("", &[], "findings have a fingerprint that begins with ``"),
        (all[0].1.as_str(), &["--until", "2026-11-21"], "`--until`: this day is past"),
        (&all[0].1, &["-"], "standard input cannot be written to"),
    ] {
        let (done, said) = suppress(&folder, fingerprint, more);
        assert!(!done && said.contains(expected), "{fingerprint} {more:?}: {said}");
    }
    let output = folder.run(&["suppress", &all[0].1, "--reason", "two\nlines"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(fs::read_to_string(folder.0.join("shop.yaml")).expect("a text"), YAML);
    // In another encoding every byte would change.
    let utf16: Vec<u8> = YAML.encode_utf16().flat_map(u16::to_le_bytes).collect();
    fs::write(folder.0.join("shop.yaml"), &utf16).expect("the folder is writable");
    let (done, said) = suppress(&folder, &all[0].1, &[]);
    assert!(!done && said.contains("not in UTF-8"), "{said}");
    assert_eq!(fs::read(folder.0.join("shop.yaml")).expect("a file"), utf16);
}

#[cfg(unix)]
#[test]
fn permissions_and_links_stay() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new("suppress-permissions");
    folder.write("real/shop.yaml", YAML);
    let real = folder.0.join("real/shop.yaml");
    fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).expect("the file is ours");
    std::os::unix::fs::symlink("real/shop.yaml", folder.0.join("link.yaml")).expect("links can be made");
    let all = findings(&folder, &["link.yaml"]);
    let (done, said) = suppress(&folder, &all[0].1, &["link.yaml"]);
    assert!(done, "{said}");
    assert!(folder.0.join("link.yaml").is_symlink());
    assert_eq!(fs::metadata(&real).expect("a file").permissions().mode() & 0o777, 0o640);
    assert!(inserted(YAML, &fs::read_to_string(&real).expect("a text")).is_some());
}

#[test]
fn the_list_says_what_expires() {
    let folder = Folder::new("suppressions-list");
    let text = YAML
        .replace("\t# old", " # oasguard: ignore[transport] reason=the VPN until=2026-12-01")
        .replace("get:   ", "get: # oasguard: public reason=prices")
        .replace("# The shop", "# oasguard: ignore-file[inventory] until=2026-11-01");
    folder.write("shop.yaml", &text);
    let list = |more: &[&str]| {
        let output = folder.run(&[&["suppressions", "list", "--today", "2026-11-22"], more].concat());
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("a text")
    };
    assert_eq!(
        list(&[]),
        "shop.yaml:1:3  ignore[inventory]  0 occurrences  expired after 2026-11-01  no reason given\n\
         shop.yaml:5:32  ignore[transport]  1 occurrence  until 2026-12-01  the VPN\n\
         shop.yaml:8:12  public  1 operation  prices\n3 directives\n"
    );
    assert_eq!(list(&["--expiring", "8d"]).lines().count(), 2);
    assert_eq!(list(&["--expiring", "9d"]).lines().count(), 3);
    let json: Value = serde_json::from_str(&list(&["--output-format", "json"])).expect("JSON");
    assert_eq!(json["suppressions"].as_array().map(Vec::len), Some(3));
    let schema = include_str!("../../schemas/suppressions-v1.schema.json");
    let schema: Value = serde_json::from_str(schema).expect("the schema is JSON");
    let schema = jsonschema::draft202012::new(&schema).expect("the schema is a schema");
    let faults: Vec<_> = schema.iter_errors(&json).map(|error| error.to_string()).collect();
    report(&faults);
}

#[test]
fn every_command_heeds_what_is_said() {
    let folder = Folder::new("suppress-commands");
    let text = YAML.replace("get:   ", "get: # oasguard: public reason=prices");
    folder.write("shop.yaml", &text);
    let matrix = folder.run(&["matrix", "shop.yaml"]);
    let shown = String::from_utf8_lossy(&matrix.stdout).into_owned();
    assert!(shown.contains("the document asserts it: prices"), "{shown}");
    let verbose = String::from_utf8(folder.run(&["lint", "-v"]).stdout).expect("a text");
    assert!(verbose.contains("GET /orders: the document asserts it: prices"), "{verbose}");
    let output = folder.run(&["lint", "--no-inline-suppression", "-v"]);
    assert!(!String::from_utf8_lossy(&output.stdout).contains("asserts"));
    folder.write("shop.yaml", &text.replace("\t# old", " # oasguard: ignore[transport] reason=a"));
    let output = folder.run(&["lint"]);
    let summary = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(summary, "1 document linted, 0 skipped, 0 failed, 1 suppressed\n");
}

/// Real documents: each finding is suppressed, and then exactly this one is gone, or it is refused and nothing written.
#[test]
fn findings_of_real_documents_are_suppressed_or_refused_honestly() {
    let Some((_, files)) = corpus() else { return };
    let is_root = |path: &&std::path::PathBuf| {
        let text = fs::read_to_string(path).unwrap_or_default();
        let starts = ["openapi:", "swagger:", "\"openapi\"", "\"swagger\""];
        text.len() < 200_000
            && text.lines().any(|line| starts.iter().any(|start| line.trim().starts_with(start)))
    };
    let roots: Vec<_> = files.iter().filter(is_root).collect();
    let sample: Vec<_> = roots.iter().step_by((roots.len() / 40).max(1)).collect();
    let results = sample.par_iter().enumerate().map(|(number, path)| {
        let folder = Folder::new(&format!("suppress-corpus-{number}"));
        let name = Path::new(path).file_name().and_then(|name| name.to_str()).expect("a name");
        let text = fs::read(path).expect("a document");
        fs::write(folder.0.join(name), &text).expect("the folder is writable");
        let all = findings(&folder, &[name]);
        let (mut done, mut refused, mut faults) = (0, 0, Vec::new());
        for (rule, fingerprint, _) in all.iter().step_by((all.len() / 4).max(1)) {
            fs::write(folder.0.join(name), &text).expect("the folder is writable");
            let (is_done, said) = suppress(&folder, fingerprint, &[name]);
            let after = fs::read(folder.0.join(name)).expect("a document");
            if !is_done {
                refused += 1;
                println!("{name}: {rule}: {said}");
                if after != text || !said.contains("put it into the configuration") && !said.contains("UTF-8")
                {
                    faults.push(format!("{name}: {rule}: {said}"));
                }
                continue;
            }
            done += 1;
            let expected: Vec<_> = all.iter().filter(|finding| finding.1 != *fingerprint).collect();
            if !findings(&folder, &[name]).iter().eq(expected) {
                faults.push(format!("{name}: {rule}: other findings"));
            }
            let texts = [&text, &after].map(|bytes| String::from_utf8_lossy(bytes));
            if inserted(&texts[0], &texts[1]).is_none() {
                faults.push(format!("{name}: {rule}: more than one place has changed"));
            }
        }
        (done, refused, faults)
    });
    let results: Vec<_> = results.collect();
    let (done, refused) = results.iter().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    println!("{} documents: {done} findings suppressed, {refused} refused", sample.len());
    report(&results.into_iter().flat_map(|one| one.2).collect::<Vec<_>>());
    assert!(done > 0);
}
