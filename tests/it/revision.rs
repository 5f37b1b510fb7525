//! Documents at a revision: read from the objects of a repository that git itself made.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use oasguard::session::Session;
use oasguard::source::{NoRevision, ReadError, Reader, Revision};

use crate::support::named;

/// A folder with a repository, removed at the end.
pub(crate) struct Repository {
    pub(crate) folder: PathBuf,
}

impl Repository {
    /// An empty repository; `name` tells tests apart.
    pub(crate) fn new(name: &str) -> Repository {
        let folder = std::env::temp_dir().join(format!("oasguard-git-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).expect("the folder is writable");
        let repository = Repository { folder: folder.canonicalize().expect("the folder is there") };
        repository.git(&["init", "-q", "-b", "main"]);
        repository
    }

    /// Runs git in the repository, undisturbed by the user's settings.
    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        git_in(&self.folder, arguments)
    }

    /// Writes a file.
    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.folder.join(path);
        std::fs::create_dir_all(path.parent().expect("a file has a folder")).expect("the folder is writable");
        std::fs::write(path, text).expect("the folder is writable");
    }

    /// Commits everything.
    pub(crate) fn commit(&self) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", "a change"]);
    }
}

impl Drop for Repository {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Runs git in a folder.
pub(crate) fn git_in(folder: &Path, arguments: &[&str]) -> String {
    let identity =
        ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "protocol.file.allow=always"];
    let output = Command::new("git")
        .args(identity)
        .args(arguments)
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null")
        .env_remove("GIT_DIR")
        .output()
        .expect("git runs");
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("git writes UTF-8").trim().to_owned()
}

const SHOP: &str =
    "openapi: 3.0.3\ninfo: {title: a, version: '1'}\npaths:\n  /orders:\n    $ref: orders.yaml\n";
const ORDERS: &str = "post:\n  responses: {'201': {description: made}}\n";

fn read(revision: &Arc<Revision>, path: PathBuf) -> Result<String, ReadError> {
    Reader::of_revision(revision.clone()).read(&path, &Default::default())
}

#[test]
fn a_document_of_many_files_is_linted_as_it_was() {
    let repository = Repository::new("many");
    repository.write("specs/shop.yaml", SHOP);
    repository.write("specs/orders.yaml", ORDERS);
    repository.commit();
    repository.write("specs/orders.yaml", "post:\n  oops: [\n");
    repository.git(&["rm", "-q", "--cached", "specs/shop.yaml"]);
    std::fs::remove_file(repository.folder.join("specs/shop.yaml")).unwrap();
    // From a folder below, with a relative name as users give it.
    let revision = Arc::new(Revision::open(&repository.folder.join("specs"), "HEAD").unwrap());
    let mut session = Session::new(&repository.folder);
    session.reader = Reader::of_revision(revision.clone());
    let report = session.lint(&named(&[repository.folder.join("specs/shop.yaml")]));
    assert!(report.errors.is_empty() && report.summary.linted == 1, "{:?}", report.errors);
    assert_eq!(report.documents[0].files, ["specs/orders.yaml"]);
    assert!(report.findings.iter().any(|finding| finding.rule == "no-security-schemes"));
    let files = revision.files().unwrap();
    let expected = ["specs/orders.yaml", "specs/shop.yaml"].map(|name| repository.folder.join(name));
    assert_eq!(files, expected);
}

#[test]
fn what_the_branch_did_not_bring_is_not_its_change() {
    let repository = Repository::new("ancestor");
    repository.write("a.yaml", "old");
    repository.commit();
    let fork = repository.git(&["rev-parse", "HEAD"]);
    repository.git(&["checkout", "-q", "-b", "feature"]);
    repository.write("b.yaml", "new");
    repository.commit();
    repository.git(&["checkout", "-q", "main"]);
    repository.write("a.yaml", "newer");
    repository.commit();
    repository.git(&["checkout", "-q", "feature"]);
    let revision = Arc::new(Revision::open(&repository.folder, "main").unwrap());
    assert_eq!((revision.commit(), revision.is_tip), (fork.as_str(), false));
    assert_eq!(read(&revision, repository.folder.join("a.yaml")).unwrap(), "old");
    assert!(matches!(read(&revision, repository.folder.join("b.yaml")), Err(ReadError::Io(_))));
}

