//! The methods of the Web API that this workspace knows: scopes, rate tiers, and what they do.

mod authentication;
mod content;
mod conversations;
mod message;
mod post;
mod update;

use crate::answer::{Answer, Refusal};
use crate::arguments::Arguments;
use crate::throttle::Tier;
use crate::workspace::TokenKind;
use crate::world::World;

/// A method of the Web API.
pub(crate) struct Method {
    pub(crate) name: &'static str,
    /// The `x-accepted-oauth-scopes` header; empty for methods that need none.
    pub(crate) accepted: &'static str,
    pub(crate) tier: Tier,
    /// Whether its arguments may come as JSON; else `invalid_arguments`.
    pub(crate) takes_json: bool,
    pub(crate) needs_token: bool,
    pub(crate) run: fn(&mut Calling<'_>) -> Result<Answer, Stop>,
}

const READ_SCOPES: &str = "channels:read,groups:read,mpim:read,im:read,read";

const METHODS: [Method; 7] = [
    Method {
        name: "auth.test",
        accepted: "",
        tier: Tier::Hundreds,
        takes_json: true,
        needs_token: true,
        run: authentication::auth_test,
    },
    Method {
        name: "api.test",
        accepted: "",
        tier: Tier::Four,
        takes_json: true,
        needs_token: false,
        run: authentication::api_test,
    },
    Method {
        name: "chat.postMessage",
        accepted: "chat:write",
        tier: Tier::Posting,
        takes_json: true,
        needs_token: true,
        run: post::post_message,
    },
    Method {
        name: "chat.update",
        accepted: "chat:write",
        tier: Tier::Three,
        takes_json: true,
        needs_token: true,
        run: update::update_message,
    },
    Method {
        name: "conversations.list",
        accepted: READ_SCOPES,
        tier: Tier::Two,
        takes_json: false,
        needs_token: true,
        run: conversations::list,
    },
    Method {
        name: "conversations.info",
        accepted: READ_SCOPES,
        tier: Tier::Three,
        takes_json: false,
        needs_token: true,
        run: conversations::info,
    },
    Method {
        name: "conversations.join",
        accepted: "channels:join,channels:write",
        tier: Tier::Three,
        takes_json: true,
        needs_token: true,
        run: conversations::join,
    },
];

pub(crate) fn method(name: &str) -> Option<&'static Method> {
    METHODS.iter().find(|method| method.name == name)
}

/// Why a call did not go well.
pub(crate) enum Stop {
    Refused(Refusal),
    /// HTTP 429; come again after so many seconds.
    Throttled(u64),
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// Who calls: the token's kind, the user it speaks as, and its scopes.
#[derive(Clone)]
pub(crate) struct Caller {
    pub(crate) kind: TokenKind,
    pub(crate) user: String,
    pub(crate) scopes: Vec<String>,
}

impl Caller {
    pub(crate) fn may(&self, scope: &str) -> bool {
        self.scopes.iter().any(|granted| granted == scope)
    }

    /// Refuses with `missing_scope` unless the scope was granted.
    pub(crate) fn needs(&self, scope: &str) -> Result<(), Refusal> {
        if self.may(scope) { Ok(()) } else { Err(Refusal::missing_scope(scope, &self.scopes)) }
    }
}

/// One call under way.
pub(crate) struct Calling<'a> {
    pub(crate) world: &'a mut World,
    /// `None` only for methods without a token.
    pub(crate) caller: Option<Caller>,
    pub(crate) arguments: &'a Arguments,
    /// Microseconds since the Unix epoch.
    pub(crate) now: i64,
}

impl Calling<'_> {
    /// The caller of a method that needs a token.
    pub(crate) fn caller(&self) -> Result<Caller, Refusal> {
        self.caller.clone().ok_or_else(|| Refusal::of("not_authed"))
    }
}
