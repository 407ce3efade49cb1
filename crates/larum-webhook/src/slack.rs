//! What the answers of Slack mean: those of incoming webhooks, which are words, and those of `chat.postMessage`, which are
//! JSON and say no with the status 200 (Slack, "Sending messages using incoming webhooks"; "Using the Slack Web API").

use larum_http::beginning;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::outcome::{Answer, Outcome, Pause, Refusal, Trouble, TroubleKind};
use crate::pause::{MIN_PAUSE, seconds};

/// The longest that a code of Slack's is believed to be, in characters.
const MAX_CODE: usize = 64;
/// How much of Slack's own words is told, in characters.
const MAX_TOLD: usize = 500;
/// Codes that ask for a pause.
const TOO_OFTEN: [&str; 2] = ["ratelimited", "rate_limited"];
/// Codes with which Slack names a fault of its own; after the first two the message may be there all the same.
const FAULTS: [&str; 5] =
    ["internal_error", "fatal_error", "service_unavailable", "request_timeout", "rollup_error"];

/// A message that Slack has taken by `chat.postMessage` or `chat.update`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SlackMessage {
    /// The channel's id.
    pub channel: String,
    /// The message's id within the channel.
    pub ts: String,
}

#[derive(Deserialize)]
struct Posted {
    channel: String,
    ts: String,
}

impl Answer {
    /// The message that this answer is about, if Slack says which; an incoming webhook never does.
    pub fn slack_message(&self) -> Option<SlackMessage> {
        let Posted { channel, ts } = serde_json::from_slice(&self.body).ok()?;
        let known = |text: &str| !text.is_empty() && text.len() <= MAX_CODE;
        (known(&channel) && known(&ts)).then_some(SlackMessage { channel, ts })
    }

    fn is_json(&self) -> bool {
        self.kind.starts_with("application/json")
    }

    fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap_or_default().trim()
    }
}

impl Outcome {
    /// What this outcome means if it was Slack that answered: only `ok` is a yes, as a word or in JSON. A no is for good,
    /// as it is for Alertmanager (`notify/slack`), but for a request to wait and for faults of Slack's own. What is neither
    /// comes from somebody in between, and may pass.
    pub fn of_slack(self) -> Self {
        match self {
            Self::Delivered(answer) if answer.is_json() => spoken(answer),
            Self::Delivered(answer) if answer.text() == "ok" => Self::Delivered(answer),
            Self::Delivered(answer) => no(answer, None),
            Self::Refused(Refusal { answer: Some(answer), reason, .. }) => no(answer, Some(reason)),
            Self::Wait(Pause { answer, .. }) => wait(answer),
            other => other,
        }
    }
}

/// What an answer in JSON means.
fn spoken(answer: Answer) -> Outcome {
    let fields = fields(&answer);
    let Some(ok) = fields.as_ref().and_then(|fields| fields.get("ok")?.as_bool()) else {
        return unclear(&answer, "Slack's answer cannot be read");
    };
    if ok {
        return Outcome::Delivered(answer);
    }
    let more =
        fields.as_ref().and_then(|fields| fields.get("response_metadata")?.get("messages")?.as_array());
    let more: Vec<&str> = more.into_iter().flatten().filter_map(Value::as_str).collect();
    let more = beginning(&more.join("; "), MAX_TOLD);
    let more = if more.is_empty() { more } else { format!(": {more}") };
    let code = error(fields.as_ref()).unwrap_or_default();
    meaning(code, answer, |code| format!("Slack refuses: {code}{more}"))
}

/// The fields of an answer in JSON. It may lack or add any: a message that Slack has taken must never look lost because
/// its answer reads differently than last year.
fn fields(answer: &Answer) -> Option<Map<String, Value>> {
    serde_json::from_slice(&answer.body).ok()
}

fn error(fields: Option<&Map<String, Value>>) -> Option<String> {
    code(fields?.get("error")?.as_str()?)
}

/// What an answer means that is neither `ok` nor JSON with the status 200.
fn no(answer: Answer, reason: Option<String>) -> Outcome {
    let code = match answer.is_json() {
        true => error(fields(&answer).as_ref()),
        false => code(answer.text()),
    };
    match (code, reason) {
        (Some(code), _) => meaning(code, answer, |code| format!("Slack refuses: {code}")),
        (None, Some(reason)) => Outcome::Refused(Refusal { answer: Some(answer), code: None, reason }),
        // Somebody in between has answered: a yes of Slack's would read otherwise, and so would a no.
        (None, None) => unclear(&answer, "the answer is not Slack's: check the address, and the proxy"),
    }
}

fn unclear(answer: &Answer, reason: &str) -> Outcome {
    Outcome::TryAgain(Trouble {
        kind: TroubleKind::Server,
        status: Some(answer.status),
        may_have_arrived: true,
        wait: answer.wait,
        reason: reason.to_owned(),
    })
}

