//! Files with one thing wrong, and what is told of it.

use larum_alertmanager::config::{Configuration, Options};

use crate::{GOOD, told};

/// One thing that is wrong.
pub struct Wrong {
    /// Lines of a file; what it lacks of route and receivers is added above.
    lines: &'static str,
    /// What is told of it: the line (of `lines`, from 1), the path and how the words begin.
    told: &'static str,
    /// Whether amtool 0.25 knows that it is wrong.
    pub known_to_amtool: bool,
}

const ROUTE: &str = "route: { receiver: a }\n";
const RECEIVERS: &str = "receivers: [{ name: a, webhook_configs: [{ url: http://x }] }, { name: b }]\n";

impl Wrong {
    /// The file: what is wrong, below what is right.
    pub fn text(&self) -> String {
        let has = |field: &str| self.lines.lines().any(|line| line.starts_with(field));
        let [route, receivers] = [("route:", ROUTE), ("receivers:", RECEIVERS)]
            .map(|(field, text)| if has(field) || self.lines.contains("# bare") { "" } else { text });
        format!("{}\n{route}{receivers}", self.lines)
    }
}

const fn wrong(lines: &'static str, told: &'static str) -> Wrong {
    Wrong { lines, told, known_to_amtool: true }
}

/// What amtool 0.25 lets pass, or does not know yet.
const fn ours(lines: &'static str, told: &'static str) -> Wrong {
    Wrong { lines, told, known_to_amtool: false }
}

