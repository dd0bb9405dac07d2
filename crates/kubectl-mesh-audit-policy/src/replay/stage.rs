//! What lines are judged against: policies, workloads, callers. Read once, shared by all threads.

use std::net::IpAddr;

use super::{
    judge::{Policies, Subject},
    pods::Pods,
    summary::Known,
};
use crate::{
    Known as Evidence, Request,
    logs::{Entry, Flow, Format, Skip},
};

/// Whose lines they are.
#[derive(Debug)]
pub(super) enum Whose {
    /// All of one workload, as was typed. Lines that are certainly of another one are not.
    One(usize),
    /// The subject of each pod; those without are not known.
    Pods,
}

/// All that lines are judged against.
#[derive(Debug)]
pub(super) struct Stage {
    pub(super) policies: Policies,
    pub(super) subjects: Vec<Subject>,
    pub(super) whose: Whose,
    pub(super) pods: Pods,
    /// The subject of each pod.
    pub(super) of_pod: Vec<Option<usize>>,
    /// The identity of each pod.
    pub(super) identities: Vec<Option<String>>,
    /// In milliseconds; before the second.
    pub(super) window: Option<(i64, i64)>,
    pub(super) format: Format,
    /// Whether logged paths are those that policies saw.
    pub(super) trust_paths: bool,
}

/// Who sent a request.
#[derive(Debug, Clone, Copy)]
pub(super) struct Caller<'a> {
    pub(super) principal: Evidence<&'a str>,
    /// The first pod of the caller's workload.
    pub(super) pod: Option<usize>,
    /// The identity is that of the pod which held the address.
    pub(super) derived: bool,
    pub(super) known: Known,
    logged: Option<&'a str>,
    address: Option<IpAddr>,
}

impl Stage {
    /// A request without a time may be of any.
    pub(super) fn in_window(&self, time: Option<i64>) -> bool {
        match (self.window, time) {
            (Some((from, until)), Some(time)) => from <= time && time < until,
            _ => true,
        }
    }

    /// Whether anything is proposed at all.
    pub(super) fn proposes(&self) -> bool {
        self.policies.now.as_ref() != Some(&self.policies.proposed)
    }

    /// The workload that a line is of; `of` is its pod where that is known.
    pub(super) fn subject(&self, entry: &Entry<'_>, of: Option<usize>) -> Result<usize, Skip> {
        let by_name = of.or_else(|| self.pods.named(entry.pod?));
        let outbound = entry.flow == Flow::Outbound;
        // What goes out was connected to at somebody else's address: its pod is told by its name alone.
        let by_address = || {
            let local = entry.local.filter(|_| entry.flow == Flow::Inbound)?;
            self.pods.at(local.ip(), entry.time)
        };
        let pod = by_name.or_else(by_address);
        let of_pod = pod.and_then(|pod| self.of_pod.get(pod).copied().flatten());
        let nth = match self.whose {
            Whose::One(one) => {
                let label = |nth: usize| self.subjects.get(nth).map(|subject| &subject.label);
                let other = of_pod.is_some_and(|of| label(of) != label(one))
                    || pod.is_some() && of_pod.is_none();
                if other {
                    return Err(Skip::OtherWorkload);
                }
                Some(of_pod.filter(|_| !other).unwrap_or(one))
            }
            Whose::Pods => of_pod,
        };
        let subject = nth.and_then(|nth| self.subjects.get(nth));
        if let Some(services) = subject.and_then(|subject| subject.services.as_ref()) {
            // Whatever a route made of it: the policies are those of the service that was connected to.
            let service = entry.local.and_then(|local| services.get(&local.ip()));
            return service.copied().ok_or(Skip::Waypoint);
        }
        if entry.flow == Flow::Waypoint {
            return Err(Skip::Waypoint);
        }
        let gateway = subject.is_some_and(|subject| subject.gateway);
        if outbound && !gateway {
            return Err(Skip::Outbound);
        }
        nth.ok_or(Skip::NoWorkload)
    }

