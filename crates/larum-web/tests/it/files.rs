//! What is wrong with a file is said with its place, and what to do.

use larum_web::Web;

use crate::authority::Authority;
use crate::door::{TLS, folder, refused, write};

#[test]
fn what_is_wrong_is_said_with_line_and_column() {
    for (web, line, column, words) in [
        ("tls_server_config: [", 1, 20, ""),
        ("tls_server_confg: {}", 1, 1, r#"there is no field "tls_server_confg" here"#),
        ("tls_server_config:\n  cert_fil: a", 2, 3, r#"there is no field "cert_fil" here"#),
        ("tls_server_config:\n  cert_file: cert.pem", 2, 3, "key_file (or key) is missing"),
        ("tls_server_config:\n  key_file: key.pem", 2, 3, "cert_file (or cert) is missing"),
        (
            "tls_server_config:\n  cert_file: none.pem\n  key_file: key.pem",
            2,
            14,
            "it cannot be read: No such file",
        ),
        (
            "tls_server_config:\n  cert_file: key.pem\n  key_file: key.pem",
            2,
            14,
            "no BEGIN CERTIFICATE in it",
        ),
        ("tls_server_config:\n  cert_file: cert.pem\n  key_file: cert.pem", 3, 13, "no private key in it"),
        (
            "tls_server_config: {cert_file: cert.pem, cert: x, key_file: key.pem}",
            1,
            32,
            "cert_file or cert, not both",
        ),
        ("http_server_config: {headers: {Server: x}}", 1, 40, r#"the header "Server" cannot be set"#),
        ("http_server_config: {headers: {X-Frame-Options: no}}", 1, 49, r#"deny or sameorigin, not "no""#),
        (
            "basic_auth_users:\n  ada: secret",
            2,
            8,
            "has to be a bcrypt hash, as `htpasswd -nBC 10 ada` makes it",
        ),
        ("rate_limit: {burst: 1}", 1, 13, "rate_limit is not supported"),
    ] {
        let error = refused(web);
        assert_eq!((error.line, error.column), (line, column), "{error}");
        assert!(error.message.contains(words) && !error.message.contains("secret"), "{error}");
        assert!(error.to_string().contains(&format!("web.yml: line {line}, column {column}: ")), "{error}");
    }
}

#[test]
fn what_contradicts_itself_is_refused() {
    for (more, line, words) in [
        ("min_version: TLS14", 4, "there is no version"),
        ("max_version: TLS11", 4, "no version of TLS is left"),
        ("cipher_suites: [TLS_ROT13]", 4, "there is no cipher suite"),
        ("max_version: TLS12\n  cipher_suites: [TLS_RSA_WITH_AES_128_CBC_SHA]", 5, "no usable cipher suites"),
        ("curve_preferences: [Curve1]", 4, "there is no curve"),
        ("curve_preferences: [CurveP521]", 4, "none of these curves"),
        ("client_auth_type: Always", 4, "client_auth_type is NoClientCert"),
        ("client_auth_type: RequireAndVerifyClientCert", 4, "needs a client_ca_file"),
        ("client_ca_file: ca.pem", 4, "needs a client_auth_type"),
        ("client_ca_file: key.pem\n  client_auth_type: VerifyClientCertIfGiven", 4, "no BEGIN CERTIFICATE"),
        ("client_allowed_sans: [a]", 4, "client_allowed_sans needs"),
        (
            "client_auth_type: RequireAnyClientCert\n  client_allowed_sans: [a@b.test]",
            5,
            "not e-mail addresses",
        ),
    ] {
        let error = refused(&format!("{TLS}  {more}\n"));
        assert_eq!(error.line, line, "{error}");
        assert!(error.message.contains(words), "{error}");
    }
}

#[test]
fn what_larum_has_no_use_for_does_no_harm() {
    let authority = Authority::new();
    for web in [
        "",
        "# nothing\n",
        "tls_server_config: {}",
        &format!("{TLS}http_server_config: {{http2: true}}"),
        &format!("{TLS}  min_version: TLS10\n  prefer_server_cipher_suites: false\n"),
        &format!("{TLS}  cipher_suites: [TLS_RSA_WITH_AES_128_CBC_SHA, TLS_AES_128_GCM_SHA256]\n"),
        &format!("{TLS}  curve_preferences: [CurveP521, X25519]\n"),
    ] {
        let folder = folder(&authority, web);
        let read = Web::read(&folder.path().join("web.yml"), None);
        let read = read.unwrap_or_else(|error| panic!("{web}: {error}"));
        assert_eq!(read.speaks_tls(), web.contains("cert_file"), "{web}");
    }
}

#[test]
fn a_key_of_another_certificate_is_named() {
    let authority = Authority::new();
    let folder = folder(&authority, TLS);
    write(folder.path(), "key.pem", &authority.sign("other")[1]);
    let error = Web::read(&folder.path().join("web.yml"), None).expect_err("they do not fit");
    assert!(error.message.contains("it is not the key of the certificate in cert_file"), "{error}");
    assert_eq!(error.line, 3, "{error}");
}

#[test]
fn where_people_log_in_passwords_of_the_file_are_refused() {
    let web = "basic_auth_users:\n  ada: $2y$04$abcdefghijklmnopqrstuuVAEDpF.3gGMGqQkVWp9IumWQ8TvEgbi\n";
    let folder = folder(&Authority::new(), web);
    let path = folder.path().join("web.yml");
    let error = Web::read(&path, Some("log in instead")).expect_err("nobody is to come in by them");
    assert_eq!(error.message, "basic_auth_users is refused: log in instead");
    Web::read(&path, None).expect("elsewhere they are fine");
}