/// One field wrong each.
pub const WRONG: &[Wrong] = &[
    wrong("# bare", "x: the file is empty"),
    wrong("receivers: [{ name: a }] # bare", "1: route: no routes are given"),
    wrong("a: [", "x: this is no YAML"),
    wrong("rout: 1", "1: rout: there is no such field here"),
    wrong("- a # bare", "1: must be a mapping of fields, not a list"),
    wrong("global: {}\nglobal: {}", "2: \"global\" stands here twice, first in line 1"),
    wrong("templates: a", "1: templates: must be a list, not another word"),
    wrong("templates: [{}]", "1: templates[0]: must be a text, not a mapping of fields"),
    wrong("global: []", "1: global: must be a mapping of fields, not a list"),
    wrong("global:\n  resolve_timeout: 5", "2: global.resolve_timeout: \"5\" is not a duration"),
    wrong("global:\n  slack_api_url: hooks", "2: global.slack_api_url: must be a URL"),
    wrong("global:\n  slack_api_url: https://", "2: global.slack_api_url: is a URL without a host"),
    wrong(
        "global:\n  slack_api_url: http://x\n  slack_api_url_file: y",
        "3: global.slack_api_url_file: at most one of slack_api_url, slack_api_url_file",
    ),
    wrong(
        "global:\n  slack_app_token: x\n  slack_app_token_file: y",
        "3: global.slack_app_token_file: at most one",
    ),
    wrong(
        "global:\n  slack_app_token: x\n  slack_api_url: http://y",
        "2: global: at most one of slack_app_token/",
    ),
    wrong("global:\n  slack_app_url: x", "2: global.slack_app_url: must be a URL"),
    wrong("global:\n  smtp_frm: x", "2: global.smtp_frm: there is no such field"),
    wrong(
        "global:\n  http_config:\n    follow_redirects: maybe",
        "3: global.http_config.follow_redirects: must be true or false",
    ),
    wrong(
        "global:\n  http_config:\n    enable_http2: 1",
        "3: global.http_config.enable_http2: must be true or false",
    ),
    wrong(
        "global:\n  http_config:\n    basic_auth: { user: x }",
        "3: global.http_config.basic_auth.user: there is no such field",
    ),
    wrong(
        "global:\n  http_config:\n    basic_auth:\n      password: x\n      password_file: y",
        "5: global.http_config.basic_auth.password_file: at most one of",
    ),
    wrong(
        "global:\n  http_config:\n    basic_auth:\n      username: x\n      username_file: y",
        "5: global.http_config.basic_auth.username_file: at most one of",
    ),
    wrong(
        "global:\n  http_config:\n    basic_auth: { username: x }\n    authorization: { credentials: y }",
        "4: global.http_config.authorization: at most one of basic_auth",
    ),
    wrong(
        "global:\n  http_config:\n    bearer_token: x\n    bearer_token_file: y",
        "4: global.http_config.bearer_token_file: at most one of",
    ),
    wrong(
        "global:\n  http_config:\n    authorization: { type: Basic }",
        "3: global.http_config.authorization.type: cannot be basic",
    ),
    wrong(
        "global:\n  http_config:\n    authorization:\n      credentials: x\n      credentials_file: y",
        "5: global.http_config.authorization.credentials_file: at most one",
    ),
    ours(
        "global:\n  http_config:\n    oauth2: { token_url: http://x }",
        "3: global.http_config.oauth2.client_id: oauth2 needs a client_id",
    ),
    ours(
        "global:\n  http_config:\n    oauth2: { client_id: x }",
        "3: global.http_config.oauth2.token_url: oauth2 needs a token_url",
    ),
    ours(
        "global:\n  http_config:\n    oauth2: { client_id: x, token_url: x, client_secret: y }",
        "3: global.http_config.oauth2.token_url: must be a URL",
    ),
    wrong(
        "global:\n  http_config:\n    oauth2:\n      client_id: x\n      token_url: http://x\n      client_secret: x\n      client_secret_file: y",
        "7: global.http_config.oauth2.client_secret_file: at most one",
    ),
    wrong(
        "global:\n  http_config:\n    oauth2: { client_id: x, token_url: http://x, scopes: y }",
        "3: global.http_config.oauth2.scopes: must be a list",
    ),
    wrong(
        "global:\n  http_config:\n    oauth2: { client_id: x, token_url: http://x, endpoint_params: y }",
        "3: global.http_config.oauth2.endpoint_params: must be a mapping",
    ),
    wrong(
        "global:\n  http_config:\n    tls_config: { insecure_skip_verify: perhaps }",
        "3: global.http_config.tls_config.insecure_skip_verify: must be true or false",
    ),
    wrong(
        "global:\n  http_config:\n    tls_config: { min_version: TLS9 }",
        "3: global.http_config.tls_config.min_version: must be TLS10",
    ),
    ours(
        "global:\n  http_config:\n    tls_config: { min_version: TLS13, max_version: TLS12 }",
        "3: global.http_config.tls_config.max_version: is older than min_version",
    ),
    ours(
        "global:\n  http_config:\n    tls_config: { cert_file: x }",
        "3: global.http_config.tls_config.key: a certificate needs its key",
    ),
    ours(
        "global:\n  http_config:\n    tls_config: { key_file: x }",
        "3: global.http_config.tls_config.cert: a key needs its certificate",
    ),
    wrong(
        "global:\n  http_config:\n    tls_config:\n      ca: x\n      ca_file: y",
        "5: global.http_config.tls_config.ca_file: at most one of ca, ca_file",
    ),
    ours("global:\n  http_config:\n    proxy_url: x", "3: global.http_config.proxy_url: must be a URL"),
    wrong(
        "global:\n  http_config:\n    proxy_url: http://x\n    proxy_from_environment: true",
        "4: global.http_config.proxy_from_environment: at most one of",
    ),
    wrong("global:\n  http_config:\n    no_proxy: x", "3: global.http_config.no_proxy: needs a proxy_url"),
    wrong(
        "global:\n  http_config:\n    http_headers: { Host: { values: [x] } }",
        "3: global.http_config.http_headers.Host: this header cannot be set",
    ),
    wrong(
        "global:\n  http_config:\n    http_headers: { X: { value: [x] } }",
        "3: global.http_config.http_headers.X.value: there is no such field",
    ),
    wrong("receivers: { name: a }", "1: receivers: must be a list"),
    wrong("receivers:\n- slack_configs: []\n- name: a", "2: receivers[0].name: a receiver needs a name"),
    wrong("receivers:\n- name: a\n- name: a", "3: receivers[1].name: the name of a receiver must be unique"),
    wrong(
        "receivers:\n- name: a\n  labels: { name: b }",
        "3: receivers[0].labels.name: the label \"name\" must be the receiver's name",
    ),
    wrong(
        "receivers:\n- name: a\n  slck_configs: []",
        "3: receivers[0].slck_configs: there is no such field",
    ),
    wrong(
        "receivers:\n- name: a\n  email_configs:\n  - to: x",
        "4: receivers[0].email_configs[0]: receiver \"a\": Larum has no email",
    ),
    ours(
        "receivers:\n- name: a\n  pagerduty_configs:\n  - routing_key: x",
        "4: receivers[0].pagerduty_configs[0]: receiver \"a\": Larum has no pagerduty",
    ),
    wrong(
        "receivers:\n- name: a\n  slack_configs:\n  - channel: x",
        "4: receivers[0].slack_configs[0].api_url: no Slack API URL nor App token set",
    ),
    wrong(
        "receivers:\n- name: a\n  slack_configs:\n  - api_url: http://x\n    chanel: x",
        "5: receivers[0].slack_configs[0].chanel: there is no such field",
    ),
    wrong(
        "receivers:\n- name: a\n  slack_configs:\n  - api_url: http://x\n    api_url_file: x",
        "5: receivers[0].slack_configs[0].api_url_file: at most one of api_url, api_url_file",
    ),
    wrong(
        "receivers:\n- name: a\n  slack_configs:\n  - api_url: http://x\n    app_token: x",
        "5: receivers[0].slack_configs[0].app_token: at most one of",
    ),
    wrong(
        "receivers:\n- name: a\n  slack_configs:\n  - api_url: http://x\n    app_token_file: x",
        "5: receivers[0].slack_configs[0].app_token_file: at most one of",
    ),
    wrong(
        "receivers:\n- name: a\n  slack_configs:\n  - api_url: http://x\n    app_url: x",
        "5: receivers[0].slack_configs[0].app_url: must be a URL",
    ),
    wrong(
        "receivers:\n- name: a\n  slack_configs:\n  - api_url: http://x\n    channel: []",
        "5: receivers[0].slack_configs[0].channel: must be a text, not a list",
    ),
    wrong(
        "receivers:\n- name: a\n  slack_configs:\n  - api_url: http://x\n    username: []",
        "5: receivers[0].slack_configs[0].username: must be a text, not a list",
    ),
    wrong(
        "receivers:\n- name: a\n  slack_configs:\n  - api_url: http://x\n    color: []",
        "5: receivers[0].slack_configs[0].color: must be a text, not a list",
    ),
    wrong(
        "receivers:\n- name: a\n  slack_configs:\n  - api_url: http://x\n    title: []",
        "5: receivers[0].slack_configs[0].title: must be a text, not a list",
    ),
    wrong(
        "receivers:\n- name: a\n  slack_configs:\n  - api_url: http://x\n    title_link: []",
        "5: receivers[0].slack_configs[0].title_link: must be a text, not a list",
    ),
    wrong(
        "receivers:\n- name: a\n  slack_configs:\n  - api_url: http://x\n    pretext: []",
        "5: receivers[0].slack_configs[0].pretext: must be a text, not a list",
    ),
    wrong(
        "receivers:\n- name: a\n  slack_configs:\n  - api_url: http://x\n    text: []",
        "5: receivers[0].slack_configs[0].text: must be a text, not a list",
    ),
    wrong(
        "receivers:\n- name: a\n  slack_configs:\n  - api_url: http://x\n    message_text: []",
        "5: receivers[0].slack_configs[0].message_text: must be a text, not a list",
    ),
    wrong(
        "receivers:\n- name: a\n  slack_configs:\n  - api_url: http://x\n    footer: []",
        "5: receivers[0].slack_configs[0].footer: must be a text, not a list",
    ),
    wrong(
        "receivers:\n- name: a\n  slack_configs:\n  - api_url: http://x\n    fallback: []",
        "5: receivers[0].slack_configs[0].fallback: must be a text, not a list",
    ),
    wrong(
        "receivers:\n- name: a\n  slack_configs:\n  - api_url: http://x\n    callback_id: []",
        "5: receivers[0].slack_configs[0].callback_id: must be a text, not a list",
    ),
    wrong(
        "receivers:\n- name: a\n  slack_configs:\n  - api_url: http://x\n    icon_emoji: []",
        "5: receivers[0].slack_configs[0].icon_emoji: must be a text, not a list",
    ),
    wrong(
        "receivers:\n- name: a\n  slack_configs:\n  - api_url: http://x\n    icon_url: []",
        "5: receivers[0].slack_configs[0].icon_url: must be a text, not a list",
    ),
    wrong(
        "receivers:\n- name: a\n  slack_configs:\n  - api_url: http://x\n    image_url: []",
        "5: receivers[0].slack_configs[0].image_url: must be a text, not a list",
    ),
    wrong(
        "receivers:\n- name: a\n  slack_configs:\n  - api_url: http://x\n    thumb_url: []",
        "5: receivers[0].slack_configs[0].thumb_url: must be a text, not a list",
    ),
    wrong(
        "receivers:\n- name: a\n  slack_configs:\n  - api_url: http://x\n    send_resolved: x",
        "5: receivers[0].slack_configs[0].send_resolved: must be true or false",
    ),
    wrong(
        "receivers:\n- name: a\n  slack_configs:\n  - api_url: http://x\n    short_fields: x",
        "5: receivers[0].slack_configs[0].short_fields: must be true or false",
    ),
    wrong(
        "receivers:\n- name: a\n  slack_configs:\n  - api_url: http://x\n    link_names: x",
        "5: receivers[0].slack_configs[0].link_names: must be true or false",
    ),
    wrong(
        "receivers:\n- name: a\n  slack_configs:\n  - api_url: http://x\n    update_message: x",
        "5: receivers[0].slack_configs[0].update_message: must be true or false",
    ),
    wrong(
        "receivers:\n- name: a\n  slack_configs:\n  - api_url: http://x\n    timeout: 3 hours",
        "5: receivers[0].slack_configs[0].timeout: \"3 hours\" is not a duration",
    ),
    wrong(
        "receivers:\n- name: a\n  slack_configs:\n  - api_url: http://x\n    mrkdwn_in: text",
        "5: receivers[0].slack_configs[0].mrkdwn_in: must be a list",
    ),
    wrong(
        "receivers:\n- name: a\n  slack_configs:\n  - api_url: http://x\n    http_config: { x: y }",
        "5: receivers[0].slack_configs[0].http_config.x: there is no such field",
    ),
    wrong(
        "receivers:\n- name: a\n  slack_configs:\n  - api_url: http://x\n    fields: [{ title: x }]",
        "5: receivers[0].slack_configs[0].fields[0].value: a field needs a value",
    ),
    wrong(
        "receivers:\n- name: a\n  slack_configs:\n  - api_url: http://x\n    fields: [{ value: x }]",
        "5: receivers[0].slack_configs[0].fields[0].title: a field needs a title",
    ),
    wrong(
        "receivers:\n- name: a\n  slack_configs:\n  - api_url: http://x\n    fields: [{ title: x, value: y, short: z }]",
        "5: receivers[0].slack_configs[0].fields[0].short: must be true",
    ),
    wrong(
        "receivers:\n- name: a\n  slack_configs:\n  - api_url: http://x\n    actions: [{ text: x, url: y }]",
        "5: receivers[0].slack_configs[0].actions[0].type: an action needs a type",
    ),
    wrong(
        "receivers:\n- name: a\n  slack_configs:\n  - api_url: http://x\n    actions: [{ type: x, url: y }]",
        "5: receivers[0].slack_configs[0].actions[0].text: an action needs a text",
    ),
    wrong(
        "receivers:\n- name: a\n  slack_configs:\n  - api_url: http://x\n    actions: [{ type: x, text: y }]",
        "5: receivers[0].slack_configs[0].actions[0]: an action needs a name or a url",
    ),
    wrong(
        "receivers:\n- name: a\n  slack_configs:\n  - api_url: http://x\n    actions: [{ type: x, text: y, name: z, confirm: { title: v } }]",
        "5: receivers[0].slack_configs[0].actions[0].confirm.text: a confirmation needs a text",
    ),
    wrong(
        "receivers:\n- name: a\n  slack_configs:\n  - app_token: x\n    http_config: { authorization: { credentials: y } }",
        "4: receivers[0].slack_configs[0]: http authorization can't be set",
    ),
    wrong(
        "receivers:\n- name: a\n  webhook_configs:\n  - max_alerts: 1",
        "4: receivers[0].webhook_configs[0].url: a webhook needs a url",
    ),
    wrong(
        "receivers:\n- name: a\n  webhook_configs:\n  - url: x",
        "4: receivers[0].webhook_configs[0].url: must be a URL",
    ),
    wrong(
        "receivers:\n- name: a\n  webhook_configs:\n  - url: http://x\n    url_file: y",
        "5: receivers[0].webhook_configs[0].url_file: at most one of url, url_file",
    ),
    wrong(
        "receivers:\n- name: a\n  webhook_configs:\n  - url: http://x\n    max_alerts: -1",
        "5: receivers[0].webhook_configs[0].max_alerts: must be a whole number",
    ),
    wrong(
        "receivers:\n- name: a\n  webhook_configs:\n  - url: http://x\n    send_resolved: x",
        "5: receivers[0].webhook_configs[0].send_resolved: must be true or false",
    ),
    wrong(
        "receivers:\n- name: a\n  webhook_configs:\n  - url: http://x\n    timeout: x",
        "5: receivers[0].webhook_configs[0].timeout: \"x\" is not a duration",
    ),
    wrong(
        "receivers:\n- name: a\n  webhook_configs:\n  - url: http://x\n    http_config: 1",
        "5: receivers[0].webhook_configs[0].http_config: must be a mapping",
    ),
    wrong("route: []", "1: route: must be a mapping"),
    wrong("route:\n  group_wait: 1s", "2: route.receiver: the root route needs a receiver"),
    wrong("route:\n  receiver: x", "2: route.receiver: there is no receiver \"x\""),
    wrong(
        "route:\n  receiver: a\n  matchers: [a=b]",
        "3: route.matchers: the root route cannot have matchers",
    ),
    wrong("route:\n  receiver: a\n  match: { a: b }", "3: route.match: the root route cannot have match"),
    wrong(
        "route:\n  receiver: a\n  match_re: { a: b }",
        "3: route.match_re: the root route cannot have match_re",
    ),
    wrong(
        "route:\n  receiver: a\n  continue: true",
        "3: route.continue: the root route cannot have continue",
    ),
    wrong(
        "route:\n  receiver: a\n  mute_time_intervals: [n]",
        "3: route.mute_time_intervals: the root route cannot have mute_time_intervals",
    ),
    wrong(
        "route:\n  receiver: a\n  active_time_intervals: [n]",
        "3: route.active_time_intervals: the root route cannot have",
    ),
    wrong(
        "route:\n  receiver: a\n  routes:\n  - receiver: x",
        "4: route.routes[0].receiver: there is no receiver \"x\"",
    ),
    wrong(
        "route:\n  receiver: a\n  routes:\n  - matchers: [a]",
        "4: route.routes[0].matchers[0]: bad matcher format: a",
    ),
    wrong(
        "route:\n  receiver: a\n  routes:\n  - matchers: ['a=~\"(\"']",
        "4: route.routes[0].matchers[0]: bad regular expression",
    ),
    wrong(
        "route:\n  receiver: a\n  routes:\n  - matchers: a=b",
        "4: route.routes[0].matchers: must be a list",
    ),
    wrong("route:\n  receiver: a\n  routes:\n  - match: [a]", "4: route.routes[0].match: must be a mapping"),
    wrong(
        "route:\n  receiver: a\n  routes:\n  - match: { a: [b] }",
        "4: route.routes[0].match.a: must be a text",
    ),
    wrong(
        "route:\n  receiver: a\n  routes:\n  - match_re: { a: '(' }",
        "4: route.routes[0].match_re.a: bad regular expression",
    ),
    wrong(
        "route:\n  receiver: a\n  routes:\n  - match: { '': b }",
        "4: route.routes[0].match.: \"\" is no name of a label",
    ),
    wrong(
        "route:\n  receiver: a\n  routes:\n  - continue: x",
        "4: route.routes[0].continue: must be true or false",
    ),
    wrong(
        "route:\n  receiver: a\n  routes:\n  - group_by: [a, a]",
        "4: route.routes[0].group_by[1]: the label \"a\" stands here twice",
    ),
    wrong(
        "route:\n  receiver: a\n  routes:\n  - group_by: [a, ...]",
        "4: route.routes[0].group_by: has ... , which means every label",
    ),
    wrong(
        "route:\n  receiver: a\n  routes:\n  - group_by: ['']",
        "4: route.routes[0].group_by[0]: \"\" is no name of a label",
    ),
    wrong("route:\n  receiver: a\n  routes:\n  - group_by: a", "4: route.routes[0].group_by: must be a list"),
    wrong(
        "route:\n  receiver: a\n  routes:\n  - group_wait: x",
        "4: route.routes[0].group_wait: \"x\" is not a duration",
    ),
    wrong(
        "route:\n  receiver: a\n  routes:\n  - group_interval: 0s",
        "4: route.routes[0].group_interval: cannot be zero",
    ),
    wrong(
        "route:\n  receiver: a\n  routes:\n  - repeat_interval: 0s",
        "4: route.routes[0].repeat_interval: cannot be zero",
    ),
    wrong(
        "route:\n  receiver: a\n  routes:\n  - mute_time_intervals: [n]",
        "4: route.routes[0].mute_time_intervals[0]: there is no time interval \"n\"",
    ),
    wrong(
        "route:\n  receiver: a\n  routes:\n  - active_time_intervals: [n]",
        "4: route.routes[0].active_time_intervals[0]: there is no time interval \"n\"",
    ),
    wrong("route:\n  receiver: a\n  routes:\n  - labels: x", "4: route.routes[0].labels: must be a mapping"),
    wrong("route:\n  receiver: a\n  routes:\n  - routes: x", "4: route.routes[0].routes: must be a list"),
    wrong("route:\n  receiver: a\n  routes:\n  - rcv: x", "4: route.routes[0].rcv: there is no such field"),
    wrong(
        "inhibit_rules:\n- source_matchers: [a]",
        "2: inhibit_rules[0].source_matchers[0]: bad matcher format: a",
    ),
    wrong("inhibit_rules:\n- source_match: a", "2: inhibit_rules[0].source_match: must be a mapping"),
    wrong(
        "inhibit_rules:\n- source_match_re: { a: '(' }",
        "2: inhibit_rules[0].source_match_re.a: bad regular expression",
    ),
    wrong(
        "inhibit_rules:\n- target_matchers: [a]",
        "2: inhibit_rules[0].target_matchers[0]: bad matcher format: a",
    ),
    wrong("inhibit_rules:\n- target_match: a", "2: inhibit_rules[0].target_match: must be a mapping"),
    wrong(
        "inhibit_rules:\n- target_match_re: { a: '(' }",
        "2: inhibit_rules[0].target_match_re.a: bad regular expression",
    ),
    wrong("inhibit_rules:\n- equal: ['']", "2: inhibit_rules[0].equal[0]: \"\" is no name of a label"),
    wrong("inhibit_rules:\n- equals: [a]", "2: inhibit_rules[0].equals: there is no such field"),
    wrong(
        "inhibit_rules:\n- name: a\n- name: a",
        "3: inhibit_rules[1].name: the name of a rule must be unique",
    ),
    wrong("time_intervals:\n- time_intervals: []", "2: time_intervals[0].name: a time interval needs a name"),
    wrong(
        "time_intervals:\n- name: n\n- name: n",
        "3: time_intervals[1].name: the name of a time interval must be unique",
    ),
    wrong(
        "mute_time_intervals:\n- name: n\ntime_intervals:\n- name: n",
        "4: time_intervals[0].name: the name of a time interval",
    ),
    wrong(
        "mute_time_intervals:\n- time_intervals: []",
        "2: mute_time_intervals[0].name: a mute time interval needs a name",
    ),
    wrong(
        "time_intervals:\n- name: n\n  time_intervals:\n  - times: [{ start_time: '09:00' }]",
        "4: time_intervals[0].time_intervals[0].times[0].end_time: both start_time and end_time",
    ),
    wrong(
        "time_intervals:\n- name: n\n  time_intervals:\n  - times: [{ start_time: '9:00', end_time: '10:00' }]",
        "4: time_intervals[0].time_intervals[0].times[0].start_time: must be a time of day",
    ),
    wrong(
        "time_intervals:\n- name: n\n  time_intervals:\n  - times: [{ start_time: '09:00', end_time: '24:01' }]",
        "4: time_intervals[0].time_intervals[0].times[0].end_time: must be a time of day",
    ),
    wrong(
        "time_intervals:\n- name: n\n  time_intervals:\n  - times: [{ start_time: '09:00', end_time: '09:00' }]",
        "4: time_intervals[0].time_intervals[0].times[0]: start_time must be before",
    ),
    wrong(
        "time_intervals:\n- name: n\n  time_intervals:\n  - weekdays: [monday, freitag]",
        "4: time_intervals[0].time_intervals[0].weekdays[1]: \"freitag\" is no day of the week",
    ),
    wrong(
        "time_intervals:\n- name: n\n  time_intervals:\n  - weekdays: ['friday:monday']",
        "4: time_intervals[0].time_intervals[0].weekdays[0]: ends before it begins",
    ),
    wrong(
        "time_intervals:\n- name: n\n  time_intervals:\n  - days_of_month: [0]",
        "4: time_intervals[0].time_intervals[0].days_of_month[0]: \"0\" is no day of a month",
    ),
    wrong(
        "time_intervals:\n- name: n\n  time_intervals:\n  - days_of_month: [32]",
        "4: time_intervals[0].time_intervals[0].days_of_month[0]: \"32\" is no day of a month",
    ),
    wrong(
        "time_intervals:\n- name: n\n  time_intervals:\n  - days_of_month: ['5:1']",
        "4: time_intervals[0].time_intervals[0].days_of_month[0]: ends before it begins",
    ),
    wrong(
        "time_intervals:\n- name: n\n  time_intervals:\n  - days_of_month: ['-3:3']",
        "4: time_intervals[0].time_intervals[0].days_of_month[0]: begins at the month's end",
    ),
    wrong(
        "time_intervals:\n- name: n\n  time_intervals:\n  - days_of_month: ['31:-31']",
        "4: time_intervals[0].time_intervals[0].days_of_month[0]: ends before it begins",
    ),
    ours(
        "time_intervals:\n- name: n\n  time_intervals:\n  - months: [13]",
        "4: time_intervals[0].time_intervals[0].months[0]: \"13\" is no month",
    ),
    wrong(
        "time_intervals:\n- name: n\n  time_intervals:\n  - months: ['may:april']",
        "4: time_intervals[0].time_intervals[0].months[0]: ends before it begins",
    ),
    wrong(
        "time_intervals:\n- name: n\n  time_intervals:\n  - years: [x]",
        "4: time_intervals[0].time_intervals[0].years[0]: \"x\" is no year",
    ),
    wrong(
        "time_intervals:\n- name: n\n  time_intervals:\n  - years: ['2027:2026']",
        "4: time_intervals[0].time_intervals[0].years[0]: ends before it begins",
    ),
    wrong(
        "time_intervals:\n- name: n\n  time_intervals:\n  - location: Mars/Base",
        "4: time_intervals[0].time_intervals[0].location: \"Mars/Base\" is no time zone",
    ),
    wrong(
        "time_intervals:\n- name: n\n  time_intervals:\n  - hours: []",
        "4: time_intervals[0].time_intervals[0].hours: there is no such field",
    ),
];

