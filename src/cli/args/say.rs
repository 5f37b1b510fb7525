//! What the options say, as the layer of the command line: it stands above files and environment.

use std::path::Path;

use clap::ValueEnum;

use super::{BaselineRun, Lint, Reading, RuleOptions, Suppress};
use crate::config::Layer;
use crate::engine::Inline;
use crate::session::Session;

impl Reading {
    /// Adds what the options say to the layer of the command line.
    pub(in crate::cli) fn say(&self, layer: &mut Layer, folder: &Path) {
        let limits = [
            ("limits.file-size", "--max-file-size", self.max_file_size),
            ("limits.depth", "--max-depth", self.max_depth.map(u64::from)),
            ("limits.nodes", "--max-nodes", self.max_nodes.map(u64::from)),
            ("limits.key-size", "--max-key-size", self.max_key_size.map(u64::from)),
            ("limits.merge-copies", "--max-merge-copies", self.max_merge_copies.map(u64::from)),
            ("limits.references", "--max-references", self.max_references.map(u64::from)),
            ("limits.files", "--max-files", self.max_files.map(u64::from)),
            ("limits.operations", "--max-operations", self.max_operations.map(u64::from)),
            ("limits.usage-steps", "--max-usage-steps", self.max_usage_steps),
            ("threads", "--threads", self.threads.map(|threads| threads.get() as u64)),
        ];
        for (key, option, number) in limits {
            if let Some(number) = number {
                layer.say_integer(key, option, folder, number);
            }
        }
    }
}

impl Lint {
    /// Adds what the options say to the layer of the command line.
    pub(in crate::cli) fn say(&self, layer: &mut Layer, folder: &Path) {
        let output = &self.output;
        let file = output.output_file.as_ref().map(|path| path.to_string_lossy().into_owned());
        let words = [
            ("output.format", "--output-format", output.output_format.as_ref().map(word)),
            ("output.color", "--color", output.color.as_ref().map(word)),
            ("output.file", "--output-file", file),
        ];
        say_words(words, layer, folder);
        self.rules.say(layer, folder);
        layer.say_list("exclude", "--exclude", folder, &self.inputs.exclude);
        self.reading.say(layer, folder);
    }
}

impl BaselineRun {
    /// Adds what the options say to the layer of the command line.
    pub(in crate::cli) fn say(&self, layer: &mut Layer, folder: &Path) {
        self.rules.say(layer, folder);
        layer.say_list("exclude", "--exclude", folder, &self.inputs.exclude);
        self.reading.say(layer, folder);
    }
}

impl Suppress {
    /// Adds what the options say to the layer of the command line.
    pub(in crate::cli) fn say(&self, layer: &mut Layer, folder: &Path) {
        let profile = self.profile.map(|profile| profile.name().to_owned());
        say_words([("profile", "--profile", profile)], layer, folder);
        self.reading.say(layer, folder);
    }
}

impl RuleOptions {
    /// Tells a session what is no setting.
    pub(in crate::cli) fn apply(&self, session: &mut Session) {
        session.today = self.today.unwrap_or(session.today);
        if self.no_inline_suppression {
            session.inline = Inline::Disregard;
        }
    }

    fn say(&self, layer: &mut Layer, folder: &Path) {
        let words = [
            ("profile", "--profile", self.profile.map(|profile| profile.name().to_owned())),
            ("fail-on", "--fail-on", self.fail_on.as_ref().map(word)),
        ];
        say_words(words, layer, folder);
        let lists = [
            ("select", "--select", &self.select),
            ("extend-select", "--extend-select", &self.extend_select),
            ("ignore", "--ignore", &self.ignore),
        ];
        for (key, option, texts) in lists {
            layer.say_list(key, option, folder, texts);
        }
    }
}

fn say_words<const N: usize>(words: [(&str, &str, Option<String>); N], layer: &mut Layer, folder: &Path) {
    for (key, option, text) in words {
        if let Some(text) = text {
            layer.say_text(key, option, folder, text);
        }
    }
}

/// The name of an option's value.
pub(super) fn word<V: ValueEnum>(value: &V) -> String {
    value.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
}

/// The value with a name of the table of settings.
pub(in crate::cli) fn of_word<V: ValueEnum>(word: &str) -> V {
    V::from_str(word, false).expect("the table of settings and the command line know the same words")
}