#[test]
fn a_worktree_of_its_own_and_a_submodule_are_repositories() {
    let repository = Repository::new("worktree");
    repository.write("a.yaml", "old");
    repository.commit();
    let other = repository.folder.join("other");
    repository.git(&["worktree", "add", "-q", other.to_str().unwrap(), "-b", "x"]);
    std::fs::write(other.join("a.yaml"), "new").unwrap();
    let revision = Arc::new(Revision::open(&other, "main").unwrap());
    assert_eq!(read(&revision, other.join("a.yaml")).unwrap(), "old");
    let outer = Repository::new("outer");
    outer.git(&["submodule", "--quiet", "add", repository.folder.to_str().unwrap(), "inner"]);
    outer.commit();
    let inner = outer.folder.join("inner");
    let revision = Arc::new(Revision::open(&inner, "HEAD").unwrap());
    assert_eq!(read(&revision, inner.join("a.yaml")).unwrap(), "old");
    // The outer repository knows no file within it.
    let revision = Arc::new(Revision::open(&outer.folder, "HEAD").unwrap());
    assert!(read(&revision, inner.join("a.yaml")).is_err());
    assert!(revision.files().unwrap().iter().all(|file| !file.starts_with(&inner)));
}

#[test]
fn a_shallow_clone_says_what_it_lacks() {
    let repository = Repository::new("deep");
    repository.write("a.yaml", "first");
    repository.commit();
    repository.git(&["tag", "v1"]);
    repository.git(&["branch", "base"]);
    for content in ["second", "third"] {
        repository.write("a.yaml", content);
        repository.commit();
    }
    let clone = Repository::new("shallow");
    let url = format!("file://{}", repository.folder.display());
    clone.git(&["fetch", "-q", "--depth=1", "--no-tags", &url, "main:refs/remotes/origin/main"]);
    clone.git(&["checkout", "-q", "-b", "work", "origin/main"]);
    let error = Revision::open(&clone.folder, "v1").unwrap_err();
    assert!(matches!(error, NoRevision::Unknown { is_shallow: true, .. }), "{error}");
    assert!(error.to_string().contains("git fetch --unshallow"), "{error}");
    // With the tip of the base but not the history between: the tip stands in.
    clone.git(&["fetch", "-q", "--depth=1", "--no-tags", &url, "base:refs/remotes/origin/base"]);
    let revision = Arc::new(Revision::open(&clone.folder, "origin/base").unwrap());
    assert!(revision.is_tip);
    assert_eq!(read(&revision, clone.folder.join("a.yaml")).unwrap(), "first");
}

#[test]
fn what_is_no_revision_is_said() {
    let repository = Repository::new("none");
    let open = |name: &str| Revision::open(&repository.folder, name).unwrap_err().to_string();
    assert_eq!(open("main"), "there is no revision `main` in this repository; `git fetch` may bring it");
    repository.write("a.yaml", "a");
    repository.commit();
    repository.git(&["checkout", "-q", "--orphan", "island"]);
    repository.write("b.yaml", "b");
    repository.commit();
    assert_eq!(open("main"), "`main` and `HEAD` have no common ancestor");
    for wrong in ["", "HEAD..main", "HEAD:a.yaml", "--help", "^", "main^99"] {
        assert!(open(wrong).starts_with("there is no revision"), "{wrong}");
    }
    let outside = std::env::temp_dir();
    let error = Revision::open(&outside, "HEAD").unwrap_err();
    assert!(matches!(error, NoRevision::NoRepository(_)), "{error}");
}

#[cfg(unix)]
#[test]
fn links_of_the_revision_are_followed_within_it() {
    let repository = Repository::new("links");
    repository.write("real/a.yaml", "linked");
    let link = |target: &str, name: &str| std::os::unix::fs::symlink(target, repository.folder.join(name));
    link("real", "folder").unwrap();
    link("folder/a.yaml", "file.yaml").unwrap();
    link("../../etc/passwd", "outside.yaml").unwrap();
    link("circle.yaml", "circle.yaml").unwrap();
    repository.commit();
    for name in ["folder", "file.yaml", "outside.yaml", "circle.yaml", "real/a.yaml"] {
        std::fs::remove_file(repository.folder.join(name)).unwrap();
    }
    let revision = Arc::new(Revision::open(&repository.folder, "HEAD").unwrap());
    let reader = Reader::of_revision(revision.clone());
    assert_eq!(reader.identity(&repository.folder.join("file.yaml")), repository.folder.join("real/a.yaml"));
    assert_eq!(read(&revision, repository.folder.join("file.yaml")).unwrap(), "linked");
    assert_eq!(read(&revision, repository.folder.join("folder/a.yaml")).unwrap(), "linked");
    for lost in ["outside.yaml", "circle.yaml", "../../../../etc/passwd", "real"] {
        assert!(read(&revision, repository.folder.join(lost)).is_err(), "{lost}");
    }
}
