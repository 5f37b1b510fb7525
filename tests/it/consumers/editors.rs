//! Editors: the recipes of docs/editors.md as they stand there, tried with the real programs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::cli::{CLEAN, CLEARTEXT, Folder, command, text};
use crate::revision::Repository;

const PAGE: &str = include_str!("../../../docs/editors.md");

/// The only block of the page in a language.
fn block(language: &str) -> &'static str {
    let blocks: Vec<&str> = PAGE.split(&format!("\n```{language}\n")).skip(1).collect();
    let [block] = blocks[..] else { panic!("there are {} blocks in {language}", blocks.len()) };
    block.split("\n```").next().expect("a block ends")
}

/// The path of programs, ours first.
fn path() -> std::ffi::OsString {
    let ours = Path::new(env!("CARGO_BIN_EXE_oasguard")).parent().expect("a file has a folder");
    let others = std::env::var_os("PATH").expect("there is a path");
    std::env::join_paths(std::iter::once(ours.to_owned()).chain(std::env::split_paths(&others)))
        .expect("no path has a separator in it")
}

/// A program that a variable names. Says so if there is none.
fn program(variable: &str) -> Option<PathBuf> {
    let program = std::env::var_os(variable).map(PathBuf::from);
    if program.is_none() {
        println!("skipped: {variable} names no program");
    }
    program
}

const SHOP: &str = "openapi: 3.1.0\ninfo: {title: Shop, version: 1.0.0}\nservers: [{url: 'https://shop.io/v1'}]\n\
    security: [{token: []}]\ncomponents: {securitySchemes: {token: {type: http, scheme: bearer}}}\n\
    paths:\n  /orders: {$ref: 'pärts/orders.yaml'}\n";
const ORDERS: &str = "get: {responses: {'200': {description: ok}, '429': {description: slow down, headers: \
    {Retry-After: {schema: {type: integer}}}}}}\n";

/// What happens in Neovim: for each text of a buffer the diagnostics that it then has.
const SESSION: &str = r"
local steps = vim.json.decode(table.concat(vim.fn.readfile('steps.json'), '\n'))
local seen = {}
for _, step in ipairs(steps) do
  vim.cmd('edit ' .. vim.fn.fnameescape(step.file))
  vim.bo.swapfile = false
  local lines = vim.split(step.text, '\n')
  local is_set = false
  local set = vim.diagnostic.set
  vim.diagnostic.set = function(...) is_set = true; return set(...) end
  vim.wait(10000, function() return is_set end, 5)
  is_set = false
  vim.api.nvim_buf_set_lines(0, 0, -1, true, lines)
  vim.cmd('doautocmd TextChanged')
  local in_time = vim.wait(10000, function() return is_set end, 5)
  vim.diagnostic.set = set
  local found = {}
  for _, one in ipairs(vim.diagnostic.get(0)) do
    table.insert(found, { one.lnum, one.col, one.end_lnum, one.end_col, one.severity, one.source, one.message })
  end
  table.insert(seen, { in_time = in_time, modified = vim.bo.modified, found = found })
  vim.cmd('bwipeout!')
end
vim.fn.writefile({ vim.json.encode(seen) }, 'seen.json')
vim.cmd('qall!')
";

/// The buffers of a session in Neovim and what each then shows.
fn in_neovim(folder: &Folder, steps: &[(&str, String)]) -> Option<Vec<Vec<Value>>> {
    let neovim = program("TEST_OASGUARD_NEOVIM")?;
    folder.write("recipe.lua", block("lua"));
    folder.write("session.lua", SESSION);
    let steps: Vec<Value> = steps
        .iter()
        .map(|(file, text)| json!({ "file": file, "text": text.trim_end_matches('\n') }))
        .collect();
    folder.write("steps.json", &Value::from(steps.clone()).to_string());
    let output = Command::new(neovim)
        .args(["--headless", "-u", "NONE", "-i", "NONE", "-n"])
        .args(["-c", "luafile recipe.lua", "-c", "luafile session.lua"])
        .current_dir(&folder.0)
        .env("PATH", path())
        .env("HOME", &folder.0)
        .stdin(Stdio::null())
        .output()
        .expect("Neovim starts");
    let said = text(&output.stderr);
    let seen = fs::read(folder.0.join("seen.json")).unwrap_or_else(|error| panic!("{error}: {said}"));
    let seen: Vec<Value> = serde_json::from_slice(&seen).expect("Neovim writes JSON");
    assert_eq!(seen.len(), steps.len(), "{said}");
    assert!(seen.iter().all(|step| step["in_time"] == true && step["modified"] == true), "{seen:?} {said}");
    // An empty table of Lua is an object.
    let found = seen.iter().map(|step| step["found"].as_array().cloned().unwrap_or_default());
    Some(found.collect())
}

