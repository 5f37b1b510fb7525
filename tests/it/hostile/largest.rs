//! The largest input that is read, and the largest output: bounded memory, linear time. One test, so that what each
//! needs never adds up.

use std::fs::File;
use std::io::{BufWriter, Write};

use oasguard::report::{Full, concise, full, gcc, json, json_lines};

use super::program::{Ended, bounded};
use super::*;
use crate::cli::{Folder, statuses};

/// What the program needs on its own, threads included.
const BASE: u64 = 64 << 20;

const MB: u64 = 1_000_000;

#[test]
fn the_largest_inputs_and_outputs_are_bounded() {
    let folder = Folder::new("largest");
    documents_of_200_mb(&folder);
    what_is_too_large_is_not_read(&folder);
    a_million_findings_are_ten_times_as_much_as_100_000(&folder);
    a_million_findings_are_in_every_format();
    a_long_way_is_not_repeated_by_each_finding(&folder);
    folders_of_50_000_files(&Folder::new("folder"));
}

/// Writes a file of so many bytes at least: a head, numbered items with a separator, an end.
fn written(
    folder: &Folder,
    name: &str,
    [head, separator, end]: [&str; 3],
    bytes: u64,
    item: impl Fn(usize) -> String,
) -> u64 {
    let mut out = BufWriter::new(File::create(folder.0.join(name)).expect("the folder is writable"));
    let mut length = (head.len() + end.len()) as u64;
    out.write_all(head.as_bytes()).expect("there is room");
    for number in 0.. {
        let item = item(number);
        let separator = if number > 0 { separator } else { "" };
        write!(out, "{separator}{item}").expect("there is room");
        length += (separator.len() + item.len()) as u64;
        if length >= bytes {
            break;
        }
    }
    write!(out, "{end}").and_then(|()| out.flush()).expect("there is room");
    length
}

/// The rules and messages of a run in `concise`, without the places.
fn messages(ended: &Ended) -> Vec<String> {
    let text = String::from_utf8_lossy(&ended.stdout);
    text.lines().map(|line| line.splitn(4, ':').nth(3).unwrap_or_default().to_owned()).collect()
}

