//! Reports of the program: every format in every situation, and several of one run.

use std::fs;
use std::process::Output;

use serde_json::Value;

use crate::cli::{BROKEN, CLEAN, CLEARTEXT, Folder, command, last_line, text};
use crate::consumers::tables;

const FORMATS: [&str; 13] = [
    "full", "concise", "gcc", "json", "json-lines", "sarif", "github", "gitlab", "junit", "checkstyle",
    "rdjson", "markdown", "csv",
];

/// Fails unless the text is one well-formed document of its format.
fn read(format: &str, text: &str) {
    match format {
        "json" | "sarif" | "gitlab" | "rdjson" => {
            serde_json::from_str::<Value>(text).unwrap_or_else(|error| panic!("{format}: {error}\n{text}"));
        }
        "json-lines" => {
            let is_json = |line| serde_json::from_str::<Value>(line).is_ok();
            assert!(!text.is_empty() && text.lines().all(is_json), "{text}");
        }
        "junit" | "checkstyle" => drop(tables::parsed(text)),
        "csv" => {
            let mut reader = csv::Reader::from_reader(text.as_bytes());
            assert_eq!(reader.headers().expect("it has a header").len(), 16);
            assert!(reader.records().all(|record| record.is_ok()), "{text}");
        }
        "markdown" => assert!(text.starts_with("### oasguard\n\n**"), "{text}"),
        "github" => {
            let form = regex::Regex::new(r"^::(error|warning|notice) file=[^,:]+(,[A-Za-z]+=[^,:]+)*::.+$");
            let form = form.expect("the form is an expression");
            assert!(text.lines().all(|line| form.is_match(line)), "{text}");
        }
        _ => assert!(text.is_empty() || text.ends_with('\n'), "{text}"),
    }
}

/// A folder with documents of every kind.
fn situations(name: &str) -> Folder {
    let folder = Folder::new(&format!("outputs-{name}"));
    folder.write("clean.yaml", CLEAN);
    folder.write("clean/two.yaml", CLEAN);
    folder.write("cleartext.json", CLEARTEXT);
    folder.write("cleartext/ä,b:c 100%.json", CLEARTEXT);
    folder.write("broken.yaml", BROKEN);
    folder.write("lost.yaml", include_str!("../../testdata/err/lost-reference.yaml"));
    folder.write("empty/readme.md", "# Nothing\n");
    folder
}

#[test]
fn every_format_is_one_document_in_every_situation() {
    let folder = situations("all");
    for (paths, code) in [
        (&["empty"][..], 2),
        (&["empty", "--allow-empty"], 0),
        (&["no-such-file"], 2),
        (&["*.raml", "a\nb"], 2),
        (&["clean.yaml"], 0),
        (&["clean.yaml", "clean"], 0),
        (&["cleartext.json"], 1),
        (&["cleartext.json", "cleartext"], 1),
        (&["cleartext", "--fail-on", "never"], 0),
        (&["broken.yaml"], 2),
        (&["lost.yaml"], 2),
        (&["."], 2),
    ] {
        let mut last = String::new();
        for format in FORMATS {
            let output = folder.run(&[&["lint", "--output-format", format], paths].concat());
            assert_eq!(output.status.code(), Some(code), "{format} {paths:?}: {}", text(&output.stderr));
            let said = text(&output.stdout);
            read(format, &said);
            let acts = |c: char| c.is_control() && !matches!(c, '\n' | '\r');
            assert!(!said.chars().any(acts), "{format} {paths:?}: {said:?}");
            if !last.is_empty() {
                assert_eq!(last_line(&output), last, "{format} {paths:?}");
            }
            last = last_line(&output);
        }
        // The same documents as files of one run.
        let reports: Vec<String> = FORMATS.iter().map(|format| format!("{format}=out/{format}")).collect();
        fs::create_dir_all(folder.0.join("out")).expect("the folder is writable");
        let options: Vec<&str> = reports.iter().flat_map(|report| ["--report", report]).collect();
        let output = folder.run(&[&["lint", "--exclude", "out"], paths, &options[..]].concat());
        assert_eq!(output.status.code(), Some(code), "{paths:?}");
        for format in FORMATS {
            let alone =
                folder.run(&[&["lint", "--exclude", "out", "--output-format", format], paths].concat());
            let file = fs::read(folder.0.join("out").join(format)).expect("the report was written");
            assert_eq!(text(&file), text(&alone.stdout), "{format} {paths:?}");
        }
        assert_eq!(output.stdout, fs::read(folder.0.join("out/full")).expect("it was written"));
        fs::remove_dir_all(folder.0.join("out")).expect("the folder is writable");
    }
}

