//! One thing done to several policies.

use axum::extract::State;
use axum::{Extension, Json};
use futures_util::{StreamExt, stream};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::policies::{delete, reset_to_default, switch_to};
use crate::body::Body;
use crate::doors::Doors;
use crate::lock::identity::Caller;
use crate::problem::Problem;
use crate::wire::policy_change::{
    PolicyAction, PolicyActionResult, PolicyActionResults, PolicyActions, PolicyVersion,
};

/// The most policies in one request.
const MAX_AT_ONCE: usize = 1000;
/// How many of them are on their way to the disk together: they share its commits.
const TOGETHER: usize = 64;

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Doors> {
    OpenApiRouter::new().routes(routes!(change_policies))
}

/// Does one thing to several policies, to each by itself.
#[utoipa::path(
    post, path = "/policies/actions", tag = "policies",
    request_body = PolicyActions,
    responses((status = 200, body = PolicyActionResults), Problem)
)]
pub async fn change_policies(
    State(doors): State<Doors>,
    Extension(caller): Extension<Caller>,
    Body(wanted): Body<PolicyActions>,
) -> Result<Json<PolicyActionResults>, Problem> {
    let count = wanted.policies.len();
    if count > MAX_AT_ONCE {
        let words = format!("{count} policies are too many at once: at most {MAX_AT_ONCE} are allowed.");
        return Err(Problem::invalid("policies", words));
    }
    let one = |asked: PolicyVersion| act(&doors, &caller, wanted.action, asked);
    let results: Vec<PolicyActionResult> =
        stream::iter(wanted.policies).map(one).buffered(TOGETHER).collect().await;
    let done = results.iter().filter(|result| result.problem.is_none()).count();
    Ok(Json(PolicyActionResults { done, results }))
}

async fn act(
    doors: &Doors,
    caller: &Caller,
    action: PolicyAction,
    asked: PolicyVersion,
) -> PolicyActionResult {
    let PolicyVersion { id, version } = asked;
    let seen = (id, version);
    let changed = match action {
        PolicyAction::Enable => switch_to(doors, caller, seen, true).await.map(Some),
        PolicyAction::Disable => switch_to(doors, caller, seen, false).await.map(Some),
        PolicyAction::Delete => delete(doors, caller, seen).await.map(|()| None),
        PolicyAction::Reset => reset_to_default(doors, caller, seen).await.map(Some),
    };
    match changed {
        Ok(policy) => PolicyActionResult { id, policy, problem: None },
        Err(problem) => PolicyActionResult { id, policy: None, problem: Some(problem.into_body()) },
    }
}
