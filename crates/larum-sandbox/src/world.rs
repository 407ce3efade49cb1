//! Everything a sandbox knows, and the order in which a call is decided.

use tokio::sync::watch;

use crate::answer::{Answer, Refusal};
use crate::arguments::{Arguments, Encoding};
use crate::config::{SandboxConfig, Switches};
use crate::edge::Randomness;
use crate::faults::Faults;
use crate::keep::{FolderError, Found, Keep};
use crate::messages::{MESSAGES_PER_CHANNEL, MessageLog, Posted};
use crate::methods::{Caller, Calling, Method, Stop, method};
use crate::requests::{Received, RequestLog};
use crate::seed::fresh_workspace;
use crate::throttle::Throttle;
use crate::workspace::{Token, TokenState, Workspace};

/// Tells watchers that something changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Revision {
    /// The newest message.
    pub(crate) last_seq: u64,
    /// The newest request.
    pub(crate) requests: u64,
    /// Grows with each change that is not just a new message.
    pub(crate) state: u64,
}

/// Everything a sandbox knows. It reads no clock: `now` is always microseconds since the Unix epoch.
pub(crate) struct World {
    pub(crate) workspace: Workspace,
    pub(crate) messages: MessageLog,
    pub(crate) faults: Faults,
    pub(crate) throttle: Throttle,
    pub(crate) requests: RequestLog,
    pub(crate) switches: Switches,
    pub(crate) random: Randomness,
    pub(crate) changes: watch::Sender<Revision>,
    /// The workspace's own address, with a slash at the end.
    pub(crate) url: String,
    keep: Option<Keep>,
    /// Messages in the file that are already forgotten.
    forgotten: usize,
    /// How often a message was said anew since the start.
    pub(crate) edits: u64,
}

/// A call as it arrived.
pub(crate) struct Call<'a> {
    pub(crate) method: &'a str,
    pub(crate) token: Option<&'a str>,
    pub(crate) arguments: &'a Result<Arguments, Refusal>,
    pub(crate) encoding: Encoding,
}

/// What a call came to.
pub(crate) struct Reply {
    pub(crate) outcome: Result<Answer, Stop>,
    /// The token's scopes, comma-separated, when it was a good one.
    pub(crate) granted: Option<String>,
    /// The scopes the method takes, when it needs any.
    pub(crate) accepted: Option<&'static str>,
}

impl World {
    /// Opens the kept workspace, or makes a fresh one.
    pub(crate) fn open(config: &SandboxConfig, url: String) -> Result<Self, FolderError> {
        let mut random = Randomness::from_seed(config.seed);
        let mut messages = MessageLog::default();
        let (mut keep, mut kept) = (None, None);
        let mut forgotten = 0;
        if let Some(folder) = &config.data {
            let Found { keep: opened, snapshot, messages: found } = Keep::open(folder)?;
            forgotten = found.into_iter().filter(|posted| messages.add(posted.clone())).count();
            keep = Some(opened);
            kept = snapshot;
        }
        if let Some(snapshot) = &kept {
            messages.skip_to(snapshot.last_seq);
        }
        let is_fresh = kept.is_none();
        let workspace = match kept {
            Some(snapshot) => snapshot.workspace,
            None => fresh_workspace(&mut random, config.clock.micros()),
        };
        let revision = Revision { last_seq: messages.last_seq(), ..Revision::default() };
        let world = Self {
            workspace,
            messages,
            faults: Faults::default(),
            throttle: Throttle::default(),
            requests: RequestLog::default(),
            switches: config.switches,
            random,
            changes: watch::Sender::new(revision),
            url,
            keep,
            forgotten,
            edits: 0,
        };
        if is_fresh && let (Some(keep), Some(folder)) = (&world.keep, &config.data) {
            let failed = |source| FolderError::Io { path: folder.clone(), source };
            keep.save(&world.workspace, world.messages.last_seq()).map_err(failed)?;
        }
        Ok(world)
    }

    /// Decides a call. Slack does not document the order of its checks; this one goes from the transport
    /// inwards: rate, encoding, method, token, then whatever the method checks.
    pub(crate) fn call(&mut self, call: &Call<'_>, now: i64) -> Reply {
        let known = method(call.method);
        let accepted = known.map(|method| method.accepted).filter(|accepted| !accepted.is_empty());
        let token = call.token.and_then(|secret| self.token(secret));
        let granted =
            token.filter(|token| token.state == TokenState::Active).map(|token| token.scopes.join(","));
        let outcome = self.decide(known, call, now);
        Reply { outcome, granted, accepted }
    }

