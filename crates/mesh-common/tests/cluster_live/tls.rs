//! Certificates, proxies and credential plugins.

use super::*;

struct Pki {
    ca: CertifiedIssuer<'static, KeyPair>,
}

impl Pki {
    fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params
            .distinguished_name
            .push(rcgen::DnType::CommonName, "test ca");
        Self {
            ca: CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap(),
        }
    }

    /// PEM in base64, as a kubeconfig holds it.
    fn data(&self) -> String {
        BASE64.encode(self.ca.pem())
    }

    fn leaf(
        &self,
        name: &str,
        more: impl FnOnce(&mut CertificateParams),
    ) -> (rcgen::Certificate, KeyPair) {
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        more(&mut params);
        let key = KeyPair::generate().unwrap();
        (params.signed_by(&key, &self.ca).unwrap(), key)
    }

    fn server(
        &self,
        name: &str,
        more: impl FnOnce(&mut CertificateParams),
    ) -> Arc<rustls::ServerConfig> {
        let (cert, key) = self.leaf(name, more);
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let config = rustls::ServerConfig::builder_with_provider(Arc::new(
            rustls::crypto::ring::default_provider(),
        ))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .unwrap();
        Arc::new(config)
    }
}

fn empty(_: usize, _: &server::Seen) -> Answer {
    Answer::json(&page("", ""))
}

fn trusting(server: &Server, pki: &Pki, more: &str) -> Connection {
    let cluster = format!(
        "server: '{}', certificate-authority-data: {}{more}",
        server.https(),
        pki.data()
    );
    connect(&cluster, "", "5s", |_| {})
}

#[tokio::test]
async fn a_trusted_certificate_is_trusted_and_others_are_said() {
    let pki = Pki::new();
    let server = Server::start_tls(pki.server("127.0.0.1", |_| {}), empty).await;
    assert!(pods(&trusting(&server, &pki, "")).await.is_ok());

    let said = line(&trusting(&server, &Pki::new(), "")).await;
    assert!(
        said.contains("signed by an authority that the kubeconfig does not trust"),
        "{said}"
    );

    let insecure = connect(
        &format!(
            "server: '{}', insecure-skip-tls-verify: true",
            server.https()
        ),
        "",
        "5s",
        |_| {},
    );
    assert!(pods(&insecure).await.is_ok());

    let server = Server::start_tls(pki.server("api.internal", |_| {}), empty).await;
    let said = line(&trusting(&server, &pki, "")).await;
    assert!(
        said.ends_with("is not valid for the name \"127.0.0.1\""),
        "{said}"
    );
    assert!(
        pods(&trusting(&server, &pki, ", tls-server-name: api.internal"))
            .await
            .is_ok()
    );

    let old = |p: &mut CertificateParams| p.not_after = rcgen::date_time_ymd(2001, 1, 1);
    let server = Server::start_tls(pki.server("127.0.0.1", old), empty).await;
    let said = line(&trusting(&server, &pki, "")).await;
    assert!(said.ends_with("has expired"), "{said}");
}

#[tokio::test]
async fn a_certificate_authority_may_be_a_file_beside_the_kubeconfig() {
    let pki = Pki::new();
    let server = Server::start_tls(pki.server("127.0.0.1", |_| {}), empty).await;
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("ca.crt");
    fs::write(&file, pki.ca.pem()).unwrap();
    let cluster = format!(
        "server: '{}', certificate-authority: '{}'",
        server.https(),
        file.display()
    );
    assert!(pods(&connect(&cluster, "", "5s", |_| {})).await.is_ok());
}

#[tokio::test]
async fn a_client_certificate_is_shown_and_a_missing_one_is_said() {
    let pki = Pki::new();
    let (cert, key) = pki.leaf("127.0.0.1", |_| {});
    let mut roots = rustls::RootCertStore::empty();
    roots.add(pki.ca.der().clone()).unwrap();
    let ring = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = rustls::server::WebPkiClientVerifier::builder_with_provider(
        Arc::new(roots),
        Arc::clone(&ring),
    )
    .build()
    .unwrap();
    let config = rustls::ServerConfig::builder_with_provider(ring)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_client_cert_verifier(verifier)
        .with_single_cert(
            vec![cert.der().clone()],
            PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
        )
        .unwrap();
    let server = Server::start_tls(Arc::new(config), empty).await;
    let cluster = format!(
        "server: '{}', certificate-authority-data: {}",
        server.https(),
        pki.data()
    );
    let (cert, key) = pki.leaf("jane", |_| {});
    let (cert, key) = (
        BASE64.encode(cert.pem()),
        BASE64.encode(key.serialize_pem()),
    );
    let user = format!("client-certificate-data: {cert}, client-key-data: {key}");
    pods(&connect(&cluster, &user, "5s", |_| {})).await.unwrap();

    let said = line(&connect(&cluster, "", "5s", |_| {})).await;
    assert!(
        said.ends_with("does not accept the client certificate of user \"u\""),
        "{said}"
    );

    let half = connect(
        &cluster,
        &format!("client-certificate-data: {cert}"),
        "5s",
        |_| {},
    );
    let e = half.client().err().unwrap().to_string();
    assert!(e.contains("the client key cannot be used"), "{e}");
}

