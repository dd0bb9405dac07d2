//! A backup that only a passphrase opens, typed at a terminal: never on a command line, never on the screen.

use std::{fs, path::Path};

use mesh_testkit::{Lab, Plugin};

const PASSPHRASE: &str = "correct horse battery";

#[test]
fn a_passphrase_is_typed_twice_and_never_shown() {
    let Some(lab) = Lab::get() else { return };
    let plugin = Plugin::new("kubectl-mesh_backup", lab.kubeconfig());
    let file = plugin.dir().join("mesh.tar.zst");
    let create = format!(
        "kubectl mesh-backup create {} --include-secrets",
        file.display()
    );
    // Too short, and not the same twice: nothing is made.
    let mut terminal = plugin.terminal();
    terminal.line(&create);
    terminal.sees("Passphrase for the backup");
    terminal.line("short");
    let (printed, ended) = terminal.ends();
    assert_eq!(ended, 2, "{printed}");
    assert!(printed.contains("at least 10 characters"), "{printed}");
    let mut terminal = plugin.terminal();
    terminal.line(&create);
    terminal.sees("Passphrase for the backup");
    terminal.line(PASSPHRASE);
    terminal.sees("The same again");
    terminal.line("correct horse batteri");
    let (printed, ended) = terminal.ends();
    assert_eq!(ended, 2, "{printed}");
    assert!(printed.contains("not the same"), "{printed}");
    assert!(!file.exists());

    let mut terminal = plugin.terminal();
    terminal.line(&create);
    terminal.sees("Passphrase for the backup");
    terminal.line(PASSPHRASE);
    let said = terminal.sees("The same again");
    terminal.line(PASSPHRASE);
    let (printed, ended) = terminal.ends();
    assert_eq!(ended, 0, "{printed}");
    assert!(!said.contains(PASSPHRASE) && !printed.contains(PASSPHRASE));
    assert!(
        fs::read(&file)
            .unwrap()
            .starts_with(b"age-encryption.org/v1")
    );

    let show = |typed: &str| show(&plugin, &file, typed);
    let (printed, ended) = show("wrong horse battery");
    assert_eq!(ended, 1, "{printed}");
    let (printed, ended) = show(PASSPHRASE);
    assert_eq!(ended, 0, "{printed}");
    assert!(printed.contains("authorizationpolicies"), "{printed}");
    // Without a terminal nobody is asked, and nothing waits.
    plugin
        .run(&format!("show {}", file.display()))
        .assert_code(1)
        .says("it is encrypted with a passphrase, which takes a terminal");
}

fn show(plugin: &Plugin, file: &Path, typed: &str) -> (String, i32) {
    let mut terminal = plugin.terminal();
    terminal.line(&format!("kubectl mesh-backup show {}", file.display()));
    terminal.sees("Passphrase of the backup");
    terminal.line(typed);
    let (printed, ended) = terminal.ends();
    assert!(!printed.contains(typed), "{printed}");
    (printed, ended)
}
