//! The container: the program in an empty root, and what the image is built from.

use crate::*;

/// `TEST_OASGUARD_STATIC` names a program that is linked against nothing, as in the image. Its root is a folder with it and the
/// document, nothing else: no libraries, no `/tmp`, no `/proc`, no certificates, no names of users, no right to write.
#[cfg(target_os = "linux")]
#[test]
fn the_static_program_needs_nothing_around_it() {
    use std::os::unix::fs::PermissionsExt;
    let Some(program) = std::env::var_os("TEST_OASGUARD_STATIC") else {
        println!("skipped: TEST_OASGUARD_STATIC names no program");
        return;
    };
    let image = folder("image");
    std::fs::create_dir(image.join("api")).expect("a folder can be made");
    std::fs::copy(program, image.join("oasguard")).expect("the program is there");
    std::fs::copy(root().join("testdata/demo/shop.yaml"), image.join("api/shop.yaml")).expect("it is there");
    for path in ["api", "oasguard"] {
        std::fs::set_permissions(image.join(path), PermissionsExt::from_mode(0o555)).expect("it is ours");
    }
    // As nobody; where the test is not run by root, by a user of its own namespace.
    let confined = |arguments: &[&str]| {
        let is_root = done(Command::new("id").arg("-u")).trim() == "0";
        let mut command = Command::new(if is_root { "chroot" } else { "unshare" });
        command.env_clear().env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        if is_root {
            command.args(["--userspec=65534:65534", "."]);
        } else {
            command.args(["--user", "--map-root-user", "--net", "--root=."]);
        }
        fed(command.arg("/oasguard").args(arguments), &image, b"")
    };
    for (arguments, code, wanted) in [
        (&["--version"][..], 0, "oasguard "),
        (&["lint", "/api"], 1, "credentials-over-cleartext"),
        (&["lint", "/api/shop.yaml", "--output-format", "sarif"], 1, "\"version\": \"2.1.0\""),
        (&["matrix", "/api/shop.yaml"], 0, "POST    /orders"),
        (&["lint", "/nowhere"], 2, ""),
    ] {
        let output = confined(arguments);
        let said = (text(&output.stdout), text(&output.stderr));
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said:?}");
        assert!(said.0.contains(wanted), "{arguments:?}: {said:?}");
    }
    let inside: BTreeSet<String> = image.read_dir().expect("it is a folder").map(entry).collect();
    assert_eq!(inside, ["api", "oasguard"].map(str::to_owned).into(), "it left something");
    std::fs::set_permissions(image.join("api"), PermissionsExt::from_mode(0o755)).expect("it is ours");
}

/// No engine for containers builds the image here: the linter reads the file, and what it copies is tried with Cargo.
#[test]
fn the_image_is_built_from_what_cargo_needs() {
    let folder = folder("context");
    let ignored = std::fs::read_to_string(root().join(".dockerignore")).expect("it is there");
    let kept: Vec<&str> = ignored.lines().filter_map(|line| line.strip_prefix('!')).collect();
    assert!(ignored.lines().any(|line| line == "*") && !kept.is_empty());
    for entry in root().read_dir().expect("it is a folder").map(entry) {
        let is_kept =
            |name: &&str| name.strip_suffix('*').map_or(entry == **name, |begun| entry.starts_with(begun));
        if kept.iter().any(is_kept) {
            done(Command::new("cp").arg("-r").arg(root().join(&entry)).arg(&folder));
        }
    }
    assert!(!folder.join("rust-toolchain.toml").exists(), "the image would fetch another toolchain");
    // Every file that the package has is there, and nothing of the workspace is missed.
    let list = |folder: &Path| {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["package", "--list", "--allow-dirty", "--offline", "--locked"]).current_dir(folder);
        done(&mut cargo)
    };
    let (here, there) = (list(&root()), list(&folder));
    let names = |list: &str| -> BTreeSet<String> {
        list.lines().filter(|name| *name != ".cargo_vcs_info.json").map(str::to_owned).collect()
    };
    assert_eq!(names(&there), names(&here));
    if let Some(hadolint) = std::env::var_os("TEST_OASGUARD_HADOLINT") {
        done(Command::new(hadolint).arg(root().join("Dockerfile")));
    } else {
        println!("skipped: TEST_OASGUARD_HADOLINT names no program");
    }
    let dockerfile = std::fs::read_to_string(root().join("Dockerfile")).expect("it is there");
    for line in dockerfile.lines().filter(|line| line.starts_with("FROM ")) {
        assert!(line == "FROM scratch" || line.contains("@sha256:"), "{line}");
    }
    let manifest = dist::manifest(&root()).expect("the manifest is readable");
    let rust = manifest["rust_version"].as_str().expect("the package says which Rust it needs");
    assert!(
        dockerfile.contains(&format!("FROM rust:{rust}-alpine@")),
        "the image has another Rust than {rust}"
    );
}
