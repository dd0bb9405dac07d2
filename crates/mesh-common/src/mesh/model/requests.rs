//! What pods request, as the scheduler counts it.

use std::ops::{Add, AddAssign};

use serde::Serialize;

use super::Resources;

/// What one pod or container requests; what is not set is nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Requests {
    /// CPU in millicores.
    pub cpu: u64,
    /// Memory in bytes.
    pub memory: u64,
}

impl Requests {
    /// The larger one of each resource.
    #[must_use]
    pub fn max(self, other: Self) -> Self {
        Self {
            cpu: self.cpu.max(other.cpu),
            memory: self.memory.max(other.memory),
        }
    }

    /// So many of them together.
    #[must_use]
    pub fn times(self, count: u64) -> Self {
        Self {
            cpu: self.cpu.saturating_mul(count),
            memory: self.memory.saturating_mul(count),
        }
    }
}

impl Add for Requests {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            cpu: self.cpu.saturating_add(other.cpu),
            memory: self.memory.saturating_add(other.memory),
        }
    }
}

impl AddAssign for Requests {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

/// What the pods on a node request together. Pods that have ended do not count; those being deleted do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Requested {
    /// CPU in millicores.
    pub cpu: u64,
    /// Memory in bytes.
    pub memory: u64,
    /// Number of pods.
    pub pods: u64,
}

impl Requested {
    /// One more pod.
    pub fn add(&mut self, pod: Requests) {
        self.cpu = self.cpu.saturating_add(pod.cpu);
        self.memory = self.memory.saturating_add(pod.memory);
        self.pods += 1;
    }
}

impl Resources {
    /// What is requested. A limit without a request is one: so the API server has it.
    pub fn requests(&self) -> Requests {
        Requests {
            cpu: self.cpu_request.or(self.cpu_limit).unwrap_or_default(),
            memory: self
                .memory_request
                .or(self.memory_limit)
                .unwrap_or_default(),
        }
    }
}
