//! Who may send what Larum takes in: alerts, and samples.

use axum::http::{HeaderMap, StatusCode};
use larum_store::accounts::Role;

use super::identity::{basic, bearer, by_token};
use super::origin::{Source, source};
use crate::doors::Doors;
use crate::setup::{Access, PostAuth};

/// Why somebody may not send, as a status and in words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MayNotSend {
    /// 401, 403, or 500 if nobody can tell.
    pub status: StatusCode,
    /// Why, and what to do.
    pub words: String,
}

/// Lets through who may send. A page of another site must not, whatever else is allowed.
///
/// # Errors
/// [`MayNotSend`] with a reason.
pub async fn may_send(doors: &Doors, headers: &HeaderMap) -> Result<(), MayNotSend> {
    if doors.setup().alertmanager.access == Access::Everybody {
        return Ok(());
    }
    let no = |status, words: &str| Err(MayNotSend { status, words: words.to_owned() });
    if source(headers, doors.setup()) == Source::Foreign {
        return no(StatusCode::FORBIDDEN, "a page of another site must not post anything");
    }
    let secret = match doors.setup().post_auth {
        PostAuth::OpenOnLoopback | PostAuth::None => return Ok(()),
        PostAuth::Bearer => bearer(headers),
        PostAuth::Basic => basic(headers),
    };
    let caller = match secret {
        Some(secret) => by_token(&secret, doors.store(), doors.now().wall).await,
        None => Ok(None),
    };
    let role = match caller {
        Ok(caller) => caller.map(|caller| caller.role),
        Err(error) => return no(StatusCode::INTERNAL_SERVER_ERROR, &error.to_string()),
    };
    match role {
        Some(Role::Sender | Role::PlatformAdmin) => Ok(()),
        Some(Role::Viewer) => no(
            StatusCode::FORBIDDEN,
            "a service token of the role viewer only reads: make one of the role sender",
        ),
        None if doors.setup().post_auth == PostAuth::Bearer => {
            no(StatusCode::UNAUTHORIZED, "send a service token as bearer token")
        }
        None => no(StatusCode::UNAUTHORIZED, "send a service token as basic password"),
    }
}
