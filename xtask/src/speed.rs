//! `cargo xtask speed`: fails if a lint became slower, by what is stable on a machine that others use as well:
//! instructions, and CPU time against Python's `json.loads` of the same bytes in the same run.

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Output};

/// Instructions a byte that a lint of [`document`] may take; it took 45 in November 2026.
const INSTRUCTIONS: f64 = 50.0;

/// How often the CPU time of `json.loads` a lint may take; it took 0.4 to 0.5 times as much in November 2026, and a third more
/// where the system has no huge pages.
const RATIO: f64 = 0.7;

/// Paths of the document under callgrind, which is slow, and of the one that is timed.
const PATHS: [usize; 2] = [500, 3000];

/// How the program is called, before the document.
const LINT: [&str; 7] = ["lint", "--threads", "1", "--output-format", "json", "--fail-on", "never"];

/// Measures the release build; what a machine has no tool for is skipped. Gives what was measured.
pub(crate) fn check(root: &Path) -> Result<String, String> {
    let mut build = Command::new("cargo");
    run(build.args(["build", "--release", "--quiet"]).current_dir(root))?;
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), Into::into);
    let name = format!("oasguard{}", std::env::consts::EXE_SUFFIX);
    let folder = target.join("speed");
    std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    // A copy, as an installation makes one: what a linker has just written lies in small pieces in the memory of the
    // kernel, which costs a millisecond at each start.
    let program = folder.join(&name);
    std::fs::copy(target.join("release").join(&name), &program)
        .map_err(|error| format!("{}: {error}", program.display()))?;
    let measures = [
        ("instructions a byte", INSTRUCTIONS, instructions(&program, &write(&folder, PATHS[0])?)?),
        ("times the CPU time of json.loads", RATIO, ratio(&program, &write(&folder, PATHS[1])?)?),
    ];
    let mut done = String::new();
    for (name, limit, measured) in measures {
        let line = match measured {
            None => format!("skipped: {name} (no tool to measure them)\n"),
            Some(measured) if measured > limit => {
                return Err(format!(
                    "{measured:.2} {name}, more than {limit}: profile it, or raise the limit with a reason"
                ));
            }
            Some(measured) => format!("{measured:.2} {name}, of {limit} allowed\n"),
        };
        done.push_str(&line);
    }
    Ok(done.trim_end().to_owned())
}

/// Instructions a byte, counted by callgrind; nothing without valgrind.
fn instructions(program: &Path, document: &Path) -> Result<Option<f64>, String> {
    let mut valgrind = Command::new("valgrind");
    valgrind
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(program)
        .args(LINT)
        .arg(document);
    let Ok(output) = valgrind.output() else { return Ok(None) };
    let text = String::from_utf8_lossy(&output.stderr);
    let collected = text.lines().find_map(|line| line.split_once("Collected :"));
    let count = collected.and_then(|(_, count)| count.trim().parse::<f64>().ok());
    let count = count.ok_or_else(|| format!("callgrind counted nothing:\n{text}"))?;
    Ok(Some(count / size(document)?))
}

