//! `unused`: nobody uses the tag that the way back would delete.

use super::{Gate, id, judge::Judge, words};
use crate::mesh::Known;

pub(super) fn gate(tag: &str, users: &Known<Vec<String>>) -> Gate {
    let mut judge = Judge::default();
    match users.read() {
        Err(gap) => judge.gap(gap),
        Ok(users) if users.is_empty() => {}
        Ok(users) => {
            judge.close(format!(
                "the tag {tag} would be deleted, and {} it: {}",
                if users.len() == 1 {
                    "1 object uses".to_owned()
                } else {
                    format!("{} objects use", users.len())
                },
                words::some(users, 3)
            ));
            for user in users {
                judge.note(user);
            }
            judge.hint(words::command(
                "kubectl get namespaces -l istio.io/rev={}",
                &[tag],
            ));
        }
    }
    judge.done(id::UNUSED, format!("nobody uses the tag {tag}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Verdict;

    #[test]
    fn users_hold_the_tag() {
        let users = Known::Known(vec![
            "namespace/payments".to_owned(),
            "tools/pod/shell".to_owned(),
        ]);
        let cases = [
            (
                Known::Known(Vec::new()),
                Verdict::Open,
                "nobody uses the tag stable",
            ),
            (
                users,
                Verdict::Closed,
                "2 objects use it: namespace/payments, tools/pod/shell",
            ),
            (
                Known::not_read("namespaces"),
                Verdict::Unknown,
                "namespaces could not be read",
            ),
        ];
        for (users, verdict, summary) in cases {
            let gate = gate("stable", &users);
            assert_eq!(gate.verdict, verdict);
            assert!(gate.summary.contains(summary), "{}", gate.summary);
        }
    }
}
