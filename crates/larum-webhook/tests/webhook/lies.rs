//! Servers that say nothing, break off, never end, or speak something else.

use larum_webhook::{Config, MAX_ANSWER_BYTES, Outcome, Secret, Trouble, TroubleKind};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::server::{Server, status};
use crate::world::{BODY, SHORT, client, post};

/// What a server does once it was asked.
#[derive(Clone, Copy)]
enum Then {
    HangsUp,
    Waits,
    GoesOn,
}

/// A server that sends these bytes as soon as it was asked.
async fn saying(bytes: &'static str, then: Then) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let _ = stream.read(&mut [0; 4096]).await;
        let _ = stream.write_all(bytes.as_bytes()).await;
        match then {
            Then::HangsUp => {}
            Then::Waits => drop(stream.read(&mut [0; 1]).await),
            Then::GoesOn => while stream.write_all(&[b'x'; 1000]).await.is_ok() {},
        }
    });
    url
}

async fn soon(bytes: &'static str, then: Then) -> Outcome {
    let url = saying(bytes, then).await;
    client(Config::default()).post(&Secret::text(url), BODY, SHORT).await
}

fn trouble(outcome: &Outcome) -> (TroubleKind, bool) {
    let Outcome::TryAgain(Trouble { kind, may_have_arrived, .. }) = outcome else { panic!("{outcome:?}") };
    (*kind, *may_have_arrived)
}

#[tokio::test]
async fn a_server_that_says_nothing_is_given_up_in_time() {
    let url = saying("", Then::Waits).await;
    let outcome = client(Config::default()).post(&Secret::text(url.as_str()), BODY, SHORT).await;
    assert_eq!(outcome.reason(), Some(format!("{url} did not answer within 0.3 s").as_str()));
    assert_eq!(trouble(&outcome), (TroubleKind::Timeout, true));
    assert_eq!(trouble(&soon("HTTP/1.1 200 O", Then::Waits).await), (TroubleKind::Timeout, true));
}

#[tokio::test]
async fn an_answer_that_does_not_end_counts_by_its_status() {
    let head = "HTTP/1.1 200 OK\r\ncontent-length: 99999999\r\n\r\nok";
    for then in [Then::Waits, Then::HangsUp] {
        let outcome = soon(head, then).await;
        let Outcome::Delivered(answer) = outcome else { panic!("{outcome:?}") };
        assert_eq!((answer.body.as_slice(), answer.cut), (&b"ok"[..], true));
    }
    let url = saying(head, Then::GoesOn).await;
    let outcome = post(&client(Config::default()), &url).await;
    let Outcome::Delivered(answer) = outcome else { panic!("{outcome:?}") };
    assert_eq!((answer.body.len(), answer.cut), (MAX_ANSWER_BYTES, true));
    let outcome = soon("HTTP/1.1 400 Bad\r\ncontent-length: 99\r\n\r\nno", Then::Waits).await;
    assert!(
        matches!(&outcome, Outcome::Refused(refusal) if refusal.reason.ends_with("(400): no")),
        "{outcome:?}"
    );
}

#[tokio::test]
async fn a_lost_connection_leaves_open_whether_it_arrived() {
    for said in ["", "HTTP/1.1 200 OK\r\ncontent-le", "SSH-2.0-OpenSSH_9.2\r\n"] {
        let outcome = post(&client(Config::default()), &saying(said, Then::HangsUp).await).await;
        assert_eq!(trouble(&outcome), (TroubleKind::Lost, true), "{said}");
    }
}

#[tokio::test]
async fn without_a_connection_it_is_certain_that_nothing_arrived() {
    let outcome = post(&client(Config::default()), "http://127.0.0.1:1/hush").await;
    assert_eq!(trouble(&outcome), (TroubleKind::Connect, false));
    let server = Server::that(|_, _| status(200, "")).await;
    let outcome = post(&client(Config::default()), &server.url.replace("http", "https")).await;
    assert_eq!(trouble(&outcome), (TroubleKind::Tls, false));
}
