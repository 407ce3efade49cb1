//! What must hold of any input.

mod bodies;
mod configuration;
mod matchers;
mod patterns;
mod templates;

/// One kind of input, and what must hold of it.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// The word for it, and the folder of its corpus.
    pub name: &'static str,
    /// Panics if it does not hold.
    pub check: fn(&[u8]),
    /// What such input is often made of.
    pub words: &'static [&'static str],
}

/// All targets.
pub const ALL: [Target; 8] = [
    Target { name: "matchers", check: matchers::check, words: &matchers::WORDS },
    Target { name: "patterns", check: patterns::check, words: &patterns::WORDS },
    Target { name: "configuration", check: configuration::check, words: &configuration::WORDS },
    Target { name: "templates", check: templates::check, words: &templates::WORDS },
    Target { name: "alerts", check: bodies::alerts, words: &bodies::ALERTS },
    Target { name: "silence", check: bodies::silence, words: &bodies::SILENCE },
    Target { name: "receiver", check: bodies::receiver, words: &bodies::RECEIVER },
    Target { name: "policy", check: bodies::policy, words: &bodies::POLICY },
];

/// The target of this name.
pub fn named(name: &str) -> Option<Target> {
    ALL.into_iter().find(|target| target.name == name)
}
