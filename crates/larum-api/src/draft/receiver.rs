//! Receivers as somebody typed them.

use larum_core::condition::{self, ConditionError, Conditions};
use larum_core::receiver::{ChannelError, Channels};
use larum_slack::SlackToken;

use crate::problem::Problem;
use crate::wire::condition::{Condition, Operator};

/// Reads a list of channels.
pub fn read_channels(given: &[String]) -> Result<Channels, Problem> {
    Channels::parse(given).map_err(|(index, error)| match error {
        ChannelError::NoneAtAll | ChannelError::TooMany { .. } => {
            Problem::invalid("channels", error.to_string())
        }
        _ => Problem::invalid(format!("channels[{index}]"), error.to_string()),
    })
}

/// Reads conditions; `None` lets every alert through.
pub fn read_conditions(given: Option<&[Condition]>) -> Result<Conditions, Problem> {
    let Some(given) = given else { return Ok(Conditions::EVERYTHING) };
    let mut conditions = Vec::with_capacity(given.len().min(condition::MAX_CONDITIONS));
    for (index, condition) in given.iter().enumerate() {
        let made =
            condition::Condition::new(&condition.label, operator(condition.operator), &condition.values);
        conditions.push(
            made.map_err(|error| Problem::invalid(place(index, &error, condition), error.to_string()))?,
        );
    }
    Conditions::all(conditions).map_err(|error| Problem::invalid("conditions", error.to_string()))
}

fn place(index: usize, error: &ConditionError, condition: &Condition) -> String {
    let in_label = match error {
        ConditionError::NoLabel => true,
        ConditionError::TooLong { .. } => condition.label.len() > condition::MAX_CONDITION_TEXT,
        _ => false,
    };
    format!("conditions[{index}].{}", if in_label { "label" } else { "values" })
}

fn operator(operator: Operator) -> condition::Operator {
    match operator {
        Operator::In => condition::Operator::In,
        Operator::NotIn => condition::Operator::NotIn,
        Operator::Exists => condition::Operator::Exists,
        Operator::DoesNotExist => condition::Operator::DoesNotExist,
    }
}

/// Reads a token, if one was typed.
pub fn read_token(given: Option<&str>) -> Result<Option<SlackToken>, Problem> {
    let given = given.filter(|token| !token.trim().is_empty());
    given
        .map(SlackToken::parse)
        .transpose()
        .map_err(|error| Problem::invalid("token", sentence(&error.to_string())))
}

/// Words from a neighbour as a sentence.
pub fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    let end = if words.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{first}{}{end}", letters.as_str())
}
