//! `completion install` and `uninstall`, and the scripts as they are printed.

use std::{
    fs,
    process::{Command, Stdio},
};

use crate::{
    screen::can_run,
    table::{PLUGINS, SHELLS},
    typed::sandbox,
};

#[test]
fn one_plugin_links_all_of_them_and_takes_them_back() {
    let sandbox = sandbox("/nonexistent");
    let dir = sandbox.dir().join("home/.local/bin");
    let said = sandbox.run("completion install");
    said.assert_code(0).never_says("not on your PATH");
    for typed in PLUGINS {
        let helper = typed.program.replacen("kubectl-", "kubectl_complete-", 1);
        said.says(&helper);
        let link = fs::read_link(dir.join(helper)).unwrap();
        assert_eq!(link, sandbox.bin().join(typed.program));
    }
    assert_eq!(fs::read_dir(&dir).unwrap().count(), PLUGINS.len());
    sandbox
        .run("completion install")
        .assert_code(0)
        .says("linked already");
    let said = sandbox.run("completion uninstall");
    said.assert_code(0).says("removed");
    assert_eq!(fs::read_dir(&dir).unwrap().count(), 0);
    sandbox
        .run("completion uninstall")
        .assert_code(0)
        .says("nothing to remove");
}

#[test]
fn a_directory_off_path_is_told_with_the_line_to_paste() {
    let sandbox = sandbox("/nonexistent").env("SHELL", "/bin/bash");
    let dir = sandbox.dir().join("else where");
    let dir = dir.display().to_string();
    let said = sandbox.run_args(&["completion", "install", "--dir", &dir]);
    said.assert_code(0)
        .says("is not on your PATH")
        .says(&format!("export PATH='{dir}':\"$PATH\""))
        .says("source <(kubectl completion bash)");
}

#[test]
fn what_is_in_the_way_stays() {
    let sandbox = sandbox("/nonexistent");
    let dir = sandbox.dir().join("home/.local/bin");
    fs::create_dir_all(&dir).unwrap();
    let mine = dir.join("kubectl_complete-mesh_tag");
    fs::write(&mine, "mine").unwrap();
    sandbox
        .run("completion install")
        .assert_code(2)
        .says("no helper of this suite");
    assert_eq!(fs::read_to_string(&mine).unwrap(), "mine");
    sandbox.run("completion uninstall").assert_code(0);
    assert_eq!(fs::read_to_string(&mine).unwrap(), "mine");
    assert_eq!(fs::read_dir(&dir).unwrap().count(), 1);
}

#[test]
fn krews_directory_is_refused() {
    let sandbox = sandbox("/nonexistent");
    let krew = sandbox.dir().join("home/.krew/bin").display().to_string();
    let said = sandbox.run_args(&["completion", "install", "--dir", &krew]);
    said.assert_code(2).says("belongs to krew");
}

#[test]
fn scripts_are_sound_and_the_same_both_ways() {
    let sandbox = sandbox("/nonexistent");
    for typed in PLUGINS {
        for shell in SHELLS {
            let printed = sandbox
                .command(sandbox.bin().join(typed.program))
                .args(["completion", shell.name()])
                .output()
                .unwrap();
            let hook = sandbox
                .command(sandbox.bin().join(typed.program))
                .env("COMPLETE", shell.name())
                .output()
                .unwrap();
            assert_eq!(printed, hook, "{shell:?}");
            if !can_run(shell) {
                continue;
            }
            let file = sandbox.dir().join("script");
            fs::write(&file, &printed.stdout).unwrap();
            let checked = Command::new(shell.name())
                .arg("-n")
                .arg(&file)
                .stdin(Stdio::null())
                .output()
                .unwrap();
            assert!(checked.status.success(), "{shell:?}: {checked:?}");
            assert_eq!(checked.stderr, b"", "{shell:?}");
        }
    }
}
