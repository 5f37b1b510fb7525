//! Formats, accepts what the tests produce now, and rewrites what is generated. Look at the difference before you commit it.

use std::path::Path;
use std::process::Command;

/// Rewrites snapshots, recorded command lines and generated files.
pub(crate) fn run(root: &Path) -> Result<(), String> {
    write(root, "docs/rules.md", &oasguard::explain::rules_document())?;
    precision(root)?;
    write(root, "schemas/config-v1.schema.json", &oasguard::config::schema_text())?;
    let page = std::fs::read_to_string(root.join("docs/configuration.md")).map_err(|e| e.to_string())?;
    let page = oasguard::config::with_reference(&page);
    write(root, "docs/configuration.md", &page.ok_or("docs/configuration.md has no generated part")?)?;
    let mut format = Command::new("cargo");
    format.args(["fmt", "--all"]);
    crate::run(format)?;
    let mut test = Command::new("cargo");
    test.args(["test", "--no-fail-fast"]);
    test.env("INSTA_UPDATE", "always")
        .env("INSTA_FORCE_PASS", "1")
        .env("TRYCMD", "overwrite")
        .env("TEST_OASGUARD_BLESS", "1");
    crate::run(test)
}

/// Rewrites `docs/precision.md`.
pub(crate) fn precision(root: &Path) -> Result<(), String> {
    write(root, "docs/precision.md", &xtask::evidence::document(root)?)
}

fn write(root: &Path, path: &str, text: &str) -> Result<(), String> {
    let path = root.join(path);
    std::fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))
}