#[test]
fn a_lenient_gate_turns_no_error_into_success_in_any_format() {
    let folder = situations("lenient");
    for path in ["empty", "no-such-file", "*.raml", "broken.yaml", "lost.yaml"] {
        for format in FORMATS {
            let output = folder.run(&["lint", "--output-format", format, "--fail-on", "never", path]);
            assert_eq!(output.status.code(), Some(2), "{format} {path}: {}", text(&output.stderr));
        }
    }
}

#[test]
fn paths_are_relative_to_the_repository_where_the_consumer_wants_that() {
    let folder = situations("root");
    folder.write("api/v1/shop.json", CLEARTEXT);
    let inside = folder.0.join("api");
    let lint = |format: &str| {
        let output = command(&inside, &["lint", "v1/shop.json", "--output-format", format]).output();
        text(&output.expect("the program starts").stdout)
    };
    for format in ["sarif", "github", "gitlab", "junit", "markdown"] {
        assert!(lint(format).contains("api/v1/shop.json"), "{format}");
    }
    for format in ["rdjson", "checkstyle", "csv", "json", "concise"] {
        let text = lint(format);
        assert!(text.contains("v1/shop.json") && !text.contains("api/v1/shop.json"), "{format}");
    }
    let output =
        command(&inside, &["lint", "v1/shop.json", "--root", "v1", "--output-format", "gitlab"]).output();
    let text = text(&output.expect("the program starts").stdout);
    assert!(text.contains(r#""path": "shop.json""#), "`--root` names the root: {text}");
}

#[test]
fn standard_output_has_one_report() {
    let folder = situations("stdout");
    let run = |arguments: &[&str]| folder.run(&[&["lint", "clean.yaml"], arguments].concat());
    let output = run(&["--report", "sarif=-"]);
    read("sarif", &text(&output.stdout));
    assert_eq!(output.status.code(), Some(0));
    let output = run(&["--report", "json=-", "--output-format", "junit", "-o", "out.xml"]);
    read("json", &text(&output.stdout));
    read("junit", &fs::read_to_string(folder.0.join("out.xml")).expect("it was written"));
    for refused in [
        &["--report", "sarif=-", "--report", "json=-"][..],
        &["--report", "sarif=-", "--output-format", "json"],
        &["--report", "sarif=a.sarif", "--report", "json=a.sarif"],
        &["--report", "sarif=a.sarif", "-o", "a.sarif"],
        &["--report", "sarif=no-such-folder/a.sarif"],
        &["--report", "sarif"],
        &["--report", "sarif="],
        &["--report", "no\u{1b}[31m=a"],
    ] {
        let output = run(refused);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{refused:?}");
        let said = text(&output.stderr);
        assert!(said.starts_with("error: ") && said.chars().all(|c| c == '\n' || !c.is_control()), "{said}");
        assert!(!folder.0.join("a.sarif").exists(), "{refused:?}: refused before anything is written");
    }
}

#[test]
fn a_report_that_cannot_be_written_spoils_no_other() {
    let folder = situations("spoilt");
    fs::create_dir_all(folder.0.join("taken")).expect("the folder is writable");
    let reports = ["--report", "sarif=taken", "--report", "junit=out.xml"];
    let output = folder.run(&[&["lint", "clean.yaml", "--output-format", "json"], &reports[..]].concat());
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("error: `taken` cannot be written"), "{}", text(&output.stderr));
    read("json", &text(&output.stdout));
    read("junit", &fs::read_to_string(folder.0.join("out.xml")).expect("it was written"));
}

#[test]
fn reports_of_one_run_are_no_input_of_the_next() {
    let folder = situations("input");
    let run = || -> Output {
        folder.run(&[
            "lint", ".", "--report", "json=a.json", "--report", "json-lines=b.json", "--output-format",
            "json",
        ])
    };
    let first = run();
    assert_eq!(text(&first.stdout), text(&run().stdout));
}

#[test]
fn the_environment_of_a_build_server_changes_nothing() {
    let folder = situations("server");
    let plain = folder.run(&["lint", "."]);
    let mut on_github = command(&folder.0, &["lint", "."]);
    on_github.envs([("GITHUB_ACTIONS", "true"), ("CI", "true"), ("GITLAB_CI", "true"), ("TF_BUILD", "True")]);
    assert_eq!(text(&on_github.output().expect("the program starts").stdout), text(&plain.stdout));
}
