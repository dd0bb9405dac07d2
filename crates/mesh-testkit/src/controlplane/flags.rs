//! The command lines of the peers.

use crate::{Result, process::free_port};

pub(super) fn etcd(port: u16) -> Result<Vec<String>> {
    let (client, peer) = (
        format!("http://127.0.0.1:{port}"),
        format!("http://127.0.0.1:{}", free_port()?),
    );
    Ok(list(&[
        "--name=lab",
        "--data-dir=etcd",
        &format!("--listen-client-urls={client}"),
        &format!("--advertise-client-urls={client}"),
        &format!("--listen-peer-urls={peer}"),
        &format!("--initial-advertise-peer-urls={peer}"),
        &format!("--initial-cluster=lab={peer}"),
        "--unsafe-no-fsync",
        // A whole cluster is loaded in one transaction.
        "--max-txn-ops=100000",
        "--max-request-bytes=134217728",
        "--log-level=warn",
    ]))
}

pub(super) fn apiserver(etcd: u16, port: u16) -> Vec<String> {
    list(&[
        &format!("--etcd-servers=http://127.0.0.1:{etcd}"),
        "--storage-media-type=application/json",
        "--bind-address=127.0.0.1",
        "--advertise-address=127.0.0.1",
        &format!("--secure-port={port}"),
        "--cert-dir=.",
        "--tls-cert-file=server.crt",
        "--tls-private-key-file=server.key",
        "--client-ca-file=ca.crt",
        "--service-cluster-ip-range=10.96.0.0/16",
        "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
        "--service-account-key-file=sa.pub",
        "--service-account-signing-key-file=sa.key",
        "--authorization-mode=RBAC",
        "--disable-admission-plugins=ServiceAccount",
        "--endpoint-reconciler-type=none",
        "--audit-policy-file=audit.yaml",
        "--audit-log-path=audit.log",
        "--allow-privileged=true",
        "--profiling=false",
    ])
}

pub(super) fn kwok(port: u16) -> Vec<String> {
    list(&[
        "--kubeconfig=kwok.kubeconfig",
        // No file of the user's is read.
        "--config=/dev/null",
        "--manage-all-nodes",
        "--cidr=10.244.0.0/16",
        "--node-ip=127.0.0.1",
        &format!("--node-port={port}"),
        &format!("--server-address=127.0.0.1:{port}"),
        "--enable-crds=Stage,PortForward,Logs,Exec,ClusterPortForward,ClusterLogs,ClusterExec",
    ])
}

pub(super) fn controller_manager(port: u16) -> Vec<String> {
    list(&[
        "--kubeconfig=system-kube-controller-manager.kubeconfig",
        "--authentication-skip-lookup",
        "--bind-address=127.0.0.1",
        &format!("--secure-port={port}"),
        "--cert-dir=.",
        "--leader-elect=false",
        "--service-account-private-key-file=sa.key",
        "--root-ca-file=ca.crt",
        "--allocate-node-cidrs=false",
        // Nothing starts by itself here: no job by the clock, no scaling without metrics, no node that is lost.
        "--controllers=*,-cronjob-controller,-horizontal-pod-autoscaler-controller,-node-lifecycle-controller,\
         -endpoints-controller,-endpointslice-mirroring-controller,-taint-eviction-controller",
        "--profiling=false",
    ])
}

pub(super) fn scheduler(port: u16) -> Vec<String> {
    list(&[
        "--kubeconfig=system-kube-scheduler.kubeconfig",
        "--authentication-skip-lookup",
        "--bind-address=127.0.0.1",
        &format!("--secure-port={port}"),
        "--cert-dir=.",
        "--leader-elect=false",
        "--profiling=false",
    ])
}

fn list(args: &[&str]) -> Vec<String> {
    args.iter().map(|&a| a.to_owned()).collect()
}
