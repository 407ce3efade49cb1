//! What operators write, and what they are told.

mod amtool;
mod draw;
mod good;
mod messages;
mod patterns;
mod peer;
mod routes;
mod shown;
mod story;
mod templates;
mod wrong;

use larum_alertmanager::config::{Configuration, Options};

/// A sound file that uses most of what there is.
const GOOD: &str = include_str!("../files/good.yml");

/// Reads a file that must be sound.
fn sound(text: &str) -> Configuration {
    read(text, &Options::default())
}

fn read(text: &str, options: &Options) -> Configuration {
    Configuration::parse(text, options).unwrap_or_else(|errors| {
        let told: Vec<String> = errors.iter().map(ToString::to_string).collect();
        panic!("it is sound, but: {}", told.join("\n"))
    })
}

/// What is told of a file that must not be sound.
fn told(text: &str) -> Vec<String> {
    match Configuration::parse(text, &Options::default()) {
        Ok(_) => Vec::new(),
        Err(errors) => errors.iter().map(ToString::to_string).collect(),
    }
}
