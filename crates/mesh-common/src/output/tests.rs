use serde_json::json;

use super::*;
use crate::error::{Error, Kind};
use crate::exit::Outcome;

fn table() -> Table {
    let mut table = Table::new(&["tag", "revision", "namespaces"])
        .wide(&["owner"])
        .limit(2);
    table.row(["stable", "1-26-2", "12", "istioctl"]);
    table.row(["canary", "1-28-3", "", "Helm release istio-base"]);
    table.row(["old", "1-24-6", "0"]);
    table.row(["older", "1-22-0", "0"]);
    table
}

fn sample() -> Doc {
    let mut doc = Doc::new();
    doc.heading("Promote tag stable")
        .pairs([("Context", "kind-prod"), ("From:", "1-26-2 (1.26.2)")])
        .text(
            "Moving the tag redeploys the gateways below within a second, and moving it back does \
             so again.",
        )
        .list(["gateway shop/public → 1-28-3", "waypoint shop/waypoint"])
        .heading("Gates")
        .marked([
            (Mark::Ok, "parity", "istioctl 1.28.3 is istiod 1.28.3"),
            (Mark::Bad, "bake", "no proxy has been on 1-28-3 for 48 h; the oldest one is 3 h old"),
            (Mark::Unknown, "high availability", "no right to list PodDisruptionBudgets"),
            (Mark::Warn, "memory", "no limit"),
            (Mark::Skip, "traffic", "not evaluated"),
        ])
        .table(table())
        .text("To go back:")
        .command("kubectl mesh-tag rollback stable --to-record 20261121-060000-promote-stable --context kind-prod")
        .command("kubectl mesh-tag status stable");
    doc
}

fn printed(width: Option<usize>, colour: bool, ascii: bool, doc: &Doc) -> String {
    let p = Printer::for_test(width, colour, ascii);
    p.out(doc, false).unwrap();
    let (out, err) = p.captured();
    assert_eq!(err, "");
    out
}

#[test]
fn on_a_terminal_of_80_columns() {
    let want = "\
Promote tag stable
Context:  kind-prod
From:     1-26-2 (1.26.2)

Moving the tag redeploys the gateways below within a second, and moving it back
does so again.
• gateway shop/public → 1-28-3
• waypoint shop/waypoint

Gates
✓ parity             istioctl 1.28.3 is istiod 1.28.3
× bake               no proxy has been on 1-28-3 for 48 h; the oldest one is 3 h
                     old
? high availability  no right to list PodDisruptionBudgets
‼ memory             no limit
– traffic            not evaluated

TAG     REVISION  NAMESPACES
stable  1-26-2    12
canary  1-28-3    -
… and 2 more (--full shows all)

To go back:
    kubectl mesh-tag rollback stable --to-record 20261121-060000-promote-stable --context kind-prod
    kubectl mesh-tag status stable
";
    assert_eq!(printed(Some(80), false, false, &sample()), want);
}

