//! The way back of a move names every namespace, or none.

use super::*;

fn images(n: usize, prefix: &str) -> Vec<Image> {
    let image = |n| Image {
        key: Key::cluster(Kind::Namespace, format!("{prefix}{n}")),
        before: None,
        planned: None,
        after: None,
    };
    (0..n).map(image).collect()
}

#[test]
fn the_way_back_of_many_namespaces_leaves_none_out() {
    assert_eq!(
        undo(&images(2, "ns-")),
        "kubectl mesh-tag move ns-0 ns-1 --undo"
    );
    assert!(undo(&images(20, "ns-")).contains("ns-19 --undo"));
    // All of the last move, whoever is in it.
    assert_eq!(undo(&images(21, "ns-")), "kubectl mesh-tag move --undo");

    let again = undo_move::again(&images(100, "ns-"), "stable");
    assert!(
        again.contains(" ns-0 ") && again.ends_with(" ns-99 --to stable"),
        "{again}"
    );
    let long = "n".repeat(50);
    assert_eq!(
        undo_move::again(&images(500, &long), "stable"),
        "kubectl mesh-tag history -o json"
    );
}
