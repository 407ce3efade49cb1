//! A file of routes, from its text to what the engine is given: as the binary reads it.

use std::path::Path;

use larum_alertmanager::config::{Configuration, Options};
use larum_alertmanager::template::Templates;
use larum_engine::{Clock, ReadFile, RouteFile};

/// What this text says, by this clock.
pub fn read_route_file(text: &str, clock: Clock) -> RouteFile {
    let configuration = Configuration::parse(text, &Options::default())
        .unwrap_or_else(|errors| panic!("the storm writes a wrong file: {errors:?}\n{text}"));
    let templates = Templates::with_files([]).expect("there are none");
    let path = Path::new("alertmanager.yml");
    let read =
        ReadFile { path, text, configuration: &configuration, templates: &templates, inhibitions: &[] };
    RouteFile::of(read, clock).expect("it can be put into force")
}
