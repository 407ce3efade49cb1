//! `alertmanager.yml`: what is wrong is named, and what is accepted says the same from how it is shown.

use larum_alertmanager::config::{Configuration, MOST_ERRORS, Options};
use larum_alertmanager::routing::{inhibitions, routing};

pub const WORDS: [&str; 40] = [
    "route:",
    "receivers:",
    "receiver: a",
    "- name: a",
    "routes:",
    "matchers: [a=b]",
    "match_re: {a: b}",
    "continue: true",
    "group_by: ['...']",
    "group_wait: 1s",
    "repeat_interval: 4h",
    "inhibit_rules:",
    "source_matchers: [a=b]",
    "target_matchers: [a=b]",
    "equal: [a]",
    "time_intervals:",
    "times:",
    "start_time: '00:00'",
    "weekdays: ['monday:friday']",
    "days_of_month: ['-1']",
    "location: UTC",
    "mute_time_intervals: [a]",
    "slack_configs:",
    "webhook_configs:",
    "- url: http://x",
    "api_url: https://slack.com/api/chat.postMessage",
    "update_message: true",
    "http_config:",
    "basic_auth:",
    "oauth2:",
    "global:",
    "templates: ['*.tmpl']",
    "payload: {a: [1, x]}",
    "labels: {a: b}",
    "  ",
    "\n",
    "&a ",
    "*a",
    "<<: ",
    "!!str ",
];

pub fn check(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let options = Options { skip_unsupported: true, ..Options::default() };
    let read = match Configuration::parse(&text, &options) {
        Ok(read) => read,
        Err(errors) => {
            assert!(!errors.is_empty() && errors.len() <= MOST_ERRORS);
            assert!(errors.iter().all(|error| !error.message.is_empty()));
            return;
        }
    };
    let again = Configuration::parse(read.original(), &options);
    let again = again.unwrap_or_else(|errors| panic!("{}\nis refused: {errors:?}", read.original()));
    assert_eq!(again.original(), read.original());
    let told = |read: &Configuration| -> Vec<(String, usize, usize, usize)> {
        let receivers = read.receivers.iter();
        let told = receivers.map(|r| (r.name.clone(), r.slack.len(), r.webhooks.len(), r.unsupported.len()));
        told.collect()
    };
    assert_eq!(told(&again), told(&read));
    let keys = |read: &Configuration| -> Vec<String> {
        read.routes
            .routes()
            .map(|(id, route)| format!("{} {}", read.routes.unique_key(id), route.receiver))
            .collect()
    };
    assert_eq!(keys(&again), keys(&read));
    assert_eq!(inhibitions(&again).len(), inhibitions(&read).len());
    routing(&read).expect("what is accepted can be put into force");
}
