//! One static page: no scripts, nothing loaded from anywhere, every text escaped.

use std::fmt::Write as _;

use mesh_common::output::clean;

use super::{Replayed, requests, source, time, title};
use crate::replay::summary::Class;

const STYLE: &str = "body{font:15px/1.5 sans-serif;margin:2em auto;max-width:70em;padding:0 1em}\
table{border-collapse:collapse;margin:.5em 0 1.5em}td,th{border:1px solid #bbb;padding:.2em .6em;text-align:left;\
overflow-wrap:anywhere;vertical-align:top}td.n{text-align:right}.bad{color:#a00}.unknown{color:#850}\
code{font-size:90%}";

/// The page.
pub(in crate::replay) fn page(replayed: &Replayed) -> String {
    let summary = &replayed.part.summary;
    let mut page =
        String::from("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">");
    page.push_str("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">");
    let _ = write!(
        page,
        "<title>Replay of AuthorizationPolicies</title><style>{STYLE}</style></head><body>\n<h1>Replay of AuthorizationPolicies</h1>\n"
    );
    let proposals = &replayed.part.header.proposals;
    let rows = proposals.iter().map(|one| {
        vec![
            format!("{}/{}", one.namespace, one.name),
            one.action.clone(),
            one.change.clone(),
            one.digest.clone(),
        ]
    });
    table(&mut page, &["Proposed", "Action", "Change", "Spec"], rows);
    let facts = replayed.facts().into_iter();
    table(
        &mut page,
        &["", ""],
        facts.map(|(name, text)| vec![name.to_owned(), text]),
    );
    page.push_str("<ul>\n");
    for (mark, name, text) in replayed.marks() {
        let class = match mark {
            mesh_common::output::Mark::Bad => "bad",
            mesh_common::output::Mark::Unknown => "unknown",
            _ => "",
        };
        let (name, text) = (escape(name), escape(&text));
        let _ = writeln!(page, "<li class=\"{class}\"><b>{name}</b> {text}</li>");
    }
    page.push_str("</ul>\n");
    for class in Class::ALL {
        let total = summary.class(class);
        if total == 0 {
            continue;
        }
        let _ = writeln!(page, "<h2>{}: {}</h2>", title(class), requests(total));
        let rows = summary.of(class).into_iter().map(|row| {
            let example = &row.example;
            let at = if example.time == i64::MAX {
                String::new()
            } else {
                time(example.time)
            };
            vec![
                row.requests.to_string(),
                source(&row),
                row.method.clone(),
                row.path.clone(),
                row.workload.clone(),
                row.by.clone(),
                format!("{at} {} {} {}", example.caller, example.host, example.path),
            ]
        });
        let headers = [
            "Requests", "Source", "Method", "Path", "Workload", "By", "Example",
        ];
        table(&mut page, &headers, rows);
        let others = summary.others(class);
        if others > 0 {
            let _ = writeln!(
                page,
                "<p>And {} in more rows than are kept.</p>",
                requests(others)
            );
        }
    }
    page.push_str("</body></html>\n");
    page
}

fn table(page: &mut String, headers: &[&str], rows: impl Iterator<Item = Vec<String>>) {
    page.push_str("<table>");
    if headers.iter().any(|header| !header.is_empty()) {
        page.push_str("<tr>");
        for header in headers {
            let _ = write!(page, "<th>{}</th>", escape(header));
        }
        page.push_str("</tr>");
    }
    page.push('\n');
    for row in rows {
        page.push_str("<tr>");
        for cell in row {
            let number = !cell.is_empty() && cell.bytes().all(|byte| byte.is_ascii_digit());
            let class = if number { " class=\"n\"" } else { "" };
            let _ = write!(page, "<td{class}>{}</td>", escape(&cell));
        }
        page.push_str("</tr>\n");
    }
    page.push_str("</table>\n");
}

/// Text that is nothing but text.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in clean(text, 2_000).chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}
