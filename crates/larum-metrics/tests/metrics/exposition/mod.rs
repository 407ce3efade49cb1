//! What scrape targets say, and what is understood.

mod support;
mod text;
mod openmetrics;
mod content_type;
mod limits;
mod encoded;
mod node_exporter;
mod anything;
