//! How much of the time a log covers, and who was not seen in it.

use std::fmt::Write as _;

use mesh_common::output::count;

use super::{Replayed, requests, time};

/// So many gaps are named.
const GAPS: usize = 3;

impl Replayed {
    /// `CronJobs` that called nobody.
    pub(super) fn unseen(&self) -> Vec<&str> {
        let seen = &self.part.summary.callers;
        let jobs = self.part.header.cron_jobs.iter();
        jobs.filter(|job| !seen.contains(*job))
            .map(String::as_str)
            .collect()
    }

    /// Other workloads that the rules name, and that called nobody.
    pub(super) fn named_unseen(&self) -> Vec<&str> {
        let seen = &self.part.summary.callers;
        let named = self.part.header.named.iter();
        named
            .filter(|name| !seen.contains(*name))
            .map(String::as_str)
            .collect()
    }

    /// The hours with requests, and the hours that there are.
    pub(super) fn hours(&self) -> (usize, i64) {
        let hours = &self.part.summary.hours;
        let span = match (hours.first(), hours.last()) {
            (Some(first), Some(last)) => last - first + 1,
            _ => 0,
        };
        (hours.len(), self.part.header.window_hours.unwrap_or(span))
    }

    /// Hours without a request between others: the first and how many.
    pub(super) fn gaps(&self) -> Vec<(i64, i64)> {
        let hours = &self.part.summary.hours;
        let pairs = hours.iter().zip(hours.iter().skip(1));
        let mut gaps: Vec<(i64, i64)> = pairs
            .filter(|(a, b)| *b - *a > 1)
            .map(|(a, b)| (a + 1, b - a - 1))
            .collect();
        gaps.sort_by_key(|(from, length)| (-length, *from));
        gaps.truncate(GAPS);
        gaps
    }

    pub(in crate::replay) fn coverage(&self) -> String {
        let summary = &self.part.summary;
        let (Some(first), Some(last)) = (summary.first, summary.last) else {
            return "no line has a time".into();
        };
        let (with, of) = self.hours();
        let mut text = format!(
            "{} to {}: requests in {with} h of {of} h",
            time(first),
            time(last)
        );
        for (from, length) in self.gaps() {
            let _ = write!(
                text,
                "; none for {length} h from {}",
                time(from * 3_600_000)
            );
        }
        let unseen = self.unseen();
        if let Some(first) = unseen.first() {
            let jobs = count(unseen.len(), "CronJob");
            let _ = write!(text, "; {jobs} not seen as callers, such as {first}");
        }
        let unseen = self.named_unseen();
        if let Some(first) = unseen.first() {
            let workloads = count(unseen.len(), "workload");
            let _ = write!(
                text,
                "; {workloads} that the rules name not seen as callers, such as {first}"
            );
            if let Some(saved) = &self.part.header.backup {
                let _ = write!(text, " (backup of {saved})");
            }
        }
        if summary.timeless > 0 {
            let _ = write!(text, "; {} without a time", requests(summary.timeless));
        }
        text
    }
}
