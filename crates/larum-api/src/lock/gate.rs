//! Who may do what with Larum's own API. Whatever is not said here needs a login to be read and the role
//! platform-admin to be changed.

use axum::extract::{Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use larum_store::accounts::Role;

use super::identity::{Caller, Proof, identify};
use super::origin::{Source, source};
use crate::doors::Doors;
use crate::problem::{Code, Problem};

/// Lets a request through if its caller may do what it asks; handlers find the [`Caller`] in its extensions.
pub async fn check_caller(State(doors): State<Doors>, mut request: Request, next: Next) -> Response {
    let caller = identify(request.headers(), doors.setup(), doors.store(), doors.now().wall).await;
    let caller = match caller {
        Ok(caller) => caller,
        Err(error) => return Problem::internal(&error).into_response(),
    };
    let from = source(request.headers(), doors.setup());
    if let Err(problem) = judge(request.method(), request.uri().path(), caller.as_ref(), from) {
        return problem.into_response();
    }
    if let Some(caller) = caller {
        request.extensions_mut().insert(caller);
    }
    next.run(request).await
}

/// What only a platform-admin may read: who may come in, and the settings. Where messages go is not hidden: see
/// `/deliveries/receivers`.
const FOR_ADMINISTRATORS: [&str; 6] = ["/users", "/tokens", "/receivers", "/slack", "/settings", "/routing"];

fn judge(method: &Method, path: &str, caller: Option<&Caller>, from: Source) -> Result<(), Problem> {
    let changes = !matches!(*method, Method::GET | Method::HEAD);
    let by_token = caller.is_some_and(|caller| matches!(caller.by, Proof::Token | Proof::None));
    // Browsers send on their own what they keep: a cookie, and also a token as the password of Basic authentication.
    if changes && (from == Source::Foreign || (!by_token && from == Source::Unknown)) {
        return Err(forbidden(
            "This did not come from a page of Larum. Open the console, or let a script use a service token.",
        ));
    }
    if path == "/session" && *method == Method::POST {
        return Ok(());
    }
    let Some(caller) = caller else {
        return Err(Problem::new(Code::Unauthenticated, "Log in first, or send a service token."));
    };
    if path == "/session" || path == "/session/password" {
        return Ok(());
    }
    if caller.must_change_password() {
        let words = "Change your one-time password first; nothing else is allowed before that.";
        return Err(Problem::new(Code::MustChangePassword, words));
    }
    let for_administrators = FOR_ADMINISTRATORS.iter().any(|prefix| path.starts_with(prefix));
    match caller.role {
        Role::PlatformAdmin => Ok(()),
        Role::Viewer if changes || for_administrators => {
            Err(forbidden("Your role is viewer: only a platform-admin may do this."))
        }
        Role::Viewer => Ok(()),
        Role::Sender => {
            Err(forbidden("A service token of the role sender posts alerts and does nothing else."))
        }
    }
}

fn forbidden(words: &str) -> Problem {
    Problem::new(Code::Forbidden, words)
}
