//! Which rules are asked for, and which page of them (Prometheus, "HTTP API", "Rules"; `web/api/v1/api.go`, `rules`).

use std::collections::HashSet;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use larum_core::label::LabelSet;
use larum_core::matcher::Matcher;

use super::form::Form;
use super::parameter::not_a_number;
use super::refusal::Refusal;

/// Which rules are asked for.
pub struct RulesQuestion {
    names: HashSet<String>,
    groups: HashSet<String>,
    files: HashSet<String>,
    matchers: Vec<Vec<Matcher>>,
    /// Whether alerting rules are.
    pub alerting: bool,
    /// Whether recording rules are.
    pub recording: bool,
    /// Whether the alerts of alerting rules are.
    pub alerts: bool,
    /// Which page is, if not all.
    pub page: Option<Page>,
}

/// A page of groups.
pub struct Page {
    /// The most groups on it.
    pub groups: usize,
    /// What it begins with; empty for the first.
    pub token: String,
}

impl RulesQuestion {
    /// Reads the parameters of a request.
    ///
    /// # Errors
    /// [`Refusal`] if one is wrong.
    pub fn read(form: &Form) -> Result<Self, Refusal> {
        let set = |name: &str| form.all(name).map(str::to_owned).collect();
        let matchers = form.matchers().map_err(Refusal::bad)?;
        let kind = form.get("type").to_lowercase();
        if !["", "alert", "record"].contains(&kind.as_str()) {
            return Err(Refusal::parameter("type", format!("not supported value {kind:?}")));
        }
        Ok(Self {
            names: set("rule_name[]"),
            groups: set("rule_group[]"),
            files: set("file[]"),
            matchers,
            alerting: kind != "record",
            recording: kind != "alert",
            alerts: !excludes_alerts(form)?,
            page: read_page(form)?,
        })
    }

    /// Whether a group is asked for.
    pub fn has_group(&self, file: &str, name: &str) -> bool {
        let in_files = self.files.is_empty() || self.files.contains(file);
        in_files && (self.groups.is_empty() || self.groups.contains(name))
    }

    /// Whether a rule is asked for.
    pub fn has_rule(&self, name: &str, labels: impl FnOnce() -> LabelSet) -> bool {
        let named = self.names.is_empty() || self.names.contains(name);
        named && (self.matchers.is_empty() || self.passes(&labels()))
    }

    fn passes(&self, labels: &LabelSet) -> bool {
        self.matchers.iter().any(|set| set.iter().all(|matcher| matcher.matches(labels)))
    }
}

fn excludes_alerts(form: &Form) -> Result<bool, Refusal> {
    match form.get("exclude_alerts").to_lowercase().as_str() {
        "" | "0" | "f" | "false" => Ok(false),
        "1" | "t" | "true" => Ok(true),
        text => {
            let reason = format!("strconv.ParseBool: parsing {text:?}: invalid syntax");
            Err(Refusal::parameter("exclude_alerts", format!("error converting exclude_alerts: {reason}")))
        }
    }
}

fn read_page(form: &Form) -> Result<Option<Page>, Refusal> {
    let (limit, token) = (form.get("group_limit"), form.get("group_next_token"));
    if limit.is_empty() {
        let words = "group_limit needs to be present in order to paginate over the groups";
        return if token.is_empty() { Ok(None) } else { Err(Refusal::parameter("group_next_token", words)) };
    }
    let groups: i32 = limit.parse().map_err(|error| {
        let reason = not_a_number("ParseInt", limit, &error);
        Refusal::parameter("group_limit", format!("group_limit needs to be a valid number: {reason}"))
    })?;
    match usize::try_from(groups) {
        Ok(groups) if groups > 0 => Ok(Some(Page { groups, token: token.to_owned() })),
        _ => Err(Refusal::parameter("group_limit", "group_limit needs to be greater than 0")),
    }
}

/// What a page that begins with this group is asked for by; nobody should read anything into it.
pub fn page_token(file: &str, group: &str) -> String {
    URL_SAFE_NO_PAD.encode(format!("{file};{group}"))
}
