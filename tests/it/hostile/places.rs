//! What a document must not reach: files outside the root, the network, itself again and again.

use super::*;

#[test]
fn references_stay_within_the_root() {
    let base = std::env::temp_dir().join(format!("oasguard-hostile-{}", std::process::id()));
    let root = base.join("root");
    std::fs::create_dir_all(&root).expect("a folder");
    std::fs::write(base.join("secret.yaml"), "openapi: 3.0.3\npaths: {/secret: {}}\nSECRET: SECRET\n")
        .expect("a file");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(base.join("secret.yaml"), root.join("link.yaml")).expect("a link");
        std::os::unix::fs::symlink(&base, root.join("folder")).expect("a link");
        std::os::unix::fs::symlink(root.join("loop"), root.join("loop")).expect("a link");
    }
    let cases = [
        ("/etc/passwd", "ref-outside-root"),
        ("file:///etc/passwd", "ref-outside-root"),
        ("../../../../../../../../etc/passwd", "ref-outside-root"),
        ("../secret.yaml", "ref-outside-root"),
        ("..%2Fsecret.yaml", "ref-outside-root"),
        ("../../..", "ref-outside-root"),
        ("link.yaml#/SECRET", "ref-outside-root"),
        ("folder/secret.yaml#/SECRET", "ref-outside-root"),
        ("C:\\\\secret.yaml", "ref-outside-root"),
        ("\\\\\\\\host\\\\share\\\\a.yaml", "ref-outside-root"),
        ("http://169.254.169.254/latest/meta-data", "remote-ref"),
        ("//169.254.169.254/latest", "remote-ref"),
        ("ftp://host/a.yaml", "remote-ref"),
        ("loop", "unresolved-ref"),
        (".", "unreadable"),
        ("nothing.yaml", "unresolved-ref"),
        ("a%00b.yaml", "unresolved-ref"),
    ];
    for (reference, rule) in cases {
        if !cfg!(unix) && ["link", "folder", "loop"].iter().any(|name| reference.starts_with(name)) {
            continue;
        }
        let text = with_schemas(&format!(r#""s0":{{"$ref":"{reference}"}}"#));
        let path = root.join("a.json");
        std::fs::write(&path, text).expect("a file");
        let mut session = crate::support::session_in(&root);
        session.excerpts = oasguard::engine::Excerpts::Cut;
        let report = hostile_in(reference, session, path);
        assert_eq!(count(&report, rule), 1, "{reference}: {:?} {:?}", said(&report), report.errors);
        assert_eq!(report.documents[0].files, [""; 0], "{reference}");
        assert!(!format!("{report:?}").contains("SECRET\n"), "{reference}");
        assert!(rule == "remote-ref" || report.documents[0].incomplete, "{reference}");
    }
    std::fs::remove_dir_all(&base).expect("the folder");
}

#[test]
fn circles_across_files_end() {
    let files = [
        ("a.json", with_schemas(r#""s0":{"$ref":"b.json#/x"}"#)),
        ("b.json", r#"{"x":{"allOf":[{"$ref":"a.json#/components/schemas/s0"},{"$ref":"b.json#/y"}]},"y":{"$ref":"c.json"}}"#.into()),
        ("c.json", r##"{"type":"array","items":{"$ref":"#"},"not":{"$ref":"a.json"},"anyOf":[{"$ref":"b.json#/x"}]}"##.into()),
    ];
    let report = hostile("a circle of files", &files);
    assert!(is_linted(&report) && report.errors.is_empty());
    assert_eq!(report.documents[0].files, ["b.json", "c.json"]);
    let files = [
        ("a.json", with_schemas(r#""s0":{"$ref":"b.json"}"#)),
        ("b.json", r#"{"$ref":"c.json"}"#.into()),
        ("c.json", r##"{"$ref":"b.json"}"##.into()),
    ];
    let report = hostile("a circle of nothing but references", &files);
    assert!(count(&report, "unresolved-ref") > 0 && report.documents[0].incomplete);
    let paths = r##"{"openapi":"3.1.0","paths":{"/a":{"$ref":"#/paths/~1b"},"/b":{"$ref":"#/paths/~1a","get":{}},
        "/c":{"$ref":"#/paths/~1c"},"/d":{"$ref":"#/paths"}}}"##;
    let report = hostile("path items in a circle", &[("a.json", paths)]);
    assert!(count(&report, "unresolved-ref") > 0);
}

#[test]
fn nothing_talks_to_a_network() {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let arguments =
        ["tree", "-e", "normal", "--all-features", "--prefix", "none", "--offline", "-p", "oasguard"];
    let tree = std::process::Command::new(cargo)
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    let tree = String::from_utf8_lossy(&tree.stdout).into_owned();
    assert!(tree.contains("granit-parser"), "{tree}");
    let networking = [
        "reqwest", "hyper", "ureq", "curl", "isahc", "attohttpc", "surf", "tokio", "async-std", "smol",
        "mio", "socket2", "rustls", "native-tls", "openssl", "h2", "quinn", "tungstenite",
        "trust-dns-resolver", "hickory-resolver", "git2", "url-fetch", "minreq", "polling",
    ];
    for line in tree.lines() {
        let name = line.split(' ').next().unwrap_or_default();
        assert!(!networking.contains(&name), "{line}");
    }
    let sources =
        crate::support::files_below(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &["rs"]);
    for source in sources {
        let text = std::fs::read_to_string(&source).expect("a source file");
        for word in [
            "TcpStream", "TcpListener", "UdpSocket", "ToSocketAddrs", "std::os::unix::net",
            "process::Command",
        ] {
            assert!(!text.contains(word), "{source:?} names {word}");
        }
    }
}
