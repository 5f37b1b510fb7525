//! The program as a whole: cases in `tests/cmd`, and what needs more than a command line.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::report::collect;

#[test]
fn commands_answer_as_written_down() {
    trycmd::TestCases::new().case("tests/cmd/*.trycmd");
}

/// A folder for one test, removed at its end. It is a repository of its own, so that it is the root of its documents.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("oasguard-cli-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(path.join(".git")).expect("the temporary folder is writable");
        Folder(path)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().expect("a file has a folder")).expect("the folder is writable");
        fs::write(path, text).expect("the folder is writable");
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        command(&self.0, arguments).output().expect("the program starts")
    }

    /// Runs with a text on standard input.
    pub(crate) fn feed(&self, arguments: &[&str], input: &str) -> Output {
        let mut child = command(&self.0, arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut stdin = child.stdin.take().expect("standard input is a pipe");
        stdin.write_all(input.as_bytes()).expect("the program reads");
        drop(stdin);
        child.wait_with_output().expect("the program ends")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

pub(crate) fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_oasguard"));
    command.current_dir(folder).args(arguments);
    for variable in ["NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS", "RUST_BACKTRACE"] {
        command.env_remove(variable);
    }
    command
}

fn package() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

pub(crate) fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).expect("standard output is one JSON document")
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("output is text")
}

pub(crate) fn last_line(output: &Output) -> String {
    text(&output.stderr).lines().last().unwrap_or_default().to_owned()
}

/// The statuses of the documents by path.
pub(crate) fn statuses(report: &Value) -> Vec<(String, String)> {
    let documents = report["documents"].as_array().expect("documents is a list");
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    documents.iter().map(|document| (word(&document["path"]), word(&document["status"]))).collect()
}

pub(crate) const CLEAN: &str = include_str!("../../testdata/ok/notes.yaml");
pub(crate) const CLEARTEXT: &str = include_str!("../../testdata/err/notes-cleartext.json");
pub(crate) const BROKEN: &str = "openapi: 3.0.3\ninfo: { title: x\npaths: {}\n";

#[test]
fn standard_output_is_one_json_document_in_every_situation() {
    let folder = Folder::new("json");
    folder.write("clean.yaml", CLEAN);
    folder.write("clean/two.yaml", CLEAN);
    folder.write("cleartext.json", CLEARTEXT);
    folder.write("cleartext/two.json", CLEARTEXT);
    folder.write("broken.yaml", BROKEN);
    folder.write("broken/two.yaml", BROKEN);
    folder.write("empty/readme.md", "# Nothing\n");
    let schema: Value = serde_json::from_str(include_str!("../../schemas/report-v1.schema.json"))
        .expect("the schema is JSON");
    let schema = jsonschema::validator_for(&schema).expect("the schema is one");
    for (paths, code, counts) in [
        (&["empty"][..], 2, [0, 0, 0]),
        (&["empty", "--allow-empty"], 0, [0, 0, 0]),
        (&["no-such-file"], 2, [0, 0, 1]),
        (&["*.raml", "[", "no\u{1b}[31m"], 2, [0, 0, 3]),
        (&["--files-from", "no-such-list"], 2, [0, 0, 1]),
        (&["clean.yaml"], 0, [1, 0, 0]),
        (&["clean.yaml", "clean", "./clean.yaml"], 0, [2, 0, 0]),
        (&["cleartext.json"], 1, [1, 0, 0]),
        (&["cleartext.json", "cleartext"], 1, [2, 0, 0]),
        (&["broken.yaml"], 2, [0, 0, 1]),
        (&["broken*", "--quiet"], 2, [0, 0, 2]),
        (&[".", "--show-files"], 2, [4, 0, 2]),
        (&[".", "--statistics", "--timings", "--verbose", "--all"], 2, [4, 0, 2]),
        (&["::*.yaml", "./a\nb.yaml"], 2, [0, 0, 2]),
    ] {
        let output = folder.run(&[&["lint", "--output-format", "json"], paths].concat());
        let report = json(&output);
        assert!(schema.is_valid(&report), "{paths:?}");
        assert_eq!(output.status.code(), Some(code), "{paths:?}: {}", text(&output.stderr));
        let summary = &report["summary"]["documents"];
        let [linted, skipped, failed] = counts;
        assert_eq!(
            summary,
            &serde_json::json!({ "linted": linted, "skipped": skipped, "failed": failed }),
            "{paths:?}"
        );
        let plural = if linted == 1 { "" } else { "s" };
        let line = format!("{linted} document{plural} linted, {skipped} skipped, {failed} failed");
        assert_eq!(last_line(&output), line);
        assert!(text(&output.stderr).chars().all(|c| c == '\n' || !c.is_control()));
        in_lines(&folder, paths, &output, &report);
    }
}

