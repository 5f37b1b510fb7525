//! What a release offers, held together and tried: archives, pages of the manual, packages for npm and PyPI, the image.
#![allow(clippy::print_stdout, reason = "a test says what it skipped")]

mod image;
mod manual;
mod npm;
mod python;
mod release;

use std::collections::BTreeSet;
use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use xtask::dist::{self, TARGETS, Target};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().expect("the project is there")
}

/// An empty folder for a test.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if folder.exists() {
        std::fs::remove_dir_all(&folder).expect("it is ours");
    }
    std::fs::create_dir_all(&folder).expect("a folder can be made");
    folder
}

fn version() -> String {
    let manifest = dist::manifest(&root()).expect("the manifest is readable");
    manifest["version"].as_str().expect("a version is text").to_owned()
}

/// The program that the tests of the whole use; `cargo test --workspace` builds it.
fn program() -> PathBuf {
    let test = std::env::current_exe().expect("a test knows where it is");
    let profile = test.ancestors().nth(2).expect("tests are in target/<profile>/deps");
    let program = profile.join(format!("oasguard{}", std::env::consts::EXE_SUFFIX));
    assert!(program.exists(), "{} is missing: run `cargo build`", program.display());
    program
}

/// The platform that this test runs on.
fn here() -> Target {
    let os = match std::env::consts::OS {
        "macos" => "darwin",
        "windows" => "win32",
        other => other,
    };
    let cpu = if cfg!(target_arch = "aarch64") { "arm64" } else { "x64" };
    let libc = if cfg!(target_env = "musl") { "musl" } else { "glibc" };
    let fits = |target: &&Target| {
        target.os == os && target.cpu == cpu && target.libc.is_none_or(|name| name == libc)
    };
    *TARGETS.iter().find(fits).expect("releases are made for this platform")
}

fn is_there(program: &str) -> bool {
    let found = Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    if found.is_err() {
        println!("skipped: there is no `{program}`");
    }
    found.is_ok()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The output of a command that must succeed.
fn done(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(output.status.success(), "{command:?}: {}{}", text(&output.stdout), text(&output.stderr));
    text(&output.stdout)
}

/// The entries of an archive: path, mode, modification time in seconds since 1970 where it has one, bytes.
fn unpacked(path: &Path) -> Vec<(String, u32, Option<u64>, Vec<u8>)> {
    let packed = std::fs::read(path).expect("the archive is there");
    let mut entries = Vec::new();
    if path.extension().is_some_and(|extension| extension == "zip" || extension == "whl") {
        let mut archive = zip::ZipArchive::new(Cursor::new(packed)).expect("it is a zip archive");
        for index in 0..archive.len() {
            let mut file = archive.by_index(index).expect("the entry is whole");
            assert_eq!(file.last_modified(), Some(zip::DateTime::default()));
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).expect("the checksum is right");
            let mode = file.unix_mode().expect("it has a mode") & 0o777;
            entries.push((file.name().expect("a name").into_owned(), mode, None, bytes));
        }
        return entries;
    }
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(packed.as_slice()));
    for file in archive.entries().expect("it is a tar archive") {
        let mut file = file.expect("the entry is whole");
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).expect("the entry is whole");
        let path = file.path().expect("a path").to_string_lossy().into_owned();
        let header = file.header();
        let (mode, time) = (header.mode().expect("a mode"), header.mtime().expect("a time"));
        if path.starts_with("oasguard-v") {
            assert_eq!((header.uid().expect("a number"), header.gid().expect("a number")), (0, 0), "{path}");
        }
        entries.push((path, mode, Some(time), bytes));
    }
    entries
}

/// Runs a command with something to read.
fn fed(command: &mut Command, folder: &Path, input: &[u8]) -> Output {
    command.current_dir(folder).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    // Most commands end without reading.
    let _ = child.stdin.take().expect("it is a pipe").write_all(input);
    child.wait_with_output().expect("it ends")
}

/// Whatever npm has to say about its own version and the settings of the user stays out.
fn quiet<'a>(command: &'a mut Command, folder: &Path) -> &'a mut Command {
    command.env("npm_config_userconfig", folder.join("npmrc")).env("npm_config_update_notifier", "false")
}

fn only(folder: &Path, extension: &str) -> PathBuf {
    let entries =
        folder.read_dir().expect("the folder is there").map(|entry| entry.expect("an entry").path());
    let mut found: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|ending| ending == extension)).collect();
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

fn entry(entry: std::io::Result<std::fs::DirEntry>) -> String {
    entry.expect("an entry").file_name().to_string_lossy().into_owned()
}
