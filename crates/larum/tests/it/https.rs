//! Larum over TLS of its own: from a name, with a login, and as a service manager and a container ask for it.

use std::net::SocketAddr;
use std::os::unix::net::UnixDatagram;
use std::path::Path;
use std::process::Stdio;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use reqwest::{Certificate, ClientBuilder, Identity, Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::process::Command;

use crate::house::{answer, http_client};
use crate::larum::{Larum, PATIENCE, larum};

const NAME: &str = "larum.test";

type Authority = CertifiedIssuer<'static, KeyPair>;

fn authority() -> Authority {
    let mut parameters = CertificateParams::new(Vec::new()).expect("no name is wrong");
    parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(parameters, KeyPair::generate().expect("a key")).expect("it signs itself")
}

/// Puts a fresh certificate of this authority where Larum looks for it.
fn certify(folder: &Path, authority: &Authority) {
    let key = KeyPair::generate().expect("a key can be made");
    let certificate = CertificateParams::new(vec![NAME.to_owned()]).expect("it is a name");
    let certificate = certificate.signed_by(&key, authority).expect("it signs").pem();
    for (name, text) in
        [("cert.pem", certificate), ("key.pem", key.serialize_pem()), ("ca.pem", authority.pem())]
    {
        let fresh = folder.join("fresh");
        std::fs::write(&fresh, text).expect("there is room");
        std::fs::rename(fresh, folder.join(name)).expect("it can be renamed");
    }
}

/// A folder with certificates and a web configuration file that has these lines besides.
fn folder(authority: &Authority, more: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("there is room");
    certify(folder.path(), authority);
    let web = format!("tls_server_config:\n  cert_file: cert.pem\n  key_file: key.pem\n{more}");
    std::fs::write(folder.path().join("web.yml"), web).expect("there is room");
    folder
}

fn serve(folder: &Path) -> Command {
    serve_as(folder, &format!("https://{NAME}"))
}

fn serve_as(folder: &Path, external_url: &str) -> Command {
    let mut serve = larum();
    serve
        .arg("serve")
        .arg("--storage.path")
        .arg(folder.join("data"))
        .arg("--web.config.file")
        .arg(folder.join("web.yml"));
    serve.args(["--web.listen-address", "127.0.0.1:0", "--web.post-auth", "bearer"]);
    serve.args(["--web.external-url", external_url]);
    serve
}

/// A client that trusts this authority, and knows where the name leads.
fn client(address: SocketAddr, authority: &Authority) -> ClientBuilder {
    // It says who does TLS here.
    drop(http_client());
    let root = Certificate::from_pem(authority.pem().as_bytes()).expect("it is a certificate");
    let client = reqwest::Client::builder().no_proxy().timeout(PATIENCE).resolve(NAME, address);
    client.tls_certs_only([root])
}

/// A request to Larum by its name, over a connection of its own.
fn by_name(address: SocketAddr, authority: &Authority, method: Method, path: &str) -> RequestBuilder {
    let client = client(address, authority).build().expect("a client can be built");
    client.request(method, format!("https://{NAME}:{}{path}", address.port()))
}

#[tokio::test]
async fn people_log_in_over_tls_by_a_name() {
    let authority = authority();
    let folder = folder(&authority, "");
    let larum = Larum::of(&mut serve(folder.path())).await.expect("larum starts");
    let ask = |method, path: &str| by_name(larum.address, &authority, method, path);
    assert_eq!(ask(Method::GET, "/-/ready").send().await.expect("it answers").status(), StatusCode::OK);

    let once = std::fs::read_to_string(folder.path().join("data/initial-password")).expect("there is one");
    let login = json!({"name": "admin", "password": once.trim()});
    // No browser of today: where it comes from is to be seen by its origin alone.
    let origin = format!("https://{NAME}:{}", larum.address.port());
    let entered = ask(Method::POST, "/api/larum/v1/session").header("Origin", origin).json(&login);
    let entered = entered.send().await.expect("it answers");
    assert_eq!(entered.status(), StatusCode::OK);
    let cookie = entered.headers()["set-cookie"].to_str().expect("a cookie is text").to_owned();
    assert!(cookie.starts_with("__Host-larum=") && cookie.contains("; Path=/;"), "{cookie}");
    assert!(cookie.ends_with("; Secure") && !cookie.contains("Domain"), "{cookie}");
    let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
    let (status, session) = answer(ask(Method::GET, "/api/larum/v1/session").header("Cookie", cookie)).await;
    assert_eq!((status, &session["user"]["name"]), (StatusCode::OK, &Value::from("admin")));

    let clear =
        http_client().get(format!("http://{}/-/ready", larum.address)).send().await.expect("in words");
    assert_eq!(clear.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_renewed_certificate_is_shown_without_a_restart() {
    let (first, second) = (authority(), authority());
    let folder = folder(&first, "");
    let larum = Larum::of(&mut serve(folder.path())).await.expect("larum starts");
    let ready =
        async |authority| by_name(larum.address, authority, Method::GET, "/-/ready").send().await.is_ok();
    assert!(ready(&first).await && !ready(&second).await);
    certify(folder.path(), &second);
    assert!(ready(&second).await && !ready(&first).await);
    let (status, log) = larum.stop_and_log().await;
    assert!(
        status.success() && log.contains("the web configuration and its certificates were read again"),
        "{log}"
    );
}

#[tokio::test]
async fn programs_come_in_with_a_certificate_where_one_is_asked_for() {
    let authority = authority();
    let more = "  client_auth_type: RequireAndVerifyClientCert\n  client_ca_file: ca.pem\n";
    let folder = folder(&authority, more);
    let larum = Larum::of(&mut serve(folder.path())).await.expect("larum starts");
    let without = by_name(larum.address, &authority, Method::GET, "/-/ready").send().await;
    assert!(without.is_err(), "{without:?}");
    let read = |name| std::fs::read_to_string(folder.path().join(name)).expect("it is there");
    let papers =
        Identity::from_pem((read("cert.pem") + &read("key.pem")).as_bytes()).expect("they are sound");
    let client = client(larum.address, &authority).identity(papers).build().expect("a client can be built");
    let with = client.get(format!("https://{NAME}:{}/-/ready", larum.address.port())).send().await;
    assert_eq!(with.expect("it is let in").status(), StatusCode::OK);
}

#[tokio::test]
async fn a_wrong_file_says_where_and_what_to_do() {
    for (more, place, words) in [
        ("  client_ca_file: ca.pem\n", "line 4, column 19", "client_ca_file needs a client_auth_type"),
        ("  min_versoin: TLS13\n", "line 4, column 3", "there is no field"),
        ("basic_auth_users: {ada: x}\n", "line 4, column 19", "--web.post-auth=basic"),
    ] {
        let folder = folder(&authority(), more);
        let Err(refused) = Larum::of(&mut serve(folder.path())).await else { panic!("it started: {more}") };
        assert!(!refused.status.success() && refused.log.lines().count() == 1, "{}", refused.log);
        assert!(refused.log.contains(place) && refused.log.contains(words), "{}", refused.log);
        assert!(
            refused.log.contains("--web.config.file") && refused.log.contains("web.yml"),
            "{}",
            refused.log
        );
    }
    let folder = folder(&authority(), "");
    let Err(refused) = Larum::of(&mut serve_as(folder.path(), "http://larum.test")).await else {
        panic!("links lead nowhere")
    };
    assert!(refused.log.contains("it must begin with https://"), "{}", refused.log);
}

#[tokio::test]
async fn a_service_manager_hears_that_it_is_ready_and_a_container_can_ask() {
    let folder = folder(&authority(), "");
    let socket = folder.path().join("notify");
    let manager = UnixDatagram::bind(&socket).expect("it can listen");
    manager.set_read_timeout(Some(PATIENCE)).expect("it can wait");
    let larum = Larum::of(serve(folder.path()).env("NOTIFY_SOCKET", &socket)).await.expect("larum starts");
    let heard = || {
        let mut words = [0; 64];
        let length = manager.recv(&mut words).expect("it is told");
        String::from_utf8_lossy(&words[..length]).into_owned()
    };
    assert_eq!(heard(), "READY=1");

    let address = larum.address.to_string();
    let ready = async |web: &[&str]| {
        let mut ready = crate::larum::larum();
        ready.args(["ready", "--web.listen-address", &address]).args(web).current_dir(folder.path());
        ready.stderr(Stdio::null()).status().await.expect("it starts").success()
    };
    assert!(ready(&["--web.config.file", "web.yml"]).await);
    assert!(!ready(&[]).await, "TLS is spoken there");
    assert!(larum.stop().await.success());
    assert_eq!(heard(), "STOPPING=1");
    assert!(!ready(&["--web.config.file", "web.yml"]).await);
}
