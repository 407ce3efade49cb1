//! Certificates of clients, in all five ways.

use crate::authority::Authority;
use crate::door::{Door, TLS};

/// Who is let in: one without a certificate, one with a stranger's, and one whom the authority vouches for.
async fn let_in(kind: &str) -> [bool; 3] {
    let authority = if kind.contains("Verify") { "  client_ca_file: ca.pem\n" } else { "" };
    let door = Door::open(&format!("{TLS}  client_auth_type: {kind}\n{authority}")).await;
    let strangers = door.client_called("ada", &Authority::new());
    let members = door.client_called("ada", &door.authority);
    [
        door.greeting(door.client()).await.is_some(),
        door.greeting(strangers).await.is_some(),
        door.greeting(members).await.is_some(),
    ]
}

#[tokio::test]
async fn each_kind_lets_in_whom_it_means() {
    assert_eq!(let_in("NoClientCert").await, [true, true, true]);
    assert_eq!(let_in("RequestClientCert").await, [true, true, true]);
    assert_eq!(let_in("RequireAnyClientCert").await, [false, true, true]);
    assert_eq!(let_in("VerifyClientCertIfGiven").await, [true, false, true]);
    assert_eq!(let_in("RequireAndVerifyClientCert").await, [false, false, true]);
}

#[tokio::test]
async fn who_has_none_of_the_allowed_names_stays_outside() {
    let names = "  client_allowed_sans: [prometheus.test, 192.0.2.7]\n";
    let door = Door::open(&format!(
        "{TLS}  client_auth_type: RequireAndVerifyClientCert\n  client_ca_file: ca.pem\n{names}"
    ))
    .await;
    for (name, enters) in
        [("prometheus.test", true), ("192.0.2.7", true), ("other.test", false), ("192.0.2.8", false)]
    {
        let client = door.client_called(name, &door.authority);
        assert_eq!(door.greeting(client).await.is_some(), enters, "{name}");
    }
    assert_eq!(door.greeting(door.client_called("prometheus.test", &Authority::new())).await, None);
}