/// The formats of lines say the same as the JSON report, in lines that all have their form.
fn in_lines(folder: &Folder, paths: &[&str], output: &Output, report: &Value) {
    let count = |what: &str| report[what].as_array().expect("it is a list").len();
    let (errors, findings) = (count("errors"), count("findings"));
    let word = r"(high|medium|low|info|error)\[[a-z0-9-]+\] \S";
    for (format, form, lines) in [
        ("concise", format!(r"^(?:[^:]|:[^:])[^\n]*?(:[1-9][0-9]*:[1-9][0-9]*)?: {word}"), errors + findings),
        (
            "gcc",
            r"^(?:[^:]|:[^:])[^\n]*?(:[1-9][0-9]*:[1-9][0-9]*)?: (error|warning|note): \S.* \[[a-z0-9-]+\]$"
                .into(),
            errors + findings,
        ),
        ("json-lines", r#"^\{"type":"(tool|document|error|finding|summary)",.*\}$"#.into(), {
            count("documents") + errors + findings + 2
        }),
    ] {
        let written = folder.run(&[&["lint", "--output-format", format], paths].concat());
        assert_eq!(written.status, output.status, "{format} {paths:?}");
        assert_eq!(last_line(&written), last_line(output), "{format} {paths:?}");
        let form = regex::Regex::new(&form).expect("the form is an expression");
        let written = text(&written.stdout);
        assert!(written.is_empty() || written.ends_with('\n'), "{format} {paths:?}");
        assert_eq!(written.lines().count(), lines, "{format} {paths:?}: {written}");
        for line in written.lines() {
            assert!(form.is_match(line), "{format} {paths:?}: {line}");
            assert!(!line.chars().any(char::is_control), "{format} {paths:?}: {line:?}");
            if format == "json-lines" {
                serde_json::from_str::<Value>(line).expect("each line is JSON");
            }
        }
    }
}

#[test]
fn completions_name_every_command_and_format() {
    let folder = Folder::new("completions");
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let output = folder.run(&["completions", shell]);
        assert_eq!((output.status.code(), output.stderr.len()), (Some(0), 0), "{shell}");
        let script = text(&output.stdout);
        for word in ["lint", "matrix", "tree", "rules", "explain", "completions", "output-format"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
        // These two scripts do not complete values.
        if !["elvish", "powershell"].contains(&shell) {
            assert!(script.contains("json-lines"), "{shell}");
        }
        assert!(script.chars().all(|c| matches!(c, '\n' | '\t') || !c.is_control()), "{shell}");
    }
    assert_eq!(folder.run(&["completions", "csh"]).status.code(), Some(2));
    assert_eq!(folder.run(&["completions"]).status.code(), Some(2));
}

#[test]
fn a_usage_error_leaves_standard_output_empty_and_the_terminal_alone() {
    let folder = Folder::new("usage");
    for arguments in
        [&["lint", "--select", "no\u{1b}[2J"][..], &["no\u{1b}]0;x\u{7}"], &["lint", "--no\u{202e}"]]
    {
        let output = folder.run(arguments);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
        assert!(text(&output.stderr).chars().all(|c| c == '\n' || !c.is_control() && c != '\u{202e}'));
    }
}