    fn decide(&mut self, known: Option<&Method>, call: &Call<'_>, now: i64) -> Result<Answer, Stop> {
        if let Some(method) = known
            && self.switches.tier_limits
        {
            self.throttle.call(method.name, method.tier, now).map_err(Stop::Throttled)?;
        }
        let arguments = call.arguments.as_ref().map_err(Clone::clone)?;
        let method = known.ok_or_else(|| Refusal::of("unknown_method"))?;
        let caller = if method.needs_token { Some(self.authenticate(call.token)?) } else { None };
        if call.encoding == Encoding::Json && !method.takes_json {
            return Err(Refusal::argument("this method takes form-encoded arguments only", "").into());
        }
        (method.run)(&mut Calling { world: self, caller, arguments, now })
    }

    pub(crate) fn token(&self, secret: &str) -> Option<&Token> {
        self.workspace.tokens.iter().find(|token| token.secret == secret)
    }

    /// Who speaks with this token, or the code that says why nobody does.
    fn authenticate(&self, secret: Option<&str>) -> Result<Caller, Refusal> {
        let secret = secret.ok_or_else(|| Refusal::of("not_authed"))?;
        let Some(token) = self.token(secret) else {
            let code = if secret.starts_with("xapp-") { "not_allowed_token_type" } else { "invalid_auth" };
            return Err(Refusal::of(code));
        };
        match token.state {
            TokenState::Active => Ok(Caller {
                kind: token.kind,
                user: self.workspace.speaker(token.kind).id.clone(),
                scopes: token.scopes.clone(),
            }),
            TokenState::Revoked => Err(Refusal::of("token_revoked")),
            TokenState::Inactive => Err(Refusal::of("account_inactive")),
            TokenState::Expired => Err(Refusal::of("token_expired")),
        }
    }

    /// Stores a message: on disk first, then in memory. `internal_error` when the disk refuses.
    pub(crate) fn store(&mut self, posted: Posted) -> Result<(), Refusal> {
        if let Some(keep) = &mut self.keep {
            keep.append(&posted).map_err(|error| unwritten(&error))?;
        }
        self.forgotten += usize::from(self.messages.add(posted));
        if self.forgotten >= MESSAGES_PER_CHANNEL {
            self.compact()?;
        }
        let last_seq = self.messages.last_seq();
        self.changes.send_modify(|revision| revision.last_seq = last_seq);
        Ok(())
    }

    /// Stores a message in the place of the one with its `seq`, and tells watchers.
    pub(crate) fn edit(&mut self, posted: Posted) -> Result<(), Refusal> {
        self.store(posted)?;
        self.edits += 1;
        self.touch();
        Ok(())
    }

    /// Changes the workspace: on disk first, then in memory.
    pub(crate) fn change(&mut self, change: impl FnOnce(&mut Workspace)) -> Result<(), Refusal> {
        let mut changed = self.workspace.clone();
        change(&mut changed);
        if let Some(keep) = &self.keep {
            keep.save(&changed, self.messages.last_seq()).map_err(|error| unwritten(&error))?;
        }
        self.workspace = changed;
        self.touch();
        Ok(())
    }

    /// Remembers a request and gives it its `seq`.
    pub(crate) fn received(&mut self, request: Received) -> u64 {
        let seq = self.requests.add(request);
        self.changes.send_modify(|revision| revision.requests = seq);
        seq
    }

    /// Forgets the messages of one channel or of all, also on disk.
    pub(crate) fn clear_messages(&mut self, channel: Option<&str>) -> Result<(), Refusal> {
        self.messages.clear(channel);
        // The snapshot carries the newest `seq`, so that it does not come twice after a restart.
        self.change(|_| {})?;
        self.compact()
    }

    /// Tells watchers that something else than a new message changed.
    pub(crate) fn touch(&self) {
        self.changes.send_modify(|revision| revision.state += 1);
    }

    fn compact(&mut self) -> Result<(), Refusal> {
        if let Some(keep) = &mut self.keep {
            keep.rewrite(self.messages.after(0, None)).map_err(|error| unwritten(&error))?;
        }
        self.forgotten = 0;
        Ok(())
    }
}

/// What Slack says when its own storage fails.
fn unwritten(error: &std::io::Error) -> Refusal {
    tracing::warn!(%error, "the sandbox folder cannot be written");
    Refusal::of("internal_error")
}
