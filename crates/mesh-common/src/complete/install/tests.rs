#![cfg(unix)]

use std::os::unix::fs::{PermissionsExt as _, symlink};

use super::*;
use crate::error::Kind;

/// krew's directory with two plugins, and a home.
struct Machine {
    dir: tempfile::TempDir,
}

impl Machine {
    fn new() -> Self {
        let machine = Self {
            dir: tempfile::tempdir().unwrap(),
        };
        for dir in ["krew/bin", "store", "home/.local", "usr"] {
            fs::create_dir_all(machine.at(dir)).unwrap();
        }
        for name in ["tag", "backup"] {
            machine.program(&format!("store/{name}"));
            let link = machine.at(&format!("krew/bin/kubectl-mesh_{name}"));
            symlink(machine.at(&format!("store/{name}")), link).unwrap();
        }
        machine
    }

    fn at(&self, path: &str) -> PathBuf {
        self.dir.path().join(path)
    }

    fn program(&self, path: &str) {
        fs::write(self.at(path), "").unwrap();
        fs::set_permissions(self.at(path), fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn place(&self) -> Place {
        Place {
            dir: self.at("home/.local/bin"),
            named: false,
            path: vec![
                self.at("krew/bin"),
                self.at("home/.local/bin"),
                self.at("usr"),
            ],
            krew: Some(self.at("krew/bin")),
            beside: Some(self.at("krew/bin")),
            shell: Some("bash".to_owned()),
        }
    }

    fn helper(&self, name: &str) -> PathBuf {
        self.at(&format!("home/.local/bin/kubectl_complete-mesh_{name}"))
    }
}

fn changes(done: &Done) -> Vec<Change> {
    done.helpers.iter().map(|h| h.change).collect()
}

#[test]
fn every_plugin_gets_a_link_to_what_is_on_path() {
    let machine = Machine::new();
    // Not the suite's, not a program, and further down on PATH.
    machine.program("usr/kubectl-mesh_other");
    machine.program("usr/kubectl-mesh_tag");
    fs::write(machine.at("usr/kubectl-mesh_drift"), "").unwrap();
    let done = install(&machine.place(), false).unwrap();
    assert_eq!(changes(&done), [Change::Linked, Change::Linked]);
    for name in ["tag", "backup"] {
        let plugin = machine.at(&format!("krew/bin/kubectl-mesh_{name}"));
        assert_eq!(fs::read_link(machine.helper(name)).unwrap(), plugin);
    }
    assert_eq!(
        fs::read_dir(machine.at("home/.local/bin")).unwrap().count(),
        2
    );
    assert!(done.on_path);
    // Again: nothing to do.
    let again = install(&machine.place(), false).unwrap();
    assert_eq!(changes(&again), [Change::Unchanged, Change::Unchanged]);
}

#[test]
fn a_helper_beside_its_plugin_names_it_alone() {
    let machine = Machine::new();
    machine.program("usr/kubectl-mesh_verify");
    let place = Place {
        dir: machine.at("usr"),
        ..machine.place()
    };
    install(&place, false).unwrap();
    let link = machine.at("usr/kubectl_complete-mesh_verify");
    assert_eq!(
        fs::read_link(link).unwrap(),
        Path::new("kubectl-mesh_verify")
    );
}

#[test]
fn a_dry_run_touches_nothing() {
    let machine = Machine::new();
    let done = install(&machine.place(), true).unwrap();
    assert_eq!(changes(&done), [Change::Linked, Change::Linked]);
    assert!(!machine.at("home/.local/bin").exists());
    install(&machine.place(), false).unwrap();
    let done = uninstall(&machine.place(), true).unwrap();
    assert_eq!(changes(&done), [Change::Removed, Change::Removed]);
    assert!(machine.helper("tag").is_symlink());
}

#[test]
fn an_old_link_of_ours_is_brought_up_to_date() {
    let machine = Machine::new();
    fs::create_dir(machine.at("home/.local/bin")).unwrap();
    symlink("/gone/kubectl-mesh_tag", machine.helper("tag")).unwrap();
    let done = install(&machine.place(), false).unwrap();
    assert_eq!(changes(&done), [Change::Linked, Change::Relinked]);
    let plugin = machine.at("krew/bin/kubectl-mesh_tag");
    assert_eq!(fs::read_link(machine.helper("tag")).unwrap(), plugin);
}

#[test]
fn what_is_not_ours_stops_all_and_stays() {
    for foreign in ["file", "link", "directory"] {
        let machine = Machine::new();
        fs::create_dir(machine.at("home/.local/bin")).unwrap();
        let path = machine.helper("tag");
        match foreign {
            "file" => fs::write(&path, "#!/bin/sh\n").unwrap(),
            "link" => symlink("/usr/bin/true", &path).unwrap(),
            _ => fs::create_dir(&path).unwrap(),
        }
        let error = install(&machine.place(), false).unwrap_err();
        assert_eq!(error.kind(), Kind::Refused, "{foreign}");
        assert!(
            !machine.helper("backup").exists(),
            "{foreign}: none is made"
        );
        let done = uninstall(&machine.place(), false).unwrap();
        assert_eq!(changes(&done), [Change::Foreign], "{foreign}");
        assert!(
            fs::symlink_metadata(&path).is_ok(),
            "{foreign} is still there"
        );
    }
}

#[test]
fn krews_own_directory_is_left_to_krew() {
    let machine = Machine::new();
    symlink(machine.at("krew/bin"), machine.at("alias")).unwrap();
    for dir in ["krew/bin", "alias"] {
        let place = Place {
            dir: machine.at(dir),
            ..machine.place()
        };
        let error = install(&place, false).unwrap_err();
        assert_eq!(error.kind(), Kind::Refused, "{error}");
    }
    assert_eq!(fs::read_dir(machine.at("krew/bin")).unwrap().count(), 2);
}

#[test]
fn uninstall_takes_what_dangles_too_and_nothing_else() {
    let machine = Machine::new();
    install(&machine.place(), false).unwrap();
    fs::remove_file(machine.at("krew/bin/kubectl-mesh_tag")).unwrap();
    // One of a plugin that this version has never heard of, and a neighbour.
    symlink("/x/kubectl-mesh_future", machine.helper("future")).unwrap();
    fs::write(machine.at("home/.local/bin/kubectl_complete-argo"), "").unwrap();
    let done = uninstall(&machine.place(), false).unwrap();
    assert_eq!(changes(&done), [Change::Removed; 3]);
    let left: Vec<_> = fs::read_dir(machine.at("home/.local/bin"))
        .unwrap()
        .map(|e| e.unwrap().file_name())
        .collect();
    assert_eq!(left, ["kubectl_complete-argo"]);
    let again = uninstall(&machine.place(), false).unwrap();
    assert_eq!(changes(&again), []);
}

#[test]
fn helpers_elsewhere_on_path_are_named() {
    let machine = Machine::new();
    let elsewhere = machine.at("usr/kubectl_complete-mesh_tag");
    symlink("/x/kubectl-mesh_tag", &elsewhere).unwrap();
    let done = uninstall(&machine.place(), false).unwrap();
    assert_eq!(done.elsewhere, [elsewhere]);
}

#[test]
fn no_plugin_is_an_error_that_says_where_was_looked() {
    let machine = Machine::new();
    let place = Place {
        path: vec![machine.at("usr")],
        krew: None,
        beside: None,
        ..machine.place()
    };
    let error = install(&place, false).unwrap_err();
    assert!(error.to_string().contains("on PATH"), "{error}");
}