fn meaning(code: String, answer: Answer, words: impl Fn(&str) -> String) -> Outcome {
    if TOO_OFTEN.contains(&code.as_str()) {
        return wait(answer);
    }
    if FAULTS.contains(&code.as_str()) {
        return unclear(&answer, &format!("Slack has a fault of its own ({code})"));
    }
    let reason = words(if code.is_empty() { "it does not say why" } else { &code });
    let code = Some(code).filter(|code| !code.is_empty());
    Outcome::Refused(Refusal { answer: Some(answer), code, reason })
}

/// A request to wait; Slack says how long in a header, or in the body.
fn wait(answer: Answer) -> Outcome {
    let said = || fields(&answer)?.get("retry_after")?.as_f64();
    let length = answer.wait.or_else(|| said().and_then(seconds)).unwrap_or(MIN_PAUSE);
    let reason = format!("Slack asks to wait {} s", length.as_secs());
    Outcome::Wait(Pause { answer, length, reason })
}

/// A code, if that is what it is: Slack's are words in small letters, joined by `_`.
fn code(text: &str) -> Option<String> {
    let fits = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
    let is_code = !text.is_empty() && text.len() <= MAX_CODE && text.chars().all(fits);
    is_code.then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn answer(status: u16, kind: &str, body: &str) -> Answer {
        Answer { status, kind: kind.to_owned(), body: body.as_bytes().to_vec(), ..Answer::default() }
    }

    fn refused(status: u16, kind: &str, body: &str) -> Outcome {
        let reason = "why".to_owned();
        Outcome::Refused(Refusal { answer: Some(answer(status, kind, body)), code: None, reason }).of_slack()
    }

    fn taken(kind: &str, body: &str) -> Outcome {
        Outcome::Delivered(answer(200, kind, body)).of_slack()
    }

    fn refusal(outcome: Outcome) -> (Option<String>, String) {
        let Outcome::Refused(refusal) = outcome else { panic!("{outcome:?}") };
        (refusal.code, refusal.reason)
    }

    #[test]
    fn an_incoming_webhook_answers_in_words() {
        assert!(matches!(taken("text/html", "ok"), Outcome::Delivered(_)));
        for (status, code) in [(404, "no_service"), (410, "channel_is_archived"), (400, "invalid_payload")] {
            let refused = refusal(refused(status, "text/html", code));
            assert_eq!(refused, (Some(code.to_owned()), format!("Slack refuses: {code}")));
        }
        assert_eq!(refusal(refused(404, "text/html", "<html>")), (None, "why".to_owned()));
        let portal = taken("text/html", "<html>log in to the hotel's network");
        assert!(matches!(&portal, Outcome::TryAgain(trouble) if trouble.may_have_arrived), "{portal:?}");
    }

    #[test]
    fn the_web_api_says_no_with_a_friendly_status() {
        let json = |body| taken("application/json", body);
        let Outcome::Delivered(answer) = json(r#"{"ok":true,"channel":"C1","ts":"1.2","more":[]}"#) else {
            panic!("it is delivered")
        };
        let message = SlackMessage { channel: "C1".to_owned(), ts: "1.2".to_owned() };
        assert_eq!(answer.slack_message(), Some(message));
        let (code, reason) = refusal(json(
            r#"{"ok":false,"error":"invalid_blocks","response_metadata":{"messages":["too\nlong"]}}"#,
        ));
        assert_eq!(code.as_deref(), Some("invalid_blocks"));
        assert_eq!(reason, "Slack refuses: invalid_blocks: too long");
        let odd = json(r#"{"ok":false,"error":"no_text","response_metadata":7}"#);
        assert_eq!(refusal(odd).0.as_deref(), Some("no_text"));
        assert_eq!(refusal(json(r#"{"ok":false,"error":"<b>"}"#)).1, "Slack refuses: it does not say why");
        assert_eq!(
            refusal(refused(403, "application/json", r#"{"ok":false,"error":"invalid_token"}"#)).0.as_deref(),
            Some("invalid_token")
        );
        for odd in ["[]", "{}", r#"{"ok":tr"#, ""] {
            assert!(matches!(json(odd), Outcome::TryAgain(_)), "{odd}");
        }
    }

    #[test]
    fn too_often_is_a_pause_and_faults_of_its_own_may_pass() {
        let body = r#"{"ok":false,"error":"ratelimited"}"#;
        let mut limited = answer(200, "application/json", body);
        let Outcome::Wait(pause) = Outcome::Delivered(limited.clone()).of_slack() else { panic!("it waits") };
        assert_eq!(pause.length, MIN_PAUSE);
        limited.wait = Some(Duration::from_secs(7));
        let Outcome::Wait(pause) = Outcome::Delivered(limited).of_slack() else { panic!("it waits") };
        assert_eq!((pause.length.as_secs(), pause.reason.as_str()), (7, "Slack asks to wait 7 s"));
        let fault = taken("application/json", r#"{"ok":false,"error":"internal_error"}"#);
        assert!(matches!(fault, Outcome::TryAgain(Trouble { may_have_arrived: true, .. })), "{fault:?}");
    }
}