#[test]
fn standard_input_stands_in_for_a_file() {
    let folder = Folder::new("stdin");
    folder.write("notes.yaml", CLEARTEXT);
    folder
        .write("part.yaml", "get: { responses: { '200': { description: x }, '429': { description: x } } }\n");
    let lint = ["lint", "--output-format", "json"];
    let report = json(&folder.feed(&[&lint[..], &["-"]].concat(), CLEAN));
    assert_eq!(statuses(&report), [("<stdin>".to_owned(), "linted".to_owned())]);

    // The saved file would have a finding.
    let output = folder.feed(&[&lint[..], &["-", ".", "--stdin-filename", "notes.yaml"]].concat(), CLEAN);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stdout));
    let report = json(&output);
    assert_eq!(report["documents"][0]["path"], "notes.yaml");

    // References work from where the file would be, also if it is not there yet.
    let unsaved = CLEAN.replace("  /notes:\n", "  /part: { $ref: part.yaml }\n  /notes:\n");
    let output = folder.feed(&[&lint[..], &["-", "--stdin-filename", "new.yaml"]].concat(), &unsaved);
    let report = json(&output);
    assert_eq!(report["documents"][0]["files"], serde_json::json!(["part.yaml"]));
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stdout));

    let output = folder.feed(&["matrix", "-"], CLEAN);
    assert!(text(&output.stdout).starts_with("<stdin>: OpenAPI 3.1.0\n"));
    let output = folder.feed(&["lint", "-", "--max-file-size", "10"], CLEAN);
    assert!(text(&output.stdout).starts_with("error[limit-exceeded]"));
}

#[test]
fn a_list_of_files_is_read_by_lines_or_by_nul() {
    let folder = Folder::new("list");
    folder.write("a b.yaml", CLEAN);
    folder.write("[c].yaml", CLEAN);
    folder.write("list", "a b.yaml\r\n\n[c].yaml\n");
    let from_file = folder.run(&["lint", "--output-format", "json", "--files-from", "list"]);
    let from_stdin =
        folder.feed(&["lint", "--output-format", "json", "--files-from", "-"], "a b.yaml\0[c].yaml\0");
    assert_eq!(statuses(&json(&from_file)).len(), 2);
    assert_eq!(from_file.stdout, from_stdin.stdout);
    assert_eq!(
        folder.feed(&["lint", "--files-from", "-"], "").status.code(),
        Some(2),
        "no files is no success"
    );
    let lost = folder.feed(&["lint", "--output-format", "json", "--files-from", "-"], "*.yaml\n");
    assert_eq!(json(&lost)["errors"][0]["rule"], "unreadable", "a list holds no globs");
}

#[test]
fn ignored_and_hidden_files_are_looked_at_on_demand() {
    let folder = Folder::new("ignore");
    for name in
        ["api.yaml", "build/api.yaml", ".hidden/api.yaml", ".git/api.yaml", "notes.txt", "sub/UPPER.YML"]
    {
        folder.write(name, CLEAN);
    }
    folder.write(".gitignore", "build/\n");
    let paths = |arguments: &[&str]| {
        let output = folder.run(&[&["lint", "--output-format", "json"], arguments].concat());
        statuses(&json(&output)).into_iter().map(|(path, _)| path).collect::<Vec<_>>()
    };
    assert_eq!(paths(&[]), ["api.yaml", "sub/UPPER.YML"]);
    assert_eq!(paths(&["--no-ignore"]), [".hidden/api.yaml", "api.yaml", "build/api.yaml", "sub/UPPER.YML"]);
    assert_eq!(paths(&["**/*.[yY]*[lL]"]), ["api.yaml", "sub/UPPER.YML"]);
    assert_eq!(
        paths(&["build/api.yaml", "notes.txt", ".hidden"]),
        [".hidden/api.yaml", "build/api.yaml", "notes.txt"]
    );
    assert_eq!(paths(&["s*"]), ["sub/UPPER.YML"], "a glob that matches a folder searches it");
    assert_eq!(
        paths(&["--no-ignore", "--exclude", "build", "--exclude", ".hidden/**"]),
        ["api.yaml", "sub/UPPER.YML"]
    );
    // Outside a repository as well.
    fs::remove_dir_all(folder.0.join(".git")).expect("the folder is writable");
    assert_eq!(paths(&[]), ["api.yaml", "sub/UPPER.YML"]);
}