#[tokio::test]
async fn garbage_instead_of_tls_is_said() {
    let server = Server::start(|_, _| Answer::raw("")).await;
    // A plain HTTP server reads the handshake as a request that never ends its head; one that answers at once is told apart.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            use tokio::io::AsyncWriteExt;
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
            let mut rest = Vec::new();
            let _ = tokio::io::AsyncReadExt::read_to_end(&mut stream, &mut rest).await;
        }
    });
    let insecure = |to: String| {
        connect(
            &format!("server: 'https://{to}', insecure-skip-tls-verify: true"),
            "",
            "500ms",
            |_| {},
        )
    };
    let said = line(&insecure(address.to_string())).await;
    assert!(said.ends_with("does not speak TLS"), "{said}");
    let said = line(&insecure(server.address.to_string())).await;
    assert!(said.contains("within 500ms"), "{said}");
}

#[tokio::test]
async fn http_to_an_https_server_is_said() {
    let server = Server::start(|_, _| {
        Answer::new(
            400,
            "text/plain",
            "",
            "Client sent an HTTP request to an HTTPS server.\n",
        )
    })
    .await;
    let said = line(&to(&server.http())).await;
    assert!(
        said.ends_with("wants https, and the kubeconfig says http"),
        "{said}"
    );
}

#[tokio::test]
async fn a_proxy_url_is_used_even_for_this_machine() {
    let pki = Pki::new();
    let server = Server::start_tls(pki.server("127.0.0.1", |_| {}), empty).await;
    let target = server.address;
    let proxy = Server::start(move |_, _| Answer::tunnel(target)).await;
    let more = format!(", proxy-url: 'http://me:p%40ss@{}'", proxy.address);
    let c = trusting(&server, &pki, &more);
    assert_eq!(c.proxy, Some(proxy.http()));
    pods(&c).await.unwrap();
    let asked = &proxy.seen()[0];
    assert_eq!(
        (asked.method.as_str(), asked.target.clone()),
        ("CONNECT", target.to_string())
    );
    assert_eq!(
        asked.headers["proxy-authorization"],
        format!("Basic {}", BASE64.encode("me:p@ss"))
    );
    // Not on this machine's own account any more, so compression is asked for again.
    assert_eq!(server.seen()[0].headers["accept-encoding"], "gzip");
}

#[tokio::test]
async fn a_proxy_that_refuses_is_named() {
    for (code, expected) in [
        (407, "the proxy wants a user name and password"),
        (403, "the proxy did not let the connection through"),
    ] {
        let proxy = Server::start(move |_, _| Answer::new(code, "text/html", "", "no")).await;
        let cluster = format!(
            "server: 'https://127.9.9.9:1', proxy-url: '{}'",
            proxy.http()
        );
        let said = line(&connect(&cluster, "", "5s", |_| {})).await;
        assert!(
            said.contains(expected) && said.contains(&proxy.http()),
            "{said}"
        );
    }
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    for scheme in ["http", "socks5"] {
        let cluster = format!("server: 'https://127.9.9.9:1', proxy-url: '{scheme}://{address}'");
        let said = line(&connect(&cluster, "", "5s", |_| {})).await;
        assert!(
            said.contains("the proxy cannot be reached") || said.contains("SOCKS proxy"),
            "{said}"
        );
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_revoked_token_is_renewed_once() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let login = dir.path().join("login");
    let script = format!(
        "#!/bin/sh\ncd {}\necho run >> runs\nn=$(wc -l < runs | tr -d ' ')\n\
         echo '{{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"status\":{{\"token\":\"t'$n'\"}}}}'\n",
        dir.path().display()
    );
    fs::write(&login, script).unwrap();
    fs::set_permissions(&login, fs::Permissions::from_mode(0o755)).unwrap();
    let user = format!(
        "exec: {{apiVersion: client.authentication.k8s.io/v1, command: '{}', interactiveMode: Never}}",
        login.display()
    );
    let server = Server::start(|_, seen| match seen.headers["authorization"].as_str() {
        "Bearer t2" => Answer::json(&page("", "")),
        _ => Answer::status(401, "Unauthorized", ""),
    })
    .await;
    let c = connect(&format!("server: '{}'", server.http()), &user, "5s", |_| {});
    pods(&c).await.unwrap();
    pods(&c).await.unwrap();
    assert_eq!(
        fs::read_to_string(dir.path().join("runs")).unwrap(),
        "run\nrun\n"
    );
    assert_eq!(server.seen().len(), 3);

    let never = Server::start(|_, _| Answer::status(401, "Unauthorized", "")).await;
    let c = connect(&format!("server: '{}'", never.http()), &user, "5s", |_| {});
    let e = pods(&c).await.unwrap_err();
    assert!(
        e.hints()[0].contains("credential plugin, login"),
        "{:?}",
        e.hints()
    );
    assert_eq!(never.seen().len(), 2);
}
