//! Conversations with a workspace: who am I, where can I post, and what Slack says when I cannot.

use std::time::Duration;

use larum_sandbox::{
    Behaviour, ChannelChange, Fault, Running, Sandbox, SandboxConfig, TokenChange, TokenKind as Whose,
    TokenState,
};
use larum_slack::{
    AdviceContext, CallError, ChannelReport, ChannelState, Directory, ErrorClass, PostOutcome, SlackClient,
    SlackError, TokenKind,
};

use crate::fake::client_with;

const ID: &str = "1d000000-0000-4000-8000-000000000001";

async fn workspace() -> Running {
    Sandbox::start(SandboxConfig::in_memory()).await.unwrap()
}

fn client(slack: &Running, token: &str) -> SlackClient {
    client_with(token, &slack.api_url(), None)
}

fn bot(slack: &Running) -> SlackClient {
    client(slack, &slack.bot_token)
}

fn with_scopes(slack: &Running, scopes: &[&str]) {
    let scopes = Some(scopes.iter().map(|scope| (*scope).to_owned()).collect());
    slack.control().change_token(Whose::Bot, &TokenChange { scopes, state: None }).unwrap();
}

async fn post(client: &SlackClient, channel: &str) -> PostOutcome {
    client.post_message(channel, ID, r#"{"text":"hello"}"#).await
}

async fn refusal(client: &SlackClient, channel: &str) -> SlackError {
    match post(client, channel).await {
        PostOutcome::Refused(error) => error,
        other => panic!("{other:?}"),
    }
}

const NOW: Duration = Duration::from_secs(1_000);

async fn reports<S: AsRef<str>>(
    client: &SlackClient,
    directory: &mut Directory,
    channels: &[S],
    now: Duration,
) -> Vec<ChannelReport> {
    let identity = client.auth_test().await.unwrap();
    directory.ask(client, &identity, channels, now).await;
    directory.reports(&identity, channels)
}

/// How often Slack was asked by this method.
fn asked(slack: &Running, method: &str) -> usize {
    slack.control().requests(0).iter().filter(|request| request.method == method).count()
}

/// `channel: state` for each, and ` = n` where it is the same as an earlier one.
async fn states(client: &SlackClient, channels: &[&str]) -> Vec<String> {
    let reports = reports(client, &mut Directory::default(), channels, NOW).await;
    assert!(reports.iter().all(|report| report.why.is_empty() == (report.state == ChannelState::CanPost)));
    let said = reports.iter().map(|report| {
        let same = report.same_as.map_or(String::new(), |place| format!(" = {place}"));
        format!("{}: {}{same}", report.asked, report.state.as_str())
    });
    said.collect()
}

#[tokio::test]
async fn tokens_know_who_they_are_and_what_they_may() {
    let slack = workspace().await;
    let app = bot(&slack).auth_test().await.unwrap();
    assert_eq!((app.team.as_str(), app.user.as_str(), app.kind), ("Larum Sandbox", "larum", TokenKind::Bot));
    assert!(app.bot_id.is_some());
    assert_eq!((app.has_scope("chat:write"), app.has_scope("chat:write.public")), (Some(true), Some(false)));
    let person = client(&slack, &slack.user_token).auth_test().await.unwrap();
    assert_eq!((person.user.as_str(), person.kind, person.bot_id), ("olivia", TokenKind::User, None));
    let stranger = client(&slack, "xoxb-0-0-nobodyknowsthistoken").auth_test().await.unwrap_err();
    assert_eq!(stranger, CallError::Refused(SlackError::from_code("invalid_auth")));
}

#[tokio::test]
async fn a_message_arrives_once_however_often_it_is_sent() {
    let slack = workspace().await;
    let app = bot(&slack);
    let PostOutcome::Delivered { channel_id, ts, duplicate: false } = post(&app, "#alerts").await else {
        panic!()
    };
    assert_eq!(channel_id, slack.control().channel_id("alerts").unwrap());
    let again = post(&app, "#alerts").await;
    assert_eq!(again, PostOutcome::Delivered { channel_id, ts, duplicate: true });
    let posted = slack.control().messages(0, None).unwrap();
    assert_eq!((posted.len(), posted[0].text()), (1, "hello"));
    assert_eq!(posted[0].client_msg_id.as_deref(), Some(ID));
}

#[tokio::test]
async fn a_post_whose_answer_is_lost_may_have_arrived_and_is_safe_to_repeat() {
    let slack = workspace().await;
    let app = bot(&slack);
    for behaviour in [Behaviour::Reset, Behaviour::Hang, Behaviour::Html] {
        slack.control().inject(Fault::of(behaviour).after().on("chat.postMessage").times(1)).unwrap();
        let outcome = post(&app, "#alerts").await;
        assert!(matches!(outcome, PostOutcome::Unknown(_)), "{outcome:?}");
    }
    assert!(matches!(post(&app, "#alerts").await, PostOutcome::Delivered { duplicate: true, .. }));
    assert_eq!(slack.control().messages(0, None).unwrap().len(), 1);
}

#[tokio::test]
async fn a_refusal_comes_with_what_to_do() {
    let slack = workspace().await;
    let app = bot(&slack);
    let advice = async |channel: &'static str| {
        let context = AdviceContext {
            channel: Some(channel),
            name: Some("larum"),
            kind: Some(TokenKind::Bot),
            needed: None,
        };
        refusal(&app, channel).await.advice(&context)
    };
    assert_eq!(
        advice("#random").await,
        "Only members may post there: type /invite @larum in the channel #random."
    );
    assert_eq!(
        advice("#nowhere").await,
        "Slack shows this token no such channel: check the name, and if it is private, type /invite @larum in the \
         channel #nowhere."
    );
    assert_eq!(
        advice("old-alerts").await,
        "Archived channels take no messages: unarchive the channel #old-alerts or choose another."
    );
    with_scopes(&slack, &["channels:read"]);
    let said = advice("#alerts").await;
    assert!(
        said.starts_with("The token lacks the scope chat:write: add it under Bot Token Scopes"),
        "{said}"
    );
    slack
        .control()
        .change_token(Whose::Bot, &TokenChange { state: Some(TokenState::Revoked), scopes: None })
        .unwrap();
    let revoked = refusal(&app, "#alerts").await;
    assert_eq!(revoked.class, ErrorClass::Credential, "{revoked}");
}

