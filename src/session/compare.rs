//! What a change brought: what the documents said at a revision is known, and only what is new since is reported.

use std::sync::Arc;

use super::{Input, InputOrigin, Session, may_be_document};
use crate::engine::{Accepted, Excerpts, Known, LineHashes, SuppressedFindings};
use crate::lint::{Recorded, Report};
use crate::source::{NoRevision, Reader, Revision};

/// The documents as they were.
#[derive(Debug)]
pub struct Before {
    /// When.
    pub revision: Arc<Revision>,
    /// What was to be said of them, directives heeded.
    pub report: Report,
    /// Every occurrence that was not suppressed.
    pub known: Known,
}

impl Session {
    /// The documents at a revision: those of the inputs that it has, and those that are gone since, which may have been
    /// renamed. The same rules apply to them as to the documents of today.
    pub fn before(&self, revision: Arc<Revision>, inputs: &[Input]) -> Result<Before, NoRevision> {
        let session = self.at(revision.clone());
        let had = inputs.iter().map(|input| input.path.clone()).filter(|path| session.reader.exists(path));
        let gone =
            revision.files()?.into_iter().filter(|path| may_be_document(path) && !self.reader.exists(path));
        // Whatever was no document then is no error now.
        let walked = |path| Input { path, origin: InputOrigin::Walked };
        let then: Vec<Input> = had.chain(gone).map(walked).collect();
        let (report, record, _) = session.lint_recording(&then);
        Ok(Before { revision, report, known: Known::new(record.entries.into_iter().map(accepted).collect()) })
    }

    /// The same session over the files of a revision.
    pub fn at(&self, revision: Arc<Revision>) -> Session {
        Session {
            reader: Reader::of_revision(revision),
            limits: self.limits.clone(),
            // What holds today, also for what is gone: a change of settings is not a change of the documents.
            configuration: self.configuration.read_by(&self.reader),
            root: self.root.clone(),
            working_directory: self.working_directory.clone(),
            threads: self.threads,
            excerpts: Excerpts::Omit,
            line_hashes: LineHashes::Omit,
            suppressed: SuppressedFindings::Omit,
            today: self.today,
            known: None,
            searched: self.searched.clone(),
            // A document that refers to a changed file today may not have done so then.
            changed: None,
            inline: self.inline,
            progress: self.progress.clone(),
        }
    }
}

fn accepted(found: Recorded) -> Accepted {
    let Recorded { path, fingerprint, severity, root, .. } = found;
    Accepted { path, fingerprint, severity, root, since: None }
}
