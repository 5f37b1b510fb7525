//! Files that are none, that cannot be read, that go away; outputs that cannot be written; nobody at the other end.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};

use super::program::bounded;
use super::*;
use crate::cli::{Folder, command, json, statuses, text};

const CLEAN: &str = include_str!("../../../testdata/ok/notes.yaml");

/// More than the program needs for anything small.
const SMALL: u64 = 64 << 20;

/// The reason for which the only input was not read.
#[track_caller]
fn refused(folder: &Folder, path: &str) -> String {
    let ended = bounded(&folder.0, &["lint", path, "--output-format", "json"], SMALL);
    assert_eq!(ended.code, Some(2), "{path}");
    let report: serde_json::Value = serde_json::from_slice(&ended.stdout).expect("it is JSON");
    assert_eq!(report["errors"][0]["rule"], "unreadable", "{path}");
    report["errors"][0]["message"].as_str().unwrap_or_default().to_owned()
}

#[cfg(target_os = "linux")]
#[test]
fn what_is_no_file_is_neither_waited_for_nor_read_without_end() {
    let folder = Folder::new("kinds");
    let made = Command::new("mkfifo").arg(folder.0.join("pipe.json")).status().expect("mkfifo runs");
    assert!(made.success());
    let _socket = std::os::unix::net::UnixListener::bind(folder.0.join("socket.yaml")).expect("a socket");
    for link in ["zero", "random", "null", "full"] {
        std::os::unix::fs::symlink(Path::new("/dev").join(link), folder.0.join(format!("{link}.yml")))
            .expect("a link");
    }
    let names = ["pipe.json", "socket.yaml", "zero.yml", "random.yml", "null.yml", "full.yml", "/dev/zero"];
    for name in names {
        let reason = refused(&folder, name);
        assert!(reason.ends_with("it is not a regular file"), "{reason}");
        // A document may refer to it as well.
        let text = with_schemas(&format!(r#""s0":{{"$ref":"{name}#/a"}}"#));
        folder.write("refers.json", &text);
        let ended = bounded(&folder.0, &["lint", "refers.json", "--output-format", "concise"], SMALL);
        assert_eq!(ended.code, Some(2), "{name}");
        let said = String::from_utf8_lossy(&ended.stdout).into_owned();
        let is_told = ["[unreadable]", "[ref-outside-root]"].iter().any(|rule| said.contains(rule));
        assert!(is_told, "{name}: {said}");
        for more in [&["matrix", name][..], &["tree", name]] {
            assert_eq!(bounded(&folder.0, more, SMALL).code, Some(2), "{more:?}");
        }
    }
    // A file by its type, which is not to be read from its start.
    refused(&folder, "/proc/self/mem");
    // None of them is found in the folder; the document that refers to the last of them is.
    std::fs::remove_file(folder.0.join("refers.json")).expect("the file is there");
    let ended = bounded(&folder.0, &["lint", ".", "--output-format", "json"], SMALL);
    let report: serde_json::Value = serde_json::from_slice(&ended.stdout).expect("it is JSON");
    assert_eq!((ended.code, statuses(&report).len()), (Some(2), 0), "{report}");
    // A list of files that never ends.
    for list in ["/dev/zero", "zero.yml"] {
        let ended = bounded(&folder.0, &["lint", "--files-from", list], 8 * SMALL);
        assert_eq!(ended.code, Some(2), "{}", ended.stderr);
    }
}

#[cfg(unix)]
#[test]
fn links_in_circles_and_to_nowhere_end() {
    use std::os::unix::fs::symlink;
    let folder = Folder::new("circles");
    let outside = Folder::new("circles-outside");
    outside.write("deep/secret.yaml", CLEAN);
    folder.write("a/b/api.yaml", CLEAN);
    for (target, link) in [
        ("self.yaml", "self.yaml"),
        ("two.yaml", "one.yaml"),
        ("one.yaml", "two.yaml"),
        ("nowhere", "lost.json"),
        ("..", "a/up"),
        ("../..", "a/b/up"),
        ("../b", "a/b/again"),
        (".", "a/here"),
    ] {
        symlink(target, folder.0.join(link)).expect("a link");
    }
    symlink(&outside.0, folder.0.join("a/out")).expect("a link");
    symlink(outside.0.join("deep/secret.yaml"), folder.0.join("a/secret.yaml")).expect("a link");
    let ended = bounded(&folder.0, &["lint", "--output-format", "json"], SMALL);
    let report: serde_json::Value = serde_json::from_slice(&ended.stdout).expect("it is JSON");
    assert_eq!((ended.code, statuses(&report).len()), (Some(0), 1), "{report}");
    for name in ["self.yaml", "one.yaml", "lost.json"] {
        let reason = refused(&folder, name);
        assert!(reason.contains("cannot be read: "), "{reason}");
        let text = with_schemas(&format!(r#""s0":{{"$ref":"{name}#/a"}}"#));
        folder.write("refers.json", &text);
        let report = json(&folder.run(&["lint", "refers.json", "--output-format", "json"]));
        assert_eq!(report["documents"][0]["incomplete"], true, "{name}: {report}");
    }
}

/// Whether the system lets this user read what nobody may read: it lets root.
#[cfg(unix)]
fn reads_everything(file: &Path) -> bool {
    let reads = std::fs::File::open(file).is_ok();
    if reads {
        println!("skipped: this user may read everything");
    }
    reads
}

#[cfg(unix)]
#[test]
fn what_must_not_be_read_is_an_error() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new("forbidden");
    folder.write("api.yaml", CLEAN);
    folder.write("closed.yaml", CLEAN);
    folder.write("closed/api.yaml", CLEAN);
    let set = |name: &str, mode: u32| {
        let permissions = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(folder.0.join(name), permissions).expect("they are ours");
    };
    set("closed.yaml", 0);
    set("closed", 0);
    if !reads_everything(&folder.0.join("closed.yaml")) {
        let output = folder.run(&["lint", "--output-format", "json"]);
        let report = json(&output);
        assert_eq!(output.status.code(), Some(2));
        assert_eq!(report["summary"]["documents"]["failed"], 2, "{report}");
        assert!(refused(&folder, "closed.yaml").contains("Permission denied"));
    }
    set("closed", 0o755);
    // Folders where files are expected are looked into, wherever they come from.
    folder.write("list", "closed\n");
    folder.write("folder.yaml/inner.yaml", CLEAN);
    let output = folder.run(&["lint", "--files-from", "list", "folder.yaml", "--output-format", "json"]);
    assert_eq!(statuses(&json(&output)).len(), 2);
    assert_eq!(folder.run(&["matrix", "folder.yaml"]).status.code(), Some(2));
    let text = with_schemas(r#""s0":{"$ref":"folder.yaml#/a"}"#);
    folder.write("refers.json", &text);
    let report = json(&folder.run(&["lint", "refers.json", "--output-format", "json"]));
    assert_eq!(report["errors"][0]["rule"], "unreadable");
}

#[test]
fn files_that_go_away_or_change_are_errors_and_no_crash() {
    let folder = Folder::new("vanishing");
    let document = |number: usize| {
        with_schemas(&format!(r#""s0":{{"$ref":"part{number}.json#/a"}},"s1":{{"type":"array"}}"#))
    };
    let count = 300;
    for number in 0..count {
        folder.write(&format!("api{number}.json"), &document(number));
        folder.write(&format!("part{number}.json"), r#"{"a":{"type":"array"}}"#);
    }
    let done = AtomicBool::new(false);
    let (mut whole, mut broken) = (0, 0);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut random = crate::support::Random(5);
            while !done.load(Ordering::Relaxed) {
                let number = random.below(count);
                let name = format!("{}{number}.json", ["api", "part"][random.below(2)]);
                let path = folder.0.join(name);
                // Errors are those of the other side.
                let _ = match random.below(5) {
                    0 => std::fs::remove_file(&path),
                    1 => {
                        std::fs::OpenOptions::new().write(true).open(&path).and_then(|file| file.set_len(40))
                    }
                    2 => std::fs::create_dir(&path),
                    3 => std::fs::remove_dir(&path),
                    _ => std::fs::write(&path, document(number)),
                };
            }
        });
        for _ in 0..12 {
            let ended = bounded(&folder.0, &["lint", ".", "--output-format", "json"], 4 * SMALL);
            let report: serde_json::Value = serde_json::from_slice(&ended.stdout).expect("it is JSON");
            let errors = report["errors"].as_array().expect("it is a list");
            assert!(errors.iter().all(|error| error["rule"] != "internal-error"), "{errors:?}");
            assert!(!ended.stderr.contains("panicked"), "{}", ended.stderr);
            whole += report["summary"]["documents"]["linted"].as_u64().unwrap_or_default();
            broken += errors.len();
            let is_told = !errors.is_empty() || report.to_string().contains("\"incomplete\":true");
            assert_eq!(ended.code, Some(if is_told { 2 } else { 1 }));
        }
        done.store(true, Ordering::Relaxed);
    });
    assert!(whole > 0 && broken > 0, "{whole} documents, {broken} errors");
}

#[cfg(target_os = "linux")]
#[test]
fn an_output_that_cannot_be_written_leaves_the_old_one() {
    let folder = Folder::new("unwritable");
    folder.write("api.yaml", &CLEAN.replace("https:", "http:"));
    folder.write("old/report.json", "old");
    folder.write("file", "no folder");
    let names = |at: &str| {
        let entries = std::fs::read_dir(folder.0.join(at)).expect("a folder");
        entries
            .map(|entry| entry.expect("an entry").file_name().into_string().expect("a name"))
            .collect::<Vec<_>>()
    };
    for format in ["full", "concise", "gcc", "json", "json-lines"] {
        for target in [
            "missing/report.json", "file/report.json", "old", "/proc/report.json", "/sys/report", "/dev/full",
        ] {
            let output = folder.run(&["lint", "api.yaml", "--output-format", format, "-o", target]);
            assert_eq!(output.status.code(), Some(2), "{format} {target}: {}", text(&output.stderr));
            assert_eq!(output.stdout, b"", "{format} {target}");
            assert!(text(&output.stderr).contains("error: "), "{format} {target}");
        }
        // A file may not grow beyond a limit: a disk that is full halfway.
        let script = format!(
            "ulimit -f 0; trap '' XFSZ; exec '{}' lint api.yaml --output-format {format} -o old/report.json",
            env!("CARGO_BIN_EXE_oasguard")
        );
        let output =
            Command::new("sh").args(["-c", &script]).current_dir(&folder.0).output().expect("sh runs");
        assert_eq!(output.status.code(), Some(2), "{format}: {}", text(&output.stderr));
        assert!(text(&output.stderr).contains("`old/report.json` cannot be written: File too large"));
        assert_eq!(std::fs::read(folder.0.join("old/report.json")).expect("a file"), b"old");
        assert_eq!(names("old"), ["report.json"], "no temporary file is left");
        // The limit counts blocks of 512 bytes, so that a part of the report is written.
        let large: String = (0..3000).map(|n| format!("  /n{n}/{{id}}: {{ post: {{ }} }}\n")).collect();
        folder.write(
            "large/api.yaml",
            &format!(
                "openapi: 3.0.3\nservers: [{{url: 'http://h.com'}}]\nx: {{{}}}\npaths:\n{large}",
                list(2000, ", ", |_| "k: 1".to_owned())
            ),
        );
        let script = script.replace("-f 0", "-f 64").replace("lint api.yaml", "lint --all large");
        let output =
            Command::new("sh").args(["-c", &script]).current_dir(&folder.0).output().expect("sh runs");
        assert_eq!(output.status.code(), Some(2), "{format}: {}", text(&output.stderr));
        assert_eq!(std::fs::read(folder.0.join("old/report.json")).expect("a file"), b"old");
        assert_eq!(names("old"), ["report.json"], "no temporary file is left");
    }
}

#[cfg(unix)]
#[test]
fn closed_streams_are_no_crash() {
    let folder = Folder::new("closed");
    folder.write("clean.yaml", CLEAN);
    folder.write("broken.yaml", "openapi: [\n");
    let cases: &[(&str, &[&str], i32)] = &[
        (">&-", &["lint", "clean.yaml"], 0),
        (">&-", &["lint", "clean.yaml", "--output-format", "json"], 0),
        (">&-", &["lint", "broken.yaml", "--output-format", "concise"], 2),
        ("2>&-", &["lint", "clean.yaml"], 0),
        ("2>&-", &["lint", "broken.yaml", "--output-format", "json"], 2),
        ("2>&-", &["lint", "clean.yaml", "--select", "nonsense"], 2),
        (">&- 2>&-", &["lint", "broken.yaml", "--statistics", "--timings"], 2),
        (">&- 2>&- <&-", &["lint", "clean.yaml"], 0),
        ("<&-", &["lint", "clean.yaml"], 0),
        ("<&-", &["lint", "--files-from", "-"], 2),
        ("<&-", &["lint", "-"], 2),
        ("<&-", &["tree", "-"], 0),
        (">&-", &["matrix", "clean.yaml"], 0),
        (">&-", &["tree", "clean.yaml"], 0),
        (">&-", &["rules"], 0),
        (">&-", &["explain", "unbounded-array"], 0),
        (">&-", &["--help"], 0),
        ("2>&-", &["nonsense"], 2),
    ];
    for (closed, arguments, expected) in cases {
        let script = format!("exec '{}' \"$@\" {closed}", env!("CARGO_BIN_EXE_oasguard"));
        let mut shell = Command::new("sh");
        shell
            .args(["-c", &script, "sh"])
            .args(*arguments)
            .current_dir(&folder.0)
            .env_remove("RUST_BACKTRACE");
        let output = shell.stdin(Stdio::null()).output().expect("sh runs");
        let stderr = text(&output.stderr);
        println!("{closed} {arguments:?}: {:?} {stderr}", output.status.code());
        assert!(
            !stderr.contains("panicked") && !stderr.contains("itself failed"),
            "{closed} {arguments:?}: {stderr}"
        );
        assert_eq!(output.status.code(), Some(*expected), "{closed} {arguments:?}: {stderr}");
    }
}

/// Standard output is a pipe that nobody reads any more, before the first byte.
#[test]
fn a_pipe_without_a_reader_is_no_error() {
    let folder = Folder::new("unread");
    folder.write("clean.yaml", CLEAN);
    for arguments in
        [&["lint", "clean.yaml"][..], &["matrix", "clean.yaml"], &["tree", "clean.yaml"], &["rules"]]
    {
        let mut child = command(&folder.0, arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        drop(child.stdout.take());
        drop(child.stderr.take());
        assert_eq!(child.wait().expect("it ends").code(), Some(0), "{arguments:?}");
    }
}
