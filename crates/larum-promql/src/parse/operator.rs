//! Operators, their modifiers, and aggregations: the foreign shapes and ours.

use promql_parser::label::Labels;
use promql_parser::parser::token::{self, TokenType};
use promql_parser::parser::{BinModifier, LabelModifier, VectorMatchCardinality};

use super::EXPERIMENTAL;
use crate::error::ParseError;
use crate::expr::{Compare, Group, Grouping, Matching, Math, Operator};

/// Our operator for the parser's token.
pub(super) fn operator(token: TokenType) -> Result<Operator, ParseError> {
    Ok(match token.id() {
        token::T_ADD => Operator::Math(Math::Add),
        token::T_SUB => Operator::Math(Math::Subtract),
        token::T_MUL => Operator::Math(Math::Multiply),
        token::T_DIV => Operator::Math(Math::Divide),
        token::T_MOD => Operator::Math(Math::Modulo),
        token::T_POW => Operator::Math(Math::Power),
        token::T_ATAN2 => Operator::Math(Math::Atan2),
        token::T_EQLC => Operator::Compare(Compare::Equal),
        token::T_NEQ => Operator::Compare(Compare::NotEqual),
        token::T_GTR => Operator::Compare(Compare::Greater),
        token::T_LSS => Operator::Compare(Compare::Less),
        token::T_GTE => Operator::Compare(Compare::GreaterOrEqual),
        token::T_LTE => Operator::Compare(Compare::LessOrEqual),
        token::T_LAND => Operator::And,
        token::T_LOR => Operator::Or,
        token::T_LUNLESS => Operator::Unless,
        _ => return Err(unknown("operator", token)),
    })
}

fn unknown(what: &str, token: TokenType) -> ParseError {
    ParseError::Unsupported { what: format!("{what} {token}"), why: "Larum does not know it" }
}

/// How two vectors match; without a modifier they match on all labels.
pub(super) fn matching(modifier: Option<&BinModifier>) -> Result<Matching, ParseError> {
    let Some(modifier) = modifier else {
        return Ok(Matching { on: false, labels: Vec::new(), group: Group::Neither });
    };
    if modifier.fill_values.lhs.is_some() || modifier.fill_values.rhs.is_some() {
        return Err(ParseError::Unsupported { what: "fill()".to_owned(), why: EXPERIMENTAL });
    }
    let group = match &modifier.card {
        VectorMatchCardinality::OneToOne | VectorMatchCardinality::ManyToMany => Group::Neither,
        VectorMatchCardinality::ManyToOne(labels) => Group::Left(labels.labels.clone()),
        VectorMatchCardinality::OneToMany(labels) => Group::Right(labels.labels.clone()),
    };
    let (on, labels) = match &modifier.matching {
        Some(LabelModifier::Include(labels)) => (true, sorted(labels)),
        Some(LabelModifier::Exclude(labels)) => (false, sorted(labels)),
        None => (false, Vec::new()),
    };
    Ok(Matching { on, labels, group })
}

/// `by` and `without`.
pub(super) fn grouping(modifier: Option<&LabelModifier>) -> Grouping {
    match modifier {
        Some(LabelModifier::Include(labels)) => Grouping { without: false, labels: sorted(labels) },
        Some(LabelModifier::Exclude(labels)) => Grouping { without: true, labels: sorted(labels) },
        None => Grouping { without: false, labels: Vec::new() },
    }
}

fn sorted(labels: &Labels) -> Vec<String> {
    let mut labels = labels.labels.clone();
    labels.sort();
    labels.dedup();
    labels
}

/// What an aggregation operator takes besides the vector.
pub(super) enum Parameter {
    None,
    Number,
    Label,
}

/// The parameter of the aggregation operator `token`; the experimental ones are refused by name.
pub(super) fn parameter(token: TokenType) -> Result<Parameter, ParseError> {
    Ok(match token.id() {
        token::T_QUANTILE | token::T_TOPK | token::T_BOTTOMK => Parameter::Number,
        token::T_COUNT_VALUES => Parameter::Label,
        token::T_LIMITK | token::T_LIMIT_RATIO => {
            return Err(ParseError::Unsupported { what: format!("{token}()"), why: EXPERIMENTAL });
        }
        _ => Parameter::None,
    })
}