#[tokio::test]
async fn a_message_that_slack_cannot_show_is_refused_as_a_payload() {
    let slack = workspace().await;
    let body = r#"{"attachments":[{"blocks":[{"type":"section"}]}]}"#;
    let PostOutcome::Refused(error) = bot(&slack).post_message("#alerts", ID, body).await else { panic!() };
    assert_eq!(error.class, ErrorClass::Payload, "{error}");
    assert!(!error.messages.is_empty());
}

#[tokio::test]
async fn with_the_scopes_each_channel_shows_whether_one_can_post() {
    let slack = workspace().await;
    let alerts = slack.control().channel_id("alerts").unwrap();
    let oncall = slack.control().channel_id("oncall-private").unwrap();
    let hidden = slack.control().channel_id("leadership-private").unwrap();
    let channels = [
        "#alerts",
        "random",
        "old-alerts",
        "nowhere",
        "oncall-private",
        &oncall,
        &alerts,
        &hidden,
        "ALERTS",
        "U012AB3CDE",
    ];
    assert_eq!(
        states(&bot(&slack), &channels).await,
        [
            "#alerts: can_post".to_owned(),
            "random: invite_needed".to_owned(),
            "old-alerts: archived".to_owned(),
            "nowhere: not_found".to_owned(),
            "oncall-private: unknown".to_owned(),
            format!("{oncall}: can_post = 4"),
            format!("{alerts}: can_post = 0"),
            format!("{hidden}: not_found"),
            "ALERTS: can_post = 0".to_owned(),
            "U012AB3CDE: unknown".to_owned(),
        ]
    );
}

#[tokio::test]
async fn without_the_scopes_nothing_is_claimed() {
    let slack = workspace().await;
    let alerts = slack.control().channel_id("alerts").unwrap();
    with_scopes(&slack, &["chat:write"]);
    assert_eq!(
        states(&bot(&slack), &["#alerts", &alerts]).await,
        ["#alerts: unknown".to_owned(), format!("{alerts}: unknown")]
    );
    assert!(matches!(post(&bot(&slack), "#alerts").await, PostOutcome::Delivered { .. }));
    with_scopes(&slack, &["chat:write", "groups:read"]);
    let oncall = slack.control().channel_id("oncall-private").unwrap();
    assert_eq!(states(&bot(&slack), &[&oncall]).await, [format!("{oncall}: can_post")]);
    assert_eq!(
        states(&bot(&slack), &["alerts", "oncall-private"]).await,
        ["alerts: unknown", "oncall-private: unknown"]
    );
    with_scopes(&slack, &["chat:write", "channels:read"]);
    assert_eq!(
        states(&bot(&slack), &["alerts", "oncall-private"]).await,
        ["alerts: can_post", "oncall-private: unknown"]
    );
}

