//! Makes `examples/`: the sample mesh, in a real API server, as the archives that a rehearsal reads.

use std::{path::Path, process::ExitCode};

use jiff::Timestamp;
use mesh_common::{
    cluster::ClusterArgs,
    mesh::archive::{self, Captured, Target},
};
use mesh_testkit::{
    ControlPlane, Mesh, Options, Peers, mesh::data_dir, netns, peers::ENV as PEERS,
};

use crate::{Result, demo::code, peers, run::root};

/// One archive.
struct Example {
    name: &'static str,
    istiods: usize,
    captured: &'static str,
    notes: &'static [&'static str],
}

/// The sample mesh was recorded on 2026-11-21 from 03:59 to 04:39 UTC.
const EXAMPLES: &[Example] = &[
    Example {
        name: "shop-trouble",
        istiods: 1,
        captured: "2026-11-21T04:40:00Z",
        notes: &[
            "the sample mesh \"shop\" as it was recorded, a minute after its last pod started: one istiod per revision, \
             the canary 40 minutes old",
        ],
    },
    Example {
        name: "shop-ready",
        istiods: 2,
        captured: "2026-11-24T04:40:00Z",
        notes: &[
            "the sample mesh \"shop\", three days after its last pod started",
            "each revision was recorded with one istiod; the second is a copy of it",
        ],
    },
];

/// Goes into the namespace.
pub(crate) fn enter() -> Result<ExitCode> {
    let xtask = std::env::current_exe()?;
    let peers = peers::ensure()?;
    let tmp = tempfile::Builder::new()
        .prefix("mesh-examples-")
        .tempdir()?;
    let status = netns::command(xtask)?
        .arg("examples-inside")
        .env(PEERS, peers)
        .env("TMPDIR", tmp.path())
        .status()?;
    Ok(code(status))
}

/// Inside: one control plane and one archive after the other.
pub(crate) fn inside() -> Result<ExitCode> {
    let peers = Peers::from_env().ok_or("this is the inside of `cargo xtask examples`")?;
    let dir = root().join("examples");
    std::fs::create_dir_all(&dir)?;
    let ca = std::fs::read_to_string(data_dir().join("example-ca.pem"))?;
    for example in EXAMPLES {
        let captured = example.captured.parse::<Timestamp>()?;
        let mesh = Mesh::sample()?
            .istiods(example.istiods)
            .as_recorded(&ca, captured);
        // Nothing but the API server and its store: nobody changes what is there.
        let plane = ControlPlane::start(&peers, Some(&mesh), Options::default())?;
        let file = dir.join(example.name).with_extension("tar.zst");
        let captured = example.capture(&plane, &file)?;
        eprintln!(
            "examples/{}.tar.zst: {} objects, {} KiB",
            example.name,
            captured
                .summary
                .objects
                .values()
                .flat_map(|of| of.values())
                .map(|count| count.objects)
                .sum::<usize>(),
            captured.summary.size.div_ceil(1024)
        );
    }
    Ok(ExitCode::SUCCESS)
}

impl Example {
    fn capture(&self, plane: &ControlPlane, file: &Path) -> Result<Captured> {
        let connection = ClusterArgs {
            kubeconfig: Some(plane.kubeconfig().to_owned()),
            ..ClusterArgs::default()
        }
        .resolve()?;
        let options = archive::Options {
            capture_time: Some(self.captured.parse::<Timestamp>()?),
            notes: self.notes.iter().map(|&n| n.to_owned()).collect(),
            ..archive::Options::default()
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let captured = runtime.block_on(async {
            let client = connection.client()?;
            archive::capture(&connection, &client, Target::typed(file, true), options).await
        })?;
        let missing: Vec<&str> = captured.missing().map(|u| u.what.as_str()).collect();
        if !missing.is_empty() {
            return Err(format!("{} lacks {}", self.name, missing.join(", ")).into());
        }
        Ok(captured)
    }
}