fn documents_of_200_mb(folder: &Folder) {
    let prose = "d".repeat(84);
    let json = |number: usize| {
        let lines = format!("{prose}\\n").repeat(10);
        format!(
            r#""/p{number}/{{id}}":{{"post":{{"description":"{lines}","parameters":[{{"in":"query","name":"limit","schema":{{"type":"integer"}}}}],"responses":{{"200":{{}}}}}}}}"#
        )
    };
    let yaml = |number: usize| {
        let lines = format!("        {prose}\n").repeat(10);
        format!(
            "  /p{number}/{{id}}:\n    post:\n      description: |\n{lines}      parameters:\n      - in: query\n        name: limit\n        schema: {{type: integer}}\n      responses:\n        '200': {{}}\n"
        )
    };
    let said = |name: &str, most: u64| {
        let ended = bounded(&folder.0, &["lint", "--output-format", "concise", name], most);
        assert_eq!(ended.code, Some(1), "{name}: {}", ended.stderr);
        assert_eq!(ended.stderr, "1 document linted, 0 skipped, 0 failed\n");
        std::fs::remove_file(folder.0.join(name)).expect("the file is there");
        messages(&ended)
    };
    let size = written(folder, "a.json", [r#"{"openapi":"3.0.3","paths":{"#, ",\n", "}}"], 200 * MB, json);
    let of_json = said("a.json", 9 * size / 2 + BASE);
    assert_eq!(of_json.len(), 4, "{of_json:?}");
    assert!(of_json[0].starts_with(" high[no-security-schemes] "), "{of_json:?}");
    assert!(of_json[1].starts_with(" low[pagination-limit-without-maximum] "), "{of_json:?}");
    let size = written(folder, "a.yaml", ["openapi: 3.0.3\npaths:\n", "", ""], 200 * MB, yaml);
    let of_yaml = said("a.yaml", 9 * size / 2 + BASE);
    let rules = |messages: &[String]| -> Vec<String> {
        messages.iter().map(|message| message.split(']').next().unwrap_or_default().to_owned()).collect()
    };
    assert_eq!(rules(&of_json), rules(&of_yaml));

    // Not half of it is text: the more nodes, the more memory.
    let schema = |number: usize| {
        format!(
            r#""s{number}":{{"type":"object","properties":{{"a":{{"type":"string"}},"b":{{"type":"integer"}}}}}}"#
        )
    };
    let head =
        r#"{"openapi":"3.0.3","servers":[{"url":"http://h.com"}],"paths":{},"components":{"schemas":{"#;
    let size = written(folder, "dense.json", [head, ",", "}}}"], 200 * MB, schema);
    let dense = said("dense.json", 6 * size + BASE);
    assert!(dense.len() == 1 && dense[0].contains("[cleartext-server]"), "{dense:?}");
}

fn what_is_too_large_is_not_read(folder: &Folder) {
    for name in ["large.json", "large.yaml"] {
        let mut file = File::create(folder.0.join(name)).expect("the folder is writable");
        file.write_all(b"{\"openapi\":\"3.0.3\"")
            .and_then(|()| file.set_len(300 * MB))
            .expect("there is room");
    }
    for paths in [&["large.json"][..], &["large.yaml", "large.json"], &["."]] {
        let arguments = [&["lint", "--output-format", "json"], paths].concat();
        let ended = bounded(&folder.0, &arguments, BASE);
        assert_eq!(ended.code, Some(2));
        let report: serde_json::Value = serde_json::from_slice(&ended.stdout).expect("it is JSON");
        let errors = report["errors"].as_array().expect("it is a list");
        assert_eq!(errors.len(), statuses(&report).len());
        for error in errors {
            assert_eq!(error["rule"], "limit-exceeded");
            let message = error["message"].as_str().unwrap_or_default();
            assert!(
                message.ends_with("it has 300000000 bytes, more than the limit of 268435456"),
                "{message}"
            );
        }
    }
}

/// A document whose only findings are so many keys that stand twice.
fn same_keys(count: usize) -> String {
    format!(
        r#"{{"openapi":"3.0.3","paths":{{}},"x":{{{}}}}}"#,
        list(count + 1, ",", |_| r#""k":1"#.to_owned())
    )
}

fn a_million_findings_are_ten_times_as_much_as_100_000(folder: &Folder) {
    let run = |count: usize| {
        folder.write("many.json", &same_keys(count));
        let most = count as u64 * 3000 + BASE;
        let ended = bounded(&folder.0, &["lint", "many.json", "--output-format", "concise"], most);
        assert_eq!((ended.code, ended.lines().count()), (Some(1), count));
        ended.seconds
    };
    if let (Some(few), Some(many)) = (run(100_000), run(1_000_000)) {
        assert!(many < 25.0 * few.max(0.1), "{few} seconds, then {many}");
    }
}

/// 20,000 findings below keys and names that are as long as they may be.
fn a_long_way_is_not_repeated_by_each_finding(folder: &Folder) {
    let count = 20_000;
    let findings = list(count + 1, ",", |_| r#""k":1"#.to_owned());
    let references = list(count, ",", |n| format!(r##""r{n}":{{"$ref":"#/x/{n}"}}"##));
    let key = "k".repeat(60_000);
    let below = format!(r#"{{"{key}":"#).repeat(50);
    let close = "}".repeat(50);
    let name = "n".repeat(5_000_000);
    let parameter = format!(r#"{{"in":"query","name":"{name}","x":{{{findings}}}}}"#);
    for (what, rule, text) in [
        ("a key", "duplicate-key", format!(r#"{{"openapi":"3.0.3","paths":{{}},"{key}":{{{findings}}}}}"#)),
        (
            "keys",
            "duplicate-key",
            format!(r#"{{"openapi":"3.0.3","paths":{{}},"x":{below}{{{findings}}}{close}}}"#),
        ),
        (
            "references",
            "unresolved-ref",
            format!(
                r#"{{"openapi":"3.0.3","components":{{"schemas":{{"{key}":{{"properties":{{{references}}}}}}}}}}}"#
            ),
        ),
        (
            "a parameter",
            "duplicate-key",
            format!(r#"{{"openapi":"3.0.3","paths":{{"/a":{{"get":{{"parameters":[{parameter}]}}}}}}}}"#),
        ),
    ] {
        folder.write("long.json", &text);
        let most = 4 * text.len() as u64 + count as u64 * 10_000 + BASE;
        let ended = bounded(&folder.0, &["lint", "long.json", "--output-format", "json-lines"], most);
        let wanted = format!("{{\"type\":\"finding\",\"rule\":\"{rule}\"");
        let found = ended.lines().filter(|line| line.starts_with(wanted.as_bytes())).count();
        assert_eq!(found, count, "{what}: {}", ended.stderr);
        assert!(ended.stdout.len() < count * 20_000, "{what}: {} bytes", ended.stdout.len());
    }
}

/// Counts bytes and lines, and those that start in a certain way.
struct Counted<'c> {
    lines: usize,
    wanted: usize,
    start: &'c [u8],
    line: Vec<u8>,
}

impl Write for Counted<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            let room = self.start.len() - self.line.len().min(self.start.len());
            self.line.extend_from_slice(&part[..part.len().min(room)]);
            if part.ends_with(b"\n") {
                self.lines += 1;
                self.wanted += usize::from(self.line.starts_with(self.start));
                self.line.clear();
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn a_million_findings_are_in_every_format() {
    let count = 1_000_000;
    let report = hostile("a million findings", &[("a.json", same_keys(count))]);
    assert_eq!(said(&report), [("duplicate-key", count)].into());
    let every = Full { all: true, ..Full::default() };
    let first = Full::default();
    for (format, start, wanted) in [
        ("concise", "a.json:1:", count),
        ("gcc", "a.json:1:", count),
        ("json", "      \"fingerprint\":", count),
        ("json-lines", "{\"type\":\"finding\",", count),
        ("full --all", "high[duplicate-key]: ", count),
        ("full", "high[duplicate-key]: ", 5),
    ] {
        let started = Instant::now();
        let mut out = Counted { lines: 0, wanted: 0, start: start.as_bytes(), line: Vec::new() };
        let written = match format {
            "concise" => concise(&report, &mut out),
            "gcc" => gcc(&report, &mut out),
            "json" => json(&report, &mut out),
            "json-lines" => json_lines(&report, &mut out),
            "full --all" => full(&report, &every, &mut out),
            _ => full(&report, &first, &mut out),
        };
        written.expect("nothing fails");
        println!("a million findings in {format}: {} lines, {:?}", out.lines, started.elapsed());
        assert_eq!(out.wanted, wanted, "{format}");
    }
}

/// Documents, their parts, broken ones, other files: a tenth of each but the last.
fn folders_of_50_000_files(folder: &Folder) {
    let count = 50_000;
    let each = count / 10;
    for number in 0..count {
        let (name, text) = match number % 10 {
            0 => (
                "document.yaml",
                format!(
                    "openapi: 3.0.3\npaths:\n  /a:\n    post:\n      requestBody: {{content: {{a/b: {{schema: {{$ref: '{}.part.yaml#/S'}}}}}}}}\n",
                    number + 1
                ),
            ),
            1 => ("part.yaml", "S: {type: array}\n".to_owned()),
            2 => ("broken.yml", "openapi: 3.0.3\npaths: [\n".to_owned()),
            3 => ("other.json", "{\"name\": \"openapi is only mentioned\"}".to_owned()),
            4 => ("text.txt", "openapi: 3.0.3".to_owned()),
            _ => ("other.yaml", "a: b\n".to_owned()),
        };
        folder.write(&format!("{number}.{name}"), &text);
    }
    let run = |more: &[&str]| {
        let ended = bounded(&folder.0, &[&["lint", "--profile", "auditor"], more].concat(), 4 * BASE);
        assert_eq!(ended.code, Some(2), "broken documents are errors");
        // Thousands may be grouped.
        let last = ended.stderr.lines().last().unwrap_or_default().replace("5,000", "5000");
        assert_eq!(last, format!("{each} documents linted, {} skipped, {each} failed", 6 * each));
        ended
    };
    let concise = run(&["--output-format", "concise"]);
    let of = |word: &str| concise.lines().filter(|line| String::from_utf8_lossy(line).contains(word)).count();
    assert_eq!((of(" error[syntax-error] "), of("[unbounded-bulk-request] ")), (each, each));
    let listed = run(&["--show-files"]);
    let of = |word: &str| listed.lines().filter(|line| line.starts_with(word.as_bytes())).count();
    assert_eq!([of("linted "), of("fragment "), of("skipped "), of("failed ")], [each, each, 6 * each, each]);
}