    /// Who sent a request, as far as that can be known.
    pub(super) fn caller<'a>(&'a self, entry: &Entry<'a>) -> Caller<'a> {
        let peer = entry
            .direct
            .or(entry.remote.filter(|remote| remote.port() != 0));
        let pod = peer.and_then(|peer| self.pods.at(peer.ip(), entry.time));
        let mut caller = Caller {
            principal: Evidence::Unknown,
            pod: pod.map(|pod| self.pods.alike(pod)),
            derived: false,
            known: match (pod, entry.remote) {
                (Some(_), _) => Known::Derived,
                (None, Some(_)) => Known::Address,
                (None, None) => Known::Nothing,
            },
            logged: None,
            address: entry.remote.map(|remote| remote.ip()),
        };
        match entry.principal {
            Evidence::Value(principal) => {
                caller.known = Known::Log;
                caller.logged = Some(principal);
                return caller;
            }
            Evidence::Absent => return caller,
            Evidence::Unknown => {}
        }
        let Some((nth, of)) = pod.and_then(|nth| Some((nth, self.pods.list().get(nth)?))) else {
            return caller;
        };
        // A gateway may pass on a connection whose identity is somebody else's.
        if of.gateway || of.ambient {
            return caller;
        }
        // Istio's clients name the cluster that they mean in the handshake; without a name there was none.
        match entry.sni {
            Evidence::Value(sni) if of.proxy && sni.starts_with(b"outbound_.") => {
                if let Some(Some(identity)) = self.identities.get(nth) {
                    caller.principal = Evidence::Value(identity);
                    caller.derived = true;
                }
            }
            Evidence::Absent if !of.proxy => {
                caller.principal = Evidence::Absent;
                caller.derived = true;
            }
            _ => {}
        }
        caller
    }

    /// What a line is evidence of: who called, and the request as policies of this subject saw it.
    pub(super) fn asked<'b>(
        &'b self,
        subject: &Subject,
        entry: &'b Entry<'b>,
    ) -> (Caller<'b>, Request<'b>) {
        let mut caller = self.caller(entry);
        // What a handshake tells of its caller it tells of a sidecar's, not of a waypoint's.
        if subject.by_waypoint && caller.derived {
            caller.principal = Evidence::Unknown;
            caller.derived = false;
        }
        let mut request = entry.request(self.trust_paths, caller.principal);
        // The inner listener of a waypoint logs no identity; policies there know that of the tunnel (istio/istio#59046).
        if subject.by_waypoint && request.principal == Evidence::Absent {
            request.principal = Evidence::Unknown;
        }
        // PROXY protocol, which no line tells, puts the client's address in the place of the peer's.
        if subject.gateway && entry.direct.is_none() {
            request.source_ip = Evidence::Unknown;
        }
        (caller, request)
    }

    /// A source of a key, as it is shown.
    pub(super) fn source(&self, key: &[u8]) -> String {
        match key.split_first() {
            Some((1, nth)) => nth
                .first_chunk::<4>()
                .and_then(|nth| self.pods.list().get(u32::from_le_bytes(*nth) as usize))
                .map(super::pods::Pod::workload)
                .unwrap_or_default(),
            Some((_, text)) => mesh_common::output::clean(&String::from_utf8_lossy(text), 200),
            None => "not known".into(),
        }
    }
}

impl Caller<'_> {
    /// Adds what tells it from others: its identity, its workload's first pod, or its address.
    pub(super) fn key(&self, into: &mut Vec<u8>) {
        if let Some(principal) = self.logged {
            into.push(2);
            let bytes = principal.as_bytes();
            into.extend_from_slice(bytes.get(..200.min(bytes.len())).unwrap_or(bytes));
        } else if let Some(pod) = self.pod {
            into.push(1);
            #[allow(
                clippy::cast_possible_truncation,
                reason = "there are never so many pods"
            )]
            into.extend_from_slice(&(pod as u32).to_le_bytes());
        } else if self.address.is_some() {
            into.push(3);
            self.write(into);
        }
    }

    /// Adds the address as text.
    pub(super) fn write(&self, into: &mut Vec<u8>) {
        use std::io::Write as _;
        match self.address {
            Some(IpAddr::V4(ip)) => {
                for (nth, octet) in ip.octets().into_iter().enumerate() {
                    if nth > 0 {
                        into.push(b'.');
                    }
                    for unit in [100, 10, 1] {
                        if octet >= unit || unit == 1 {
                            into.push(b'0' + octet / unit % 10);
                        }
                    }
                }
            }
            Some(ip) => {
                // Writing to a Vec does not fail.
                let _ = write!(into, "{ip}");
            }
            None => {}
        }
    }
}
