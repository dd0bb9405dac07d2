//! What a result rests on, beside the lines: the same for every part of a log.

use serde::{Deserialize, Serialize};

use super::proposed::Proposal;

/// What a result rests on.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Header {
    /// What is proposed.
    pub(crate) proposals: Vec<Proposal>,
    /// SHA-256 of all policies of today and as proposed, and of all that they are compiled for.
    pub(crate) configuration: String,
    /// Workloads that lines may be of.
    pub(crate) workloads: usize,
    /// What was taken for granted, one line each.
    pub(crate) assumptions: Vec<String>,
    /// What could not be known of the mesh, one line each.
    pub(crate) unclear: Vec<String>,
    /// Whether the log has every request.
    pub(crate) whole: Whole,
    /// Hours that were asked for.
    pub(crate) window_hours: Option<i64>,
    /// `CronJobs` of the mesh.
    pub(crate) cron_jobs: Vec<String>,
    /// Other workloads whose identity the rules of what is proposed name.
    pub(crate) named: Vec<String>,
    /// When the mesh was saved, if it is a backup.
    pub(crate) backup: Option<String>,
}

impl Header {
    /// Notes what could not be known, once.
    pub(super) fn unsure(&mut self, line: String) {
        if !self.unclear.contains(&line) {
            self.unclear.push(line);
        }
    }
}

/// Whether a log has every request.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Whole {
    /// None where it is not known.
    pub(crate) is: Option<bool>,
    /// Why.
    pub(crate) why: String,
}