/// The CPU time of a lint in one of `json.loads`, the least of several each; nothing without Python.
fn ratio(program: &Path, document: &Path) -> Result<Option<f64>, String> {
    const SCRIPT: &str = "
import json, resource, subprocess, sys, time
def children():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
text = open(sys.argv[1], 'rb').read()
theirs, ours = [], []
for _ in range(9):
    start = time.process_time()
    json.loads(text)
    theirs.append(time.process_time() - start)
    start = children()
    subprocess.run(sys.argv[2:], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    ours.append(children() - start)
print(min(ours) / min(theirs))
";
    let mut python = Command::new("python3");
    python.args(["-c", SCRIPT]).arg(document).arg(program).args(LINT).arg(document);
    let Ok(output) = python.output() else { return Ok(None) };
    let printed = String::from_utf8_lossy(&output.stdout);
    let ratio = printed.trim().parse().map_err(|_| failure(&python, &output))?;
    Ok(Some(ratio))
}

fn size(path: &Path) -> Result<f64, String> {
    let metadata = std::fs::metadata(path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(metadata.len() as f64)
}

/// Writes the document with so many paths; gives where.
fn write(folder: &Path, paths: usize) -> Result<std::path::PathBuf, String> {
    let path = folder.join(format!("{paths}.json"));
    std::fs::write(&path, document(paths)).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(path)
}

/// A document like the large ones of real APIs: operations with prose, parameters, references, shared schemas, and
/// something to find in a tenth of them.
fn document(paths: usize) -> String {
    let mut text = String::from(
        r#"{"openapi":"3.0.3","info":{"title":"Generated","version":"1.0.0"},"servers":[{"url":"https://api.example.org/v1"}],"security":[{"token":[]}],"paths":{"#,
    );
    for number in 0..paths {
        let comma = if number == 0 { "" } else { "," };
        let _ = write!(text, r#"{comma}"/accounts/{{account}}/resources{number}/{{resource_id}}":{{"#);
        for (comma, method) in [("", "get"), (",", "put")] {
            let _ = write!(text, r#"{comma}"{method}":{{"#);
            operation(&mut text, method, number);
            text.push('}');
        }
        text.push('}');
    }
    text.push_str(
        r#"},"components":{"securitySchemes":{"token":{"type":"http","scheme":"bearer"}},"schemas":{"#,
    );
    for number in 0..paths {
        let comma = if number == 0 { "" } else { "," };
        let parent = number / 2;
        let bound = if number % 10 == 0 { "" } else { r#""maxItems":20,"# };
        let _ = write!(
            text,
            r##"{comma}"Resource{number}":{{"type":"object","description":"A resource of group {number}.","required":["id","name"],"properties":{{"id":{{"type":"string","format":"uuid","readOnly":true}},"name":{{"type":"string","maxLength":255,"description":"What people call it, in their own language."}},"tags":{{"type":"array",{bound}"items":{{"type":"string","maxLength":20}}}},"parent":{{"$ref":"#/components/schemas/Resource{parent}"}},"ratio":{{"type":"number","minimum":0,"maximum":1,"nullable":true}}}}}}"##
        );
    }
    text.push_str("}}}");
    text
}

/// The members of one Operation Object.
fn operation(text: &mut String, method: &str, number: usize) {
    let prose = "Works on one resource of the account. The caller needs the scope of its group, and the answer is the \\\"current\\\" state.";
    let _ = write!(
        text,
        r#""operationId":"{method}Resource{number}","tags":["resources","group{}"],"summary":"Works on a resource","description":"{prose}","parameters":["#,
        number % 7
    );
    for (comma, name, place) in
        [("", "account", "path"), (",", "resource_id", "path"), (",", "limit", "query")]
    {
        let required = place == "path";
        let kind =
            if required { r#""type":"string","maxLength":64"# } else { r#""type":"integer","maximum":100"# };
        let _ = write!(
            text,
            r#"{comma}{{"name":"{name}","in":"{place}","required":{required},"description":"The {name} of resource {number}; see the guide.","schema":{{{kind}}}}}"#
        );
    }
    text.push_str("],");
    let content = format!(
        r##""content":{{"application/json":{{"schema":{{"$ref":"#/components/schemas/Resource{number}"}}}}}}"##
    );
    if method == "put" {
        let _ = write!(text, r#""requestBody":{{"required":true,{content}}},"#);
    }
    let _ = write!(
        text,
        r#""responses":{{"200":{{"description":"The resource",{content}}},"404":{{"description":"There is no such resource"}}}}"#
    );
}

fn run(command: &mut Command) -> Result<(), String> {
    let output = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    if output.status.success() { Ok(()) } else { Err(failure(command, &output)) }
}

fn failure(command: &Command, output: &Output) -> String {
    format!("{command:?} failed: {}\n{}", output.status, String::from_utf8_lossy(&output.stderr))
}
