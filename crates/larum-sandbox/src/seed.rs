//! A fresh workspace: small, and with one channel for each thing that can go wrong.

use std::collections::BTreeSet;

use crate::edge::Randomness;
use crate::workspace::{App, Channel, Team, Token, TokenKind, TokenState, User, Workspace};

/// The scopes of a fresh bot token. `chat:write.public` is left out, so that `not_in_channel` can be met.
pub(crate) const BOT_SCOPES: [&str; 4] = ["chat:write", "channels:read", "groups:read", "channels:join"];
/// The scopes of a fresh user token.
pub(crate) const USER_SCOPES: [&str; 4] = ["chat:write", "channels:read", "groups:read", "channels:write"];

/// Who is in a channel of the fresh workspace.
enum In {
    Both,
    OwnerOnly,
}

/// Name, private, archived, members and purpose of each channel of a fresh workspace.
const CHANNELS: [(&str, bool, bool, In, &str); 9] = [
    ("general", false, false, In::Both, "Everybody is here."),
    ("alerts", false, false, In::Both, "What is wrong right now."),
    ("critical", false, false, In::Both, "What somebody has to get up for."),
    ("platform", false, false, In::Both, "The people who keep the clusters running."),
    ("deployments", false, false, In::Both, "What went out, and when."),
    ("random", false, false, In::OwnerOnly, "The app has not been invited here."),
    ("oncall-private", true, false, In::Both, "Private, with the app in it."),
    ("leadership-private", true, false, In::OwnerOnly, "Private, without the app."),
    ("old-alerts", false, true, In::Both, "Archived."),
];

/// Builds a fresh workspace. `now` is in microseconds since the Unix epoch.
pub(crate) fn fresh_workspace(random: &mut Randomness, now: i64) -> Workspace {
    let owner = User { id: random.id('U'), name: "olivia".into(), real_name: "Olivia Owner".into() };
    let bot = User { id: random.id('U'), name: "larum".into(), real_name: "Larum".into() };
    let mut workspace = Workspace {
        team: Team { id: random.id('T'), name: "Larum Sandbox".into(), domain: "larum-sandbox".into() },
        app: App {
            id: random.id('A'),
            name: "Larum".into(),
            bot_id: random.id('B'),
            created: now / 1_000_000,
        },
        tokens: vec![fresh_token(random, TokenKind::Bot), fresh_token(random, TokenKind::User)],
        owner,
        bot,
        channels: Vec::new(),
    };
    for (name, ..) in CHANNELS {
        let channel = fresh_channel(&workspace, random.id('C'), name, false, now);
        workspace.channels.push(channel);
    }
    restore(&mut workspace);
    workspace
}

/// A public or private channel with everybody in it. `now` is in microseconds since the Unix epoch.
pub(crate) fn fresh_channel(
    workspace: &Workspace,
    id: String,
    name: &str,
    is_private: bool,
    now: i64,
) -> Channel {
    Channel {
        id,
        name: name.into(),
        is_private,
        is_archived: false,
        is_general: name == "general",
        created: now / 1_000_000,
        creator: workspace.owner.id.clone(),
        purpose: String::new(),
        members: BTreeSet::from([workspace.owner.id.clone(), workspace.bot.id.clone()]),
    }
}

/// Gives channels and tokens the state of a fresh workspace, and removes channels that were made later.
pub(crate) fn restore(workspace: &mut Workspace) {
    let (owner, bot) = (workspace.owner.id.clone(), workspace.bot.id.clone());
    workspace.channels.retain_mut(|channel| {
        let Some(seed) = CHANNELS.iter().find(|seed| seed.0 == channel.name) else {
            return false;
        };
        (channel.is_private, channel.is_archived) = (seed.1, seed.2);
        channel.purpose = seed.4.into();
        channel.members = match seed.3 {
            In::Both => BTreeSet::from([owner.clone(), bot.clone()]),
            In::OwnerOnly => BTreeSet::from([owner.clone()]),
        };
        true
    });
    for token in &mut workspace.tokens {
        token.state = TokenState::Active;
        token.scopes = scopes(token.kind);
    }
}

fn scopes(kind: TokenKind) -> Vec<String> {
    let scopes = match kind {
        TokenKind::Bot => BOT_SCOPES,
        TokenKind::User => USER_SCOPES,
    };
    scopes.map(String::from).to_vec()
}

/// Draws a token of Slack's shape.
fn fresh_token(random: &mut Randomness, kind: TokenKind) -> Token {
    let (first, second) = (random.digits(12), random.digits(13));
    let secret = match kind {
        TokenKind::Bot => format!("xoxb-{first}-{second}-{}", random.mixed(24)),
        TokenKind::User => format!("xoxp-{first}-{second}-{}-{}", random.digits(13), random.hex(32)),
    };
    Token { kind, secret, scopes: scopes(kind), state: TokenState::Active }
}
