//! The templates that are always there: those of Alertmanager's names that configurations refer to, in our own words
//! and to the same effect. Of integrations that Larum does not have there are those whose texts Slack messages borrow.

/// What many others are made of.
const COMMON: &str = r#"
{{- define "__alertmanager" -}} Alertmanager {{- end }}
{{- define "__alertmanagerURL" }}{{ printf "%s/#/alerts?receiver=%s" .ExternalURL (urlquery .Receiver) }}{{ end }}
{{- define "__subject" }}
    {{- $others := .CommonLabels.Remove .GroupLabels.Names }}
    {{- "[" }}{{ toUpper .Status }}{{ if eq .Status "firing" }}:{{ len .Alerts.Firing }}{{ end }}{{ "] " }}
    {{- join " " .GroupLabels.Values }}{{ " " }}
    {{- if lt (len .GroupLabels) (len .CommonLabels) }}({{ join " " $others.Values }}){{ end }}
{{- end }}
{{- define "__text_alert_list" }}
    {{- range $alert := . }}
        {{- println "Labels:" }}
        {{- range $alert.Labels.SortedPairs }}{{ printf " - %s = %s\n" .Name .Value }}{{ end }}
        {{- println "Annotations:" }}
        {{- range $alert.Annotations.SortedPairs }}{{ printf " - %s = %s\n" .Name .Value }}{{ end }}
        {{- println "Source:" $alert.GeneratorURL }}
    {{- end }}
{{- end }}
{{- define "__text_alert_list_markdown" }}
    {{- range $alert := . }}
        {{- println "\nLabels:" }}
        {{- range $alert.Labels.SortedPairs }}{{ printf "  - %s = %s\n" .Name .Value }}{{ end }}
        {{- println "\nAnnotations:" }}
        {{- range $alert.Annotations.SortedPairs }}{{ printf "  - %s = %s\n" .Name .Value }}{{ end }}
        {{- println "\nSource:" $alert.GeneratorURL }}
    {{- end }}
    {{- "\n" }}
{{- end }}
"#;

/// Names of templates that say the same as a common one.
const SAME_AS: [(&str, &[&str]); 3] = [
    (
        "__subject",
        &[
            "slack.default.title",
            "pagerduty.default.description",
            "opsgenie.default.message",
            "victorops.default.entity_display_name",
            "pushover.default.title",
            "sns.default.subject",
            "discord.default.title",
            "msteams.default.summary",
            "msteams.default.title",
            "msteamsv2.default.title",
            "jira.default.summary",
            "rocketchat.default.title",
            "mattermost.default.title",
        ],
    ),
    (
        "__alertmanager",
        &[
            "slack.default.username",
            "pagerduty.default.client",
            "victorops.default.monitoring_tool",
            "rocketchat.default.alias",
            "mattermost.default.username",
        ],
    ),
    (
        "__alertmanagerURL",
        &[
            "slack.default.titlelink",
            "pagerduty.default.clientURL",
            "opsgenie.default.source",
            "pushover.default.url",
            "rocketchat.default.titlelink",
            "mattermost.default.titlelink",
        ],
    ),
];

/// Names of templates that say nothing.
const EMPTY: [&str; 15] = [
    "__description",
    "slack.default.callbackid",
    "slack.default.pretext",
    "slack.default.iconemoji",
    "slack.default.iconurl",
    "slack.default.text",
    "slack.default.footer",
    "wechat.default.to_user",
    "wechat.default.to_party",
    "wechat.default.to_tag",
    "wechat.default.agent_id",
    "discord.default.content",
    "rocketchat.default.emoji",
    "rocketchat.default.iconurl",
    "rocketchat.default.text",
];

/// The text of all of them.
pub fn standard() -> String {
    let mut all = COMMON.to_owned();
    let mut define = |name: &str, text: &str| {
        all.push_str(&format!("{{{{- define {name:?} }}}}{text}{{{{ end }}}}\n"));
    };
    for (common, names) in SAME_AS {
        names.iter().for_each(|name| define(name, &call(common, ".")));
    }
    EMPTY.iter().for_each(|name| define(name, ""));
    for integration in ["slack", "mattermost"] {
        let name = |part: &str| format!("{integration}.default.{part}");
        let fallback = [call(&name("title"), "."), call(&name("titlelink"), ".")].join(" | ");
        define(&name("fallback"), &fallback);
        define(&name("color"), r#"{{ if eq "firing" .Status }}danger{{ else }}good{{ end }}"#);
    }
    define("pagerduty.default.instances", &call("__text_alert_list", "."));
    let annotations = r#"{{ join " " .CommonAnnotations.Values }}"#;
    let tight = lists("", "__text_alert_list", ["", ""]);
    let loose = lists("", "__text_alert_list", ["\n", "\n"]);
    let marked_down = lists("# ", "__text_alert_list_markdown", ["\n", "\n"]);
    for name in ["opsgenie.default.description", "victorops.default.state_message"] {
        define(name, &format!("{annotations}\n{tight}"));
    }
    for name in ["pushover.default.message", "sns.default.message", "webex.default.message"] {
        define(name, &format!("{annotations}\n{loose}\n"));
    }
    for name in ["telegram.default.message", "discord.default.message"] {
        define(name, &format!("\n{loose}\n"));
    }
    for name in ["msteams.default.text", "msteamsv2.default.text", "jira.default.description"] {
        define(name, &format!("\n{marked_down}\n"));
    }
    let url = call("__alertmanagerURL", ".");
    let subject = call("__subject", ".");
    define("wechat.default.message", &format!("{subject}\n{annotations}\n{tight}\nAlertmanagerUrl:\n{url}"));
    all
}

fn call(name: &str, with: &str) -> String {
    format!("{{{{ template {name:?} {with} }}}}")
}

/// What fires and what is over, each with a heading if there is any, in two lines; `around` stands before and behind
/// each that there is.
fn lists(heading: &str, list: &str, around: [&str; 2]) -> String {
    let [before, behind] = around;
    let part = |status: &str| {
        let alerts = format!(".Alerts.{status}");
        let told = call(list, &alerts);
        format!("{{{{ if {alerts} }}}}{before}{heading}Alerts {status}:\n{told}{behind}{{{{ end }}}}")
    };
    format!("{}\n{}", part("Firing"), part("Resolved"))
}