#[test]
fn neovim_checks_the_buffer_alone_outside_of_a_repository() {
    let folder = Folder::new("neovim-alone");
    folder.write("shop.yaml", &SHOP.replace("'pärts/orders.yaml'", "orders.yaml"));
    folder.write("orders.yaml", ORDERS);
    fs::remove_dir(folder.0.join(".git")).expect("it is there");
    let cleartext = format!("servers: [{{url: 'http://shop.io/v1'}}]\n{ORDERS}");
    let steps = [("orders.yaml", cleartext), ("shop.yaml", SHOP.replace("https:", "http:"))];
    let Some(seen) = in_neovim(&folder, &steps) else { return };
    assert_eq!(seen[0].len(), 0, "{seen:?}");
    assert!(!seen[1].is_empty(), "{seen:?}");
}

#[test]
fn neovim_shows_what_is_in_the_buffer() {
    let folder = Folder::new("neovim");
    folder.write("api/shop.yaml", SHOP);
    folder.write("api/pärts/orders.yaml", ORDERS);
    folder.write("notes.yaml", CLEAN);
    folder.write("compose.yml", "services: {}\n");
    // Characters of two and of four bytes before the place.
    let cleartext =
        format!("# größe\nservers: [{{description: 'größe 😀', url: 'http://shop.io/v1'}}]\n{ORDERS}");
    let steps = [
        ("notes.yaml", CLEAN.replace("https:", "http:")),
        ("notes.yaml", format!("{CLEAN}\n")),
        ("api/pärts/orders.yaml", cleartext.clone()),
        ("api/pärts/orders.yaml", format!("{ORDERS}  : [\n")),
        ("compose.yml", "services: {web: {image: x}}\n- [".to_owned()),
        ("new.json", CLEARTEXT.to_owned()),
    ];
    folder.write("new.json", "{}\n");
    let Some(seen) = in_neovim(&folder, &steps) else { return };
    let [notes, clean, fragment, broken, compose, new] = &seen[..] else { panic!("six steps") };
    assert!(clean.is_empty() && compose.is_empty(), "{clean:?} {compose:?}");
    // Neovim's numbers: an error is 1.
    let place = |lines: &str, needle: &str, severity: u8| {
        let (line, text) = lines.lines().enumerate().find(|(_, text)| text.contains(needle)).expect("a line");
        let start = text.find(needle).expect("it is there");
        [
            json!(line),
            json!(start),
            json!(line),
            json!(start + needle.len()),
            json!(severity),
            json!("oasguard"),
        ]
    };
    let url = CLEAN.lines().find_map(|line| line.split_once("https:")).expect("a server").1.trim_end();
    let url = format!("http:{}", url.split(['\'', '"']).next().expect("a part"));
    assert_eq!(notes.len(), 1, "{notes:?}");
    assert_eq!(notes[0].as_array().expect("a list")[..6], place(&steps[0].1, &url, 1));
    assert_eq!(fragment.len(), 1, "{fragment:?}");
    assert_eq!(fragment[0].as_array().expect("a list")[..6], place(&cleartext, "'http://shop.io/v1'", 1));
    let message = fragment[0][6].as_str().expect("a message");
    assert!(
        message.starts_with("a bearer token (`token`) is sent to") && message.contains("\nhelp: "),
        "{message}"
    );
    assert_eq!(broken.len(), 1, "{broken:?}");
    assert_eq!((&broken[0][0], &broken[0][4]), (&json!(1), &json!(1)));
    assert_eq!(new.len(), 1, "{new:?}");
    assert_eq!(
        new[0].as_array().expect("a list")[..6],
        place(CLEARTEXT, "\"http://notes.lanternloom.shop/v1\"", 1)
    );
}

/// Applies the problem matchers of a task as VS Code does: each line is of the first one that matches.
const MATCHERS: &str = r"
const fs = require('fs');
const { tasks: [task] } = JSON.parse(fs.readFileSync('tasks.json', 'utf8'));
const found = [];
for (const line of fs.readFileSync('output.txt', 'utf8').split('\n')) {
  const patterns = task.problemMatcher.map((matcher) => matcher.pattern);
  const matching = patterns.map((pattern) => [pattern, new RegExp(pattern.regexp).exec(line)]).filter(([, m]) => m);
  const [pattern, match] = matching[0] ?? [];
  const part = (name) => pattern[name] ? match[pattern[name]] : null;
  const names = ['file', 'line', 'column', 'severity', 'code', 'message'];
  if (match) found.push([matching.length, ...names.map(part)]);
}
console.log(JSON.stringify({ args: [task.command, ...task.args], found }));
";

