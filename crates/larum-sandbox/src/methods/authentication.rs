//! `auth.test` and `api.test`.

use serde_json::json;

use super::{Calling, Stop};
use crate::answer::{Answer, Refusal};
use crate::workspace::TokenKind;

/// Says whose token it is. A user token has no `bot_id`.
pub(super) fn auth_test(calling: &mut Calling<'_>) -> Result<Answer, Stop> {
    let caller = calling.caller()?;
    let world = &calling.world;
    let workspace = &world.workspace;
    let speaker = workspace.speaker(caller.kind);
    let mut answer = Answer::of(json!({
        "url": world.url, "team": workspace.team.name, "user": speaker.name,
        "team_id": workspace.team.id, "user_id": speaker.id, "is_enterprise_install": false,
    }));
    if caller.kind == TokenKind::Bot {
        answer.fields.insert("bot_id".into(), json!(workspace.app.bot_id));
    }
    Ok(answer)
}

/// Echoes its arguments; the argument `error` asks for a failure with that code.
pub(super) fn api_test(calling: &mut Calling<'_>) -> Result<Answer, Stop> {
    let echo = json!({"args": calling.arguments.echo()});
    let answer = Answer::of(echo);
    match calling.arguments.text("error") {
        Some(error) => Err(Refusal { fields: answer.fields, ..Refusal::of(error) }.into()),
        None => Ok(answer),
    }
}
