//! A real control plane on this machine: etcd, kube-apiserver and, on request, kwok, kube-controller-manager and
//! kube-scheduler.

use std::{
    net::IpAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use crate::{
    Api, Mark, Mesh, Peers, Result,
    audit::{self, AuditEvent},
    etcd::{Etcd, Snapshot},
    mesh::{Place, entry},
    pki::{Ca, token_keys},
    process::{Peer, free_port},
    runtime,
};

mod fill;
mod flags;
mod settle;
mod users;

/// How long a peer may take to answer for the first time, on a busy machine.
const START: Duration = Duration::from_secs(90);

/// Who sends the fixture's own requests; not in the audit log.
pub(crate) const OWN_USER: &str = "mesh-testkit";

/// What to start.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// kwok: nodes, pods that become ready, logs, exec and port-forward.
    pub kwok: bool,
    /// kube-controller-manager and kube-scheduler: rollouts, evictions, garbage collection.
    pub full: bool,
    /// No CRD of Istio or of the Gateway API: a cluster that never had a mesh.
    pub bare: bool,
}

/// A running control plane. Stops when dropped.
pub struct ControlPlane {
    // Declared first, so stopped first: the API server before its etcd.
    controllers: Vec<Peer>,
    kwok: Option<Peer>,
    apiserver: Peer,
    etcd_peer: Peer,
    etcd: Etcd,
    peers: Peers,
    ca: Arc<Ca>,
    server: String,
    kubelet_port: u16,
    api: Api,
    admin_kubeconfig: PathBuf,
    dir: tempfile::TempDir,
}

impl ControlPlane {
    /// Starts one with this mesh in it (an empty one with `None`), ready when this returns.
    pub fn start(peers: &Peers, mesh: Option<&Mesh>, options: Options) -> Result<Self> {
        let dir = tempfile::Builder::new().prefix("mesh-lab-").tempdir()?;
        let ca = Arc::new(Ca::new("mesh-lab")?);
        let (etcd_port, api_port, kubelet_port) = (free_port()?, free_port()?, free_port()?);
        let server = format!("https://127.0.0.1:{api_port}");
        let place = Place::now(ca.pem(), kubelet_port);

        let mut etcd_peer = Peer::start(&peers.bin("etcd"), &flags::etcd(etcd_port)?, dir.path())?;
        let etcd = Etcd::at(etcd_port);
        let probe = etcd.clone();
        wait(&mut etcd_peer, "etcd", || {
            let probe = probe.clone();
            runtime::run(async move { probe.healthy().await })
        })?;

        let recorded = mesh.is_some_and(Mesh::is_as_recorded);
        let seen = mesh.map(|mesh| mesh.place(&place));
        let seen = seen.as_ref().unwrap_or(&place);
        let mut entries = base(peers, seen, !recorded, options.bare)?;
        if let Some(mesh) = mesh {
            entries.extend(mesh.entries(&place)?);
        }
        let store = etcd.clone();
        runtime::run(async move { store.put(&entries).await })?;

        let loopback: IpAddr = [127, 0, 0, 1].into();
        let serving = ca.serving(&["localhost", "kubernetes.default.svc"], &[loopback])?;
        let (sign, verify) = token_keys()?;
        write(&dir, "ca.crt", ca.pem())?;
        write(&dir, "server.crt", &serving.cert)?;
        write(&dir, "server.key", &serving.key)?;
        write(&dir, "sa.key", &sign)?;
        write(&dir, "sa.pub", &verify)?;
        write(&dir, "audit.yaml", audit::POLICY)?;
        write(&dir, "audit.log", "")?;
        let mut apiserver = Peer::start(
            &peers.bin("kube-apiserver"),
            &flags::apiserver(etcd_port, api_port),
            dir.path(),
        )?;

        let kubeconfig = |user: &str| -> Result<(PathBuf, String)> {
            let leaf = ca.client(user, &["system:masters"])?;
            let text = users::kubeconfig(&server, ca.pem(), user, &leaf);
            let path = write(
                &dir,
                &format!("{}.kubeconfig", user.replace(':', "-")),
                &text,
            )?;
            Ok((path, text))
        };
        let (_, own) = kubeconfig(OWN_USER)?;
        let (admin_kubeconfig, _) = kubeconfig("admin")?;
        for user in [
            "kwok",
            "system:kube-controller-manager",
            "system:kube-scheduler",
        ] {
            kubeconfig(user)?;
        }
        let api = Api::of_kubeconfig(&own)?;
        wait(&mut apiserver, "kube-apiserver", || ready(&api))?;

        let mut plane = Self {
            controllers: Vec::new(),
            kwok: None,
            apiserver,
            etcd_peer,
            etcd,
            peers: peers.clone(),
            ca,
            server,
            kubelet_port,
            api,
            admin_kubeconfig,
            dir,
        };
        if options.kwok {
            plane.start_kwok()?;
        }
        if options.full {
            plane.start_controllers()?;
        }
        Ok(plane)
    }

