//! The archives of a release, through the real krew and kubectl: from a clean home, over HTTP, and gone again.
//!
//! `cargo xtask test` packs what it built; `cargo xtask krew --package target/package` takes a release.

#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests fail the test that calls them"
)]

mod home;
mod http;
mod package;

use home::Home;
use http::Files;
use package::{Package, platform};

/// A plugin, what is typed first after it was installed, and what that shows.
struct Case {
    name: &'static str,
    args: &'static [&'static str],
    shows: &'static str,
}

/// Every plugin that is released: one line each.
const CASES: &[Case] = &[
    Case {
        name: "mesh-tag",
        args: &["promote", "stable", "--from", "examples/shop-ready.tar.zst"],
        shows: "Move tag stable from 1-26-1 (1.26.1) to 1-28-1 (1.28.1)",
    },
    Case {
        name: "mesh-audit-policy",
        args: &["list", "--from", "examples/shop-ready.tar.zst"],
        shows: "payments",
    },
    Case {
        name: "mesh-backup",
        args: &["show", "examples/shop-ready.tar.zst"],
        shows: "Istio:        1.26.1, 1.28.1 in istio-system",
    },
    Case {
        name: "mesh-istioctl",
        args: &["list", "--from", "examples/shop-ready.tar.zst"],
        shows: "no istioctl is installed",
    },
    Case {
        name: "mesh-precheck",
        // A rehearsal ends with what is not known, and that is exit code 3.
        args: &["-o", "rbac"],
        shows: "name: mesh-precheck-secrets",
    },
];

/// A version before the one that was packed.
const BEFORE: &str = "v0.0.1";

#[test]
fn every_plugin_is_tried() {
    let Some(package) = Package::get() else {
        return;
    };
    let mut tried: Vec<_> = CASES.iter().map(|c| c.name.to_owned()).collect();
    tried.sort();
    assert_eq!(package.plugins(), tried);
}

#[test]
fn krews_own_validator_takes_the_manifests() {
    let Some(package) = Package::get() else {
        return;
    };
    let files = Files::serve(package.dir());
    let home = Home::new(&package);
    for name in package.plugins() {
        // As it is rendered, and, for the download, with our own server in place of the release page.
        let rendered = package.dir().join("krew").join(format!("{name}.yaml"));
        home.validates(&rendered, &["-skip-install"]);
        let local = home.path(&format!("{name}.yaml"));
        let manifest = package.manifest(&name);
        std::fs::write(&local, manifest.served_by(&files.url())).unwrap();
        home.validates(&local, &[]);
        for archive in manifest.archives() {
            assert!(files.served(&archive), "krew did not fetch {archive}");
        }
    }
}

#[test]
fn a_manifest_with_a_wrong_sum_is_refused() {
    let Some(package) = Package::get() else {
        return;
    };
    let files = Files::serve(package.dir());
    let home = Home::new(&package);
    let case = &CASES[0];
    let manifest = package.manifest(case.name);
    let text = manifest.served_by(&files.url());
    let other = manifest
        .sums()
        .iter()
        .fold(text, |text, sum| text.replace(sum, &"0".repeat(64)));
    home.index(&[(case.name, &other)]);
    home.krew(&["index", "add", "suite", &home.index_url()])
        .ok();
    let said = home
        .krew(&["install", &format!("suite/{}", case.name)])
        .fails();
    assert!(said.contains("checksum"), "{said}");
    assert_eq!(home.links(), ["kubectl-krew"]);
}

#[test]
fn installed_run_upgraded_and_gone() {
    let Some(package) = Package::get() else {
        return;
    };
    for case in CASES {
        let manifest = package.manifest(case.name);
        let before = package.previous(case.name, BEFORE);
        let (files, older) = (Files::serve(package.dir()), Files::serve(before.dir()));
        let home = Home::new(&package);
        home.index(&[(
            case.name,
            &before.manifest(case.name).served_by(&older.url()),
        )]);
        home.krew(&["index", "add", "suite", &home.index_url()])
            .ok();
        // Where helpers go. `install` makes it if it is missing, and leaves it: other programs put theirs there.
        home.make(".local/bin");
        let clean = home.everything();

        let said = home
            .krew(&["install", &format!("suite/{}", case.name)])
            .ok();
        for line in manifest.caveats() {
            assert!(said.contains(&line), "the caveats lack {line:?}: {said}");
        }
        assert_eq!(home.installed(case.name), BEFORE);
        assert!(home.stored(case.name, BEFORE, package::MARK).is_file());

        home.index(&[(case.name, &manifest.served_by(&files.url()))]);
        home.krew(&["update"]).ok();
        home.krew(&["upgrade", case.name]).ok();
        assert_eq!(home.installed(case.name), manifest.version());
        assert!(
            !home.stored(case.name, BEFORE, "").exists(),
            "{BEFORE} stays"
        );
        let program = format!("kubectl-{}", case.name.replace('-', "_"));
        let page = format!("man/{program}.1");
        let script = format!("completions/{program}.zsh");
        let whole = ["LICENSE", "README.md", "THIRD-PARTY-LICENSES.txt"];
        for file in whole.into_iter().chain([page.as_str(), &script]) {
            let stored = home.stored(case.name, &manifest.version(), file);
            assert!(stored.is_file(), "{} is missing", stored.display());
        }

        // As it is typed, and found by kubectl.
        let version = home.kubectl(&[case.name, "--version"]).ok();
        let number = manifest.version().trim_start_matches('v').to_owned();
        assert!(
            version.starts_with(&format!("kubectl {} {number} (", case.name)),
            "{version}"
        );
        let shown = home.kubectl(&[&[case.name], case.args].concat()).ok();
        assert!(shown.contains(case.shows), "{shown}");
        let help = home.kubectl(&[case.name, "--help"]).ok();
        assert!(
            help.contains(&format!("Usage: kubectl {}", case.name)),
            "{help}"
        );
        completion_comes_and_goes(&home, case.name);

        home.krew(&["uninstall", case.name]).ok();
        assert_eq!(home.everything(), clean);
        assert_eq!(home.links(), ["kubectl-krew"]);
    }
}

/// The helpers that a user asked for are the only thing krew does not take along; `completion uninstall` does.
fn completion_comes_and_goes(home: &Home, plugin: &str) {
    let before = home.everything();
    home.kubectl(&[plugin, "completion", "install"]).ok();
    assert_ne!(home.everything(), before, "it installed nothing");
    home.kubectl(&[plugin, "completion", "uninstall"]).ok();
    assert_eq!(home.everything(), before);
}

#[test]
fn every_platform_installs_what_it_can_run() {
    let Some(package) = Package::get() else {
        return;
    };
    let files = Files::serve(package.dir());
    for case in CASES {
        let manifest = package.manifest(case.name);
        let text = manifest.served_by(&files.url());
        let platforms = manifest.platforms();
        assert!(!platforms.is_empty());
        for (os, arch) in platforms {
            let home = Home::new(&package).pretending(&os, &arch);
            home.index(&[(case.name, &text)]);
            home.krew(&["index", "add", "suite", &home.index_url()])
                .ok();
            home.krew(&["install", &format!("suite/{}", case.name)])
                .ok();
            let link = home.link(case.name, &os);
            let program = std::fs::read(&link);
            let program = program.unwrap_or_else(|e| panic!("{}: {e}", link.display()));
            assert_eq!(
                platform(&program).as_deref(),
                Some(format!("{os}/{arch}").as_str()),
                "{}",
                link.display()
            );
        }
    }
}