#[test]
fn vs_code_lists_each_finding_and_error_at_its_place() {
    let folder = Folder::new("vscode");
    folder.write("tasks.json", block("json"));
    folder.write("driver.js", MATCHERS);
    folder.write("api/shop.yaml", &SHOP.replace("https:", "http:"));
    folder.write("api/pärts/orders.yaml", ORDERS);
    folder.write("odd: name/12:3: error: x.yaml", &CLEAN.replace("https:", "http:"));
    folder.write("demo.yaml", include_str!("../../../testdata/demo/shop.yaml"));
    folder.write("broken.yaml", "openapi: 3.0.3\ninfo: {\n");
    fs::write(folder.0.join("latin.yaml"), b"openapi: 3.0.3\ninfo: {title: caf\xe9}\n").expect("writable");
    let output =
        command(&folder.0, &["lint", "--output-format", "gcc"]).output().expect("the program starts");
    fs::write(folder.0.join("output.txt"), [output.stdout, output.stderr].concat()).expect("writable");
    let node = Command::new("node").arg("driver.js").current_dir(&folder.0).output();
    let Ok(node) = node else {
        println!("skipped: node is missing");
        return;
    };
    assert!(node.status.success(), "{}", text(&node.stderr));
    let matched: Value = serde_json::from_slice(&node.stdout).expect("node writes JSON");
    assert_eq!(matched["args"], json!(["oasguard", "lint", "--output-format", "gcc"]));
    let report = crate::cli::json(&folder.run(&["lint", "--output-format", "json"]));
    let listed = |list: &str| report[list].as_array().expect("a list").clone();
    let expected: Vec<Value> = [listed("errors"), listed("findings")]
        .concat()
        .iter()
        .map(|one| {
            let severity = match one["severity"].as_str() {
                None | Some("high") => "error",
                Some("medium") => "warning",
                Some(_) => "note",
            };
            let number = |name: &str| one["location"][name].as_u64().map(|number| number.to_string());
            let file = one["location"]["path"].as_str().or(one["path"].as_str());
            json!([1, file, number("line"), number("column"), severity, one["rule"], one["message"]])
        })
        .collect();
    let words = ["error", "warning", "note"];
    assert!(words.iter().all(|word| expected.iter().any(|one| one[4] == *word)), "{expected:?}");
    assert!(expected.iter().any(|one| one[2].is_null()), "one has no place");
    // A name that looks like a place cannot be told from one.
    let is_plain = |one: &&Value| !one[1].as_str().expect("a path").contains("name");
    let matched = matched["found"].as_array().expect("a list");
    assert_eq!(matched.len(), expected.len());
    assert_eq!(matched.iter().filter(is_plain).count() + 1, expected.len(), "{matched:#?}");
    for (matched, expected) in matched.iter().zip(&expected).filter(|(matched, _)| is_plain(matched)) {
        assert_eq!(matched, expected);
    }
}

#[test]
fn reviewdog_shows_what_stands_in_changed_lines() {
    let Some(reviewdog) = program("TEST_OASGUARD_REVIEWDOG") else { return };
    let repository = Repository::new("reviewdog");
    repository.write("shop.yaml", &SHOP.replace("'pärts/orders.yaml'", "orders.yaml"));
    repository.write("orders.yaml", ORDERS);
    repository.write("old.json", CLEARTEXT);
    repository.commit();
    repository.git(&["switch", "-q", "-c", "change"]);
    repository.write("orders.yaml", &format!("servers: [{{url: 'http://shop.io/v1'}}]\n{ORDERS}"));
    repository.write("compose.yml", "services: {}\n");
    repository.commit();
    let tools = reviewdog.parent().expect("a file has a folder");
    let output = Command::new("sh")
        .args(["-e", "-c", block("sh")])
        .current_dir(&repository.folder)
        .env(
            "PATH",
            std::env::join_paths([tools.as_os_str(), &path()].iter().flat_map(std::env::split_paths))
                .expect("paths"),
        )
        .output()
        .expect("a shell");
    let said = text(&output.stdout);
    assert_eq!(said.lines().count(), 1, "{said}{}", text(&output.stderr));
    for part in ["`token`) is sent to `http://shop.io/v1`", "path:\"orders.yaml\"", "line:1", "column:17"] {
        assert!(said.contains(part), "{part} is missing in {said}");
    }
}