#[test]
fn on_a_coloured_terminal_of_200_columns() {
    let mut doc = Doc::new();
    doc.heading("Gates").marked([
        (Mark::Ok, "parity", "istioctl 1.28.3 is istiod 1.28.3"),
        (
            Mark::Bad,
            "bake",
            "no proxy has been on 1-28-3 for 48 h; the oldest one is 3 h old",
        ),
        (Mark::Skip, "traffic", "not evaluated"),
    ]);
    let want = "\
\x1b[1mGates\x1b[0m
\x1b[32m✓\x1b[0m parity   istioctl 1.28.3 is istiod 1.28.3
\x1b[1m\x1b[31m×\x1b[0m bake     no proxy has been on 1-28-3 for 48 h; the oldest one is 3 h old
\x1b[2m–\x1b[0m traffic  not evaluated
";
    assert_eq!(printed(Some(200), true, false, &doc), want);
}

#[test]
fn off_a_terminal_nothing_wraps_and_ascii_is_ascii() {
    let out = printed(None, false, true, &sample());
    assert!(out.is_ascii(), "{out}");
    for line in [
        "- gateway shop/public -> 1-28-3",
        "ok parity             istioctl 1.28.3 is istiod 1.28.3",
        "x  bake               no proxy has been on 1-28-3 for 48 h; the oldest one is 3 h old",
        "... and 2 more (--full shows all)",
    ] {
        assert!(out.lines().any(|l| l == line), "{line:?} in\n{out}");
    }
}

#[test]
fn a_narrow_terminal_puts_text_below_names() {
    let mut doc = Doc::new();
    doc.marked([
        (Mark::Bad, "high availability", "one istiod of two is ready"),
        (Mark::Ok, "memory", "no limit"),
    ]);
    let want = "\
× high availability
    one istiod of two is ready
✓ memory             no limit
";
    assert_eq!(printed(Some(30), false, false, &doc), want);
}

#[test]
fn wide_characters_are_aligned_by_columns() {
    let mut doc = Doc::new();
    doc.pairs([("名前", "東京"), ("ns", "shop")]);
    assert_eq!(
        printed(Some(80), false, false, &doc),
        "名前:  東京\nns:    shop\n"
    );
    let mut doc = Doc::new();
    doc.text("東京 東京 東京");
    assert_eq!(printed(Some(10), false, false, &doc), "東京 東京\n東京\n");
}

#[test]
fn tables_limit_widen_and_fill() {
    struct Tags;
    impl Report for Tags {
        fn doc(&self, _: bool) -> Doc {
            let mut doc = Doc::new();
            doc.table(table());
            doc
        }
        fn json(&self) -> serde_json::Result<Value> {
            document("TagList", json!({"tags": ["stable"], "a": 1}))
        }
        fn names(&self) -> Vec<String> {
            vec!["stable".into(), "ca\x1b[2Jnary".into()]
        }
    }
    for (output, full, want) in [
        (
            Format::Table,
            true,
            "TAG     REVISION  NAMESPACES\nstable  1-26-2    12\ncanary  1-28-3    -\n\
             old     1-24-6    0\nolder   1-22-0    0\n",
        ),
        (
            Format::Wide,
            false,
            "TAG     REVISION  NAMESPACES  OWNER\nstable  1-26-2    12          istioctl\n\
             canary  1-28-3    -           Helm release istio-base\n\
             … and 2 more (--full shows all)\n",
        ),
        (
            Format::Markdown,
            false,
            "| TAG | REVISION | NAMESPACES |\n| --- | --- | --- |\n| stable | 1-26-2 | 12 |\n\
             | canary | 1-28-3 | - |\n\n… and 2 more (--full shows all)\n",
        ),
        (Format::Name, false, "stable\ncanary\n"),
        (
            Format::Json,
            false,
            "{\n  \"apiVersion\": \"kubectl-mesh/v1alpha1\",\n  \"kind\": \"TagList\",\n  \
             \"a\": 1,\n  \"tags\": [\n    \"stable\"\n  ]\n}\n",
        ),
        (
            Format::Yaml,
            false,
            "apiVersion: kubectl-mesh/v1alpha1\nkind: TagList\na: 1\ntags:\n- stable\n",
        ),
    ] {
        let p = Printer::for_test(None, false, false);
        p.print(&OutputArgs { output, full }, &Tags).unwrap();
        assert_eq!(p.captured().0, want, "{output:?}");
    }
}

#[test]
fn one_row_too_long_is_shown_whole_and_none_is_said() {
    let mut short = Table::new(&["name"]).limit(2);
    for name in ["a", "b", "c"] {
        short.row([name]);
    }
    let mut doc = Doc::new();
    doc.table(short)
        .table(Table::new(&["name"]).empty("no tags"));
    assert_eq!(
        printed(None, false, false, &doc),
        "NAME\na\nb\nc\n\nno tags\n"
    );
}

#[test]
fn a_terminal_wraps_cells_and_a_pipe_does_not() {
    let mut long = Table::new(&["tag", "why"]);
    long.row(["stable", "two injectors claim the pods of namespace shop"]);
    let mut doc = Doc::new();
    doc.table(long);
    assert_eq!(
        printed(Some(30), false, false, &doc),
        "TAG     WHY\nstable  two injectors claim\n        the pods of namespace\n        shop\n"
    );
    assert_eq!(
        printed(None, false, false, &doc),
        "TAG     WHY\nstable  two injectors claim the pods of namespace shop\n"
    );
}

#[test]
fn markdown_of_hostile_text_is_text() {
    let mut table = Table::new(&["a|b"]);
    table.row(["x | y `z` <img src=x> [l](http://h) **b** _i_ \\ &amp;"]);
    let mut doc = Doc::new();
    doc.heading("tag *stable*")
        .text("# not a heading")
        .text("1. not a list")
        .list(["- not nested", "12) nor this"])
        .pairs([("a_b", "<b>")])
        .marked([(Mark::Ok, "parity", "~same~")])
        .command("echo ```")
        .command("echo b")
        .verbatim("a\n\tb\x1b[31m\n")
        .table(table);
    let want = "\
## tag \\*stable\\*

\\# not a heading

1\\. not a list

- \\- not nested
- 12\\) nor this

- **a\\_b:** &lt;b&gt;

- ✓ **parity:** \\~same\\~

````sh
echo ```
echo b
````

```
a
    b
```

| A\\|B |
| --- |
| x \\| y \\`z\\` &lt;img src=x&gt; \\[l\\](http://h) \\*\\*b\\*\\* \\_i\\_ \\\\ &amp;amp; |
";
    assert_eq!(markdown::render(&doc, &View::default()), want);
}

#[test]
fn every_way_into_a_document_cleans() {
    let bad = "a\x1b[2J\u{202e}\u{9b}31m\nb";
    let mut table = Table::new(&[bad]).empty(bad).wide(&[bad]);
    table.row([bad, bad]);
    let mut doc = Doc::new();
    doc.heading(bad)
        .text(bad)
        .pairs([(bad, bad)])
        .list([bad])
        .marked([(Mark::Bad, bad, bad)])
        .command(bad)
        .steps([(bad, Some(bad)), (bad, None)])
        .verbatim(bad)
        .table(table)
        .table(Table::new(&[bad]).empty(bad));
    let view = View {
        wide: true,
        ..View::default()
    };
    for text in [terminal::render(&doc, &view), markdown::render(&doc, &view)] {
        assert!(
            !text.chars().any(|c| c != '\n' && clean::is_unsafe(c)),
            "{text:?}"
        );
    }
}

#[test]
fn nothing_leaves_no_blank_lines() {
    let none: [&str; 0] = [];
    let mut doc = Doc::new();
    doc.text("").list(none).heading("\x1b[0m").verbatim("");
    assert!(doc.is_empty());
    assert_eq!(printed(Some(80), false, false, &doc), "");
}

#[test]
fn a_reader_that_went_away_is_no_failure() {
    let gone = std::io::Error::from(std::io::ErrorKind::BrokenPipe);
    let e = Error::from(gone);
    assert_eq!(e.kind(), Kind::BrokenPipe);
    assert_eq!(Outcome::from(e.kind()).code(), 0);
}