    /// Starts kwok, if it does not run.
    pub fn start_kwok(&mut self) -> Result<()> {
        if self.kwok.is_none() {
            let args = flags::kwok(self.kubelet_port);
            let mut kwok = Peer::start(&self.peers.bin("kwok"), &args, self.dir.path())?;
            let port = self.kubelet_port;
            wait(&mut kwok, "kwok", || http_ok(port, "/healthz"))?;
            self.kwok = Some(kwok);
        }
        Ok(())
    }

    /// Starts kube-controller-manager and kube-scheduler, if they do not run.
    pub fn start_controllers(&mut self) -> Result<()> {
        if self.controllers.is_empty() {
            let (manager, scheduler) = (free_port()?, free_port()?);
            for (name, args) in [
                (
                    "kube-controller-manager",
                    flags::controller_manager(manager),
                ),
                ("kube-scheduler", flags::scheduler(scheduler)),
            ] {
                self.controllers
                    .push(Peer::start(&self.peers.bin(name), &args, self.dir.path())?);
            }
            for (peer, port) in self.controllers.iter_mut().zip([manager, scheduler]) {
                wait(peer, "controller", || https_ok(port))?;
            }
        }
        Ok(())
    }

    /// Stops kube-controller-manager and kube-scheduler, where they run.
    pub fn stop_controllers(&mut self) {
        self.controllers.clear();
    }

    /// Stops the API server, as an outage would. There is no way back but another control plane.
    pub fn stop_apiserver(&mut self) {
        self.apiserver.stop();
    }

    /// Holds the API server still, or lets it go on: a server that accepts connections and does not answer.
    pub fn pause_apiserver(&self, still: bool) {
        self.apiserver.pause(still);
    }

    /// The kubeconfig of a user `admin` who may do everything; context `lab`, cluster `lab`.
    pub fn kubeconfig(&self) -> &Path {
        &self.admin_kubeconfig
    }

    /// The fixture's own client, which may do everything and is not in the audit log.
    pub fn api(&self) -> &Api {
        &self.api
    }

    /// `https://127.0.0.1:PORT`.
    pub fn server(&self) -> &str {
        &self.server
    }

    /// The CA that signed the API server's certificate, every webhook's, and stands in every `root-cert.pem`.
    pub fn ca_pem(&self) -> &str {
        self.ca.pem()
    }

    pub(crate) fn ca(&self) -> Arc<Ca> {
        self.ca.clone()
    }

    /// The built peers it was started from.
    pub fn peers(&self) -> &Peers {
        &self.peers
    }

    /// Its directory: one `.log` per peer, kubeconfigs, `audit.log`.
    pub fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// The file of the audit log, one JSON event per line and stage.
    pub fn audit_log(&self) -> PathBuf {
        self.dir.path().join("audit.log")
    }

    /// Now, in the audit log.
    pub fn audit_mark(&self) -> Mark {
        audit::mark(&self.audit_log())
    }

    /// Every request since then, the control plane's and the fixture's own left out.
    #[track_caller]
    pub fn audit_since(&self, mark: Mark) -> Vec<AuditEvent> {
        audit::since(&self.audit_log(), mark).expect("the audit log can be read")
    }

