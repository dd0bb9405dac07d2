//! How fast recorded traffic is judged: a log of 1 GB made of the corpus's lines, text and JSON, against few policies
//! and many.

use std::{
    fs::{self, File},
    io::{BufWriter, Write as _},
    path::{Path, PathBuf},
    process::Command,
};

use mesh_testkit::envoy::ORDERS;

use super::{
    beside,
    measure::measure,
    report::{Row, Table, mib, millis},
};
use crate::{Result, run::root};

/// Bytes of each log.
const SIZE: u64 = 1 << 30;

/// Numbers of policies.
const POLICIES: [usize; 3] = [1, 20, 500];

/// Requests a second on one core with 20 policies, by encoding.
const RATES: [(&str, f64); 2] = [("txt", 1_000_000.0), ("json", 600_000.0)];

const PEAK_KIB: u64 = 64 * 1024;

pub(super) fn table(bins: &Path, target: &Path) -> Result<Table> {
    let mut table = Table::new(
        "Replay of 1 GB of access log",
        &[
            "log",
            "policies",
            "threads",
            "seconds",
            "requests/s",
            "peak MiB",
            "target",
        ],
    );
    let dir = target.join("bench");
    fs::create_dir_all(&dir)?;
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    for (encoding, rate) in RATES {
        let (log, lines) = log(&dir, encoding)?;
        let lockdown = ("payments-lockdown".to_owned(), lockdown_yaml());
        let many = POLICIES.map(|count| (count.to_string(), policies_yaml(count)));
        for (policies, yaml) in many.into_iter().chain([lockdown]) {
            let file = dir.join("policies.yaml");
            fs::write(&file, yaml)?;
            for threads in [1, cores] {
                let took = measure(1, &replay(bins, &dir, &file, &log, threads))?;
                if !matches!(took.code, Some(0 | 2 | 3)) {
                    return Err(format!("replay of {policies} ended with {:?}", took.code).into());
                }
                #[allow(clippy::cast_precision_loss, reason = "a rate is no count")]
                let per_second = lines as f64 / took.min().as_secs_f64();
                let aimed = policies == "20" && threads == 1;
                let met = took.peak_kib() <= PEAK_KIB && (!aimed || per_second >= rate);
                let aim = if aimed {
                    format!("≥ {rate:.0}/s, ≤ 64 MiB")
                } else {
                    "≤ 64 MiB".into()
                };
                eprintln!(
                    "replay {encoding}, {policies} policies, {threads} threads: {} ms",
                    millis(took.min())
                );
                table.row(Row::new(
                    [
                        encoding.to_owned(),
                        policies.clone(),
                        threads.to_string(),
                        format!("{:.2}", took.min().as_secs_f64()),
                        format!("{per_second:.0}"),
                        mib(took.peak_kib() * 1024),
                        aim,
                    ],
                    met,
                ));
            }
        }
        fs::remove_file(log)?;
    }
    table.note(
        "The corpus's 2,000 lines over and over, in the page cache. Half of the policies are DENY, half ALLOW, each with \
         two rules of paths, methods, addresses, hosts and ports; all of them apply.",
    );
    match beside::rates()? {
        Some(rates) => {
            let rates = rates.map(|(what, rate)| format!("{rate:.0}/s {what}"));
            table.note(format!(
                "In the same run one worker of a real Envoy answered {}: mutual TLS, 16 connections that stay open, an answer \
                 of its own without any workload behind it, the client on the other core.",
                rates.join(", ")
            ));
        }
        None => table.note("There was no Envoy to compare with."),
    }
    Ok(table)
}

fn replay(bins: &Path, home: &Path, policies: &Path, log: &Path, threads: usize) -> Command {
    let mut command = Command::new(bins.join("kubectl-mesh_audit_policy"));
    command
        .args(["replay", "-n", "foo", "--workload-labels", "app=httpbin"])
        .args(["--istio-version", "1.28.1", "--threads"])
        .arg(threads.to_string())
        .arg("-f")
        .arg(policies)
        .arg("--log")
        .arg(log)
        .env("HOME", home);
    command
}

/// The policy that Envoy is measured with, too.
fn lockdown_yaml() -> String {
    let orders = ORDERS.trim_start_matches("spiffe://");
    serde_json::json!({
        "apiVersion": "security.istio.io/v1",
        "kind": "AuthorizationPolicy",
        "metadata": {"name": "payments-lockdown", "namespace": "foo"},
        "spec": {"action": "DENY", "rules": [{"from": [{"source": {"notPrincipals": [orders]}}]}]},
    })
    .to_string()
}

/// A log of that size, and the number of its lines.
fn log(dir: &Path, encoding: &str) -> Result<(PathBuf, u64)> {
    let lines = fs::read(
        root()
            .join("tests/data/authz-corpus")
            .join(format!("access-log.{encoding}")),
    )?;
    let path = dir.join(format!("access-log.{encoding}"));
    let mut file = BufWriter::new(File::create(&path)?);
    let times = SIZE / lines.len() as u64 + 1;
    for _ in 0..times {
        file.write_all(&lines)?;
    }
    file.flush()?;
    let count = lines.split(|byte| *byte == b'\n').count() as u64 - 1;
    Ok((path, count * times))
}

/// So many policies, as YAML takes JSON.
fn policies_yaml(count: usize) -> String {
    let one = |n: usize| {
        serde_json::json!({
            "apiVersion": "security.istio.io/v1",
            "kind": "AuthorizationPolicy",
            "metadata": {"name": format!("p{n}"), "namespace": "foo"},
            "spec": {
                "action": if n.is_multiple_of(2) { "ALLOW" } else { "DENY" },
                "rules": [
                    {"to": [{"operation": {
                        "methods": ["PUT", "GET"],
                        "paths": [format!("/svc{n}/*"), format!("*/end{n}"), format!("/exact{n}")],
                    }}]},
                    {
                        "from": [{"source": {"ipBlocks": [format!("10.{}.0.0/16", n % 250)]}}],
                        "to": [{"operation": {"hosts": [format!("h{n}.example.com")], "ports": ["8080"]}}],
                    },
                ],
            },
        })
        .to_string()
    };
    (0..count).map(one).collect::<Vec<_>>().join("\n---\n")
}
