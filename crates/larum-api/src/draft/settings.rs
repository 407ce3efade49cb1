//! Settings as somebody typed them.

use std::time::Duration;

use larum_core::config::{self, GroupingError};
use larum_core::duration::parse_duration;

use super::receiver::sentence;
use crate::problem::Problem;
use crate::wire::settings::GroupingUpdate;

/// Reads how alerts are grouped.
pub fn read_grouping(given: &GroupingUpdate) -> Result<config::Grouping, Problem> {
    let wait = span("group_wait", &given.group_wait)?;
    let interval = span("group_interval", &given.group_interval)?;
    let repeat = span("repeat_interval", &given.repeat_interval)?;
    config::Grouping::new(&given.group_by, wait, interval, repeat).map_err(|error| {
        let field = match &error {
            GroupingError::OutOfRange { name, .. } => name.replace(' ', "_"),
            _ => "group_by".to_owned(),
        };
        Problem::invalid(field, error.to_string())
    })
}

fn span(field: &str, given: &str) -> Result<Duration, Problem> {
    parse_duration(given.trim()).map_err(|error| Problem::invalid(field, sentence(&error.to_string())))
}