    /// The writes among them (see [`AuditEvent::is_write`]): also those that were refused, never dry runs.
    #[track_caller]
    pub fn audit_writes_since(&self, mark: Mark) -> Vec<AuditEvent> {
        let mut events = self.audit_since(mark);
        events.retain(AuditEvent::is_write);
        events
    }

    /// Everything stored now.
    pub(crate) fn snapshot(&self) -> Result<Snapshot> {
        let etcd = self.etcd.clone();
        runtime::run(async move { etcd.snapshot().await })
    }

    /// Makes the store what this says; kwok is held meanwhile and sees the result only. Controllers must not run: they
    /// would see the pods of a `ReplicaSet` go and come back in any order, and make others in between.
    pub(crate) fn restore(&self, mut to: Snapshot) -> Result<(Snapshot, Vec<String>)> {
        let hold = |still| self.kwok.iter().for_each(|kwok| kwok.pause(still));
        hold(true);
        let etcd = self.etcd.clone();
        let done = runtime::run(async move {
            let touched = etcd.restore(&mut to).await;
            touched.map(|touched| (to, touched))
        });
        hold(false);
        done
    }

    /// Key and value of each object of a mesh, for this control plane.
    pub(crate) fn entries(&self, mesh: &Mesh) -> Result<Vec<(String, Vec<u8>)>> {
        let place = Place::now(self.ca.pem(), self.kubelet_port);
        mesh.entries(&place)
    }

    /// The ends of the logs of all peers, for a failure nobody can explain.
    pub fn logs(&self) -> String {
        [&self.etcd_peer, &self.apiserver]
            .into_iter()
            .chain(&self.kwok)
            .chain(&self.controllers)
            .map(Peer::tail)
            .collect::<Vec<_>>()
            .join("\n----\n")
    }
}

/// What a control plane begins with: the CRDs of Istio and the Gateway API, and those of kwok with kwok's stages.
fn base(
    peers: &Peers,
    place: &Place<'_>,
    kwok: bool,
    bare: bool,
) -> Result<Vec<(String, Vec<u8>)>> {
    let mut objects = Vec::new();
    if !bare {
        objects.extend(peers.crds("istio-1.28")?);
        objects.extend(peers.crds("gateway-api")?);
    }
    if kwok {
        objects.extend(peers.crds("kwok")?);
        objects.extend(peers.stages()?);
    }
    objects
        .iter_mut()
        .map(|object| entry(object, place))
        .collect()
}

/// Ready, and every CRD served.
fn ready(api: &Api) -> bool {
    if api.raw("/readyz").is_err() {
        return false;
    }
    let crds = api.list("CustomResourceDefinition", "");
    !crds.is_empty()
        && crds.iter().all(|crd| {
            let mut conditions = crd["status"]["conditions"].as_array().into_iter().flatten();
            conditions.any(|c| c["type"] == "Established" && c["status"] == "True")
        })
}

fn wait(peer: &mut Peer, what: &str, mut ready: impl FnMut() -> bool) -> Result<()> {
    let deadline = Instant::now() + START;
    while !ready() {
        peer.check()?;
        if Instant::now() > deadline {
            return Err(format!("{what} is not ready after {START:?}\n{}", peer.tail()).into());
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}

fn http_ok(port: u16, path: &str) -> bool {
    use std::io::{Read as _, Write as _};
    let Ok(mut stream) = std::net::TcpStream::connect(("127.0.0.1", port)) else {
        return false;
    };
    let request = format!("GET {path} HTTP/1.0\r\nHost: localhost\r\n\r\n");
    let mut answer = String::new();
    stream.write_all(request.as_bytes()).is_ok()
        && stream.read_to_string(&mut answer).is_ok()
        && answer.split(' ').nth(1) == Some("200")
}

/// Listening is enough: their health ends up in what they do, which tests wait for anyway.
fn https_ok(port: u16) -> bool {
    std::net::TcpStream::connect(("127.0.0.1", port)).is_ok()
}

fn write(dir: &tempfile::TempDir, name: &str, text: &str) -> Result<PathBuf> {
    let path = dir.path().join(name);
    std::fs::write(&path, text)?;
    Ok(path)
}
