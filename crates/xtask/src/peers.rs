//! The control plane the tests run against, built once from the modules in `tests/controlplane/` and kept.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use crate::{Result, cache, run::root};

/// Kubernetes binaries call themselves v0.0.0 unless told.
const KUBERNETES: &str = "v1.34.4";

/// Raised when what is built from the same modules changes, so that an old result is not taken for it.
const RECIPE: &str = "1";

/// One `go build`: module directory, package, binary.
const BINARIES: &[(&str, &str, &str)] = &[
    ("etcd-krew", "go.etcd.io/etcd/server/v3", "etcd"),
    ("etcd-krew", "sigs.k8s.io/krew/cmd/krew", "krew"),
    (
        "etcd-krew",
        "sigs.k8s.io/krew/cmd/validate-krew-manifest",
        "validate-krew-manifest",
    ),
    ("kwok", "sigs.k8s.io/kwok/cmd/kwok", "kwok"),
    ("kubernetes", "k8s.io/kubernetes/cmd/kubectl", "kubectl"),
    (
        "kubernetes",
        "k8s.io/kubernetes/cmd/kube-apiserver",
        "kube-apiserver",
    ),
    (
        "kubernetes",
        "k8s.io/kubernetes/cmd/kube-controller-manager",
        "kube-controller-manager",
    ),
    (
        "kubernetes",
        "k8s.io/kubernetes/cmd/kube-scheduler",
        "kube-scheduler",
    ),
];

/// Which YAML files of which module go into which of ours.
const EXPORTS: &[(&str, &str, &str)] = &[
    (
        "istio.io/api@v1.28.0",
        "kubernetes/customresourcedefinitions.gen.yaml",
        "crds/istio-1.28.yaml",
    ),
    (
        "istio.io/api@v1.26.0",
        "kubernetes/customresourcedefinitions.gen.yaml",
        "crds/istio-1.26.yaml",
    ),
    (
        "sigs.k8s.io/gateway-api@v1.3.0",
        "config/crd/standard",
        "crds/gateway-api.yaml",
    ),
    ("sigs.k8s.io/kwok", "kustomize/crd/bases", "crds/kwok.yaml"),
    (
        "sigs.k8s.io/kwok",
        "kustomize/stage/pod/fast",
        "stages/fast.yaml",
    ),
    (
        "sigs.k8s.io/kwok",
        "kustomize/stage/node/fast",
        "stages/fast.yaml",
    ),
];

/// The directory of the built peers; builds them first if they are not there.
pub(crate) fn ensure() -> Result<PathBuf> {
    let modules = root().join("tests/controlplane");
    let dir = cache::root()?.join("peers").join(key(&modules)?);
    cache::keep(
        &dir,
        || dir.is_dir(),
        |building| {
            eprintln!(
                "building the test control plane (once; minutes, or longer with an empty Go cache)"
            );
            for (module, package, binary) in BINARIES {
                let to = building.join("bin").join(binary);
                build(&modules.join(module), package, &to)?;
            }
            for (module, from, to) in EXPORTS {
                export(&modules, module, from, &building.join(to))?;
            }
            Ok(())
        },
    )?;
    Ok(dir)
}

/// Versions and content of everything that is built.
fn key(modules: &Path) -> Result<String> {
    let mut hash = Sha256::new();
    hash.update(RECIPE);
    hash.update(KUBERNETES);
    hash.update(format!(
        "{BINARIES:?}{EXPORTS:?}{}{}",
        std::env::consts::OS,
        std::env::consts::ARCH
    ));
    for module in ["crds", "etcd-krew", "kubernetes", "kwok"] {
        for file in ["go.mod", "go.sum", "tools.go"] {
            let path = modules.join(module).join(file);
            if path.exists() {
                hash.update(fs::read(&path).map_err(|e| format!("{}: {e}", path.display()))?);
            }
        }
    }
    let digest = hash.finalize();
    let (head, _) = digest.split_at(8);
    let number = head.iter().fold(0_u64, |n, &byte| n << 8 | u64::from(byte));
    Ok(format!("kubernetes-{KUBERNETES}-{number:016x}"))
}

fn build(module: &Path, package: &str, to: &Path) -> Result<()> {
    let name = to
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let start = Instant::now();
    let mut flags = "-s -w".to_owned();
    if package.starts_with("k8s.io/kubernetes/") {
        let version = "k8s.io/component-base/version";
        flags = format!(
            "{flags} -X {version}.gitVersion={KUBERNETES} -X {version}.gitMajor=1 -X {version}.gitMinor=34"
        );
    }
    let mut go = go(module);
    go.arg("build")
        .arg("-o")
        .arg(to)
        .args(["-ldflags", &flags, package]);
    let status = go
        .status()
        .map_err(|e| format!("go, which builds {name}: {e}"))?;
    if !status.success() {
        return Err(format!("{name} could not be built: go ended with {status}").into());
    }
    eprintln!("  {name} ({:.0?})", start.elapsed());
    Ok(())
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Downloaded {
    #[serde(default)]
    dir: PathBuf,
    #[serde(default)]
    error: String,
}

/// Appends the YAML of a module: one file, or all files of a directory but its kustomization.
fn export(modules: &Path, module: &str, from: &str, to: &Path) -> Result<()> {
    let owner = if module.contains("kwok") {
        "kwok"
    } else {
        "crds"
    };
    let output = go(&modules.join(owner))
        .args(["mod", "download", "-json", module])
        .output()?;
    let found: Downloaded = serde_json::from_slice(&output.stdout).map_err(|e| {
        format!(
            "go mod download {module}: {e}: {}",
            String::from_utf8_lossy(&output.stderr)
        )
    })?;
    if !found.error.is_empty() {
        return Err(format!("go mod download {module}: {}", found.error).into());
    }
    let from = found.dir.join(from);
    let mut files = vec![from.clone()];
    if from.is_dir() {
        files = fs::read_dir(&from)?
            .map(|e| e.map(|e| e.path()))
            .collect::<Result<_, _>>()?;
        files.retain(|f| {
            f.extension().is_some_and(|e| e == "yaml") && !f.ends_with("kustomization.yaml")
        });
        files.sort();
    }
    fs::create_dir_all(to.parent().ok_or("an export goes into a directory")?)?;
    let mut text = fs::read_to_string(to).unwrap_or_default();
    for file in files {
        let more = fs::read_to_string(&file).map_err(|e| format!("{}: {e}", file.display()))?;
        text = format!("{text}---\n{more}\n");
    }
    Ok(fs::write(to, text)?)
}

/// go in a module of ours: no workspace file, no toolchain but one that go.mod asks for.
fn go(module: &Path) -> Command {
    let mut go = Command::new("go");
    go.current_dir(module).env("GOWORK", "off");
    go
}
