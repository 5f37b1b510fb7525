//! What a release is made of: pages of the manual, completions, an archive for each platform with its checksum.

use std::collections::BTreeMap;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use clap_complete::Shell;
use sha2::{Digest, Sha256};

/// A platform that releases have a program for.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// The name that Rust has for it, which archives carry.
    pub triple: &'static str,
    /// Its package for npm, and what npm compares with the machine.
    pub npm: &'static str,
    pub os: &'static str,
    pub cpu: &'static str,
    pub libc: Option<&'static str>,
}

/// The platforms of a release. The workflow builds each of them, `tests/packages` sees to that.
pub const TARGETS: [Target; 7] = [
    target("x86_64-unknown-linux-gnu", "linux-x64", "linux", "x64", Some("glibc")),
    target("aarch64-unknown-linux-gnu", "linux-arm64", "linux", "arm64", Some("glibc")),
    target("x86_64-unknown-linux-musl", "linux-x64-musl", "linux", "x64", Some("musl")),
    target("aarch64-unknown-linux-musl", "linux-arm64-musl", "linux", "arm64", Some("musl")),
    target("x86_64-apple-darwin", "darwin-x64", "darwin", "x64", None),
    target("aarch64-apple-darwin", "darwin-arm64", "darwin", "arm64", None),
    target("x86_64-pc-windows-msvc", "win32-x64", "win32", "x64", None),
];

const fn target(
    triple: &'static str,
    npm: &'static str,
    os: &'static str,
    cpu: &'static str,
    libc: Option<&'static str>,
) -> Target {
    Target { triple, npm, os, cpu, libc }
}

impl Target {
    /// The platform of that name.
    pub fn of(triple: &str) -> Result<Target, String> {
        let found = TARGETS.iter().find(|target| target.triple == triple);
        found.copied().ok_or_else(|| {
            let all = TARGETS.map(|target| target.triple).join(", ");
            format!("there are no releases for `{triple}`, only for {all}")
        })
    }

    /// The file name of the program.
    pub fn program(&self) -> &'static str {
        if self.os == "win32" { "oasguard.exe" } else { "oasguard" }
    }

    /// How the name of the archive ends.
    pub fn suffix(&self) -> &'static str {
        if self.os == "win32" { ".zip" } else { ".tar.gz" }
    }
}

/// What `Cargo.toml` says of the package, the only place where it is said.
pub fn manifest(root: &Path) -> Result<serde_json::Value, String> {
    let mut cargo = Command::new("cargo");
    cargo.args(["metadata", "--no-deps", "--offline", "--format-version", "1"]).current_dir(root);
    let output = cargo.output().map_err(|error| format!("cargo metadata: {error}"))?;
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout)
        .map_err(|_| String::from_utf8_lossy(&output.stderr).into_owned())?;
    let packages = metadata["packages"].as_array().into_iter().flatten();
    let package = packages.into_iter().find(|package| package["name"] == "oasguard");
    package.cloned().ok_or_else(|| "Cargo.toml describes no package `oasguard`".to_owned())
}

/// The pages of the manual, by file name: one for the program, one for each command.
pub fn manual() -> BTreeMap<String, Vec<u8>> {
    let mut pages = BTreeMap::new();
    let mut program = oasguard::cli::command();
    program.build();
    let source = format!("oasguard {}", program.get_version().expect("the program has a version"));
    let mut left = vec![program];
    while let Some(mut command) = left.pop() {
        left.extend(command.get_subcommands().cloned());
        // As `--help` has it; a list of all options would say less.
        let usage = command.render_usage().to_string().replace("Usage: ", "");
        let page = clap_mangen::Man::new(command.override_usage(usage)).source(&source).manual("oasguard");
        let name = page.get_filename();
        let mut text = Vec::new();
        page.title(name.trim_end_matches(".1").to_uppercase())
            .date(" ")
            .render(&mut text)
            .expect("memory does not fail");
        let text = String::from_utf8(text).expect("help is text");
        // The writer leaves an empty argument out, so that the next one would be taken for the date.
        let text = text.replacen("\" \"", "\"\"", 1);
        // It sets two breaks around an empty line, of which only that one counts.
        let text = text.replace(".br\n\n.br\n", ".sp\n");
        pages.insert(name, text.into_bytes());
    }
    pages
}