#[test]
fn whatever_is_wrong_is_named_with_its_line_and_the_path_of_its_field() {
    let mut surprises = Vec::new();
    for wrong in WRONG {
        let (line, words) = wrong.told.split_once(": ").expect("a line and words");
        let errors = Configuration::parse(&wrong.text(), &Options::default()).err().unwrap_or_default();
        let said = |error: &larum_alertmanager::config::ConfigError| {
            let path = if error.path.is_empty() { String::new() } else { format!("{}: ", error.path) };
            let place = line == "x" || line == error.place.line.to_string();
            place && error.place.column > 0 && format!("{path}{}", error.message).starts_with(words)
        };
        if errors.len() != 1 || !said(&errors[0]) {
            surprises.push(format!("{}\n  is to tell {}\n  and tells {errors:?}", wrong.lines, wrong.told));
        }
    }
    assert!(surprises.is_empty(), "{}", surprises.join("\n"));
}

#[test]
fn all_that_is_wrong_is_told_in_the_order_of_the_file() {
    let text = GOOD
        .replace("resolve_timeout: 10m", "resolve_timeout: soon")
        .replace("'severity=~", "'severity=")
        .replace("[night]", "[nacht]")
        .replace("channel: '#alerts'", "chanel: '#alerts'")
        .replace("max_alerts: 10", "max_alerts: many");
    assert_eq!(
        told(&text),
        [
            r#"line 3, column 20: global.resolve_timeout: "soon" is not a duration such as 90s, 5m or 1h30m"#,
            r#"line 25, column 29: route.routes[0].mute_time_intervals[0]: there is no time interval "nacht""#,
            "line 53, column 9: receivers[0].slack_configs[0].chanel: there is no such field here",
            "line 73, column 21: receivers[1].webhook_configs[0].max_alerts: must be a whole number from 0, not \
             another word",
        ]
    );
}

#[test]
fn what_would_take_too_much_is_refused() {
    let deep = format!("x: {}{}", "[".repeat(200), "]".repeat(200));
    assert!(told(&deep)[0].contains("goes deeper than 100 levels"), "{:?}", told(&deep));
    let mut laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..10 {
        let before = format!("*a{}, ", level - 1).repeat(10);
        laughs += &format!("a{level}: &a{level} [{before}]\n");
    }
    assert!(told(&laughs)[0].contains("has more than 1000000 parts"), "{:?}", told(&laughs));
}
