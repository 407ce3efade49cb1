//! A file of routes, from its text to what the engine is given: as the binary reads it.

use std::sync::Arc;

use larum_alertmanager::config::{Configuration, Options};
use larum_alertmanager::routing::{inhibitions, routing};
use larum_alertmanager::template::Templates;
use larum_core::label::LabelSet;
use larum_core::time::Now;
use larum_engine::{Clock, Integrations, RouteFile};

/// What this text says, by this clock.
pub fn read_route_file(text: &str, clock: Clock) -> RouteFile {
    let configuration = Configuration::parse(text, &Options::default())
        .unwrap_or_else(|errors| panic!("the storm writes a wrong file: {errors:?}\n{text}"));
    let templates = Templates::with_files([]).expect("there are none");
    let now: Arc<dyn Fn() -> Now + Send + Sync> = Arc::new(move || clock.now());
    let names = configuration.receivers.iter().map(|receiver| {
        (receiver.name.as_str().into(), LabelSet::from_pairs([("name", receiver.name.as_str())]))
    });
    RouteFile {
        routing: Arc::new(routing(&configuration).expect("it can be put into force")),
        inhibitions: inhibitions(&configuration).into(),
        integrations: Integrations::of(&configuration, &templates, &now).expect("its integrations work"),
        resolve_timeout: configuration.resolve_timeout,
        receivers: names.collect(),
        hash: 0,
        original: configuration.original().into(),
    }
}
