//! What may be shown of a configuration.

use larum_alertmanager::config::{Configuration, Options};

use crate::{GOOD, read, sound};

#[test]
fn no_secret_is_shown() {
    let read = sound(GOOD);
    let debug = format!("{read:?}");
    for secret in ["global-secret", "smtp-secret", "basic-secret", "webhook-secret", "oauth-secret", "T0/B0"]
    {
        assert!(GOOD.contains(secret));
        assert!(!read.original().contains(secret), "{secret} is in the original");
        assert!(!debug.contains(secret), "{secret} is shown");
    }
    assert!(read.original().contains("slack_api_url: <secret>"));
    assert!(read.original().contains("username: larum"), "and nothing else is hidden");
}

/// All that the routes say, but for what finds them.
fn routes(read: &Configuration) -> String {
    let told = read.routes.routes().map(|(id, route)| {
        let times = (route.group_wait, route.group_interval, route.repeat_interval);
        let intervals = (&route.mute_time_intervals, &route.active_time_intervals);
        let rest = (&route.receiver, &route.group_by, &route.labels, route.continues);
        format!("{} {times:?} {intervals:?} {rest:?}", read.routes.unique_key(id))
    });
    told.collect()
}

#[test]
fn what_is_shown_means_the_same() {
    let read = sound(GOOD);
    let again = sound(read.original());
    assert_eq!(again.routes.routes().len(), read.routes.routes().len());
    assert_eq!(again.time_intervals.len(), 2);
    let without_lines = |text: String| -> String {
        text.split("line: ").map(|part| part.trim_start_matches(|c: char| c.is_ascii_digit())).collect()
    };
    for (one, two) in [
        (routes(&again), routes(&read)),
        (format!("{:?}", again.receivers), format!("{:?}", read.receivers)),
        (format!("{:?}", again.inhibit_rules), format!("{:?}", read.inhibit_rules)),
        (format!("{:?}", again.time_intervals), format!("{:?}", read.time_intervals)),
    ] {
        assert_eq!(without_lines(one), without_lines(two));
    }
    assert_eq!(again.original(), read.original());
}

#[test]
fn texts_of_any_kind_are_written_so_that_they_are_read_again() {
    let text = "route: { receiver: a }\nreceivers:\n  - name: a\n    webhook_configs: []\n    slack_configs:\n      - api_url: http://x\n        channel: '#c: \"d\"'\n        text: |\n          one\n\n            two\\\n        title: \"\\u00e9\\t\\x07\\u2028\"\n        footer: plain over\n          two lines\n        pretext: ~\n";
    let (one, two) = (sound(text), sound(sound(text).original()));
    let (one, two) = (&one.receivers[0].slack[0], &two.receivers[0].slack[0]);
    assert_eq!(one.text, "one\n\n  two\\\n");
    assert_eq!(one.footer, "plain over two lines");
    assert_eq!(format!("{one:?}"), format!("{two:?}"));
}

#[test]
fn nothing_is_nothing_and_words_in_quotes_are_texts_when_they_are_read_again() {
    let payload = |of: &Configuration| format!("{:?}", of.receivers[0].webhooks[0].payload);
    for value in [
        "[~]",
        "[1, !yes]",
        "[?, x]",
        "{a: !no , b: [~, [!x ]]}",
        "{\"yes\": 1, \"null\": 2, \"7\": 3}",
        "{yes: 1, 7: 2}",
    ] {
        let text = format!(
            "route: {{ receiver: a, routes: [~] }}\n\
             receivers: [{{ name: a, webhook_configs: [{{ url: http://x, payload: {{ a: {value} }} }}] }}]\n"
        );
        let one = sound(&text);
        let two = sound(one.original());
        assert_eq!(two.original(), one.original(), "{value}");
        assert_eq!(payload(&two), payload(&one), "{value}");
    }
}

#[test]
fn an_address_with_a_password_in_it_is_hidden_and_read_again() {
    let text = "route: { receiver: a }\nreceivers: [{ name: a, webhook_configs: [{ url: http://x, \
                http_config: { proxy_url: 'http://ada:hush@proxy' } }] }]";
    let one = sound(text);
    assert!(!one.original().contains("hush"), "{}", one.original());
    assert_eq!(sound(one.original()).original(), one.original());
}

#[test]
fn secrets_of_other_integrations_are_hidden_too() {
    let text = "route: { receiver: a }\nreceivers:\n  - name: a\n    email_configs: [{ to: x, auth_password: hush-1 }]\n    pagerduty_configs: [{ routing_key: hush-2, description: shown }]\n    discord_configs: [{ webhook_url: 'https://discord.example/hush-3' }]\n    telegram_configs: [{ bot_token: hush-4, http_config: { authorization: { credentials: hush-5 } } }]\nglobal: { opsgenie_api_key: hush-6, smtp_auth_password_file: shown-path }\n";
    let read = read(text, &Options { skip_unsupported: true, ..Options::default() });
    assert!(!read.original().contains("hush"), "{}", read.original());
    assert!(read.original().contains("description: shown") && read.original().contains("shown-path"));
}

#[test]
fn no_error_says_a_secret() {
    for text in [
        "global: { slack_api_url: 'ftp://hush' }",
        "global: { slack_app_token: [hush] }",
        "global: { http_config: { basic_auth: hush } }",
        "receivers: [{ name: a, webhook_configs: [{ url: hush }] }]",
        "receivers: [{ name: a, webhook_configs: hush }]",
    ] {
        let errors = Configuration::parse(text, &Options::default()).expect_err("it is wrong");
        assert!(!format!("{errors:?}").contains("hush"), "{errors:?}");
    }
}
