//! One letter, and what becomes of it.

use std::time::Duration;

use larum_webhook::{
    Config, ConfigError, Credentials, Header, Outcome, Secret, Trouble, TroubleKind, WebhookClient,
};

use crate::authority::Papers;
use crate::server::{Server, status, with};
use crate::world::{BODY, PATIENCE, Time, client, install_provider, post, reason};

fn header(name: &str, values: &[&str], secrets: Vec<Secret>) -> Header {
    let values = values.iter().map(|value| (*value).to_owned()).collect();
    Header { name: name.to_owned(), values, secrets }
}

#[tokio::test]
async fn a_letter_goes_out_byte_for_byte_with_the_headers_that_were_given() {
    let server = Server::that(|_, _| with(202, "content-type", "Text/Plain; charset=utf-8", "thanks")).await;
    let papers = Papers::new();
    let file = papers.write("key", " from-file\n");
    let headers = vec![
        header("X-Team", &["one", "two"], Vec::new()),
        header("X-Key", &["plain"], vec![Secret::text("secret"), file]),
    ];
    let client = client(Config { headers, ..Config::default() });
    let outcome = post(&client, &format!("{}/hook/one?a=b", server.url)).await;
    let Outcome::Delivered(answer) = outcome else { panic!("{outcome:?}") };
    assert_eq!(
        (answer.status, answer.kind.as_str(), answer.body.as_slice()),
        (202, "text/plain", &b"thanks"[..])
    );
    assert!(!answer.cut && !answer.redirected);
    let heard = server.last();
    assert_eq!((heard.line.as_str(), heard.body.as_str()), ("POST /hook/one?a=b", BODY));
    assert_eq!(heard.header("content-type"), "application/json");
    assert_eq!(heard.header("user-agent"), concat!("Larum/", env!("CARGO_PKG_VERSION")));
    assert_eq!(heard.header("x-team"), "one, two");
    assert_eq!(heard.header("x-key"), "plain, secret, from-file");
    assert_eq!(heard.header("authorization"), "");
    papers.write("key", "renewed");
    post(&client, &server.url).await;
    assert_eq!(server.last().header("x-key"), "plain, secret, renewed");
    papers.write("key", "two\nlines");
    let outcome = post(&client, &server.url).await;
    assert!(reason(&outcome).contains("the header x-key has a character"), "{outcome:?}");
    assert_eq!(server.heard().len(), 2, "nothing is sent without what it needs");
}

#[tokio::test]
async fn the_status_says_what_became_of_it() {
    let server = Server::that(|heard, _| {
        let code = heard.line.rsplit('/').next().unwrap().parse().unwrap();
        status(code, if code == 204 || code == 304 { "" } else { "words" })
    })
    .await;
    let client = client(Config::default());
    let ask = async |code: u16| post(&client, &format!("{}/{code}", server.url)).await;
    for code in [200, 201, 204, 299] {
        let outcome = ask(code).await;
        assert!(matches!(&outcome, Outcome::Delivered(answer) if answer.status == code), "{outcome:?}");
    }
    for code in [300, 301, 304, 400, 401, 403, 404, 408, 410, 413, 422] {
        let outcome = ask(code).await;
        assert!(matches!(&outcome, Outcome::Refused(refusal) if refusal.code.is_none()), "{outcome:?}");
        assert_eq!(outcome.status(), Some(code));
    }
    for code in [500, 501, 502, 503, 504, 599] {
        let outcome = ask(code).await;
        let Outcome::TryAgain(trouble) = &outcome else { panic!("{outcome:?}") };
        assert_eq!((trouble.kind, trouble.may_have_arrived), (TroubleKind::Server, true));
        assert_eq!(outcome.status(), Some(code));
    }
    assert_eq!(reason(&ask(400).await), format!("{} refuses (400): words", server.url));
    assert_eq!(reason(&ask(503).await), format!("{} has a fault of its own (503): words", server.url));
}

#[tokio::test]
async fn a_server_that_is_busy_says_how_long_to_wait_in_either_form() {
    let server = Server::that(|_, number| match number {
        1 => with(429, "retry-after", "30", "slow down"),
        2 => with(429, "retry-after", "Tue, 14 Nov 2023 22:14:20 GMT", ""),
        3 => with(429, "retry-after", "9999999", ""),
        4 => status(429, ""),
        _ => with(503, "retry-after", "5", ""),
    })
    .await;
    let client = client(Config::default());
    for (seconds, words) in [(30, ": slow down"), (60, ""), (3600, ""), (1, "")] {
        let outcome = post(&client, &server.url).await;
        let Outcome::Wait(pause) = &outcome else { panic!("{outcome:?}") };
        assert_eq!((pause.length, pause.answer.status), (Duration::from_secs(seconds), 429));
        assert_eq!(pause.reason, format!("{} asks to wait {seconds} s (429){words}", server.url));
    }
    let outcome = post(&client, &server.url).await;
    let Outcome::TryAgain(trouble) = &outcome else { panic!("{outcome:?}") };
    assert_eq!((trouble.status, trouble.wait), (Some(503), Some(Duration::from_secs(5))));
}

