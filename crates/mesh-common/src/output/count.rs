//! Numbers with their noun.

/// `1 workload`, `3 workloads`, `2 policies`.
pub fn count(n: usize, one: &str) -> String {
    match (n, one.strip_suffix('y')) {
        (1, _) => format!("1 {one}"),
        (n, Some(stem)) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{n} {stem}ies"),
        (n, _) => format!("{n} {one}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::count;

    #[test]
    fn nouns() {
        assert_eq!(
            [
                count(1, "policy"),
                count(2, "policy"),
                count(0, "gateway"),
                count(9, "key")
            ],
            ["1 policy", "2 policies", "0 gateways", "9 keys"]
        );
    }
}
