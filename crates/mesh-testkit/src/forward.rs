//! A GET through the API server's port-forward, as istioctl and our own code ask an istiod.

use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper_util::rt::TokioIo;
use k8s_openapi::api::core::v1::Pod;

use crate::{Api, ControlPlane, Result, runtime};

/// How long a port-forward may take to be allowed.
const PATIENCE: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(20);

impl ControlPlane {
    /// GET of a path on a pod's port, by port-forward; the body of a 200.
    pub fn forward_get(&self, namespace: &str, pod: &str, port: u16, path: &str) -> Result<String> {
        self.api().forward_get(namespace, pod, port, path)
    }
}

impl Api {
    /// GET of a path on a pod's port, by port-forward as this user; the body of a 200. Asked again for a while: kwok
    /// forwards once it has heard of the object that allows it.
    pub fn forward_get(&self, namespace: &str, pod: &str, port: u16, path: &str) -> Result<String> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            match self.forward_get_once(namespace, pod, port, path) {
                Err(_) if Instant::now() < deadline => std::thread::sleep(PAUSE),
                answer => return answer,
            }
        }
    }

    fn forward_get_once(
        &self,
        namespace: &str,
        pod: &str,
        port: u16,
        path: &str,
    ) -> Result<String> {
        let api: kube::Api<Pod> = kube::Api::namespaced(self.client(), namespace);
        let (pod, path) = (pod.to_owned(), path.to_owned());
        runtime::run(async move {
            let mut forwarder = api.portforward(&pod, &[port]).await?;
            let stream = forwarder
                .take_stream(port)
                .ok_or("no stream for the port")?;
            let io = TokioIo::new(stream);
            let (mut sender, connection) = hyper::client::conn::http1::handshake(io).await?;
            tokio::spawn(async move { drop(connection.await) });
            let request = http::Request::get(path)
                .header("host", "localhost")
                .body(Full::new(Bytes::new()))?;
            let response = sender.send_request(request).await?;
            let status = response.status();
            let body = response.into_body().collect().await?.to_bytes();
            let text = String::from_utf8_lossy(&body).into_owned();
            if !status.is_success() {
                return Err(format!("{status}: {text}").into());
            }
            Ok(text)
        })
    }
}