#[tokio::test]
async fn a_bot_with_chat_write_public_needs_no_invitation_and_a_person_joins() {
    let slack = workspace().await;
    with_scopes(&slack, &["chat:write", "chat:write.public", "channels:read"]);
    assert_eq!(states(&bot(&slack), &["random"]).await, ["random: can_post"]);
    let person = client(&slack, &slack.user_token);
    slack
        .control()
        .change_channel("random", ChannelChange { owner_is_member: Some(false), ..ChannelChange::default() })
        .unwrap();
    let reports = reports(&person, &mut Directory::default(), &["random"], NOW).await;
    assert_eq!(reports[0].state, ChannelState::InviteNeeded);
    assert_eq!(reports[0].why, "Only members may post there: join the channel #random as olivia.");
    let id = reports[0].id.clone().unwrap();
    person.conversations_join(&id).await.unwrap();
    person.conversations_join(&id).await.unwrap();
    assert_eq!(states(&person, &["random"]).await, ["random: can_post"]);
}

#[tokio::test]
async fn what_slack_does_not_answer_is_not_claimed_and_what_it_does_is() {
    let slack = workspace().await;
    let app = bot(&slack);
    let ids: Vec<String> =
        ["alerts", "critical", "platform"].map(|name| slack.control().channel_id(name).unwrap()).to_vec();
    slack
        .control()
        .inject(
            Fault::of(Behaviour::ServerError { status: 503 }).on("conversations.info").in_channel("alerts"),
        )
        .unwrap();
    let mut directory = Directory::default();
    let heard = reports(&app, &mut directory, &ids, NOW).await;
    assert_eq!(heard[0].state, ChannelState::Unknown);
    assert_eq!(
        heard[0].why,
        "Slack could not be asked: Slack answered 503 (text/html): it has a fault of its own."
    );
    assert!(heard[1..].iter().all(|report| report.state == ChannelState::CanPost));
    slack.control().clear_faults();
    let heard = reports(&app, &mut directory, &ids, NOW).await;
    assert!(heard.iter().all(|report| report.state == ChannelState::CanPost));
    assert_eq!(asked(&slack, "conversations.info"), 4, "what was known is not asked again");
}

#[tokio::test]
async fn what_is_well_is_believed_for_a_minute_and_what_is_not_is_looked_at_again() {
    let slack = workspace().await;
    let app = bot(&slack);
    let mut directory = Directory::default();
    let channels = ["alerts", "critical", "random"];
    let second = Duration::from_secs(1);
    for ask in 0..10 {
        let heard = reports(&app, &mut directory, &channels, NOW + second * ask).await;
        assert_eq!(heard[2].state, ChannelState::InviteNeeded);
    }
    assert_eq!((asked(&slack, "conversations.list"), asked(&slack, "conversations.info")), (1, 9));
    let invited = ChannelChange { bot_is_member: Some(true), ..ChannelChange::default() };
    slack.control().change_channel("random", invited).unwrap();
    let heard = reports(&app, &mut directory, &channels, NOW + second * 10).await;
    assert!(heard.iter().all(|report| report.state == ChannelState::CanPost));
    reports(&app, &mut directory, &channels, NOW + second * 59).await;
    assert_eq!((asked(&slack, "conversations.list"), asked(&slack, "conversations.info")), (1, 10));
    reports(&app, &mut directory, &channels, NOW + second * 60).await;
    assert_eq!(asked(&slack, "conversations.list"), 2);
}

#[tokio::test]
async fn a_name_that_is_not_there_is_looked_for_again_but_not_each_time() {
    let slack = workspace().await;
    let app = bot(&slack);
    let mut directory = Directory::default();
    let second = Duration::from_secs(1);
    for ask in 0..4 {
        let heard = reports(&app, &mut directory, &["new-one"], NOW + second * ask).await;
        assert_eq!(heard[0].state, ChannelState::NotFound);
    }
    assert_eq!(asked(&slack, "conversations.list"), 1);
    slack.control().create_channel("new-one", false).unwrap();
    let heard = reports(&app, &mut directory, &["new-one"], NOW + second * 4).await;
    assert_eq!(heard[0].state, ChannelState::CanPost);
}

#[tokio::test]
async fn a_workspace_of_many_pages_is_listed_whole() {
    let slack = workspace().await;
    for number in 0..450 {
        slack.control().create_channel(&format!("team-{number}"), false).unwrap();
    }
    assert_eq!(states(&bot(&slack), &["team-449"]).await, ["team-449: can_post"]);
}
