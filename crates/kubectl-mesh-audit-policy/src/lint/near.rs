//! What somebody may have meant: names and labels that are nearly the same.

use mesh_common::mesh::Labels;

use super::facts::Spot;

/// Letters that may differ.
const MOST: usize = 2;

/// How many letters have to change, put in or left out; none where it is more than [`MOST`].
pub(crate) fn distance(a: &str, b: &str) -> Option<usize> {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > MOST {
        return None;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.iter().enumerate() {
        let mut before = i;
        let mut left = i + 1;
        let mut next = vec![left];
        for (to, above) in b.iter().zip(row.iter().skip(1)) {
            let change = before + usize::from(from != to);
            left = change.min(*above + 1).min(left + 1);
            before = *above;
            next.push(left);
        }
        row = next;
    }
    row.last().copied().filter(|far| *far <= MOST)
}

/// The names that are nearest, nearest first. One of two letters is near to everything: it has none.
pub(crate) fn names<'a>(name: &str, all: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let mut near: Vec<(usize, &str)> = all
        .into_iter()
        .filter(|other| *other != name && name.len().min(other.len()) > MOST)
        .filter_map(|other| Some((distance(name, other)?, other)))
        .collect();
    near.sort_unstable();
    near.dedup();
    near.into_iter().map(|(_, name)| name).take(3).collect()
}

/// What a selector nearly matches, in words.
pub(crate) fn selector(labels: &Labels, namespace: &str, spots: &[Spot]) -> Vec<String> {
    let mut near = Vec::new();
    let mut say = |text: String| {
        if near.len() < 3 && !near.contains(&text) {
            near.push(text);
        }
    };
    let here = || spots.iter().filter(|spot| spot.namespace == namespace);
    for spot in here() {
        let wrong: Vec<_> = labels
            .iter()
            .filter(|(key, value)| spot.labels.get(*key) != Some(value))
            .collect();
        let [(key, value)] = wrong.as_slice() else {
            continue;
        };
        if let Some(own) = spot.labels.get(*key) {
            if distance(value, own).is_some() || labels.len() > 1 {
                say(format!("{} has {key}={own}", spot.shown()));
            }
        } else {
            for (other, own) in &spot.labels {
                let same_value = own == *value && !labels.contains_key(other);
                if same_value || distance(key, other).is_some() && distance(value, own).is_some() {
                    say(format!("{} has {other}={own}", spot.shown()));
                }
            }
        }
    }
    for spot in spots.iter().filter(|spot| spot.namespace != namespace) {
        if spot.has(labels) {
            say(format!(
                "{} has these labels, in another namespace",
                spot.shown()
            ));
        }
    }
    near
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::made::spot;

    #[test]
    fn a_few_letters_are_near() {
        for (a, b, want) in [
            ("checkout", "checkout", Some(0)),
            ("checkuot", "checkout", Some(2)),
            ("chekout", "checkout", Some(1)),
            ("web", "api", None),
            ("a", "abcd", None),
            ("", "ab", Some(2)),
            ("é", "e", Some(1)),
        ] {
            assert_eq!(distance(a, b), want, "{a} {b}");
        }
        assert_eq!(names("paymnets", ["payments", "orders"]), ["payments"]);
        assert_eq!(names("ab", ["cd"]), Vec::<&str>::new());
    }

    #[test]
    fn selectors_are_near_by_value_key_and_namespace() {
        let spots = [
            spot(
                "shop",
                "deployment/web",
                &[("app", "web"), ("tier", "front")],
            ),
            spot("other", "deployment/api", &[("app", "api")]),
        ];
        for (labels, want) in [
            (&[("app", "wed")][..], "shop/deployment/web has app=web"),
            (
                &[("app.kubernetes.io/name", "web")],
                "shop/deployment/web has app=web",
            ),
            (
                &[("app", "web"), ("tier", "back")],
                "shop/deployment/web has tier=front",
            ),
            (
                &[("app", "api")],
                "other/deployment/api has these labels, in another namespace",
            ),
        ] {
            let labels = labels
                .iter()
                .map(|(k, v)| ((*k).into(), (*v).into()))
                .collect();
            assert_eq!(selector(&labels, "shop", &spots), [want]);
        }
        let none: Labels = [("app".to_owned(), "ledger".to_owned())].into();
        assert_eq!(selector(&none, "shop", &spots), Vec::<String>::new());
    }
}