/// The completions, by the file name under which the shell looks for them.
pub fn completions() -> BTreeMap<String, Vec<u8>> {
    let shells = [Shell::Bash, Shell::Elvish, Shell::Fish, Shell::PowerShell, Shell::Zsh];
    let script = |shell: Shell| {
        let mut text = Vec::new();
        clap_complete::generate(shell, &mut oasguard::cli::command(), "oasguard", &mut text);
        (clap_complete::Generator::file_name(&shell, "oasguard"), text)
    };
    shells.into_iter().map(script).collect()
}

/// Writes the pages of the manual into a folder.
pub fn write_manual(folder: &Path) -> Result<(), String> {
    std::fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    manual().iter().try_for_each(|(name, text)| write(&folder.join(name), text))
}

/// One file of an archive.
struct Entry {
    path: String,
    bytes: Vec<u8>,
    is_program: bool,
}

/// Writes the archive of a platform and its checksum, and gives the path of the archive.
///
/// The same program and the same checkout give the same bytes on every machine and every day.
pub fn archive(root: &Path, target: Target, program: &Path, folder: &Path) -> Result<PathBuf, String> {
    let manifest = manifest(root)?;
    let version = manifest["version"].as_str().expect("a package has a version");
    let name = format!("oasguard-v{version}-{}", target.triple);
    let entries = entries(root, target, program, &name)?;
    let packed = if target.suffix() == ".zip" { zipped(&entries) } else { tarred(&entries) };
    let packed = packed.map_err(|error| format!("{name}: {error}"))?;
    std::fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let file = format!("{name}{}", target.suffix());
    // The form that `sha256sum --check` reads.
    write(&folder.join(format!("{file}.sha256")), format!("{}  {file}\n", checksum(&packed)).as_bytes())?;
    let path = folder.join(file);
    write(&path, &packed)?;
    Ok(path)
}

/// The SHA-256 of some bytes, in hexadecimal digits.
pub fn checksum(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What an archive holds, all in one folder, sorted by name.
fn entries(root: &Path, target: Target, program: &Path, folder: &str) -> Result<Vec<Entry>, String> {
    let entry = |name: &str, bytes| Entry {
        path: format!("{folder}/{name}"),
        bytes,
        is_program: name == target.program(),
    };
    let mut entries = vec![entry(target.program(), read(program)?)];
    for name in ["CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT", "README.md"] {
        entries.push(entry(name, read(&root.join(name))?));
    }
    entries.extend(manual().into_iter().map(|(name, text)| entry(&format!("man/{name}"), text)));
    entries.extend(completions().into_iter().map(|(name, text)| entry(&format!("completions/{name}"), text)));
    entries.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(entries)
}

/// 1980-01-01, in seconds since 1970: the earliest day that a zip archive can express, and what its writer takes.
const MODIFIED: u64 = 315_532_800;

fn tarred(entries: &[Entry]) -> std::io::Result<Vec<u8>> {
    // 255 is an unknown system, by RFC 1952.
    let packer =
        flate2::GzBuilder::new().operating_system(255).write(Vec::new(), flate2::Compression::best());
    let mut archive = tar::Builder::new(packer);
    for entry in entries {
        let mut header = tar::Header::new_ustar();
        header.set_size(entry.bytes.len() as u64);
        header.set_mode(if entry.is_program { 0o755 } else { 0o644 });
        header.set_mtime(MODIFIED);
        header.set_uid(0);
        header.set_gid(0);
        archive.append_data(&mut header, &entry.path, entry.bytes.as_slice())?;
    }
    archive.into_inner()?.finish()
}

fn zipped(entries: &[Entry]) -> std::io::Result<Vec<u8>> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for entry in entries {
        let options = zip::write::SimpleFileOptions::default()
            .compression_method(zip::CompressionMethod::Deflated)
            .last_modified_time(zip::DateTime::default())
            .unix_permissions(if entry.is_program { 0o755 } else { 0o644 });
        archive.start_file(entry.path.as_str(), options)?;
        archive.write_all(&entry.bytes)?;
    }
    Ok(archive.finish()?.into_inner())
}

pub(crate) fn read(path: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))
}

pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), String> {
    std::fs::write(path, bytes).map_err(|error| format!("{}: {error}", path.display()))
}