#[cfg(unix)]
#[test]
fn links_do_not_lead_out_of_the_root() {
    use std::os::unix::fs::symlink;
    let folder = Folder::new("links");
    let outside = Folder::new("links-outside");
    outside.write("secret.yaml", CLEAN);
    folder.write("real/api.yaml", CLEAN);
    symlink(&outside.0, folder.0.join("folder")).expect("links can be made");
    symlink(outside.0.join("secret.yaml"), folder.0.join("file.yaml")).expect("links can be made");
    symlink("real", folder.0.join("inside")).expect("links can be made");
    symlink(".", folder.0.join("loop")).expect("links can be made");
    symlink("nowhere", folder.0.join("lost.yaml")).expect("links can be made");
    let output = folder.run(&["lint", "--output-format", "json"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stdout));
    assert_eq!(statuses(&json(&output)).len(), 1, "one file under several names is one file");
    assert!(!text(&output.stdout).contains("secret"));

    // What is named may lie anywhere; what it refers to through a link may not.
    assert_eq!(folder.run(&["lint", "file.yaml"]).status.code(), Some(0));
    folder.write(
        "refers.yaml",
        &CLEAN.replace("  /notes:\n", "  /x: { $ref: 'folder/secret.yaml#/x' }\n  /notes:\n"),
    );
    let report = json(&folder.run(&["lint", "--output-format", "json", "refers.yaml"]));
    assert_eq!(report["documents"][0]["files"], serde_json::json!([]));
    assert_eq!(report["findings"][0]["rule"], "ref-outside-root");
}