#[tokio::test]
async fn an_address_in_a_file_is_read_again() {
    let (first, second) =
        (Server::that(|_, _| status(200, "")).await, Server::that(|_, _| status(200, "")).await);
    let (papers, client) = (Papers::new(), client(Config::default()));
    let file = papers.write("url", &format!("{}/one\n", first.url));
    assert!(matches!(client.post(&file, BODY, PATIENCE).await, Outcome::Delivered(_)));
    papers.write("url", &format!("{}/two\n", second.url));
    assert!(matches!(client.post(&file, BODY, PATIENCE).await, Outcome::Delivered(_)));
    assert_eq!((first.last().line.as_str(), second.last().line.as_str()), ("POST /one", "POST /two"));
    papers.write("url", "hush");
    for broken in [file, Secret::file(papers.path("missing"))] {
        let outcome = client.post(&broken, BODY, PATIENCE).await;
        let Outcome::TryAgain(Trouble { kind: TroubleKind::Credentials, reason, .. }) = outcome else {
            panic!("{outcome:?}")
        };
        assert!(reason.starts_with("the URL is ") && !reason.contains("hush"), "{reason}");
    }
    for none in ["hush", "ftp://hush/", "", "http://"] {
        let outcome = post(&client, none).await;
        assert!(
            matches!(&outcome, Outcome::Refused(refusal) if !refusal.reason.contains("hush")),
            "{outcome:?}"
        );
    }
}

#[tokio::test]
async fn nothing_that_is_told_has_a_secret_in_it() {
    let server = Server::that(|heard, _| {
        let echo = format!(
            "{} {} {} was not found",
            heard.line,
            heard.header("authorization"),
            heard.header("x-key")
        );
        status(404, &echo)
    })
    .await;
    let config = Config {
        credentials: Credentials::bearer(Secret::text("hush-token")),
        headers: vec![header("X-Key", &[], vec![Secret::text("hush-key")])],
        ..Config::default()
    };
    assert!(!format!("{config:?}").contains("hush"));
    let client = client(config);
    assert!(!format!("{client:?}").contains("hush"));
    let outcome = post(&client, &format!("{}/services/T0/hush-hush-hush-hush?key=hush", server.url)).await;
    let told = reason(&outcome);
    assert!(told.ends_with("was not found") && !told.contains("hush"), "{told}");
    assert!(told.contains("POST <secret>"), "{told}");
    let told = post(&client, "http://me:hush@localhost:1/hush?hush").await;
    assert!(reason(&told).starts_with("cannot connect to http://localhost:1: "), "{told:?}");
    assert!(!reason(&told).contains("hush"));
}

#[tokio::test]
async fn a_key_among_the_parameters_is_not_told_however_it_is_repeated() {
    let server = Server::that(|heard, _| {
        let query = heard.line.split_once('?').map_or("", |(_, query)| query);
        let key = query.split(['=', '&', ' ']).nth(1).unwrap_or_default();
        let read = key.replace('+', " ");
        status(403, &format!("invalid key {key}, which is {read}, for v=1"))
    })
    .await;
    let client = client(Config::default());
    let outcome = post(&client, &format!("{}/notify?apikey=hush+hush&v=1", server.url)).await;
    let told = reason(&outcome);
    assert!(!told.contains("hush") && told.contains("invalid key <secret>, which is <secret>"), "{told}");
    assert!(told.contains("for v=1"), "{told}");
}

#[test]
fn what_can_never_work_is_refused_before_anything_is_sent() {
    install_provider();
    let error = |headers| {
        WebhookClient::new(Config { headers, ..Config::default() }, Time::default().clock()).unwrap_err()
    };
    let reserved = error(vec![header("Authorization", &["x"], Vec::new())]);
    assert_eq!(reserved, ConfigError::ReservedHeader("authorization".to_owned()));
    let secret = error(vec![header("X-Key", &[], vec![Secret::text("a\nb")])]);
    assert_eq!(secret, ConfigError::HeaderValue("x-key".to_owned()));
}
