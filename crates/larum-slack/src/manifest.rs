//! The Slack app that Larum needs, ready to paste.

use reqwest::Url;
use serde_json::{Value, json};

/// A scope that Larum can use, and what for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ScopeUse {
    /// Slack's name of the scope.
    pub scope: &'static str,
    /// Whether Larum cannot do without it.
    pub needed: bool,
    /// Whether a user token can have it too; a bot token can have each.
    pub for_users: bool,
    /// What Larum does with it, in one plain sentence.
    pub why: &'static str,
}

/// Every scope that Larum can use; the first is all it needs.
pub const SCOPES: [ScopeUse; 4] = [
    ScopeUse {
        scope: "chat:write",
        needed: true,
        for_users: true,
        why: "Larum posts alerts in the channels it was invited to.",
    },
    ScopeUse {
        scope: "chat:write.public",
        needed: false,
        for_users: false,
        why: "Larum can post in public channels without an invitation.",
    },
    ScopeUse {
        scope: "channels:read",
        needed: false,
        for_users: true,
        why: "The console shows for each public channel whether Larum can post there.",
    },
    ScopeUse {
        scope: "groups:read",
        needed: false,
        for_users: true,
        why: "The console shows the same for private channels that Larum was invited to.",
    },
];

/// Where Slack creates apps (Slack, "Create and configure apps with manifests", "Sharing manifests").
const CREATE_APP: &str = "https://api.slack.com/apps";

/// The app's manifest as JSON (Slack, "App manifest reference"). Token rotation is off: a token that Larum holds is to
/// last.
pub fn manifest() -> String {
    format!("{:#}\n", app())
}

fn app() -> Value {
    let bot: Vec<&str> = SCOPES.iter().map(|scope| scope.scope).collect();
    let user: Vec<&str> = SCOPES.iter().filter(|scope| scope.for_users).map(|scope| scope.scope).collect();
    json!({
        "display_information": {
            "name": "Larum",
            "description": "Tells this workspace when Kubernetes nodes and workloads are in trouble.",
            "background_color": "#1f2a44",
        },
        "features": { "bot_user": { "display_name": "Larum", "always_online": true } },
        "oauth_config": { "scopes": { "bot": bot, "user": user } },
        "settings": {
            "org_deploy_enabled": false,
            "socket_mode_enabled": false,
            "token_rotation_enabled": false,
        },
    })
}

/// The address that opens Slack's page for a new app with the manifest filled in.
///
/// # Panics
/// Never: the constant is an address.
pub fn create_app_url() -> String {
    let mut url = Url::parse(CREATE_APP).expect("the constant is an address");
    url.query_pairs_mut().append_pair("new_app", "1").append_pair("manifest_json", &app().to_string());
    url.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manifest_asks_for_the_scopes_that_are_explained_and_no_others() {
        let manifest: Value = serde_json::from_str(&manifest()).unwrap();
        let scopes = &manifest["oauth_config"]["scopes"];
        assert_eq!(scopes["bot"], json!(["chat:write", "chat:write.public", "channels:read", "groups:read"]));
        assert_eq!(scopes["user"], json!(["chat:write", "channels:read", "groups:read"]));
        let needed: Vec<&str> = SCOPES.iter().filter(|scope| scope.needed).map(|scope| scope.scope).collect();
        assert_eq!(needed, ["chat:write"]);
    }

    #[test]
    fn the_manifest_keeps_slacks_lengths() {
        let manifest: Value = serde_json::from_str(&manifest()).unwrap();
        let shown = &manifest["display_information"];
        assert!(shown["name"].as_str().unwrap().len() <= 35);
        assert!(shown["description"].as_str().unwrap().len() <= 140);
    }

    #[test]
    fn the_address_carries_the_whole_manifest() {
        let url = Url::parse(&create_app_url()).unwrap();
        let pairs: Vec<_> = url.query_pairs().into_owned().collect();
        assert_eq!(pairs[0], ("new_app".to_owned(), "1".to_owned()));
        let carried: Value = serde_json::from_str(&pairs[1].1).unwrap();
        assert_eq!(carried, serde_json::from_str::<Value>(&manifest()).unwrap());
    }
}