#[test]
fn nothing_outside_the_root_is_read() {
    let folder = Folder::new("escape");
    folder.write("escape.yaml", include_str!("../../testdata/err/escape.yaml"));
    let output = folder.run(&["lint", "--output-format", "json", "escape.yaml"]);
    let report = json(&output);
    let found = report["findings"].as_array().expect("findings is a list");
    let of = |rule: &str| found.iter().filter(|finding| finding["rule"] == rule).count();
    assert_eq!((of("ref-outside-root"), of("remote-ref"), found.len()), (3, 1, 4));
    assert_eq!(report["documents"][0]["files"], serde_json::json!([]));
    assert!(!text(&output.stdout).contains("root:"), "no line of /etc/passwd is shown");
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn a_report_file_is_whole_or_as_it_was() {
    let folder = Folder::new("output");
    folder.write("cleartext.json", CLEARTEXT);
    let arguments = ["lint", "--output-format", "json", "-o", "report.json"];
    let first = folder.run(&arguments);
    assert_eq!((first.status.code(), first.stdout.len()), (Some(1), 0));
    let read = || fs::read(folder.0.join("report.json")).expect("the report was written");
    let report = read();
    assert_eq!(statuses(&serde_json::from_slice(&report).expect("the report is JSON")).len(), 1);
    // The report of the first run is no input of the second.
    folder.run(&arguments);
    assert_eq!(read(), report);
    // A usage error comes before anything is written.
    folder.run(&[&arguments[..], &["--select", "nonsense"]].concat());
    assert_eq!(read(), report);
    let names = fs::read_dir(&folder.0).expect("the folder is readable").count();
    assert_eq!(names, 3, "no temporary file is left");
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let folder = Folder::new("pipe");
    let paths: String =
        (0..400).map(|n| format!("  /n{n}/{{id}}: {{ post: {{ description: {n} }} }}\n")).collect();
    let document = format!("openapi: 3.0.3\ninfo: {{ title: x, version: '1' }}\npaths:\n{paths}");
    folder.write("big.yaml", &document);
    for format in ["json", "full", "json-lines", "concise", "gcc"] {
        let mut child = command(&folder.0, &["lint", "--all", "--output-format", format])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut line = String::new();
        let mut out = BufReader::with_capacity(16, child.stdout.take().expect("standard output is a pipe"));
        out.read_line(&mut line).expect("there is a line");
        drop(out);
        let mut stderr = String::new();
        child
            .stderr
            .take()
            .expect("standard error is a pipe")
            .read_to_string(&mut stderr)
            .expect("it is text");
        assert_eq!(stderr, "1 document linted, 0 skipped, 0 failed\n");
        assert_eq!(child.wait().expect("the program ends").code(), Some(1));
    }
}

#[cfg(unix)]
#[test]
fn an_interruption_leaves_the_old_file_or_the_new_one() {
    let folder = Folder::new("interrupt");
    let paths: String =
        (0..3000).map(|n| format!("  /n{n}/{{id}}: {{ post: {{ description: {n} }} }}\n")).collect();
    folder.write("big.yaml", &format!("openapi: 3.0.3\ninfo: {{ title: x, version: '1' }}\npaths:\n{paths}"));
    let arguments = ["lint", "big.yaml", "--profile", "auditor", "--output-format", "json", "-o", "out.json"];
    folder.run(&arguments);
    let whole = fs::read(folder.0.join("out.json")).expect("the report was written");
    let mut interrupted = 0;
    for delay in 0..40 {
        folder.write("out.json", "old");
        let mut child =
            command(&folder.0, &arguments).stderr(Stdio::piped()).spawn().expect("the program starts");
        std::thread::sleep(std::time::Duration::from_millis(5 * delay));
        let _ = Command::new("kill").args(["-s", "INT", &child.id().to_string()]).status();
        let code = child.wait().expect("the program ends").code();
        let mut stderr = String::new();
        child.stderr.take().expect("a pipe").read_to_string(&mut stderr).expect("it is text");
        assert!(!stderr.contains("panicked") && !stderr.contains("error"), "{stderr}");
        let written = fs::read(folder.0.join("out.json")).expect("a file is there");
        assert!(written == b"old" || written == whole, "half a file after {delay}");
        let names = fs::read_dir(&folder.0).expect("the folder is readable").count();
        assert_eq!(names, 3, "no temporary file is left after {delay}");
        match code {
            Some(130) => interrupted += 1,
            Some(1) => assert!(written == whole),
            // Before the handler is in place, the signal ends the program at once.
            None => assert_eq!(written, b"old"),
            Some(code) => panic!("exit code {code}: {stderr}"),
        }
    }
    assert!(interrupted > 0);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error_and_no_report() {
    let folder = Folder::new("full");
    folder.write("cleartext.json", CLEARTEXT);
    for arguments in [
        &["lint", "--output-format", "json", "-o", "/dev/full"][..],
        &["lint", "-o", "/dev/full", "--output-format", "concise"],
    ] {
        let output = folder.run(arguments);
        assert_eq!(output.status.code(), Some(2));
        let stderr = text(&output.stderr);
        assert!(stderr.contains("`/dev/full` cannot be written: No space left on device"), "{stderr}");
    }
}

#[test]
fn colors_are_asked_for_or_forced() {
    let folder = Folder::new("color");
    folder.write("cleartext.json", CLEARTEXT);
    for (arguments, variables, colored) in [
        (&["lint"][..], &[][..], false),
        (&["lint", "--color", "always"], &[("NO_COLOR", "1")], true),
        (&["lint"], &[("FORCE_COLOR", "1")], true),
        (&["lint", "--color", "never"], &[("FORCE_COLOR", "1")], false),
        (&["lint"], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], false),
    ] {
        let output = command(&folder.0, arguments).envs(variables.iter().copied()).output();
        let output = output.expect("the program starts");
        assert_eq!(text(&output.stdout).contains('\u{1b}'), colored, "{arguments:?} {variables:?}");
    }
}

#[test]
fn the_matrix_is_valid_against_its_schema() {
    let schema: Value = serde_json::from_str(include_str!("../../schemas/matrix-v1.schema.json"))
        .expect("the schema is JSON");
    let validator = jsonschema::validator_for(&schema).expect("the schema is one");
    for file in [
        "demo/shop.yaml", "err/events.yaml", "multi/openapi.yaml", "err/unclosed.yaml", "ok/package.json",
        "no",
    ] {
        let path = format!("testdata/{file}");
        let output = command(&package(), &["matrix", "--output-format", "json", &path]).output();
        let matrix = json(&output.expect("the program starts"));
        assert!(validator.is_valid(&matrix), "{file}: {:?}", validator.iter_errors(&matrix).next());
        let is_read = matrix["document"].is_object();
        assert_eq!(is_read, matrix["errors"].as_array().is_some_and(Vec::is_empty));
        assert_eq!(is_read, !matrix["operations"].as_array().is_some_and(Vec::is_empty));
    }
}

#[test]
fn the_list_of_rules_is_valid_against_its_schema() {
    let schema: Value =
        serde_json::from_str(include_str!("../../schemas/rules-v1.schema.json")).expect("the schema is JSON");
    let validator = jsonschema::validator_for(&schema).expect("the schema is one");
    let output = command(&package(), &["rules", "--output-format", "json"]).output();
    let good = json(&output.expect("the program starts"));
    assert!(validator.is_valid(&good), "{:?}", validator.iter_errors(&good).next());
    let rules = good["rules"].as_array().expect("a list of rules");
    assert_eq!(rules.len(), oasguard::rules::all().len());
    for (rule, listed) in oasguard::rules::all().iter().zip(rules) {
        let options = listed["options"].as_array().expect("a list of options");
        let named = options.iter().map(|option| option["name"].as_str().expect("a name"));
        assert!(named.eq(rule.options.iter().map(|option| option.name)), "{}", rule.id);
    }
    let mut endless = rules.iter().filter_map(|rule| {
        let options = rule["options"].as_array()?.iter();
        options.enumerate().find(|(_, option)| option["name"] == "endless").map(|(at, _)| (rule, at))
    });
    let (rule, at) = endless.next_back().expect("`unbounded-string` has it");
    let option = serde_json::json!({
        "name": "endless", "kind": "integer", "default": 1_000_000, "least": 1, "most": 1_000_000_000,
        "summary": "a `maxLength` of so many characters or more is no limit",
    });
    assert_eq!((&rule["id"], &rule["options"][at]), (&serde_json::json!("unbounded-string"), &option));
    for key in option.as_object().expect("an object").keys() {
        let mut broken = good.clone();
        let place = rules.iter().position(|other| other["id"] == rule["id"]).expect("it is there");
        let object = broken["rules"][place]["options"][at].as_object_mut().expect("an object");
        object.remove(key);
        assert!(!validator.is_valid(&broken), "valid without {key}");
    }
    // Every field that we write is required.
    let mut pointers = Vec::new();
    collect(&good, String::new(), &mut pointers);
    let first = pointers.iter().filter(|pointer| !pointer.contains("s/") || pointer.contains("s/0/"));
    for pointer in first {
        let (parent, key) = pointer.rsplit_once('/').expect("a pointer has a token");
        let mut broken = good.clone();
        let object = broken.pointer_mut(parent).expect("the pointer was collected");
        object.as_object_mut().expect("its parent is an object").remove(key);
        assert!(!validator.is_valid(&broken), "valid without {pointer}");
        let mut broken = good.clone();
        *broken.pointer_mut(pointer).expect("the pointer was collected") = serde_json::json!(-1.5);
        assert!(!validator.is_valid(&broken), "valid with a number for {pointer}");
    }
}

/// Documents in an order that is another one for each number.
fn shuffled(mut files: Vec<String>, number: usize) -> Vec<String> {
    let mut state = number as u64 + 1;
    for at in (1..files.len()).rev() {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        files.swap(at, (state >> 33) as usize % (at + 1));
    }
    files
}

/// The documents of a folder; of a large one, every seventh that is not too large.
fn documents(folder: &Path) -> Vec<String> {
    let mut files = Vec::new();
    let mut pending = vec![folder.to_owned()];
    while let Some(folder) = pending.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let is_small = entry.metadata().is_ok_and(|metadata| metadata.len() < 300_000);
            match path.extension().and_then(|extension| extension.to_str()) {
                _ if path.is_dir() => pending.push(path),
                Some("yaml" | "yml" | "json") if is_small => files.push(path.display().to_string()),
                _ => {}
            }
        }
    }
    files.sort();
    if files.len() > 100 { files.into_iter().step_by(7).collect() } else { files }
}

#[test]
fn equal_input_gives_equal_bytes() {
    let corpus =
        std::env::var_os("TEST_OASGUARD_CORPUS").map_or(package().join("../shared/corpus"), PathBuf::from);
    for (folder, format) in [
        (package().join("testdata"), "full"),
        (package().join("testdata"), "json"),
        (package().join("testdata"), "json-lines"),
        (corpus, "json"),
    ] {
        let files = documents(&folder);
        if files.is_empty() {
            continue;
        }
        let run = |number: usize| {
            let threads = ["1", "2", "8"][number % 3];
            let mut arguments = vec!["lint", "--output-format", format, "--threads", threads];
            let files = shuffled(files.clone(), number);
            arguments.extend(files.iter().map(String::as_str));
            command(&package(), &arguments).output().expect("the program starts")
        };
        let first = run(0);
        assert!(last_line(&first).contains("linted"));
        for number in 1..20 {
            let next = run(number);
            let same =
                next.stdout == first.stdout && next.stderr == first.stderr && next.status == first.status;
            assert!(same, "run {number} of {} differs", folder.display());
        }
    }
}
