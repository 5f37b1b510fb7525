//! What a comment belongs to: the outermost entry or item that begins on its line, or on the next line with content.

use crate::source::FileId;
use crate::syntax::{Comment, Descent, Files, Kind, Node, NodeId, Step};

/// A file as its comments see it.
pub(super) struct Lines<'a> {
    files: &'a Files,
    file: FileId,
    text: &'a str,
    /// How many nodes the file has.
    nodes: u32,
    descent: Descent,
}

impl<'a> Lines<'a> {
    pub(super) fn of(files: &'a Files, file: FileId) -> Lines<'a> {
        let nodes = files.file(file).tree.len() as u32;
        Lines { files, file, text: &files.file(file).text, nodes, descent: Descent::default() }
    }

    /// The value that a comment belongs to, with its key.
    ///
    /// Behind something it is the outermost entry or item that begins on the line, else what ends there. On a line of
    /// its own it is the outermost one that begins on the next line that is neither blank nor a comment.
    pub(super) fn target(&mut self, comment: &Comment) -> Option<Node<'a>> {
        let start = self.line_start(comment.start as usize);
        let before = self.text[start..comment.start as usize].trim_start_matches('\u{feff}').trim();
        if before.is_empty() || before == "---" {
            return self.next(comment.end as usize);
        }
        if is_dashes(before) {
            // The item begins below its dash.
            return self.item_below(comment.end as usize);
        }
        let found = self.beginning_in(start as u32, comment.start);
        found.or_else(|| self.ending_in(start as u32, comment.start))
    }

    /// The outermost entry or item that begins on the next line with content.
    fn next(&self, after: usize) -> Option<Node<'a>> {
        let first = self.node_from(after as u32)?;
        let start = self.first_in(first).span().start as usize;
        let line = self.line_start(start).max(after);
        let between = self.text[after..line].lines().map(str::trim);
        // What stands between and is no value closes one: then nothing begins here.
        let lead = self.text[line..start].trim_start_matches('\u{feff}').trim_start();
        if !between.clone().all(is_nothing) || lead.starts_with([']', '}', ',']) {
            return None;
        }
        if between.into_iter().any(|line| line != "---" && is_dashes(line)) {
            return self.item_below(after);
        }
        self.beginning_in(line as u32, self.line_end(start) as u32)
    }

    /// The item after an offset whose dash stands on a line before it.
    fn item_below(&self, after: usize) -> Option<Node<'a>> {
        let first = self.node_from(after as u32)?;
        let line = self.line_start(first.span().start as usize).max(after);
        if !self.text[after..line].lines().map(str::trim).all(is_nothing) {
            return None;
        }
        // The array begins at the dash of its first item.
        let is_array = first.kind() == Kind::Array && self.is_open(first) && first.id().0 + 1 < self.nodes;
        Some(if is_array { first.sibling(NodeId(first.id().0 + 1)) } else { first })
    }

    /// The outermost entry or item that begins in a range of offsets within a line, or else the value that begins there.
    fn beginning_in(&self, start: u32, end: u32) -> Option<Node<'a>> {
        let mut at = self.node_from(start)?;
        while at.span().start < end {
            let next = NodeId(at.id().0 + 1);
            let follower = (next.0 < self.nodes).then(|| at.sibling(next));
            if follower.is_some_and(|value| value.key() == Some(at)) {
                return follower;
            }
            // An object or array without brackets is no more than what begins in it, unless it is an item.
            if !self.is_open(at) || at.key().is_none() && self.is_behind_dash(at) {
                return Some(at);
            }
            at = follower?;
        }
        None
    }

    /// The outermost value that ends in a range of offsets, and began before.
    fn ending_in(&mut self, start: u32, end: u32) -> Option<Node<'a>> {
        let last = self.node_from(start).map_or(self.nodes, |node| node.id().0).checked_sub(1)?;
        let last = self.files.node(self.file, NodeId(last));
        let way = self.descent.steps(self.files, last).into_iter().map(Step::value);
        let around: Vec<_> = self.files.root(self.file).into_iter().chain(way).collect();
        // What has no brackets merely ends with its last entry.
        around.into_iter().find(|&node| {
            let span = node.span();
            !self.is_open(node) && span.start < start && span.end > start && span.end <= end
        })
    }

    /// The first node that begins at an offset or after it. Nodes are in the order of their beginnings.
    fn node_from(&self, offset: u32) -> Option<Node<'a>> {
        let (mut low, mut high) = (0, self.nodes);
        while low < high {
            let middle = low + (high - low) / 2;
            let start = self.files.node(self.file, NodeId(middle)).span().start;
            if start < offset { low = middle + 1 } else { high = middle }
        }
        (low < self.nodes).then(|| self.files.node(self.file, NodeId(low)))
    }

    /// The first node in a node that is no object or array without brackets.
    fn first_in(&self, node: Node<'a>) -> Node<'a> {
        let mut at = node;
        while self.is_open(at) && at.id().0 + 1 < self.nodes {
            at = at.sibling(NodeId(at.id().0 + 1));
        }
        at
    }

    /// Whether an item without brackets stands right behind the dash, bracket or comma that makes it one.
    fn is_behind_dash(&self, node: Node<'a>) -> bool {
        let start = node.span().start as usize;
        let before = self.text[self.line_start(start)..start].trim();
        before.starts_with('-') || before.ends_with(['[', ','])
    }

    /// Whether a node is an object or array without brackets.
    fn is_open(&self, node: Node<'a>) -> bool {
        matches!(node.kind(), Kind::Object | Kind::Array)
            && !self.text[node.span().start as usize..].starts_with(['{', '['])
    }

    fn line_start(&self, offset: usize) -> usize {
        memchr::memrchr2(b'\n', b'\r', &self.text.as_bytes()[..offset]).map_or(0, |at| at + 1)
    }

    fn line_end(&self, offset: usize) -> usize {
        let rest = &self.text.as_bytes()[offset..];
        memchr::memchr2(b'\n', b'\r', rest).map_or(self.text.len(), |at| offset + at)
    }
}

/// Whether a line holds nothing but the dashes of items.
fn is_dashes(line: &str) -> bool {
    !line.is_empty() && line.bytes().all(|byte| matches!(byte, b'-' | b' ' | b'\t'))
}

/// Whether a line holds nothing that ends a value: it is blank, a comment, a dash, the head of a document.
fn is_nothing(line: &str) -> bool {
    line.is_empty() || line.starts_with(['#', '%']) || is_dashes(line)
}
