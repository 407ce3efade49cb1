//! Questions about expressions themselves (Prometheus, "HTTP API", "Formatting query expressions" and "Parsing a PromQL
//! expressions into a abstract syntax tree (AST)").

use axum::response::Response;
use larum_promql::{format_expression, syntax_tree};

use super::answer::Answer;
use super::form::Form;
use super::refusal::Refusal;

/// `/format_query`: an expression as a person would lay it out.
pub async fn format(form: Form) -> Result<Response, Refusal> {
    let text = format_expression(form.get("query"));
    Ok(Answer::of(&text.map_err(|error| Refusal::parameter("query", error))?))
}

/// `/parse_query`: an expression as the tree that Prometheus' console shows.
pub async fn parse(form: Form) -> Result<Response, Refusal> {
    let tree = syntax_tree(form.get("query"));
    Ok(Answer::of(&tree.map_err(|error| Refusal::parameter("query", error))?))
}
